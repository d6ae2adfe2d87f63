"""
What must be in a file for a parser of everyday files to find anything: JSON and YAML are mostly data.

Reading a file's structure costs a hundred times more than looking for a few patterns in its bytes, so these parsers
read only files in which theirs occur. Parsers that are not here read every file of their name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from seatrial.inspectors.secrets import database
from seatrial.inspectors.secrets.database import CASELESS, ONCE, Automaton, Expression
from seatrial.inspectors.secrets.files import Parser
from seatrial.inspectors.secrets.files.names import HINTS

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
    "google-credentials": ("private_key", "client_secret", "refresh_token"),
}
"""By the parser's id: patterns, one of which occurs in every file in which it finds a credential."""


class Gates:
    """Says which of a file's parsers have anything to read in it."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton

    def passed(self, parsers: Sequence[Parser], data: bytes) -> Sequence[Parser]:
        """The parsers without a gate, and those whose gate is open for this file."""
        if not any(parser.id in GATES for parser in parsers):
            return parsers
        opened = {_OWNERS[hit.expression] for hit in self._automaton.scan(data)}
        return [parser for parser in parsers if parser.id in opened or parser.id not in GATES]


_OWNERS = tuple(parser for parser, patterns in GATES.items() for _ in patterns)


def load(cache: Path) -> Gates | None:
    """
    The gates, compiled; None without hyperscan: then every parser reads every file of its name.

    Raises:
        InspectorError: the patterns do not compile.
    """
    if not database.available():
        return None
    flags = CASELESS | ONCE | database.MULTILINE
    patterns = [Expression(pattern, flags) for patterns in GATES.values() for pattern in patterns]
    return Gates(database.load(patterns, cache))
