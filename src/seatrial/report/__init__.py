"""From an outcome to texts. Renderers are pure; `sinks` writes what they return."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, cast

from .outcome import Outcome

__all__ = ["FILES", "Outcome", "files"]

FILES: Mapping[str, str] = {
    "report.html": "html",
    "report.json": "json",
    "junit.xml": "junit",
    "seatrial.sarif": "sarif",
    "summary.md": "markdown",
}
"""The report files, each with the module of this package that renders it."""


class _Renderer(Protocol):
    """What such a module has."""

    def render(self, outcome: Outcome) -> str: ...


def files(outcome: Outcome) -> Mapping[str, Callable[[], str]]:
    """The report files by name, each with its renderer, which is loaded only when the file is written."""
    return {name: partial(_rendered, module, outcome) for name, module in FILES.items()}


def _rendered(module: str, outcome: Outcome) -> str:
    return cast("_Renderer", importlib.import_module(f".{module}", __name__)).render(outcome)
