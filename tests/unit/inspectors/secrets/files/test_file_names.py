"""The short way to a file's parsers leads where the whole set of its name's keys leads."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seatrial.inspectors.secrets.files import PARSERS, parsers_for, paths

PIECES = sorted({piece for parser in PARSERS for name in parser.names for piece in re.split(r"[/*]", name) if piece})
SEPARATORS = ("", ".", "-", "_", "/", "~", "\\", "*", ".bak", ".1", "-sample", ".dpkg-old", ".py", ".PHP", "É", "\n")


@pytest.mark.parametrize("name", sorted({name for parser in PARSERS for name in parser.names}))
def test_every_name_is_answered_to(name: str) -> None:
    """A pattern of a form that no path has a key for finds nothing, and nobody notices."""
    folder, slash, last = name.rpartition("/")
    last = last.replace("*", "a", 1) if last.startswith("*") else last.replace("*", ".a")
    wanted = [parser.id for parser in PARSERS if name in parser.names]
    assert set(wanted) <= {parser.id for parser in parsers_for(folder + slash + last)}


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(SEPARATORS), st.just("x")), max_size=7))
@example([".s3cfg", "*"])
def test_of_any_name(pieces: list[str]) -> None:
    path = "".join(pieces)
    keys = paths.keys(path)
    assert parsers_for(path) == tuple(parser for parser in PARSERS if not keys.isdisjoint(parser.names))
