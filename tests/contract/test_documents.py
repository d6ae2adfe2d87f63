"""What prose says about code is made from the code."""

from __future__ import annotations

import documents


def test_generated_documents_are_in_step() -> None:
    assert documents.stale() == [], "run `make docs`"
