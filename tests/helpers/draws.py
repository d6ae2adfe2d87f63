"""
Random values that a failure can be repeated with: drawn from a seed and the test's own name.

`SEATRIAL_TEST_SEED` chooses the seed, which pytest prints in its header. The nightly tests take a new one every day,
so that every form is tried with values that no earlier run had; CI keeps one, so that no change fails by chance.
"""

from __future__ import annotations

import base64
import os
import random
import uuid
from collections.abc import Sequence

SEEDED = bool(os.environ.get("SEATRIAL_TEST_SEED"))
SEED = os.environ.get("SEATRIAL_TEST_SEED") or "seatrial"
_source = random.Random(SEED)


def begin(name: str) -> None:
    """Start anew: what is drawn from here on depends on the seed and this name only."""
    _source.seed(f"{SEED}:{name}")


def choice(among: Sequence[str]) -> str:
    return _source.choice(among)


def choices(among: str, count: int) -> list[str]:
    return _source.choices(among, k=count)


def token_bytes(count: int = 32) -> bytes:
    return _source.randbytes(count)


def token_hex(count: int = 32) -> str:
    return token_bytes(count).hex()


def token_urlsafe(count: int = 32) -> str:
    return base64.urlsafe_b64encode(token_bytes(count)).decode().rstrip("=")


def uuid4() -> uuid.UUID:
    return uuid.UUID(bytes=token_bytes(16), version=4)
