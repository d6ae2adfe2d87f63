"""
The second stage of the pair of workflows for forks: comment on the report that the first stage left behind.

The first stage runs the fork's code without a token that writes; this one has such a token and runs none of the fork's
code. Everything in the report is the word of the author of the pull request: it is checked, rendered anew, marked as
such, and never turns anything green. Which change it is about comes from the CI system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from seatrial import settings
from seatrial.change import comparing
from seatrial.ci import registry as hosts
from seatrial.ci.host import FirstStage, Host, PrintLine
from seatrial.ci.results import PublishResult
from seatrial.domain.errors import UsageError
from seatrial.report import Outcome, reading
from seatrial.settings import SettingSource
from seatrial.verdict import catalogue


def run(report: Path | None, flags: Mapping[str, object], environ: Mapping[str, str], say: PrintLine) -> PublishResult:
    """
    Comment on a report.

    Args:
        report: the report.json; None: the input `report` names it.
        flags: options of the command line.
        environ: the process's environment.
        say: prints a line.

    Raises:
        UsageError: this is not such a job, or the file is not a report.
    """
    chosen, _ = settings.combine([(SettingSource.INPUT, settings.from_inputs(environ)), (SettingSource.FLAG, flags)])
    host = hosts.find(environ, chosen.ci)
    first = host.second_stage(chosen)
    if first is None:
        raise _not_one(host)
    path = report or Path(environ.get(settings.input_variable("report"), "").strip())
    return host.comment_on(_outcome(path, first), chosen, say)


def _not_one(host: Host) -> UsageError:
    event = "this is none" if host.change is None else f"this one was started by {host.change.event}"
    return UsageError(
        f"works only in {hosts.second_stage_jobs()}; {event}",
        where="seatrial comment",
        remedy="see workflows/pr-comment.yml",
    )


def _outcome(path: Path, first: FirstStage) -> Outcome:
    if path == Path():
        raise UsageError("is empty", where="report", remedy="name the report.json of the first stage")
    if path.is_symlink() or not path.is_file():
        what = "is not a regular file" if path.exists() or path.is_symlink() else "does not exist"
        raise UsageError(what, where=str(path), remedy="did the first stage upload its report?")
    outcome = reading.outcome_of(comparing.earlier(path).document, catalogue.load())
    if not outcome.verdict.passed or first.passed:
        return outcome
    ended = first.conclusion or "unknown"
    notice = f"The report says that the gate is open, but the run that made it ended as `{ended}`."
    return replace(outcome, notices=(*outcome.notices, notice))
