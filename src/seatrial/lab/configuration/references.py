"""How a Compose file gives a setting its value: `${NAME:?}`, `${NAME:-default}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Interpolation:
    """How a Compose file gives a variable its value: `${NAME:?}`, `${NAME:-default}`."""

    name: str
    operator: str = ""
    word: str = field(default="", repr=False)
    """What follows the operator: a message, or a default."""

    @property
    def guards_unset(self) -> bool:
        """Whether Compose refuses to start without it."""
        return self.operator in (":?", "?")

    @property
    def guards_empty(self) -> bool:
        """Whether Compose refuses an empty one."""
        return self.operator == ":?"

    @property
    def gives_default(self) -> bool:
        """Whether Compose gives a value where there is none."""
        return self.operator in (":-", "-")


REFERENCE = re.compile(
    r"\$\{(?P<name>[A-Za-z_]\w*)(?:(?P<operator>:?[-?])(?P<word>[^{}]*))?\}|\$(?P<plain>[A-Za-z_]\w*)"
)


def reference(text: str) -> Interpolation | None:
    """What a whole value refers to; None if it is more or less than one reference."""
    match = REFERENCE.fullmatch(text.strip())
    return of_match(match) if match is not None else None


def of_match(match: re.Match[str]) -> Interpolation:
    """What a match of `REFERENCE` says."""
    return Interpolation(match["name"] or match["plain"], match["operator"] or "", match["word"] or "")
