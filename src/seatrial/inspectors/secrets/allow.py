"""
Findings that the repository accepts by a comment on the line:

    key = "..."  # seatrial: allow          ours; with names of rules for those only
    key = "..."  // gitleaks:allow          gitleaks
    key = "..."  # pragma: allowlist secret detect-secrets; `whitelist` is its older word
    # pragma: allowlist nextline secret     the same, for the line below

A critical one, or one of a required check, needs `# seatrial: allow RULE because REASON`: the other comments say
nothing of why.

They are left out of the findings and counted in the answer. `# nosec` is about bandit's rules and is none of them.
"""

from __future__ import annotations

import re

from seatrial.inspectors import rulebook
from seatrial.inspectors.secrets.contents import LineStarts

_COMMENT = r"(?:\#|//|/\*|\*|--|<!--|\{\#|\{\{!|\(\*|;|%|'|\"\"\"|\brem\b|\bdnl\b)"
"""What opens a comment in one language or another."""
_WORDS = r"gitleaks:[ ]{0,3}allow|pragma:[ ]{0,3}(?:allow|white)list[ ]{1,3}secret"
_HERE = re.compile(rf"{_COMMENT}[^\n]{{0,200}}?(?:{_WORDS})\b(?![-\w])", re.IGNORECASE)
_OURS = re.compile(rf"{_COMMENT}[^\n]{{0,200}}?(?P<allow>seatrial:[ ]{{0,3}}allow\b(?![-\w])[^\n]*)", re.IGNORECASE)
_ABOVE = re.compile(
    rf"{_COMMENT}[^\n]{{0,200}}?pragma:[ ]{{0,3}}(?:allow|white)list[ ]{{1,3}}nextline[ ]{{1,3}}secret\b", re.IGNORECASE
)
_QUICK = ("seatrial", "gitleaks", "pragma")

_MAX_LINE = 4096  # characters at either end of a line that are looked at


def may_allow(text: str) -> bool:
    """Whether there is any comment of that kind in a file: False for nearly all, and cheap."""
    low = text.lower()  # a pattern that ignores case takes four times as long
    return any(word in low for word in _QUICK)


def is_allowed(lines: LineStarts, first: int, last: int, rule: str, *, reasoned: bool = False) -> bool:
    """
    Whether a comment accepts a finding.

    Args:
        lines: of the file.
        first: the finding's first line, counted from 1.
        last: its last line.
        rule: the finding's rule.
        reasoned: whether only our own comment accepts it, with the rule and a reason (`rulebook.needs_reason`).
    """
    for line in {first, last}:
        text = _ends(lines, line)
        ours = _OURS.search(text)
        if not reasoned and _HERE.search(text):
            return True
        if ours is not None and rulebook.allows(ours["allow"], rule, reasoned=reasoned):
            return True
    return not reasoned and first > 1 and _ABOVE.search(_ends(lines, first - 1)) is not None


def _ends(lines: LineStarts, line: int) -> str:
    """A line's text; of a huge one the last characters, where a comment is."""
    start, end = lines.bounds(line)
    return lines.text[max(start, end - _MAX_LINE) : end]
