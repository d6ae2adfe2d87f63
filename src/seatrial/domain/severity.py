"""How bad a finding is, and how sure we are of it."""

from __future__ import annotations

import enum


class Severity(enum.IntEnum):
    """How bad it is if the finding is true. Ordered: compare with `>=`."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The spelling in files and on screen."""
        return self.name.lower()


class Confidence(enum.StrEnum):
    """How sure we are that the finding is true. Low-confidence findings never lower the headline."""

    CONFIRMED = "confirmed"
    """Seen by running."""
    HIGH = "high"
    """Follows from the text."""
    LOW = "low"
    """A heuristic's guess."""
