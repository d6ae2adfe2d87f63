"""What a survey of a case looks like to a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "corpus" / "cases"
VULNERABILITIES = CASES / "osv"
"""A made-up database: minimist 1.2.0 (npm), jinja2 2.10 (PyPI) and org.example:lib 1.0.0 (Maven) are flawed."""


@dataclass(frozen=True)
class Surveyed:
    """What one run of the program came to."""

    code: int
    report: dict[str, Any]
    folder: Path
    """Where the reports are."""

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Every finding of every check."""
        found: list[dict[str, Any]] = self.report["findings"]
        return found

    @property
    def rules(self) -> set[str]:
        """Ids of the rules that found something."""
        return {f["rule"] for f in self.findings}

    def of(self, rule: str) -> list[dict[str, Any]]:
        """The findings of one rule."""
        return [f for f in self.findings if f["rule"] == rule]

    def check(self, id_: str) -> dict[str, Any]:
        """One check's answer."""
        return next(dict(c) for c in self.report["checks"] if c["id"] == id_)


Survey = Callable[..., Surveyed]
