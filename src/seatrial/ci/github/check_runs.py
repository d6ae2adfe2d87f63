"""
A check run with the verdict and all annotations: a step's own are ten of a kind at most.

GitHub takes fifty with one request. The run is made with the first of them, and the others are added. Each request
adds, so none is repeated. Source: GitHub's documentation, "REST API endpoints for check runs".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from github.CheckRun import CheckRun
from github.GithubObject import NotSet

from seatrial.report import Outcome, explained, markdown
from seatrial.report.text import shortened
from seatrial.verdict.decision import Decision

from .annotations import Annotation, of_causes
from .client import GitHubApi
from .commands import AnnotationLevel

PER_REQUEST = 50
MOST = 1000
"""Annotations in all: twenty requests. Those that are left out are counted in the summary."""
_SUMMARY = 60_000  # bytes; GitHub takes 65,535 characters
_TITLE = 255  # characters
_LEVEL = {AnnotationLevel.ERROR: "failure", AnnotationLevel.WARNING: "warning", AnnotationLevel.NOTICE: "notice"}
_CONCLUSION = {Decision.PASSED: "success", Decision.CLOSED: "failure", Decision.INCONCLUSIVE: "failure"}


def publish(api: GitHubApi, outcome: Outcome, name: str, *, folder: str = "") -> None:
    """
    Make the check run on the change's own last commit.

    Args:
        api: the repository.
        outcome: the run.
        name: of the check run.
        folder: the surveyed directory's path in the repository; empty for the repository itself.

    Raises:
        ApiError: GitHub did not take it, or not all of it.
    """
    placed = [a for a in of_causes(outcome, folder=folder) if a.place.file and a.place.line]
    told = [_told(a) for a in placed[:MOST]]
    parts = [told[n : n + PER_REQUEST] for n in range(0, len(told), PER_REQUEST)] or [[]]
    output = _output(outcome, left=len(placed) - len(told))
    made = _create(api, outcome, name, output | {"annotations": parts[0]})
    for part in parts[1:]:
        _add(api, made, output | {"annotations": part})


def _create(api: GitHubApi, outcome: Outcome, name: str, output: dict[str, Any]) -> CheckRun:
    environment = api.environment
    return api.ask(
        "make the check run",
        lambda: api.repository.create_check_run(
            name,
            environment.head_sha or environment.sha,
            status="completed",
            conclusion=_conclusion(outcome),
            output=output,
            details_url=environment.run_url or NotSet,
        ),
        repeatable=False,
        permission="checks: write",
    )


def _add(api: GitHubApi, made: CheckRun, output: dict[str, Any]) -> None:
    what = "add annotations to the check run"
    api.ask(what, lambda: made.edit(output=output), repeatable=False, permission="checks: write")


def _conclusion(outcome: Outcome) -> str:
    """As the job's own: what is not enforced is neutral, and what is inconclusive is not a success."""
    decision = outcome.verdict.decision
    return "neutral" if decision is Decision.CLOSED and not outcome.verdict.enforced else _CONCLUSION[decision]


def _output(outcome: Outcome, *, left: int) -> dict[str, Any]:
    more = f"\n{left:,} more places are in report.json.\n" if left else ""
    summary = markdown.render(outcome, budget=_SUMMARY - len(more))
    return {
        "title": shortened(f"{explained.number(outcome)}, {explained.gate(outcome)}", _TITLE),
        "summary": summary + more,
    }


def _told(one: Annotation) -> Mapping[str, str | int]:
    """One annotation; columns only within one line, as GitHub asks."""
    place, last = one.place, one.place.end_line or one.place.line
    told: dict[str, str | int] = {
        "path": place.file,
        "start_line": place.line,
        "end_line": max(last, place.line),
        "annotation_level": _LEVEL[one.kind],
        "title": shortened(one.title, _TITLE),
        "message": one.message,
    }
    if last == place.line and place.column:
        told |= {"start_column": place.column, "end_column": max(place.end_column, place.column)}
    return told
