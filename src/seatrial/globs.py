"""Path globs with the meaning that people know from `.gitignore`."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Globs:
    """
    A set of globs, compiled once.

    `*` and `?` stay inside a path segment, `**` crosses them, a pattern without `/` matches at any depth, a
    pattern that names a folder (`docs/` or `docs`) matches everything below it.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        sources = [_regex(p) for p in patterns if p.strip()]
        self._regex = re.compile("|".join(sources), re.DOTALL) if sources else None

    def match(self, path: str) -> bool:
        """Whether any of the globs covers the path (relative, with `/`)."""
        return self._regex is not None and self._regex.fullmatch(path) is not None


def _regex(pattern: str) -> str:
    text = pattern.strip().removeprefix("./")
    anchored = "/" in text.rstrip("/")
    body = _translate(text.strip("/"))
    return f"(?:{'' if anchored else '(?:.*/)?'}{body}(?:/.*)?)"


def _translate(glob: str) -> str:
    parts: list[str] = []
    position = 0
    while position < len(glob):
        rest = glob[position:]
        if rest.startswith("**/"):
            parts.append("(?:.*/)?")
            position += 3
        elif rest.startswith("**"):
            parts.append(".*")
            position += 2
        elif rest[0] in "*?":
            parts.append("[^/]*" if rest[0] == "*" else "[^/]")
            position += 1
        elif (bracket := re.match(r"\[(!?)([^\]/]+)\]", rest)) is not None:
            members = re.sub(r"([\\^\[&~|])", r"\\\1", bracket[2])
            parts.append(f"[{'^/' if bracket[1] else ''}{members}]")
            position += len(bracket[0])
        else:
            parts.append(re.escape(rest[0]))
            position += 1
    return "".join(parts)
