"""How the services took wrong settings, as answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from seatrial.domain import Answer, Confidence, Finding, Location, Severity
from seatrial.domain.grading import GradedSubject as Subject
from seatrial.domain.grading import WeightedShare
from seatrial.inspectors.trial.checks import CONFIG_ERRORS, CONFIG_MESSAGES, MISSING_SECRETS
from seatrial.lab.configuration import graceful, verdicts
from seatrial.lab.configuration.campaign import Configured
from seatrial.lab.configuration.operators import ABSENT, Mutant
from seatrial.lab.configuration.variables import Need, SettingKind
from seatrial.lab.configuration.verdicts import GRACELESS, MESSAGES, FlawKind, MutantStatus, SettingFlaw, Tried
from seatrial.text.wording import counted, listed

UNKNOWN_NEEDS = "no service of the repository's own has a secret whose need is known"
NOTHING = "no service of the repository's own has a variable or a mounted file"
_REMEDIES: Mapping[FlawKind, str] = {
    FlawKind.STARTS_WITHOUT: "end with an error that names {name} if it is missing or empty, before anything is served",
    FlawKind.STARTS_WRONG: "read {name} at the start, and end with an error that names it if its value is wrong",
    FlawKind.ENDS_WELL: "exit with a code other than 0 after an error",
    FlawKind.LOOPS: "let the container end with the program, and leave the restart to `restart:`",
    FlawKind.NEVER_READY: "end with an error that names {name}, instead of waiting for ever",
    FlawKind.UNNAMED: "name {name} in the last message",
    FlawKind.DIES: "start without {name}, log one warning, and refuse only what needs it",
    FlawKind.HANGS: "answer with an error at once where {name} is needed and missing",
    FlawKind.REPEATS: "log once that {name} is missing, and do not try again without it",
    FlawKind.PRINTS: "name the variable in messages, and never print its value",
}
_ENDED = frozenset(
    {MutantStatus.KILLED, MutantStatus.UNCLEAR, MutantStatus.PRINTS_SECRET, MutantStatus.WAITS, MutantStatus.HANG}
)


def severity(flaw: SettingFlaw) -> Severity:
    """How much a flaw matters."""
    variable = flaw.variable
    missing = any(one.mutant.operator in ABSENT for one in flaw.tried)
    match flaw.fault:
        case FlawKind.PRINTS:
            return Severity.HIGH
        case FlawKind.STARTS_WITHOUT:
            return Severity.HIGH if variable.is_secret else Severity.MEDIUM
        case FlawKind.STARTS_WRONG:
            return Severity.MEDIUM if variable.content is SettingKind.PORT else Severity.LOW
        case FlawKind.UNNAMED:
            return Severity.MEDIUM if missing and variable.need is Need.REQUIRED else Severity.LOW
        case FlawKind.NEVER_READY:
            return Severity.LOW
    return Severity.MEDIUM


@dataclass(frozen=True)
class ConfigurationAnswers:
    """What the answers are made from."""

    seen: Configured
    places: Mapping[str, Location]
    mask: Callable[[str], str]
    """Takes secrets out of a line."""
    about: str

    def all(self) -> Iterator[Answer]:
        """The three checks, once each."""
        tried = self.seen.tried
        ended = [one for one in tried if one.verdict in _ENDED]
        secret = [one for one in tried if is_missing_secret(one.mutant)]
        plain = [one for one in tried if not is_missing_secret(one.mutant)]
        yield self._of(CONFIG_ERRORS, plain, lambda m: not is_missing_secret(m))
        yield self._of(CONFIG_MESSAGES, ended, lambda _mutant: True)
        yield self._of(MISSING_SECRETS, secret, is_missing_secret)

    def _of(self, check: str, tried: Iterable[Tried], mine: Callable[[Mutant], bool]) -> Answer:
        every, seen = tuple(tried), self.seen
        lacking = [m for m in (*seen.left, *(m for m, _ in seen.failed)) if mine(m)]
        notes = tuple(self._notes(check, every, lacking))
        if seen.why_not:
            return Answer.skip(check, seen.why_not)
        if not seen.asked and not seen.unmeasured:
            return Answer.na(check, NOTHING)
        if not seen.tried:
            return replace(self._nothing_tried(check), notes=notes)
        if not every:
            if lacking:
                return replace(Answer.skip(check, _NO_TIME), notes=notes)
            return replace(Answer.na(check, _ABSENT[check]), notes=notes)
        found = tuple(self._finding(flaw) for flaw in verdicts.flaws(seen.tried) if check_of(flaw) == check)
        subjects = {str(one.mutant.variable): self._subject(one) for one in every}
        basis = WeightedShare(tuple(subject for _, subject in sorted(subjects.items())), "setting")
        unknown = sum(map(verdicts.unknown, every)) if check != CONFIG_MESSAGES else 0
        asked = len(every) + len(lacking)
        return Answer.of_findings(
            check, found, share=Fraction(len(every) - unknown, asked) or Fraction(1, asked),
            evidence=f"{self.about}; {counted(len(every), 'wrong setting')} tried: {_counts(every)}",
            notes=notes, basis=basis,
        )  # fmt: skip

    def _nothing_tried(self, check: str) -> Answer:
        """A stack of which no second instance can run is not measured; a failure of the engine or ours is an error."""
        seen = self.seen
        ours = [f"{name}: {seen.unmeasured[name]}" for name in seen.broken]
        if ours or (seen.failed and not seen.unmeasured):
            return Answer.error(check, ours[0] if ours else seen.failed[0][1])
        why = next((f"{name}: {text}" for name, text in seen.unmeasured.items()), "")
        return Answer.skip(check, f"no copy of a service becomes ready: {why}" if why else _NO_TIME)

    def _subject(self, one: Tried) -> Subject:
        at = self.places.get(one.mutant.variable.service)
        return Subject(str(one.mutant.variable), at.path if at is not None else "")

    def _notes(self, check: str, tried: Iterable[Tried], lacking: Sequence[Mutant]) -> Iterator[str]:
        """What each wrong setting came to, what was not measured, and the line that would measure it."""
        if check == CONFIG_MESSAGES:
            return
        every, seen = tuple(tried), self.seen
        yield from _lines(every)
        if check == CONFIG_ERRORS:
            yield from self._unmeasured()
        failed = dict(seen.failed)
        yield from (f"{mutant}: not measured, because {failed[mutant]}" for mutant in lacking if mutant in failed)
        left = [m for m in lacking if m not in failed and m.variable.service not in seen.unmeasured]
        if left:
            more = f"`config_budget: {_more(seen)}` would measure {counted(len(left), 'more', 'more')}"
            yield f"not measured, the budget ran out: {listed(map(str, left))}; {more}"
        for name in sorted({str(t.mutant.variable) for t in every if verdicts.unknown(t)}):
            yield (
                f"whether {name} may be missing is not measured, because neither code nor Compose file says so; add to "
                f"chaos: `configuration: {{{name}: required}}`, or `optional`"
            )

    def _unmeasured(self) -> Iterator[str]:
        """The services of which nothing is known."""
        for service, why in self.seen.unmeasured.items():
            yield (
                f"{service}: its configuration is not measured, because {why}; a stack file without that obstacle in "
                "`chaos: {files: [...]}` would measure it"
            )
        for text in self.seen.unasked:
            yield f"not measured: {text}"
        if foreign := self.seen.foreign:
            yield (
                f"not asked, because their images are built elsewhere: {listed(foreign)}; a line such as "
                f"`configuration: {{{foreign[0]}.NAME: required}}` in chaos asks one"
            )

    def _finding(self, flaw: SettingFlaw) -> Finding:
        variable = flaw.variable
        at = self.places.get(variable.service) or next(iter(self.places.values()), Location("compose.yaml", 1, 1))
        names = listed(dict.fromkeys(str(one.mutant.operator) for one in flaw.tried))
        quoted = next((self.mask(one.message)[:120] for one in flaw.tried if one.message), "")
        said = f"; its last line: {quoted}" if quoted and flaw.fault is not FlawKind.STARTS_WITHOUT else ""
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


def is_missing_secret(mutant: Mutant) -> bool:
    """Whether it is about a secret that is not there."""
    return graceful.is_secret(mutant.variable) and mutant.operator in ABSENT


def check_of(flaw: SettingFlaw) -> str:
    """The check whose answer has a flaw."""
    if flaw.fault in MESSAGES:
        return CONFIG_MESSAGES
    if flaw.fault in GRACELESS or any(is_missing_secret(one.mutant) for one in flaw.tried):
        return MISSING_SECRETS
    return CONFIG_ERRORS


_NO_TIME = "the budget left no time for it"
_ABSENT = {CONFIG_ERRORS: NOTHING, CONFIG_MESSAGES: "no wrong setting ended a service", MISSING_SECRETS: UNKNOWN_NEEDS}


def _lines(tried: Iterable[Tried]) -> Iterator[str]:
    """What became of the wrong settings: a line for each service and outcome, with all settings that came to it."""
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for one in tried:
        how = "Compose refused it and named it" if one.by_compose else str(one.verdict)
        how += "; an answer says that something is missing" if one.says_so else ""
        variable = one.mutant.variable
        need = f"{variable.need}: {variable.because}" if variable.known else "need unknown"
        named = groups.setdefault((variable.service, how), {})
        named.setdefault(f"{variable.name} ({need})", []).append(str(one.mutant.operator))
    for (service, how), settings in groups.items():
        number = sum(map(len, settings.values()))
        every = "; ".join(f"{setting}: {', '.join(operators)}" for setting, operators in settings.items())
        yield f"{service}: {counted(number, 'wrong setting')}: {how}: {every}"


def _counts(tried: Iterable[Tried]) -> str:
    """How many wrong settings came to each verdict."""
    every = tuple(tried)
    numbers = ((verdict, sum(one.verdict is verdict for one in every)) for verdict in MutantStatus)
    return ", ".join(f"{number} {verdict}" for verdict, number in numbers if number)


def _more(seen: Configured) -> int:
    """Seconds that would do, by what the others took."""
    return max(60, round(seen.seconds * seen.asked / max(1, len(seen.tried)) / 30 + 1) * 30)


def _text(flaw: SettingFlaw, names: str) -> str:
    name, need = flaw.variable.name, flaw.variable
    match flaw.fault:
        case FlawKind.STARTS_WITHOUT:
            return f"starts although {name} is missing ({names}); it is {need.need}: {need.because}"
        case FlawKind.STARTS_WRONG:
            return f"starts although the value of {name} is wrong ({names})"
        case FlawKind.ENDS_WELL:
            return f"ends with exit code 0 although {name} is wrong ({names})"
        case FlawKind.LOOPS:
            return f"starts its program again and again inside the container while {name} is wrong ({names})"
        case FlawKind.NEVER_READY:
            return f"neither ends nor becomes ready while {name} is wrong ({names}), and does not name it"
        case FlawKind.UNNAMED:
            return f"ends without naming {name}, which is wrong ({names})"
        case FlawKind.DIES:
            how = "its health endpoint fails" if flaw.tried[0].dead else str(flaw.tried[0].verdict)
            return f"does not start without the optional secret {name} ({names}): {how}"
        case FlawKind.HANGS:
            questions = listed(dict.fromkeys(q for one in flaw.tried for q in one.hanging), 3)
            return f"does not answer in time without the optional secret {name}: {questions}"
        case FlawKind.REPEATS:
            return f"logs the same error again and again without the optional secret {name}"
        case FlawKind.PRINTS:
            return f"prints the value of a secret while {name} is wrong ({names})"
