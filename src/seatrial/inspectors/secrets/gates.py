"""
What must be in a file for a parser of everyday files to find anything: JSON and YAML are mostly data.

Reading a file's structure costs a hundred times more than searching its bytes. So these parsers read only files in
which their patterns occur. Where a pattern matches often, the text there is checked, too: of three YAML files with a
`...key:` or `...pass:` two name no secret, or have only references. Parsers that are not here
read every file of their name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from seatrial.inspectors.secrets import database
from seatrial.inspectors.secrets.database import CASELESS, Automaton, Expression, Hit
from seatrial.inspectors.secrets.files import CredentialFile
from seatrial.inspectors.secrets.files.names import HINTS, is_secret

_HINT = f"(?:{'|'.join(hint for hint in HINTS if hint != '://')})"
"""In every name of a secret."""
_URL = r"://[^\s:@/'\"<>?#,]*:[^\s@/'\"<>`]+@"
_CONNECTION = (
    r"(?:password|pwd|accountkey|sharedaccesskey|sharedsecret(?:value)?|accesskey|account key|secret|token)"
    r"\s{0,5}=\s{0,5}[^\s;&<>]"
)
_ITEM = rf"{_HINT}[\w.-]{{0,100}}[\"']?\s{{0,5}}="

GATES: Mapping[str, tuple[str, ...]] = {
    "config-json": (
        rf"{_HINT}[^\"\\\n]{{0,120}}\"\s{{0,50}}:\s{{0,50}}\"[^\"]",
        rf"{_HINT}[^\"\\\n]{{0,120}}\"\s{{0,50}},\s{{0,100}}\"(?:value|parametervalue|default|string)\"\s{{0,50}}:\s{{0,50}}\"",
        _URL,
        _CONNECTION,
    ),
    "config-yaml": (
        rf"{_HINT}[^:\n]{{0,200}}:(?:[ \t]|\r?$)",
        rf"{_HINT}[^\n]{{0,200}}\r?\n[ \t-]*[\"']?(?:value|default|content|plaintext)[\"']?[ \t]*:",
        _URL,
        _ITEM,
    ),
    "kubernetes-secret": (r"kind[\"']?[ \t]*:[ \t]*[\"']?(?:Secret|List)",),
    "google-credentials": (
        r"(?:private_key|(?:client_|client|refresh_|refresh|access_|access|id_)(?:secret|token))[\"']?\s{0,50}:\s{0,50}[^\s{\[]",
    ),
}
"""By the parser's id: patterns, one of which occurs in every file in which it finds a credential."""

_NEAR = 400
"""Bytes before the end of a match that are looked at; names are shorter."""
_JSON_NAME = re.compile(rb'"([^"\\\n]{1,120})"\s{0,50}:\s{0,50}"[^"]\Z')
_YAML_LINE = re.compile(rb"[ \t]*(?:-[ \t]+)*[\"']?(.*?)[\"']?[ \t]*\Z", re.DOTALL)
_YAML_WORD = re.compile(rb"[\w.\-\x80-\xff]+\Z")
_YAML_QUOTED = re.compile(rb"[\"']([^\"']{1,200})[\"'][ \t]*\Z")
_NO_VALUE = re.compile(
    rb"[ \t]*(?:[\"']?\{\{|(?:true|false|yes|no|null|none|~|''|\"\")[ \t]*\r?(?:\n|\Z))", re.IGNORECASE
)
"""After a key: a template's expression, which is a reference in any case, or a switch."""


def _json_pair(data: bytes, end: int) -> bool:
    """Whether the pair whose value begins here has a secret's name."""
    start = max(0, end - _NEAR)
    at = data.rfind(b'"', start, data.rfind(b'"', start, data.rfind(b'"', start, end)))
    pair = _JSON_NAME.match(data, at, end) if at >= 0 else None
    return pair is None or _named(pair[1])


def _yaml_key(data: bytes, end: int) -> bool:
    """Whether the key that ends here has a secret's name, and its value may be one."""
    colon = data.rfind(b":", max(0, end - 2), end)
    floor = max(0, colon - _NEAR)
    start = max(data.rfind(b"\n", floor, colon), data.rfind(b"\r", floor, colon)) + 1
    if _NO_VALUE.match(data, colon + 1):
        return False
    if floor and not start:
        return True
    line = data[start:colon]
    whole = _YAML_LINE.match(line)
    last = _YAML_WORD.search(line) or _YAML_QUOTED.search(line)
    return (whole is not None and _named(whole[1])) or (last is not None and _named(last[last.lastindex or 0]))


def _named(name: bytes) -> bool:
    return is_secret(name.decode("utf-8", "replace"))


_DOUBTS: Mapping[str, Callable[[bytes, int], bool]] = {
    GATES["config-json"][0]: _json_pair,
    GATES["config-yaml"][0]: _yaml_key,
}
"""Patterns that match often. The function decides by the file and the match's end whether it opens the gate."""


class Gates:
    """Says which of a file's parsers have anything to read in it."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton

    def passed(self, parsers: Sequence[CredentialFile], data: bytes) -> Sequence[CredentialFile]:
        """The parsers without a gate, and those whose gate is open for this file."""
        return self.passed_all([parsers], [data])[0]

    def passed_all(
        self, parsers: Sequence[Sequence[CredentialFile]], texts: Sequence[bytes]
    ) -> list[Sequence[CredentialFile]]:
        """The same for several files, each with its parsers."""
        passed = list(parsers)
        asked = {n: names for n, each in enumerate(parsers) if (names := {parser.id for parser in each} & GATES.keys())}
        found = self._automaton.scan_all([texts[n] for n in asked])
        for (number, names), hits in zip(asked.items(), found, strict=True):
            opened = names if hits.cut is not None else _opened(names, texts[number], hits.places)
            passed[number] = [p for p in parsers[number] if p.id in opened or p.id not in GATES]
        return passed


class _GatePattern(NamedTuple):
    """One pattern of a gate."""

    parser: str
    pattern: str
    doubt: Callable[[bytes, int], bool] | None


_WAYS = tuple(
    _GatePattern(parser, pattern, _DOUBTS.get(pattern)) for parser, patterns in GATES.items() for pattern in patterns
)


def _opened(asked: set[str], data: bytes, hits: Sequence[Hit]) -> set[str]:
    """The parsers, of those that are asked about, whose gate one of the hits opens."""
    opened = set[str]()
    for expression, end in hits:
        way = _WAYS[expression]
        if way.parser in asked and way.parser not in opened and (way.doubt is None or way.doubt(data, end)):
            opened.add(way.parser)
    return opened


def load(cache: Path) -> Gates | None:
    """
    The gates, compiled; None without hyperscan: then every parser reads every file of its name.

    Raises:
        InspectorError: the patterns do not compile.
    """
    if not database.available():
        return None
    flags = CASELESS | database.MULTILINE
    patterns = [Expression(way.pattern, flags) for way in _WAYS]
    return Gates(database.load(patterns, cache))
