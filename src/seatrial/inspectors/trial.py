"""The live checks: the stack is tried in the lab, and what was seen becomes answers."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from seatrial import __version__
from seatrial.domain import Answer, Confidence, Experiment, Finding, Location, Measurement, Severity, Status, Tool
from seatrial.errors import UsageError
from seatrial.inspectors.base import Context, Reason
from seatrial.inspectors.compose import project as compose
from seatrial.inspectors.secrets.files.names import is_secret
from seatrial.lab import judge, refine, stack, trial
from seatrial.lab.engine import Engine, LabError, own
from seatrial.lab.faults import FAULTS
from seatrial.lab.faults.base import Kind
from seatrial.lab.judge import Complaint, Judged, Rule
from seatrial.lab.observation import Observation, Result, Trial
from seatrial.lab.units import seconds
from seatrial.redact import Secret, mask
from seatrial.settings import Trial as Wanted
from seatrial.sinks import atomically, give_to_owner_of, opened
from seatrial.wording import counted

IMAGE = f"ghcr.io/seatrial/seatrial:{__version__}"
START, AGAIN, STOP = "trial/start", "trial/second-up", "trial/stop"
STEADY, DECLARED, LOGS = "trial/steady", "trial/as-declared", "trial/log-secrets"
_LEAST = 8  # characters of a secret that is looked for in logs; shorter ones stand in any text
BY_KIND = {Kind.INSTANT: "trial/recovery", Kind.OUTAGE: "trial/outage", Kind.DEGRADE: "trial/degradation"}
_NOT_ASKED = (
    "not asked for: `--trial` starts the stack; by itself it is tried only as the Action, and not for a fork's change"
)
_SEVERITY = {
    Rule.DATA_LOSS: Severity.CRITICAL,
    Rule.RECOVERY: Severity.HIGH,
    Rule.RESTART_LOOP: Severity.HIGH,
    Rule.AVAILABILITY: Severity.HIGH,
    Rule.HANGS: Severity.MEDIUM,
    Rule.OUT_OF_MEMORY: Severity.MEDIUM,
    Rule.BLAST_RADIUS: Severity.MEDIUM,
    Rule.DEPENDENT_DIED: Severity.MEDIUM,
}


class LiveTrial:
    """The Compose stack, running."""

    name = "trial"
    judges_by = None
    live = True
    checks = (START, AGAIN, STOP, STEADY, DECLARED, LOGS, *BY_KIND.values())

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """The engine's version is among the answers' measurements: asking for it here would need the engine."""
        del context
        return ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a stack, and whether it shall be tried."""
        wanted = context.settings.trial
        if not context.tree.matching(compose.PATTERNS):
            return Reason(Status.NA, "no Compose file in the tree")
        if wanted is not Wanted.ON:
            return Reason(Status.SKIP, "turned off by `trial`" if wanted is Wanted.OFF else _NOT_ASKED)
        if not (context.chaos.files or stack.find(context.tree.root)):
            text = "no Compose file in the surveyed directory itself; `chaos.files` can name one"
            return Reason(Status.SKIP, text)
        return None

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Try the stack, and answer."""
        report_dir = context.settings.report_dir.resolve()
        try:
            plan = planned(context)
            with contextlib.closing(Engine(f"seatrial-{secrets.token_hex(4)}")) as engine:
                lab = trial.open_lab(engine, context.settings.trial_image or IMAGE, own(engine))
                done = trial.carry_out(plan, lab, context.tree.root, report_dir, context.say)
        except (LabError, UsageError) as error:
            remedy = error.remedy if isinstance(error, UsageError) else ""
            reason = f"{error} ({remedy})" if remedy else str(error)
            yield from (Answer.error(check, reason) for check in self.checks)
            return
        known = dict(_secrets(done))
        _keep({service: _masked(text, known.values()) for service, text in done.logs.items()}, report_dir)
        yield from _Answers(done, known, _places(context), context.settings.seed, str(lab.capabilities)).all()


def planned(context: Context) -> trial.Plan:
    """
    What is asked of the trial.

    Raises:
        UsageError: the configuration's section `chaos` makes no sense.
    """
    chaos, settings = context.chaos, context.settings
    return trial.Plan(
        files=chaos.files or stack.find(context.tree.root),
        budget=settings.trial_budget,
        seed=settings.seed,
        variables=chaos.variables,
        probes={service: refine.probe(service, text) for service, text in chaos.probes.items()},
        experiments=tuple(refine.experiments(chaos.experiments)),
        skipped=refine.skipped(chaos.skip),
        allow_dangerous=settings.trial_unsafe,
    )


def _secrets(done: trial.Carried) -> Iterator[tuple[str, Secret]]:
    """The secrets that the stack was given, by name: those of its environment, and those that we made up."""
    yield from done.generated.items()
    for service in done.stack.services.values():
        for name, value in service.environment.items():
            if is_secret(name) and len(value) >= _LEAST:
                yield name, Secret(value)


def _masked(text: str, known: Iterable[Secret]) -> str:
    for secret in sorted(known, key=len, reverse=True):
        text = text.replace(secret.reveal(), mask(secret.reveal()))
    return text


def _keep(logs: Mapping[str, str], report_dir: Path) -> None:
    """Each service's log beside the reports; one that cannot be written is no reason to fail."""
    folder = report_dir / "logs"
    try:
        folder.mkdir(exist_ok=True)
        with opened(folder) as descriptor:
            give_to_owner_of(report_dir, descriptor)
        for service, text in logs.items():
            atomically(folder / f"{service}.log", text)
    except OSError:
        return


