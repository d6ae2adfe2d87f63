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


def below(routes: Iterable[Route], folder: str) -> tuple[str, ...]:
    """The addresses of the code in a folder and below it, shorter ones first; `.` is the whole repository."""
    inside = (r.path for r in routes if folder in ("", ".", r.file) or r.file.startswith(f"{folder.rstrip('/')}/"))
    return tuple(sorted(dict.fromkeys(inside), key=lambda path: (path.count("/"), len(path), path)))
