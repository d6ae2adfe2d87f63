"""A finding that is hidden, and what hides it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .domain import Location, Severity


class Kind(enum.StrEnum):
    """What hides a finding, in the words that people type."""

    SEATRIAL = "seatrial: allow"
    NOSEC = "nosec"
    HADOLINT = "hadolint ignore"
    SHELLCHECK = "shellcheck disable"
    ZIZMOR = "zizmor: ignore"
    GITLEAKS = "gitleaks:allow"
    PRAGMA = "pragma: allowlist secret"
    CONFIGURATION = "scanner configuration"
    """A file such as `.bandit` or `.hadolint.yaml`."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """One finding that the tree hides."""

    kind: Kind
    rule: str
    severity: Severity
    location: Location
    reason: str = ""
    """What the comment's line says after its word: rules and a reason. Empty for configuration."""
    by_change: bool = False
    """Whether the change under survey hides it: the base does not."""
    counts: bool = False
    """Whether it is an open finding of the report all the same."""


def counted_by_kind(allowed: Iterable[Allowed]) -> str:
    """`9 nosec, 3 seatrial: allow`, the most frequent first."""
    numbers = Counter(one.kind for one in allowed)
    return ", ".join(f"{number} {kind}" for kind, number in sorted(numbers.items(), key=lambda p: (-p[1], p[0])))
