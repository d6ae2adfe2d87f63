"""The settings, read and checked before anything starts: a wrong one ends the program, and the message names it."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def setting(name: str, default: str = "") -> str:
    """A text that is not empty."""
    value = os.environ.get(name, default).strip()
    return value or _refused(name, "is missing or empty")


def port_setting(name: str, default: str = "") -> int:
    """A TCP port."""
    value = setting(name, default)
    if value.isascii() and value.isdigit() and 0 < int(value) < 65_536:
        return int(value)
    return _refused(name, f"is {value!r}, and has to be a port from 1 to 65535")


def secret_setting(name: str) -> str:
    """The content of the file that the variable names."""
    path = Path(setting(name))
    try:
        value = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        return _refused(name, f"names {path}, which cannot be read: {getattr(error, 'strerror', 'no UTF-8')}")
    return value or _refused(name, f"names {path}, which is empty")


def _refused(name: str, why: str):
    """Leave with 1 and one line."""
    sys.exit(f"{name} {why}")
