"""
A finished run, published to GitHub: one comment, a commit status, the job's summary, annotations, the outputs.

Each is independent: what fails becomes a notice in the log, and changes neither the others nor the verdict. The
outputs come last, because they name the comment; they are written after any failure, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from seatrial.ci.comments import Leg
from seatrial.ci.host import folder_in
from seatrial.ci.news import worth_telling
from seatrial.ci.outputs import numbers
from seatrial.ci.results import NO_COMMENT, Attempts, Posted, PostedAction, PublishResult
from seatrial.report import Outcome, markdown
from seatrial.settings import Comment, Settings

from . import check_runs, comments, files, pulls, statuses
from .annotations import of_outcome
from .client import GitHubApi
from .commands import AnnotationLevel, annotation
from .environment import GitHubEnvironment
from .outputs import OUTPUTS


def run(outcome: Outcome, environment: GitHubEnvironment, written: Mapping[str, Path]) -> PublishResult:
    """
    Publish a run.

    Args:
        outcome: the run.
        environment: the job that it ran in.
        written: the report files by name; those that could not be written are missing.
    """
    attempts = Attempts()
    settings = outcome.settings
    posted = NO_COMMENT
    if not outcome.report.interrupted:
        posted = attempts.attempt("the comment", lambda: _comment(outcome, environment), NO_COMMENT)
        if settings.commit_status:
            attempts.attempt("the commit status", lambda: _status(outcome, environment), None)
        if settings.check_run:
            attempts.attempt("the check run", lambda: _check_run(outcome, environment), None)
    if settings.summary and environment.summary_file is not None:
        summary = environment.summary_file
        attempts.add(attempts.attempt("the summary", lambda: files.summary(summary, markdown.render(outcome)), ""))
    lines: tuple[str, ...] = ()
    if settings.annotations:
        # The runner itself turns a path in its workspace into one in the repository; the API and SARIF do not.
        folder = folder_in(environment.workspace, settings.path)
        lines = attempts.attempt("the annotations", lambda: of_outcome(outcome, folder=folder), ())
    attempts.add(posted.notice)
    attempts.add(_write(environment, _values(outcome, environment, written, posted.url)))
    return attempts.result(posted, lines, _notice)


def comment_on(outcome: Outcome, settings: Settings, environment: GitHubEnvironment) -> PublishResult:
    """
    The second stage for forks: comment on what another run left behind, and do nothing else.

    Of the outputs only the comment's address is filled: the others would be the words of the author of the pull
    request.

    Args:
        outcome: read back from the other run's report.
        settings: this job's own.
        environment: this job.
    """
    attempts = Attempts()
    posted = attempts.attempt(
        "the comment", lambda: _second_stage(_api(settings, environment), outcome, settings), NO_COMMENT
    )
    attempts.add(posted.notice)
    attempts.add(_write(environment, {"comment_url": posted.url}))
    return attempts.result(posted, (), _notice)


def _notice(problem: str) -> str:
    return annotation(AnnotationLevel.NOTICE, problem, title="Seatrial")


def _comment(outcome: Outcome, environment: GitHubEnvironment) -> Posted:
    if outcome.settings.comment is Comment.OFF:
        return NO_COMMENT
    if not environment.token:
        return Posted(PostedAction.NONE, notice="There is no comment: `github_token` is empty.")
    settings = outcome.settings
    leg = Leg(folder_in(environment.workspace, settings.path), settings.config, environment.matrix)
    return _publish(
        _api(settings, environment),
        settings,
        markdown.render(outcome, budget=markdown.COMMENT_BUDGET, run_url=environment.run_url, leg=leg.label),
        outcome,
        leg,
    )


def _second_stage(api: GitHubApi, outcome: Outcome, settings: Settings) -> Posted:
    text = markdown.render(
        outcome, budget=markdown.COMMENT_BUDGET, untrusted=True, run_url=_first_stage(api.environment)
    )
    # Which matrix the first stage had is not known here: `comment_id` tells its legs apart.
    return _publish(api, settings, text, outcome, Leg(outcome.folder))


def _first_stage(environment: GitHubEnvironment) -> str:
    """The address of the run that a `workflow_run` event tells of; empty if unknown."""
    run = environment.workflow_run
    known = run is not None and run.id
    return f"{environment.server_url}/{environment.repository}/actions/runs/{run.id}" if run and known else ""


def _publish(api: GitHubApi, settings: Settings, text: str, outcome: Outcome, leg: Leg) -> Posted:
    number, reason = pulls.find(api)
    if number is None:
        return Posted(PostedAction.NONE, notice=reason)
    return comments.publish(
        api,
        number,
        comments.key_of(api.environment, settings.comment_id, leg),
        text,
        settings.comment,
        closed=not outcome.verdict.passed,
        worth_telling=worth_telling(outcome),
    )


def _check_run(outcome: Outcome, environment: GitHubEnvironment) -> None:
    name = "Seatrial" + (f" ({outcome.settings.comment_id})" if outcome.settings.comment_id else "")
    check_runs.publish(_api(outcome.settings, environment), outcome, name, folder=outcome.folder)


def _status(outcome: Outcome, environment: GitHubEnvironment) -> None:
    name = f"seatrial/{outcome.settings.comment_id}" if outcome.settings.comment_id else "seatrial"
    statuses.publish(_api(outcome.settings, environment), outcome, name)


def _api(settings: Settings, environment: GitHubEnvironment) -> GitHubApi:
    return GitHubApi(environment, rate_limit_wait=settings.rate_limit_wait)


def _values(
    outcome: Outcome, environment: GitHubEnvironment, written: Mapping[str, Path], comment_url: str
) -> Mapping[str, str]:
    """What the run has to say in the Action's outputs."""
    return {
        **numbers(outcome),
        "report_json": _relative(written.get("report.json"), environment),
        "junit": _relative(written.get("junit.xml"), environment),
        "sarif": _relative(written.get("seatrial.sarif"), environment),
        "html": _relative(written.get("report.html"), environment),
        "summary": _relative(written.get("summary.md"), environment),
        "comment_url": comment_url,
    }


def _write(environment: GitHubEnvironment, values: Mapping[str, str]) -> str:
    """Write every output; one that the run has no answer for is empty."""
    if environment.output_file is None:
        return ""
    return files.entries(environment.output_file, {name: values.get(name, "") for name in OUTPUTS})


def _relative(path: Path | None, environment: GitHubEnvironment) -> str:
    """A path as later steps know it: the runner does not translate what a container says."""
    if path is None:
        return ""
    full, workspace = path.resolve(), environment.workspace.resolve()
    return full.relative_to(workspace).as_posix() if full.is_relative_to(workspace) else str(full)
