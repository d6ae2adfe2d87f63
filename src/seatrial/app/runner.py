"""
One run from beginning to end: tree, plan, survey, score, gate, reports.

The verdict is decided before any report is written, and every report is written before the process ends.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial import __version__, report, settings
from seatrial.change import basis
from seatrial.change.allowed.judge import JudgedReport
from seatrial.change.allowed.judge import judge as judge_allowed
from seatrial.change.comparing import HeadSurvey
from seatrial.ci import registry as hosts
from seatrial.ci.host import Host
from seatrial.domain import Answer, Report, Status, Subject, Tool, waivers
from seatrial.domain.errors import ExitCode
from seatrial.domain.patches import Patch
from seatrial.fixing.works import offered
from seatrial.inspectors import masking, plan
from seatrial.inspectors.base import Context
from seatrial.inspectors.registry import INSPECTORS
from seatrial.inspectors.survey import Interrupted, OnProgress, ignore, survey
from seatrial.report import Outcome
from seatrial.report.outcome import IDENTITY
from seatrial.report.text import printable
from seatrial.settings import AcceptInChange, Settings, SettingSource, TrialMode, config
from seatrial.system import git, sinks
from seatrial.system.base.revision import Revision
from seatrial.system.process import ProcessError
from seatrial.system.source import Limits, open_tree
from seatrial.text.vault import VAULT
from seatrial.text.wording import counted
from seatrial.verdict import catalogue, gate, path_to_pass, phases, score

from . import explain


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that is settled before the first check is asked."""

    settings: Settings
    config: config.Config
    """The policy that counts: on a pull request the base's."""
    context: Context
    catalogue: catalogue.Catalogue
    plan: plan.SurveyPlan
    host: Host
    """The place that the run takes place in."""
    base: basis.Basis = basis.NONE


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run came to."""

    outcome: Outcome
    written: tuple[sinks.Written, ...]
    exit_code: ExitCode


def prepare(flags: Mapping[str, object], environ: Mapping[str, str]) -> Prepared:
    """
    Read options and configuration, take stock of the tree, and plan.

    Raises:
        UsageError: options, configuration or path make no sense.
    """
    inputs = settings.from_inputs(environ)
    caller, _ = settings.combine([(SettingSource.INPUT, inputs), (SettingSource.FLAG, flags)])
    host = hosts.find(environ, caller.ci)
    own = _configuration(caller)
    base = basis.find(caller, own, host)
    counts = base.policy.config if base.policy else own
    debug = {"verbose": True} if host.debug else {}
    layers: list[tuple[SettingSource, Mapping[str, object]]] = [
        (SettingSource.DEFAULT, debug),
        (SettingSource.FILE, counts.options),
    ]
    chosen, _ = settings.combine([*layers, (SettingSource.INPUT, inputs), (SettingSource.FLAG, flags)])
    if chosen.history == "auto":
        chosen = replace(chosen, history=base.history)
    tree = open_tree(
        chosen.path,
        paths=chosen.paths,
        exclude=(*chosen.exclude, *_own_reports(chosen)),
        limits=Limits(chosen.max_file_size, chosen.max_files),
    )
    chosen = replace(chosen, trial=_tried(chosen, host))
    jobs = chosen.jobs or os.cpu_count() or 1
    context = Context(
        tree, chosen, _cache(chosen, environ), jobs, counts.chaos, counts.load, counts.backups, counts.licenses.deny,
        counts.environment.known, base=_revision(base),
    )  # fmt: skip
    if base.change is not None and not _accepted(chosen.accept_in_change, host):
        context = replace(context, comments_in_history=False)
    model = catalogue.load()
    planned = plan.make(model, INSPECTORS, context, counts.disabled)
    phases.verify(counts.phases, model.by_id)
    return Prepared(chosen, counts, context, model, planned, host, base)


def _revision(base: basis.Basis) -> Revision | None:
    """The commit that is compared with; a report of an earlier run is none, and then the change's own base counts."""
    return base.compare_with if isinstance(base.compare_with, Revision) else base.change


