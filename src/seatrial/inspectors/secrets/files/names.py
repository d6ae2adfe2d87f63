"""Whether a key of a configuration file names a secret."""

from __future__ import annotations

import re
from functools import lru_cache

from seatrial.inspectors.secrets.names import is_secret_name

_LAST = re.compile(r"[^.:/\[\]]+(?=[\]'\"]*$)")

HINTS = (
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "auth",
    "cred",
    "psk",
    "salt",
    "private",
    "sesam",
    "contras",
    "kenn",
    "senha",
    "motdep",
    "mdp",
    "parol",
    "wachtwoord",
    "://",
    "pw",
)
"""Lower-case; a text without any of them has no secret-named key. `key` and `pass` alone let most texts through, so
the check is cheap rather than sharp."""


@lru_cache(maxsize=8192)
def is_secret(name: str) -> bool:
    """Whether the name, or the last component of a dotted one (`spring.datasource.password`), names a secret."""
    if len(name) > 200:
        return False
    last = _LAST.search(name)
    return is_secret_name(name) or (last is not None and is_secret_name(last[0]))


def promising(text: str) -> bool:
    """Whether it is worth scanning a text for secret-named keys at all."""
    lower = text.lower()
    return any(hint in lower for hint in HINTS)
