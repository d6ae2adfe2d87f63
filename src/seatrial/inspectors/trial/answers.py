"""From what was seen to answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status
from seatrial.domain.grading import GradedSubject as Subject
from seatrial.domain.grading import WeightedShare
from seatrial.domain.measured import Experiment, ExperimentResult, Measurement, MeasureUnit, TrialRule
from seatrial.inspectors import rulebook
from seatrial.inspectors.trial import backup, configured, load, measurements, runtime, subjects, upgraded
from seatrial.inspectors.trial.checks import (
    AGAIN,
    CHECKS,
    DECLARED,
    DEGRADATION,
    INSTANT,
    LOGS,
    OUTAGE,
    START,
    STEADY,
    STOP,
)  # fmt: skip
from seatrial.lab import judge, trial
from seatrial.lab.discover import Planned
from seatrial.lab.faults import FAULTS
from seatrial.lab.faults.base import Expectation
from seatrial.lab.judge import BrokenRule, JudgedExperiment
from seatrial.lab.model import Stack
from seatrial.lab.observation import Observation, Stopped, TrialObservation
from seatrial.lab.units import seconds
from seatrial.text.redact import Secret, masked, masked_message
from seatrial.text.wording import counted

BY_KIND = {Expectation.INSTANT: INSTANT, Expectation.OUTAGE: OUTAGE, Expectation.DEGRADE: DEGRADATION}
SEVERITY = {
    TrialRule.DATA_LOSS: Severity.CRITICAL,
    TrialRule.RECOVERY: Severity.HIGH,
    TrialRule.RESTART_LOOP: Severity.HIGH,
    TrialRule.AVAILABILITY: Severity.HIGH,
    TrialRule.HANGS: Severity.MEDIUM,
    TrialRule.OUT_OF_MEMORY: Severity.MEDIUM,
    TrialRule.BLAST_RADIUS: Severity.MEDIUM,
    TrialRule.DEPENDENT_DIED: Severity.MEDIUM,
}


class Answers:
    """From what was seen to answers."""

    def __init__(
        self,
        done: trial.TrialResult,
        known: Mapping[str, Secret],
        places: Mapping[str, Location],
        seed: int,
        machine: str,
    ) -> None:
        self._seen, self._model, self._places = done.trial, done.stack, places
        seen, model = done.trial, done.stack
        self._leaks = sorted(
            {(s, name) for s, log in done.logs.items() for name, x in known.items() if x.reveal() in log.text}
        )
        self._logged = done.logs
        self._known = len(known)
        self._secrets = tuple(known.values())
        self._about = f"seed {seed}; {counted(len(model.services), 'service')}; kernel: {machine}"
        self._judged = [judge.judge(e, model, _again(e, seen)) for e in seen.experiments]

    def all(self) -> Iterator[Answer]:
        """Every check, once."""
        yield self._start()
        if self._seen.problems:
            why = "the stack did not come up"
            yield from (Answer.skip(check, why) for check in CHECKS if check != START)
            return
        yield self._of(
            AGAIN,
            (
                self._finding(AGAIN, s, "is recreated by a second `docker compose up` without any change")
                for s in self._seen.again
            ),
        )
        yield self._declared()
        yield self._stop()
        yield self._steady()
        yield self._logs()
        yield from runtime.Looking(self._seen, self._model, self._mask, self._finding, self._answer).all()
        for kind, check in BY_KIND.items():
            yield self._experiments(kind, check)
        yield from load.answers(self._seen.load, self._seen.unsteady, self._model, self._finding, self._answer)
        yield from configured.ConfigurationAnswers(self._seen.configured, self._places, self._mask, self._about).all()
        yield upgraded.answer(
            self._seen.upgrade, self._seen.unsteady, self._seen.started, self._about, self._mask, self._finding
        )
        yield backup.BackupAnswer(self._seen.backups, self._places, self._mask, self._finding, self._about).answer()

    def _mask(self, text: str) -> str:
        """A line of a log, fit to be shown: quoted strings that are no names go too, as any of them may be a secret."""
        return masked_message(masked(text, self._secrets))

    def _of(self, check: str, found: Iterable[Finding], measured: Iterable[Measurement] = ()) -> Answer:
        return self._answer(check, found, measurements=measured)

    def _answer(
        self,
        check: str,
        found: Iterable[Finding],
        *,
        services: Iterable[str] | None = None,
        share: Fraction = Fraction(1),
        measurements: Iterable[Measurement] = (),
        notes: Iterable[str] = (),
    ) -> Answer:
        """An answer about services: by default all of the stack."""
        basis = subjects.services(self._model, self._places, services)
        return Answer.of_findings(
            check,
            rulebook.attributed(found, basis.subjects),
            share=share,
            evidence=self._about,
            measurements=measurements,
            notes=notes,
            basis=basis,
        )

    def _start(self) -> Answer:
        unbuilt = [text for service, text in self._seen.problems if not service]
        if unbuilt:
            return Answer.error(START, unbuilt[0], notes=self._seen.notes)
        found = [self._finding(START, s, self._mask(text), Severity.HIGH) for s, text in self._seen.problems]
        measured = [_second("start", self._seen.started), _second("trial", self._seen.seconds)]
        measured.append(_second("probe lateness p99", self._seen.lateness))
        notes = (
            *self._seen.notes,
            *(f"{p.service} is asked by {p}" for p in (*self._seen.probes.values(), *self._seen.ready)),
        )
        return self._answer(START, found, measurements=measured, notes=notes)

    def _declared(self) -> Answer:
        seen = self._seen.compared
        if not seen.looked:
            return Answer.error(DECLARED, "the engine reported no running container")
        return self._answer(
            DECLARED,
            (self._finding(DECLARED, s, text) for s, text in seen.differences),
            share=Fraction(seen.looked, seen.looked + len(seen.unseen)),
            notes=[f"{service} could not be compared: {why}" for service, why in seen.unseen],
        )

    def _steady(self) -> Answer:
        looping = [
            self._finding(STEADY, s, f"died by itself, {counted(n, 'time')}", Severity.HIGH)
            for s, n in self._seen.loops.items()
        ]
        if self._seen.unsteady and not looping and self._seen.machine.busy:
            reason = f"the machine is too busy to judge: {self._seen.machine}; {self._seen.unsteady}"
            return Answer.error(STEADY, reason)
        if self._seen.unsteady and not looping:
            service, _, what = self._seen.unsteady.partition(" ")
            known = service in self._model.services
            text = what if known else self._seen.unsteady
            looping = [self._finding(STEADY, service if known else "", text, Severity.HIGH)]
        died = (
            self._finding(STEADY, s, text, Severity.HIGH) for s, text in self._seen.deaths if s not in self._seen.loops
        )
        return self._of(STEADY, [*looping, *died])

    def _logs(self) -> Answer:
        if not self._known:
            return Answer.na(LOGS, "no service was given a secret by its environment or by a file")
        unread = {service: log.unread for service, log in self._logged.items() if log.unread}
        if self._logged and len(unread) == len(self._logged):
            return Answer.error(LOGS, f"no log could be read: {next(iter(unread.values()))}")
        return self._answer(
            LOGS,
            (self._finding(LOGS, s, f"writes {name} into its log", Severity.HIGH) for s, name in self._leaks),
            services=self._logged.keys() - unread.keys(),
            share=1 - Fraction(len(unread), max(1, len(self._logged))),
            notes=[f"the log of {service} could not be read: {why}" for service, why in unread.items()],
        )

    def _stop(self) -> Answer:
        seen = [one for one in self._seen.stopped if not one.unseen]
        unseen = [one for one in self._seen.stopped if one.unseen]
        if unseen and not seen:
            return Answer.error(STOP, f"the end of {unseen[0].service} was not observed: {unseen[0].unseen}")
        return self._answer(
            STOP,
            self._stops(seen),
            services=(one.service for one in seen),
            share=1 - Fraction(len(unseen), max(1, len(self._seen.stopped))),
            measurements=[_second(f"{s.service} stop", s.seconds) for s in seen],
            notes=[f"the end of {one.service} was not observed: {one.unseen}" for one in unseen],
        )

    def _stops(self, seen: Iterable[Stopped]) -> Iterator[Finding]:
        for one in seen:
            if one.exit_code == 137 or one.seconds > one.grace + 1:
                text = f"does not end within its {one.grace:g} s and has to be killed"
                yield self._finding(STOP, one.service, text)
            elif not one.obeyed:
                yield self._finding(STOP, one.service, f"ends with {one.exit_code} when it is asked to stop")

    def _experiments(self, kind: Expectation, check: str) -> Answer:
        mine = [j for j in self._judged if FAULTS[j.experiment.planned.fault].KIND is kind]
        if self._seen.unsteady:
            return Answer.skip(check, "no fault was injected, because the stack was not steady")
        counting = [j for j in mine if j.result not in (ExperimentResult.SKIPPED, ExperimentResult.ERROR)]
        notes: tuple[str, ...] = tuple(_line(j) for j in mine)
        blind = [(j, self._unproven(j)) for j in counting]
        notes = (*notes, *(note for j, names in blind for note in self._not_measured(j, names)))
        notes = (*notes, *(self._begun() if kind is Expectation.INSTANT else ()))
        done = tuple(_experiment(j, self._model) for j in mine)
        found = [
            f
            for j in counting
            if j.result is not ExperimentResult.FLAKY
            for c in j.complaints
            for f in self._failed(check, j, c)
        ]
        errors = [j for j in mine if j.result is ExperimentResult.ERROR]
        if errors:
            reason = f"{errors[0].experiment.planned}: {errors[0].reason}"
            return replace(Answer.error(check, reason, findings=found, notes=notes), experiments=done)
        if not counting:
            answer = Answer.skip(check, mine[0].reason if mine else "no such experiment is in the plan")
            return replace(answer, notes=notes, experiments=done)
        measured = [m for j in counting for m in measurements.main(j.experiment)]
        basis = WeightedShare(tuple(Subject(str(j.experiment.planned)) for j in counting), "experiment")
        parts = sum(1 + len(self._model.neighbours(j.experiment.planned.service)) for j in counting)
        share = 1 - Fraction(sum(len(names) for _, names in blind), parts)
        answer = Answer.of_findings(
            check,
            found,
            share=share,
            evidence=f"{self._about}; {judge.OPERATIONS}",
            measurements=measured,
            notes=notes,
            basis=basis,
        )
        answer = replace(answer, experiments=done)
        flaky = [j for j in counting if j.result is ExperimentResult.FLAKY]
        if found or not flaky:
            return answer
        reason = f"{flaky[0].experiment.planned} {flaky[0].reason}"
        return replace(answer, status=Status.FLAKY, value=Fraction(1, 2), reason=reason)

    def _unproven(self, judged: JudgedExperiment) -> tuple[str, ...]:
        """The services that need the target, and of which nothing shows what the experiment did to them."""
        one, seen = judged.experiment, self._seen
        return judge.unproven(one, self._model, seen.reach, seen.heard) if isinstance(one, Observation) else ()

    def _not_measured(self, judged: JudgedExperiment, names: Iterable[str]) -> Iterator[str]:
        """What is not known of each service, and the line of configuration that would measure it."""
        planned = judged.experiment.planned
        for name in names:
            probe = self._seen.probes.get(name)
            if probe is not None and probe.kind == "http":
                why = f"no question to {name} depends on {planned.service}"
                line = f"`operations: [GET http://{name}:{probe.port}/PATH]`"
            else:
                why = "it has no address for questions, and was not seen to do jobs or to print regularly"
                line = _job_line(name)
            yield f"{planned}: its effect on {name} is not measured, because {why}; add to chaos: {line}"

    def _begun(self) -> Iterator[str]:
        """A crash may lose the jobs that a worker has in hand: only jobs of one's own show their ends."""
        for name in sorted(self._seen.unfollowed):
            yield f"whether jobs that {name} had begun are done is not measured; add to chaos: {_job_line(name)}"

    def _failed(self, check: str, judged: JudgedExperiment, complaint: BrokenRule) -> Iterator[Finding]:
        if complaint.warning:
            return
        planned = judged.experiment.planned
        text = f"{planned}: {complaint.text}"
        rule, severity = f"trial/{complaint.rule}", SEVERITY[complaint.rule]
        found = self._finding(rule, complaint.service, text, severity, f"{planned} {check}")
        yield replace(found, cause=complaint.cause, about=(Subject(str(planned)).key,))

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