def _places(context: Context) -> Mapping[str, Location]:
    """Where each service stands in its file."""
    found: dict[str, Location] = {}
    for one in compose.survey(context.tree).projects:
        for service in one.services:
            found.setdefault(service.name, service.at)
    return found


class _Answers:
    """From what was seen to answers."""

    def __init__(
        self, done: trial.Carried, known: Mapping[str, Secret], places: Mapping[str, Location], seed: int, machine: str
    ) -> None:
        self._seen, self._model, self._places = done.trial, done.stack, places
        seen, model = done.trial, done.stack
        self._leaks = sorted(
            {(s, name) for s, log in done.logs.items() for name, x in known.items() if x.reveal() in log}
        )
        self._known = len(known)
        self._about = f"seed {seed}; {counted(len(model.services), 'service')}; kernel: {machine}"
        self._judged = [judge.judge(e, model, _again(e, seen)) for e in seen.experiments]

    def all(self) -> Iterator[Answer]:
        """Every check, once."""
        yield self._start()
        if self._seen.problems:
            why = "the stack did not come up"
            rest = (AGAIN, STOP, STEADY, DECLARED, LOGS, *BY_KIND.values())
            yield from (Answer.skip(check, why) for check in rest)
            return
        yield self._of(AGAIN, (self._finding(AGAIN, s, "is made anew by a second `up`") for s in self._seen.again))
        yield self._of(DECLARED, (self._finding(DECLARED, s, text) for s, text in self._seen.contradictions))
        yield self._of(STOP, self._stops(), [_second(f"{s.service} stop", s.seconds) for s in self._seen.stopped])
        yield self._steady()
        yield self._logs()
        for kind, check in BY_KIND.items():
            yield self._experiments(kind, check)

    def _of(self, check: str, found: Iterable[Finding], measured: Iterable[Measurement] = ()) -> Answer:
        return Answer.of_findings(check, found, evidence=self._about, measurements=measured)

    def _start(self) -> Answer:
        unbuilt = [text for service, text in self._seen.problems if not service]
        if unbuilt:
            return Answer.error(START, unbuilt[0], notes=self._seen.notes)
        found = [self._finding(START, s, text, Severity.HIGH) for s, text in self._seen.problems]
        measured = [_second("start", self._seen.started), _second("trial", self._seen.seconds)]
        measured.append(_second("probe lateness p99", self._seen.lateness))
        notes = (
            *self._seen.notes,
            *(f"{p.service} is asked by {p}" for p in (*self._seen.probes.values(), *self._seen.ready)),
        )
        return Answer.of_findings(START, found, evidence=self._about, measurements=measured, notes=notes)

    def _steady(self) -> Answer:
        looping = [
            self._finding(STEADY, s, f"died {n} times by itself", Severity.HIGH) for s, n in self._seen.loops.items()
        ]
        if self._seen.unsteady and not looping:
            service = next((s for s in self._model.services if self._seen.unsteady.startswith(s)), "")
            looping = [self._finding(STEADY, service, self._seen.unsteady, Severity.HIGH)]
        return self._of(STEADY, looping)

    def _logs(self) -> Answer:
        if not self._known:
            return Answer.na(LOGS, "no service was given a secret by its environment or by a file")
        return self._of(
            LOGS, (self._finding(LOGS, s, f"writes {name} into its log", Severity.HIGH) for s, name in self._leaks)
        )

    def _stops(self) -> Iterator[Finding]:
        for one in self._seen.stopped:
            if one.exit_code == 137 or one.seconds > one.grace + 1:
                text = f"does not end within its {one.grace:g} s and has to be killed"
                yield self._finding(STOP, one.service, text)
            elif one.exit_code not in (0, 143):
                yield self._finding(STOP, one.service, f"ends with {one.exit_code} when it is asked to stop")

    def _experiments(self, kind: Kind, check: str) -> Answer:
        mine = [j for j in self._judged if FAULTS[j.experiment.planned.fault].KIND is kind]
        if self._seen.unsteady:
            return Answer.skip(check, "nothing is broken in a stack that is not steady")
        counting = [j for j in mine if j.result not in (Result.SKIPPED, Result.ERROR)]
        notes = tuple(_line(j) for j in mine)
        errors = [j for j in mine if j.result is Result.ERROR]
        if errors:
            answer = Answer.error(check, f"{errors[0].experiment.planned}: {errors[0].reason}", notes=notes)
            return replace(answer, experiments=tuple(map(_experiment, mine)))
        if not counting:
            answer = Answer.skip(check, mine[0].reason if mine else "no such experiment is in the plan")
            return replace(answer, notes=notes, experiments=tuple(map(_experiment, mine)))
        found = [
            f for j in counting if j.result is not Result.FLAKY for c in j.complaints for f in self._failed(check, j, c)
        ]
        measured = [m for j in counting for m in _measured(j.experiment)]
        answer = Answer.of_findings(check, found, evidence=self._about, measurements=measured, notes=notes)
        answer = replace(answer, experiments=tuple(map(_experiment, mine)))
        flaky = [j for j in counting if j.result is Result.FLAKY]
        if found or not flaky:
            return answer
        reason = f"{flaky[0].experiment.planned} {flaky[0].reason}"
        return replace(answer, status=Status.FLAKY, value=Fraction(1, 2), reason=reason)

    def _failed(self, check: str, judged: Judged, complaint: Complaint) -> Iterator[Finding]:
        if complaint.warning:
            return
        planned = judged.experiment.planned
        text = f"{planned}: {complaint.text}"
        yield self._finding(
            f"trial/{complaint.rule}", complaint.service, text, _SEVERITY[complaint.rule], f"{planned} {check}"
        )

    def _finding(
        self, rule: str, service: str, text: str, severity: Severity = Severity.MEDIUM, anchor: str = ""
    ) -> Finding:
        at = self._places.get(service) or next(iter(self._places.values()), Location("compose.yaml", 1, 1))
        return Finding(
            rule=rule,
            severity=severity,
            confidence=Confidence.CONFIRMED,
            message=f"{service}: {text}" if service else text,
            location=at,
            subject=service,
            anchor=f"services.{service} {anchor}".strip(),
        )


