"""The application against a store in memory."""

from __future__ import annotations

import http.client
import json
import os
import socket
import tempfile
import threading
import unittest
import unittest.mock
from concurrent.futures import ThreadPoolExecutor

from storefront import worker
from storefront.api import BODY_LIMIT, make_server
from storefront.settings import port_setting, secret_setting, setting
from storefront.store import Store, StoreUnavailable
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
        try:
            connection.request("POST" if body else "GET", path, body)
            response = connection.getresponse()
            return response.status, json.load(response)
        finally:
            connection.close()

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

    def test_what_is_taken_and_what_fails_is_counted(self) -> None:
        self.request("/orders", b'{"item": "kettle"}')
        self.store.away = True
        self.request("/readyz")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_address[1], timeout=5)
        self.addCleanup(connection.close)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        self.assertIn("storefront_orders_taken_total 1\n", text)
        self.assertIn("storefront_store_failures_total 1\n", text)

    def test_bad_requests(self) -> None:
        self.assertEqual(self.request("/orders", b"no json")[0], 400)
        self.assertEqual(self.request("/orders/unknown")[0], 404)
        self.assertEqual(self.request("/elsewhere")[0], 404)
        self.assertEqual(self.request("/elsewhere", b"{}")[0], 404)
        self.assertEqual(self.request("/orders", b"x" * (BODY_LIMIT + 1))[0], 413)

    def test_a_body_of_unknown_length_is_refused_and_not_read_as_the_next_request(self) -> None:
        with socket.create_connection(self.server.server_address, timeout=5) as connection:
            connection.sendall(b"POST /orders HTTP/1.1\r\nContent-Length: many\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n")
            answer = connection.makefile("rb").read()
        self.assertTrue(answer.startswith(b"HTTP/1.1 411 "), answer)
        self.assertEqual(answer.count(b"HTTP/1.1"), 1)


class SettingsTest(unittest.TestCase):
    """A wrong setting ends the program, and the message names it."""

    def test_what_is_missing_empty_or_blank_is_refused(self) -> None:
        for value in (None, "", "  "):
            self.assertIn("HOST is missing or empty", self.refusal(lambda: setting("HOST"), HOST=value))

    def test_a_port_is_a_number_in_its_range(self) -> None:
        for value in ("not-a-number", "0", "99999", "-1"):
            self.assertIn("PORT is", self.refusal(lambda: port_setting("PORT"), PORT=value))

    def test_a_secret_file_is_there_and_not_empty(self) -> None:
        with tempfile.NamedTemporaryFile() as empty:
            for value in ("/no/such/file", "/", empty.name):
                said = self.refusal(lambda: secret_setting("KEY_FILE"), KEY_FILE=value)
                self.assertIn(f"KEY_FILE names {value}", said)

    def refusal(self, read, **variables: str | None) -> str:
        given = {name: value for name, value in variables.items() if value is not None}
        with unittest.mock.patch.dict(os.environ, given, clear=True), self.assertRaises(SystemExit) as caught:
            read()
        return str(caught.exception)


class DeadlineTest(unittest.TestCase):
    """The client against a store that accepts connections and never answers, like one that is paused."""

    def test_a_call_without_an_answer_gives_up(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.assertIs(self.failure(Store(*silent.getsockname(), "any", timeout=0.3)), StoreUnavailable)

    def test_who_queues_behind_a_hanging_call_does_not_hang_with_it(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(9) as pool:
            store = Store(*server.getsockname(), "any", timeout=0.3)
            hanging = pool.submit(store.call, "PING", timeout=100)
            connection, _ = server.accept()
            with connection:
                self.read(connection, b"any\r\n")
                connection.sendall(b"+OK\r\n")
                self.read(connection, b"PING\r\n")
                self.assertEqual(list(pool.map(lambda _: self.failure(store), range(8))), [StoreUnavailable] * 8)
                self.assertFalse(hanging.done())
                connection.sendall(b"+PONG\r\n")
                self.assertEqual(hanging.result(), "PONG")

    def test_a_refused_connection_is_an_unavailable_store(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            address = closed.getsockname()
        self.assertIs(self.failure(Store(*address, "any")), StoreUnavailable)

    def read(self, connection: socket.socket, end: bytes) -> None:
        heard = b""
        while not heard.endswith(end):
            part = connection.recv(1024)
            self.assertTrue(part, "closed")
            heard += part

    def failure(self, store: Store) -> type[Exception] | None:
        try:
            store.call("PING")
        except StoreUnavailable as error:
            return type(error)
        return None


if __name__ == "__main__":
    unittest.main()
