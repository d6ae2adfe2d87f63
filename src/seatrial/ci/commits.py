"""Names of commits that a CI system gives."""

from __future__ import annotations

import re

_NAME = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def name(value: object) -> str:
    """
    A commit's full name.

    Anything else is empty, because git would take an option or a name of its own for it. So are the zeros that mean
    no commit, as before the first push to a branch.
    """
    return value if isinstance(value, str) and _NAME.fullmatch(value) and value.strip("0") else ""
