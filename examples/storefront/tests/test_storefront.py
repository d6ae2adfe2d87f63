"""The application against a store in memory."""

from __future__ import annotations

import http.client
import json
import threading
import unittest

from storefront import worker
from storefront.api import make_server
from tests.fake_store import FakeStore


class StorefrontTest(unittest.TestCase):
    def setUp(self) -> None:
        self.store = FakeStore()
        self.server = make_server("127.0.0.1", 0, self.store)
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def request(self, path: str, body: bytes | None = None) -> tuple[int, dict]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_address[1], timeout=5)
        self.addCleanup(connection.close)
        connection.request("POST" if body else "GET", path, body)
        response = connection.getresponse()
        return response.status, json.load(response)

    def test_an_order_is_taken_and_shipped(self) -> None:
        status, order = self.request("/orders", b'{"item": "kettle"}')
        self.assertEqual((status, order["status"]), (201, "new"))
        self.assertEqual(worker.work_once(self.store), order["id"])
        status, shown = self.request(f"/orders/{order['id']}")
        self.assertEqual((status, shown["item"], shown["status"]), (200, "kettle", "shipped"))
        self.assertIsNone(worker.work_once(self.store))

    def test_what_a_dead_worker_took_is_shipped_by_the_next(self) -> None:
        _, order = self.request("/orders", b'{"item": "kettle"}')
        self.store.blmove(worker.NEW, worker.TAKEN)
        worker.recover(self.store)
        self.assertEqual(worker.work_once(self.store), order["id"])

    def test_without_the_store_the_answer_is_503(self) -> None:
        self.store.away = True
        self.assertEqual(self.request("/readyz")[0], 503)
        self.assertEqual(self.request("/orders", b'{"item": "kettle"}')[0], 503)
        self.assertEqual(self.request("/healthz")[0], 200)

    def test_bad_requests(self) -> None:
        self.assertEqual(self.request("/orders", b"no json")[0], 400)
        self.assertEqual(self.request("/orders/unknown")[0], 404)
        self.assertEqual(self.request("/elsewhere")[0], 404)


if __name__ == "__main__":
    unittest.main()
