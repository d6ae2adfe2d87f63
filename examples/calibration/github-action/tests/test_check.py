"""The rules."""

import unittest

from check import complaints


class Rules(unittest.TestCase):
    """Each with a subject that it refuses."""

    def test_a_good_subject(self) -> None:
        self.assertEqual(list(complaints(["Add a test"], 72)), [])

    def test_a_small_letter(self) -> None:
        self.assertEqual(len(list(complaints(["add a test"], 72))), 1)

    def test_a_long_subject(self) -> None:
        self.assertEqual(len(list(complaints(["A" * 73], 72))), 1)
