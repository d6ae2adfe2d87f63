"""From an outcome to texts. Renderers are pure; `sinks` writes what they return."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .outcome import Outcome

__all__ = ["Outcome", "files"]


def files(outcome: Outcome) -> Mapping[str, Callable[[], str]]:
    """The report files by name, each with its renderer, which is called only when the file is written."""
    from . import html, json, junit, markdown, sarif

    return {
        "report.json": lambda: json.render(outcome),
        "junit.xml": lambda: junit.render(outcome),
        "seatrial.sarif": lambda: sarif.render(outcome),
        "report.html": lambda: html.render(outcome),
        "summary.md": lambda: markdown.render(outcome),
    }
