"""
The second stage of the pair of workflows for forks: comment on the report that the first stage left behind.

The first stage runs the fork's code without a token that writes; this one has such a token and runs none of the fork's
code. Everything in the report is the word of whoever opened the pull request: it is checked, rendered anew, marked as
such, and never turns anything green. Which pull request it is about comes from GitHub.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from . import catalogue, comparing, settings
from .errors import UsageError
from .github import environment, publish
from .github.environment import Environment, Event
from .github.publish import Told
from .report import Outcome, reading
from .settings import Settings, Source


def run(report: Path | None, flags: Mapping[str, object], environ: Mapping[str, str]) -> Told:
    """
    Comment on a report.

    Args:
        report: the report.json; None: the input `report` names it.
        flags: options of the command line.
        environ: the process's environment.

    Raises:
        UsageError: this is no such job, or the report is none.
    """
    chosen, _ = settings.combine([(Source.INPUT, settings.from_inputs(environ)), (Source.FLAG, flags)])
    job = _job(chosen, environ)
    path = report or Path(environ.get(settings.input_variable("report"), "").strip())
    return publish.comment_on(_outcome(path, job), chosen, job)


def _job(chosen: Settings, environ: Mapping[str, str]) -> Environment:
    job = environment.read(environ)
    if job is None or job.event is not Event.WORKFLOW_RUN:
        event = "this is none" if job is None else f"this one was started by {job.event_name}"
        raise UsageError(
            f"works only in a job of GitHub Actions that `workflow_run` starts; {event}",
            where="seatrial comment",
            remedy="see workflows/pr-comment.yml",
        )
    if not job.token:
        raise UsageError("is empty: without a token there is no account to comment as", where="github_token")
    for name in ("commit_status", "check_run"):
        if getattr(chosen, name):
            raise UsageError("is not made from a report that a fork's run made", where=name)
    return job


def _outcome(path: Path, job: Environment) -> Outcome:
    if path == Path():
        raise UsageError("is empty", where="report", remedy="name the report.json of the first stage")
    if path.is_symlink() or not path.is_file():
        what = "is not a regular file" if path.exists() or path.is_symlink() else "does not exist"
        raise UsageError(what, where=str(path), remedy="did the first stage upload its report?")
    outcome = reading.outcome_of(comparing.earlier(path).document, catalogue.load())
    ended = job.workflow_run.conclusion if job.workflow_run is not None else ""
    if not outcome.verdict.passed or ended == "success":
        return outcome
    notice = f"The report says that the gate is open, but the run that made it ended as `{ended or 'unknown'}`."
    return replace(outcome, notices=(*outcome.notices, notice))