def _again(one: object, seen: Trial) -> Observation | None:
    return seen.repeated.get(one.planned) if isinstance(one, Observation) else None


def _second(name: str, value: float) -> Measurement:
    return Measurement(name, round(value, 3), "s")


def _measured(one: object) -> Iterator[Measurement]:
    if not isinstance(one, Observation):
        return
    for probe, measures in one.measures.items():
        about = f"{one.planned} {probe.service}"
        if measures.recovery is not None:
            yield Measurement(f"{about} recovery", round(measures.recovery, 3), "s", judge.RECOVERY)
        if measures.success is not None:
            yield Measurement(f"{about} success", round(100 * measures.success, 1), "%")
        yield _second(f"{about} unavailable", measures.unavailable)


def _experiment(judged: Judged) -> Experiment:
    one = judged.experiment
    seen = one if isinstance(one, Observation) else None
    return Experiment(
        fault=one.planned.fault,
        target=one.planned.service,
        result=judged.result.value,
        reason=judged.reason,
        evidence="; ".join([seen.evidence, *_written(seen)]) if seen is not None else "",
        complaints=tuple(f"{c.service}: {c.text}" + (" (a warning)" if c.warning else "") for c in judged.complaints),
        measurements=tuple(_measured(one)),
        timeline=tuple((round(m.at, 3), m.text) for m in seen.timeline) if seen is not None else (),
        seconds=round(seen.seconds, 3) if seen is not None else 0.0,
    )


def _written(one: Observation) -> Iterator[str]:
    if one.writes is not None:
        yield f"{one.writes.lost} of {one.writes.acknowledged} acknowledged writes lost"


def _line(judged: Judged) -> str:
    """One experiment in a line."""
    one = judged.experiment
    if not isinstance(one, Observation):
        return f"{one.planned}: {judged.result}: {judged.reason}"
    worst = max((m.recovery or 0.0 for m in one.measures.values()), default=0.0)
    away = max((m.unavailable for m in one.measures.values()), default=0.0)
    numbers = f"recovery {seconds(worst)}, away {seconds(away)}"
    complaints = (f"{c.service}: {c.text}" for c in judged.complaints)
    return "; ".join([f"{one.planned}: {judged.result}", numbers, one.evidence, *_written(one), *complaints])