def _job_line(worker: str) -> str:
    """The line of configuration that gives a worker jobs whose ends show."""
    line = f'`jobs: {{{worker}: {{put: "RUN SERVICE COMMAND {{marker}}", done: "RUN SERVICE COMMAND"}}}}`'
    return f"{line} (requests such as `POST http://api:8000/jobs?k={{marker}}` are possible, too)"


def _again(one: object, seen: TrialObservation) -> Observation | None:
    return seen.repeated.get(one.planned) if isinstance(one, Observation) else None


def _second(name: str, value: float) -> Measurement:
    return Measurement(name, round(value, 3), MeasureUnit.SECONDS)


def _experiment(judged: JudgedExperiment, stack: Stack) -> Experiment:
    one = judged.experiment
    seen = one if isinstance(one, Observation) else None
    return Experiment(
        fault=one.planned.fault,
        target=one.planned.service,
        result=judged.result,
        parameters=_parameters(one.planned),
        rule=next((c.rule for c in judged.complaints if not c.warning), None),
        reason=judged.reason,
        evidence="; ".join([seen.evidence, *_written(seen)]) if seen is not None else "",
        complaints=tuple(f"{c.service}: {c.text}" + (" (a warning)" if c.warning else "") for c in judged.complaints),
        measurements=tuple(measurements.everything(seen, stack)) if seen is not None else (),
        timeline=tuple((round(m.at, 3), m.text) for m in seen.timeline) if seen is not None else (),
        lanes=seen.lanes if seen is not None else (),
        seconds=round(seen.seconds, 3) if seen is not None else 0.0,
    )


def _parameters(planned: Planned) -> str:
    known = FAULTS[planned.fault].PARAMETERS
    return ", ".join(f"{name} {planned.parameters.get(name, p.default)}" for name, p in known.items())


def _written(one: Observation) -> Iterator[str]:
    if one.writes is not None:
        yield f"{one.writes.lost} of {one.writes.acknowledged} acknowledged writes lost"


def _line(judged: JudgedExperiment) -> str:
    """One experiment in a line."""
    one = judged.experiment
    if not isinstance(one, Observation):
        return f"{one.planned}: {judged.result}: {judged.reason}"
    times = [m.recovery for m in one.measures.values()]
    known = [t for t in times if t is not None]
    recovery = f"recovery {seconds(max(known, default=0.0))}" if len(known) == len(times) else "not recovered"
    away = max((m.unavailable for m in one.measures.values()), default=0.0)
    numbers = f"{recovery}, away {seconds(away)}"
    complaints = (f"{c.service}: {c.text}" for c in judged.complaints)
    return "; ".join([f"{one.planned}: {judged.result}", numbers, one.evidence, *_written(one), *complaints])
