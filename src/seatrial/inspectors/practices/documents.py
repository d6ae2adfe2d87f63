"""Documents as evidence, for the few practices that are about documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.whole import Whole

_PROSE = re.compile(r"\.(?:md|mdx|rst|adoc|asciidoc|txt)$|(?:^|/)(?:README|SECURITY|SUPPORT)$", re.IGNORECASE)
_REPORT = re.compile(
    r"readiness|report|audit|assessment|score(?:card)?|checklist|review|analysis|summary|status|roadmap|changelog|changes|history"
    r"|todo|licen[cs]e|notice|requirements",
    re.IGNORECASE,
)
"""Names of documents that judge or plan: they do not say how something is done."""
_SELF_PRAISE = re.compile(r"\b(?:production[- ]ready|ready for production)\b|\b(?:100|9\d)\s?%", re.IGNORECASE)
_LIMIT = 40  # lines of one section that are looked at
_HEADING = re.compile(r"^(?:#{1,6}\s+(?P<hash>.+?)\s*#*|(?P<under>\S[^\n]{0,120})\n[=~^-]{3,})\s*$", re.MULTILINE)
_COMMAND = re.compile(r"^[ \t]*(?:```|~~~|\$ |    \S|\d+\.\s|[-*]\s.*`)|`[^`\n]{3,}`", re.MULTILINE)


def pages(whole: Whole) -> Iterator[str]:
    """Paths of documents that say how something is done."""
    for path in whole.paths:
        name = path.rpartition("/")[2]
        if _PROSE.search(path) and not _REPORT.search(name) and not re.search(r"(?:^|/)(?:node_modules|vendor)/", path):
            yield path


def sections(text: str) -> Iterator[tuple[str, str]]:
    """The heading and the text of each section, down to the next heading of any level."""
    found = list(_HEADING.finditer(text))
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        body = "\n".join(text[match.end() : end].split("\n")[:_LIMIT])
        yield (match["hash"] or match["under"] or ""), body


def describes(whole: Whole, title: re.Pattern[str]) -> str:
    """The first document with a section of such a title that says how: a command, or a sentence. Empty if none."""
    for path in pages(whole):
        text = whole.text(path)
        for heading, body in sections(text):
            if title.search(heading) and (_COMMAND.search(body) or len(body.split()) >= 8) and not praise(body):
                return path
    return ""


def praise(text: str) -> bool:
    """Whether a text only says how good everything is."""
    return bool(_SELF_PRAISE.search(text)) or "[x]" in text.lower()
