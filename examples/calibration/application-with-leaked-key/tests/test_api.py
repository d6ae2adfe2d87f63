"""What the API promises."""

from __future__ import annotations

import unittest
from unittest import mock

from fastapi import HTTPException

from shelf import api


class Bookmarks(unittest.TestCase):
    """Saving."""

    def test_a_bookmark_gets_a_number(self) -> None:
        with mock.patch("shelf.store.save", return_value=7):
            self.assertEqual(api.save("https://example.org", "Example"), {"id": 7})

    def test_other_schemes_are_refused(self) -> None:
        with self.assertRaises(HTTPException) as caught:
            api.save("javascript:alert(1)", "no")
        self.assertEqual(caught.exception.status_code, 422)


class Health(unittest.TestCase):
    """Probes."""

    def test_without_its_database_it_is_not_ready(self) -> None:
        with mock.patch("shelf.store.reachable", return_value=False), self.assertRaises(HTTPException) as caught:
            api.readyz()
        self.assertEqual(caught.exception.status_code, 503)

    def test_it_lives_without_its_database(self) -> None:
        self.assertEqual(api.healthz(), {"status": "ok"})
