"""A phase: a label from A to L that a repository gives to some of its checks."""

from __future__ import annotations

from dataclasses import dataclass

LABELS = tuple("ABCDEFGHIJKL")


@dataclass(frozen=True, slots=True)
class Phase:
    """A label, and the checks that belong to it."""

    label: str
    """One of `LABELS`."""
    title: str = ""
    """What the repository calls it; may be empty."""
    checks: tuple[str, ...] = ()
    """Ids of checks, or families of them such as `compose`."""

    @property
    def name(self) -> str:
        """`D Resilience`, or the label alone."""
        return f"{self.label} {self.title}".rstrip()