def _tried(chosen: Settings, host: Host) -> TrialMode:
    """By itself the stack is tried in a CI job only: on a machine of its own, with trusted code."""
    if chosen.trial is not TrialMode.AUTO or not host.may_try:
        return chosen.trial
    return TrialMode.ON


def _configuration(caller: Settings) -> config.Config:
    path = Path(caller.config) if caller.config else config.find(caller.path)
    return config.load(path) if path else config.Config()


def _own_reports(chosen: Settings) -> tuple[str, ...]:
    """The report directory, if it lies in the tree: a survey does not survey its own reports."""
    root, reports = chosen.path.resolve(), chosen.report_dir.resolve()
    if reports == root or not reports.is_relative_to(root):
        return ()
    return (f"/{reports.relative_to(root).as_posix()}/",)


def _cache(chosen: Settings, environ: Mapping[str, str]) -> Path:
    """Where expensive things are kept: chosen, or the user's cache directory by the XDG specification."""
    if chosen.cache_dir:
        return Path(chosen.cache_dir)
    home = environ.get("HOME", "")
    base = environ.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else tempfile.gettempdir())
    return Path(base) / "seatrial"


def run(prepared: Prepared, progress: OnProgress = ignore, *, now: Callable[[], dt.datetime]) -> RunResult:
    """
    Survey, judge and report.

    Args:
        prepared: from `prepare`.
        progress: called with what happens.
        now: the time in UTC; for waivers and for the report.

    Raises:
        UsageError: the report directory cannot be written.
    """
    sinks.prepare(prepared.settings.report_dir, prepared.context.tree.root)
    VAULT.forget()
    started, clock = now(), time.monotonic()
    interrupted = False
    try:
        answers = _of_something(survey(prepared.plan, prepared.catalogue, prepared.context, progress))
    except Interrupted as stop:
        answers, interrupted = stop.answers, True
    made = Report(
        subject=masking.masked(_subject(prepared), VAULT.masker),
        answers=answers,
        tools=_tools(prepared),
        seed=prepared.settings.seed,
        interrupted=interrupted,
        started=started.isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    judged = _allowed(prepared, made, progress) if not interrupted else JudgedReport(made)
    made = judged.report
    interrupted = interrupted or judged.interrupted
    compared = _compare(prepared, made, progress) if not interrupted else basis.NOT_COMPARED
    made = replace(made, interrupted=interrupted or compared.interrupted, duration=time.monotonic() - clock)
    outcome = judge(prepared, made, started.date(), compared, judged)
    patches, notices = _patches(prepared, made)
    outcome = replace(outcome, patches=patches, notices=(*outcome.notices, *notices))
    written = sinks.write(prepared.settings.report_dir, {**report.files(outcome), **prepared.host.reports(outcome)})
    return RunResult(outcome, written, ExitCode.INTERRUPTED if made.interrupted else outcome.verdict.exit_code)


def _patches(prepared: Prepared, made: Report) -> tuple[tuple[Patch, ...], tuple[str, ...]]:
    """What a program can fix, for the page, and what went wrong with it; that costs no verdict, and is not hidden."""
    try:
        return masking.masked(offered(prepared.context.tree, made.findings), VAULT.masker), ()
    except Exception as bug:  # noqa: BLE001 - a hostile file must not end the run for the sake of a patch
        return (), (f"Ready patches are missing: internal error: {type(bug).__name__}; please report it.",)


def _of_something(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Of a repository without content nothing counts as passed; what was found in it stays."""
    what = next((one for one in answers if one.check == IDENTITY), None)
    if what is None or what.status is not Status.BLOCKED:
        return answers
    return tuple(Answer.skip(a.check, what.reason) if a.status is Status.PASS else a for a in answers)


def _allowed(prepared: Prepared, made: Report, progress: OnProgress) -> JudgedReport:
    accepted = _accepted(prepared.settings.accept_in_change, prepared.host)
    return judge_allowed(_surveyed(prepared, made), prepared.base.change, accepted=accepted, progress=progress)


def _accepted(who: AcceptInChange, host: Host) -> bool:
    """Whether what the change hides may stay hidden, by who asks for the change."""
    match who:
        case AcceptInChange.NEVER:
            return False
        case AcceptInChange.MAINTAINERS:
            return host.change is not None and host.change.by_maintainer
        case AcceptInChange.ANYONE:
            return True


def _surveyed(prepared: Prepared, made: Report) -> HeadSurvey:
    return HeadSurvey(prepared.context, prepared.catalogue, prepared.config.disabled, made)


def _compare(prepared: Prepared, made: Report, progress: OnProgress) -> basis.ComparisonBase:
    return basis.compare(prepared.base, _surveyed(prepared, made), progress)


def judge(
    prepared: Prepared,
    made: Report,
    today: dt.date,
    compared: basis.ComparisonBase = basis.NOT_COMPARED,
    judged: JudgedReport | None = None,
) -> Outcome:
    """Everything that is concluded from a report."""
    masker = VAULT.masker
    made, comparison = masking.masked(made, masker), masking.masked(compared.comparison, masker)
    waived = masking.masked(waivers.apply(prepared.config.waivers, made.findings, today), masker)
    chosen = prepared.settings
    unjudged = masking.masked(judged.unjudged if judged else (), masker)
    notices = (*prepared.base.notices, *compared.notices, *(judged.notices if judged else ()))
    number = score.score(made, prepared.catalogue, weights=chosen.weights, waived=waived.fingerprints)
    return Outcome(
        report=made,
        catalogue=prepared.catalogue,
        settings=chosen,
        score=number,
        verdict=gate.decide(made, number, chosen, waived, comparison, unjudged),
        path=path_to_pass.find(made, prepared.catalogue, chosen, waived, comparison, unjudged),
        waived=waived,
        comparison=comparison,
        policy_changes=masking.masked(prepared.base.policy.changes if prepared.base.policy else (), masker),
        notices=masking.masked(notices, masker),
        allowed=masking.masked(judged.allowed if judged else (), masker),
        unjudged=unjudged,
        phases=phases.of((replace(p, title=masker.text(p.title)) for p in prepared.config.phases), number),
        page_of=explain.rule_page,
    )


def _folder(prepared: Prepared) -> str:
    """The surveyed directory's path in its repository; without git, in the job's checkout."""
    root = prepared.context.tree.root
    if (prefix := git.prefix(root)) is not None:
        return prefix
    return prepared.host.folder(root)


def _subject(prepared: Prepared) -> Subject:
    tree = prepared.context.tree
    try:
        dirty = bool(tree.head) and git.dirty(tree.root)
    except ProcessError:
        dirty = True  # not known to be clean
    return Subject(
        tree.name, tree.head, dirty, tree.digest, len(tree.files), tree.size, tree.notes, folder=_folder(prepared)
    )


def _tools(prepared: Prepared) -> tuple[Tool, ...]:
    used = (tool for inspector in prepared.plan.inspectors for tool in inspector.tools(prepared.context))
    return (Tool("seatrial", __version__), *used)


def _trial(prepared: Prepared) -> list[str]:
    """The experiments that would be tried."""
    if "trial/start" not in prepared.plan.asked:
        return []
    from seatrial.inspectors.trial.attempt import planned as planned_trial
    from seatrial.lab.engine import LabError
    from seatrial.lab.planning import preview

    try:
        return list(preview(planned_trial(prepared.context), prepared.context.tree.root))
    except LabError as error:
        return [f"trial: {error}"]


def planned(prepared: Prepared) -> str:
    """What would be asked and what not, one check a line."""
    asked, others = [], []
    for step in prepared.plan.steps:
        check = prepared.catalogue.by_id[step.check]
        if step.asked:
            asked.append(f"  {check.id:<30} {check.title}")
        elif step.reason is not None:
            others.append(f"  {check.id:<30} {step.reason.status}: {step.reason.text}")
    tree = prepared.context.tree
    lines = [f"{counted(len(tree.files), 'file')} of {printable(tree.name)}", "", f"asked: {len(asked)}", *asked]
    lines += ["", f"not asked: {len(others)}", *others] if others else []
    lines += ["", *map(printable, tree.notes)] if tree.notes else []
    lines += ["", *map(printable, _trial(prepared))] if prepared.settings.trial is TrialMode.ON else []
    return "\n".join(lines)
