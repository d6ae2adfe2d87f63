"""
Text from the repository in the Markdown of GitHub and GitLab, where it must be nothing but text.

Both look twice: first a Markdown parser, which knows entities. Then filters link mentions, references, commits,
labels and bare addresses, with entities decoded. So what the parser could act on becomes an entity. An invisible word
joiner breaks what the filters could act on. The filters pass over code. GitLab also executes a line that begins with
a slash. Sources: GitHub Flavored Markdown Spec; GitHub's documentation, "Autolinked references and URLs"; GitLab's,
"GitLab-specific references" and "Quick actions".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .text import printable

LINE = 300
"""Characters of one text, unless more is asked for."""
_JOINER = "&#8288;"  # WORD JOINER: no width, no break
_ACTIVE = re.compile(
    r"""
      (?P<reference>[~$&!%^](?=[\w"])|\*(?=iteration:)|\[(?=\w+:))  # ~label, $3, &4, !5, %name: of GitLab
    | (?P<special>[\\`*_\[\]<>|~$&{}])          # Markdown, HTML, tables, strikethrough, mathematics, entities
    | (?P<leading>\A[-+=#:/]+|\A\d+(?=[.)]))      # lists, headings, rules, definitions at the beginning of a line
    | (?P<mention>@|\#(?=\w))                   # @name, #12, name@commit, name@host, name@.host
    | (?P<number>(?<=\b[Gg][HhLl])-(?=\d))       # GH-12, GL-12
    | (?P<scheme>:(?=//))                        # http://, ftp://
    | (?P<host>(?<=\b[Ww][Ww][Ww])\.)            # www.
    | (?P<emoji>:(?=[\w+-]+:))                   # :name:
    | (?P<hex>[0-9a-fA-F]{6}(?=[0-9a-fA-F]))     # a commit: never seven digits in a row
    """,
    re.VERBOSE,
)


def escaped(text: str, *, limit: int = LINE) -> str:
    """Text that shows as itself, on one line, and does nothing."""
    return _ACTIVE.sub(_harmless, printable(text, limit=limit).strip())


def _harmless(found: re.Match[str]) -> str:
    text = found[0]
    match found.lastgroup:
        case "special":
            return "".join(_entity(character) for character in text)
        case "hex":
            return text + _JOINER
        case _:
            return "".join(_entity(character) for character in text) + _JOINER


def _entity(character: str) -> str:
    return f"&#{ord(character)};"


def code(text: str, *, limit: int = LINE) -> str:
    """Any text as code, also within a table's cell, which a pipe would end even in a span of code."""
    visible = printable(text, limit=limit).strip() or "(empty)"
    if "|" in visible:
        entities = re.sub(r"[^A-Za-z0-9 /]", lambda found: _entity(found[0]), visible)
        return f"<code>{entities.replace(_entity('@'), _entity('@') + _JOINER)}</code>"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", visible)), default=0))
    space = " " if "`" in (visible[0], visible[-1]) else ""
    return f"{fence}{space}{visible}{space}{fence}"


def table(head: Iterable[str], rows: Iterable[Iterable[str]], *, right: int = 0) -> Iterator[str]:
    """The lines of a table of which the last `right` columns hold numbers. Cells are Markdown already."""
    columns = list(head)
    yield f"| {' | '.join(columns)} |"
    yield "|" + "|".join("--:" if n >= len(columns) - right else "---" for n in range(len(columns))) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
