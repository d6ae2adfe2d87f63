"""What a finished run of the command line looks like to a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """One finished run of the command line."""

    code: int
    out: str
    err: str
    reports: Path

    @property
    def json(self) -> dict[str, Any]:
        """report.json, parsed."""
        parsed: dict[str, Any] = json.loads((self.reports / "report.json").read_text("utf-8"))
        return parsed


Seatrial = Callable[..., Run]
Tree = Callable[[dict[str, "str | bytes"]], Path]
