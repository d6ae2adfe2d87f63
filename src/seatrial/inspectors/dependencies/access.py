"""How Safety may be asked, known without loading what asks it."""

from __future__ import annotations

import os

KEY = "SAFETY_API_KEY"
"""The environment variable with the key of an account."""


def key() -> str:
    """The key; empty if there is none."""
    return os.environ.get(KEY, "").strip()


def asked(database: str) -> bool:
    """Whether Safety is to be asked at all."""
    return bool(database or key())
