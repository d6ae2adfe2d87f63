"""Rust: Cargo.lock. Source: https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html"""

from __future__ import annotations

import tomllib

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Listed, Package
from seatrial.inspectors.dependencies.text import lines_of


def cargo_lock(path: str, text: str) -> Listed:
    """`[[package]]`; those without a source are the workspace's own."""
    try:
        entries = tomllib.loads(text).get("package") or ()
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"is not valid TOML: {error}") from None
    places = lines_of(path, text, r"^\[\[package\]\]")
    found = tuple(
        Package("crates.io", str(e["name"]), str(e["version"]), Location(path, at.line + 1, 1))
        for e, at in zip(entries, places, strict=False)
        if str(e.get("source", "")).startswith("registry+")
    )
    return Listed(path, found, lock=True)
