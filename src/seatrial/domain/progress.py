"""How long work shows people that it goes on."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], None]
"""Receives one line about what is being done."""
