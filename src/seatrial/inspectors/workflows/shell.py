"""Scripts as far as rules look at them: comments blanked out, continued lines joined, every character at its place."""

from __future__ import annotations

import re

LENGTH_LIMIT = 65_536
"""Characters of one script that are looked at."""
_COMMENT = re.compile(r"(?:^|(?<=[\s;&|]))#[^\n]*", re.MULTILINE)
_CONTINUED = re.compile(r"[\\`^](\r?\n)")


def code(script: str) -> str:
    """The script with comments and line continuations as blanks; of the same length, so places stay."""
    text = _CONTINUED.sub(lambda match: " " * len(match[0]), script[:LENGTH_LIMIT])
    return _COMMENT.sub(lambda match: " " * len(match[0]), text)
