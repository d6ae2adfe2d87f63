"""Addresses that a repository's code names, and those that are never asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

HARMFUL = re.compile(
    r"log-?(?:out|off)|sign-?(?:out|off)|delete|remove|destroy|drop|reset|clear|flush|purge|shutdown|restart|stop\b|kill"
    r"|crash|exit\b|quit|seed|migrate|sleep|slow|stream|events?\b|sse\b|\bws\b|socket|download|export|upload|webhook|cron"
    r"|send|notify|unsubscribe|cancel|pay\b|checkout|static|assets|favicon|\.(?:css|js|png|jpe?g|svg|ico|woff2?|map)$",
    re.IGNORECASE,
)
"""Words of addresses that are not asked: a GET may change something, never end, or do no work."""


@dataclass(frozen=True, slots=True)
class Route:
    """An address in a file."""

    file: str
    """Path in the repository."""
    path: str
    """Begins with `/`."""
    guesses: int = 0
    """How much of it is guessed: 0 if one place in the code names it; more where prefixes may belong to it."""


def below(routes: Iterable[Route], folder: str) -> tuple[str, ...]:
    """The addresses of the code in a folder and below it, sure and short ones first; `.` is the whole repository."""
    inside = (r for r in routes if folder in ("", ".", r.file) or r.file.startswith(f"{folder.rstrip('/')}/"))
    ordered = sorted(inside, key=lambda r: (r.guesses, r.path.count("/"), len(r.path), r.path))
    return tuple(dict.fromkeys(route.path for route in ordered))
