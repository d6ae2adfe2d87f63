"""How the services took wrong settings, as answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from seatrial.domain import Answer, Confidence, Finding, Location, Severity
from seatrial.domain.grading import GradedSubject as Subject
from seatrial.domain.grading import WeightedShare
from seatrial.inspectors.trial.checks import CONFIG_ERRORS, CONFIG_MESSAGES
from seatrial.lab.configuration import verdicts
from seatrial.lab.configuration.campaign import Configured
from seatrial.lab.configuration.operators import ABSENT
from seatrial.lab.configuration.variables import Content
from seatrial.lab.configuration.verdicts import MESSAGES, Fault, Flaw, Tried, Verdict
from seatrial.text.wording import counted, listed

NOTHING = "no service of the repository's own has a variable or a mounted file"
_REMEDIES: Mapping[Fault, str] = {
    Fault.STARTS_WITHOUT: "end with an error that names {name} if it is missing or empty, before anything is served",
    Fault.STARTS_WRONG: "read {name} at the start, and end with an error that names it if its value is wrong",
    Fault.ENDS_WELL: "exit with a code other than 0 after an error",
    Fault.LOOPS: "let the container end with the program, and leave the restart to `restart:`",
    Fault.NEVER_READY: "end with an error that names {name}, instead of waiting for ever",
    Fault.UNNAMED: "name {name} in the last message",
    Fault.PRINTS: "name the variable in messages, and never print its value",
}
_ENDED = frozenset({Verdict.KILLED, Verdict.UNCLEAR, Verdict.PRINTS_SECRET, Verdict.WAITS, Verdict.HANG})


def severity(flaw: Flaw) -> Severity:
    """How much a flaw matters."""
    variable = flaw.variable
    missing = any(one.mutant.operator in ABSENT for one in flaw.tried)
    match flaw.fault:
        case Fault.PRINTS:
            return Severity.HIGH
        case Fault.STARTS_WITHOUT:
            return Severity.HIGH if variable.is_secret else Severity.MEDIUM
        case Fault.STARTS_WRONG:
            return Severity.MEDIUM if variable.content is Content.PORT else Severity.LOW
        case Fault.UNNAMED:
            return Severity.MEDIUM if missing else Severity.LOW
        case Fault.NEVER_READY:
            return Severity.LOW
    return Severity.MEDIUM


@dataclass(frozen=True)
class Configuration:
    """What the answers are made from."""

    seen: Configured
    places: Mapping[str, Location]
    mask: Callable[[str], str]
    """Takes secrets out of a line."""
    about: str

    def all(self) -> Iterator[Answer]:
        """The two checks, once each."""
        yield self._of(CONFIG_ERRORS, self.seen.tried, lambda flaw: flaw.fault not in MESSAGES)
        ended = [one for one in self.seen.tried if one.verdict in _ENDED]
        yield self._of(CONFIG_MESSAGES, ended, lambda flaw: flaw.fault in MESSAGES)

    def _of(self, check: str, tried: Iterable[Tried], wanted: Callable[[Flaw], bool]) -> Answer:
        every, seen = tuple(tried), self.seen
        notes = tuple(self._notes(check))
        if seen.why_not:
            return Answer.skip(check, seen.why_not)
        if not seen.asked and not seen.unmeasured:
            return Answer.na(check, NOTHING)
        if not seen.tried:
            why = next((f"{name}: {text}" for name, text in seen.unmeasured.items()), "")
            text = why or next((text for _, text in seen.failed), "the budget left no time for it")
            return replace(Answer.error(check, text), notes=notes)
        if not every:
            if seen.left or seen.failed:
                return replace(Answer.skip(check, "no wrong setting that was tried ended a service"), notes=notes)
            return replace(Answer.na(check, "no wrong setting ended a service"), notes=notes)
        found = tuple(self._finding(flaw) for flaw in verdicts.flaws(self.seen.tried) if wanted(flaw))
        subjects = {str(one.mutant.variable): self._subject(one) for one in every}
        basis = WeightedShare(tuple(subject for _, subject in sorted(subjects.items())), "setting")
        unknown = len([one for one in seen.tried if verdicts.unknown(one)]) if check == CONFIG_ERRORS else 0
        return Answer.of_findings(
            check, found, share=Fraction(len(seen.tried) - unknown, seen.asked) or Fraction(1, seen.asked),
            evidence=f"{self.about}; {counted(len(seen.tried), 'wrong setting')} tried: {self._counts()}",
            notes=notes, basis=basis,
        )  # fmt: skip

    def _subject(self, one: Tried) -> Subject:
        at = self.places.get(one.mutant.variable.service)
        return Subject(str(one.mutant.variable), at.path if at is not None else "")

    def _counts(self) -> str:
        """How many wrong settings came to each verdict."""
        numbers = ((verdict, sum(one.verdict is verdict for one in self.seen.tried)) for verdict in Verdict)
        return ", ".join(f"{number} {verdict}" for verdict, number in numbers if number)

    def _notes(self, check: str) -> Iterator[str]:
        seen = self.seen
        if check == CONFIG_MESSAGES:
            return
        for one in seen.tried:
            how = "Compose refused it and named it" if one.by_compose else str(one.verdict)
            variable = one.mutant.variable
            need = f"{variable.need}: {variable.because}" if variable.known else "need unknown"
            yield f"{one.mutant} ({need}): {how}"
        for service, why in seen.unmeasured.items():
            yield (
                f"{service}: its configuration is not measured, because {why}; a stack file without that obstacle in "
                "`chaos: {files: [...]}` would measure it"
            )
        yield from (f"{mutant}: not measured, because {why}" for mutant, why in seen.failed)
        left = [m for m in seen.left if m.variable.service not in seen.unmeasured]
        if left:
            more = f"`config_budget: {_more(seen)}` would measure {counted(len(left), 'more', 'more')}"
            yield f"not measured for want of budget: {listed(map(str, left))}; {more}"
        asked = sorted({str(t.mutant.variable) for t in seen.tried if verdicts.unknown(t)})
        for name in asked:
            yield (
                f"whether {name} may be missing is not measured, because neither code nor Compose file says so; add to "
                f"chaos: `configuration: {{{name}: required}}`, or `optional`"
            )
        if seen.foreign:
            yield (
                f"not asked, because their images are built elsewhere: {listed(seen.foreign)}; a line such as "
                f"`configuration: {{{seen.foreign[0]}.NAME: required}}` in chaos asks one"
            )

    def _finding(self, flaw: Flaw) -> Finding:
        variable = flaw.variable
        at = self.places.get(variable.service) or next(iter(self.places.values()), Location("compose.yaml", 1, 1))
        names = listed(dict.fromkeys(str(one.mutant.operator) for one in flaw.tried))
        quoted = next((self.mask(one.message)[:120] for one in flaw.tried if one.message), "")
        said = f"; its last line: {quoted}" if quoted and flaw.fault is not Fault.STARTS_WITHOUT else ""
        return Finding(
            rule=f"deployment/{flaw.fault}",
            severity=severity(flaw),
            confidence=Confidence.LOW if flaw.guess else Confidence.CONFIRMED,
            message=f"{variable.service}: {_text(flaw, names)}{said}",
            location=at,
            remedy=_REMEDIES[flaw.fault].format(name=variable.name),
            subject=variable.service,
            anchor=f"services.{variable.service}.{variable.name} {flaw.fault}",
            about=(self._subject(flaw.tried[0]).key,),
        )


def _more(seen: Configured) -> int:
    """Seconds that would do, by what the others took."""
    return max(60, round(seen.seconds * seen.asked / max(1, len(seen.tried)) / 30 + 1) * 30)


def _text(flaw: Flaw, names: str) -> str:
    name, need = flaw.variable.name, flaw.variable
    match flaw.fault:
        case Fault.STARTS_WITHOUT:
            return f"starts although {name} is missing ({names}); it is {need.need}: {need.because}"
        case Fault.STARTS_WRONG:
            return f"starts although the value of {name} is wrong ({names})"
        case Fault.ENDS_WELL:
            return f"ends with exit code 0 although {name} is wrong ({names})"
        case Fault.LOOPS:
            return f"starts its program again and again inside the container while {name} is wrong ({names})"
        case Fault.NEVER_READY:
            return f"neither ends nor becomes ready while {name} is wrong ({names}), and does not name it"
        case Fault.UNNAMED:
            return f"ends without naming {name}, which is wrong ({names})"
        case Fault.PRINTS:
            return f"prints the value of a secret while {name} is wrong ({names})"
