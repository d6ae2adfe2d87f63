"""What became of a mutant, as one word, and which of these words are complaints that an operator would sign."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import graceful
from .graceful import Behaviour
from .messages import last_message, names, repeats, shows
from .operators import ABSENT, GUESSES, NOWHERE, Mutant, Operator
from .variables import Need, ServiceVariable, SettingKind


class MutantStatus(enum.StrEnum):
    """What became of a service with one wrong setting."""

    KILLED = "ended and named it"
    UNCLEAR = "ended without naming it"
    SURVIVED = "started as if nothing were wrong"
    EXIT_0 = "ended with exit code 0"
    CRASH_LOOP = "restarts its program again and again inside the container"
    HANG = "neither ended nor became ready"
    WAITS = "did not become ready and named it"
    PRINTS_SECRET = "printed the value of a secret"  # noqa: S105 - a verdict


class FlawKind(enum.StrEnum):
    """What is wrong with how a service takes a bad setting; `deployment/…` are the ids of the findings."""

    STARTS_WITHOUT = "starts-without"
    STARTS_WRONG = "starts-with-wrong-value"
    ENDS_WELL = "ends-with-zero"
    LOOPS = "restarts-inside"
    NEVER_READY = "never-ready"
    UNNAMED = "unnamed-variable"
    PRINTS = "prints-secret"
    DIES = "dies-without-optional-secret"
    HANGS = "hangs-without-optional-secret"
    REPEATS = "repeats-without-optional-secret"


MESSAGES = frozenset({FlawKind.UNNAMED, FlawKind.PRINTS})
"""What is wrong with the message; the others are wrong with what the service does."""
GRACELESS = frozenset({FlawKind.DIES, FlawKind.HANGS, FlawKind.REPEATS})
"""What is wrong with how a service does without an optional secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What was seen of one container."""

    exit_code: int | None = None
    """None: it still ran at the end."""
    ready: bool = False
    """Whether it became ready; where nothing shows that, whether it stayed alive."""
    replaced: bool = False
    """Whether its processes below the first one were others each time that they were looked at."""
    seconds: float = 0.0
    text: str = field(default="", repr=False)
    """What it printed."""
    behaviour: Behaviour = field(default_factory=Behaviour)
    """How it behaved once it was ready, where that was asked."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One mutant, and what became of it."""

    mutant: Mutant
    verdict: MutantStatus
    message: str = field(default="", repr=False)
    """The last line of its last message; it may hold secrets."""
    seconds: float = 0.0
    by_compose: bool = False
    hanging: tuple[str, ...] = ()
    """Questions that the service answered with the setting, and not in time without it."""
    dead: bool = False
    """Whether its health endpoint fails without the setting."""
    says_so: bool = False
    """Whether an answer says that something is missing."""
    repeats: str = field(default="", repr=False)
    """The error that its log has again and again; it may hold secrets."""


@dataclass(frozen=True, slots=True)
class SettingFlaw:
    """What is wrong with how one service takes one setting, by the operators that showed it."""

    fault: FlawKind
    variable: ServiceVariable
    tried: tuple[Tried, ...]

    @property
    def guess(self) -> bool:
        """Whether a program may do so as a matter of taste."""
        return all(one.mutant.operator in GUESSES for one in self.tried) and self.fault is FlawKind.STARTS_WRONG


def classify(mutant: Mutant, ran: Ran, control: Ran, secrets: Iterable[str]) -> Tried:
    """
    One word for what became of a mutant.

    Args:
        mutant: what was wrong.
        ran: what was seen.
        control: what was seen when nothing was wrong.
        secrets: the values that it must not print.
    """
    usual = control.text
    message = last_message(ran.text, usual)
    wanted = (*mutant.variable.words, *((NOWHERE,) if mutant.operator is Operator.UNREACHABLE else ()))
    verdict = _verdict(mutant, ran, usual, named=names(message, wanted))
    if shows(ran.text, usual, secrets):
        verdict = MutantStatus.PRINTS_SECRET
    return Tried(
        mutant,
        verdict,
        message[-1] if message else "",
        ran.seconds,
        hanging=graceful.hanging(ran.behaviour, control.behaviour),
        dead=graceful.is_dead(ran.behaviour, control.behaviour),
        says_so=graceful.says_so(ran.behaviour, control.behaviour),
        repeats=repeats(ran.text, usual) if ran.behaviour.answers else "",
    )


def _verdict(mutant: Mutant, ran: Ran, usual: str, *, named: bool) -> MutantStatus:
    if ran.exit_code == 0:
        return MutantStatus.EXIT_0
    if ran.exit_code is not None:
        return MutantStatus.KILLED if named else MutantStatus.UNCLEAR
    looping = ran.replaced and mutant.operator is not Operator.UNREACHABLE and repeats(ran.text, usual, errors=False)
    if looping:
        return MutantStatus.CRASH_LOOP
    if ran.ready:
        return MutantStatus.SURVIVED
    return MutantStatus.WAITS if named else MutantStatus.HANG


def flaws(tried: Iterable[Tried]) -> Iterator[SettingFlaw]:
    """
    What an operator would complain about: one for each setting and kind of flaw.

    Services of one image are often given the variables of all. One that ignores every change of a variable does not
    read it, if another service refuses the same value.
    """
    every = tuple(tried)
    minding = {str(t.mutant.variable) for t in every if t.verdict is not MutantStatus.SURVIVED}
    refused = {(t.mutant.variable.name, t.mutant.operator) for t in every if t.verdict is MutantStatus.KILLED}
    grouped: dict[tuple[FlawKind, str], list[Tried]] = {}
    for one in every:
        fault, same = fault_of(one), (one.mutant.variable.name, one.mutant.operator)
        survived = fault in (FlawKind.STARTS_WITHOUT, FlawKind.STARTS_WRONG)
        if survived and same in refused and str(one.mutant.variable) not in minding:
            continue
        if fault is not None:
            grouped.setdefault((fault, str(one.mutant.variable)), []).append(one)
    for (fault, _), those in grouped.items():
        yield SettingFlaw(fault, those[0].mutant.variable, tuple(those))


def fault_of(one: Tried) -> FlawKind | None:
    """
    What is wrong with a verdict; None if an operator would accept it.

    An optional setting that is missing may be missing. A container that ends with an error and names the setting fails
    fast, also under `restart: always`. A host that is away may come back, so waiting for it is right.
    """
    variable, operator = one.mutant.variable, one.mutant.operator
    missing = operator in ABSENT
    graces = graceful.is_optional(variable) and graceful.forgotten(one.mutant)
    if (
        graces
        and one.verdict is not MutantStatus.PRINTS_SECRET
        and (variable.sure or one.verdict is MutantStatus.SURVIVED)
    ):
        return _graceless(one)
    match one.verdict:
        case MutantStatus.PRINTS_SECRET:
            return FlawKind.PRINTS
        case MutantStatus.EXIT_0:
            return FlawKind.ENDS_WELL
        case MutantStatus.CRASH_LOOP:
            return FlawKind.LOOPS
        case MutantStatus.UNCLEAR:
            return FlawKind.UNNAMED
        case MutantStatus.HANG if operator is not Operator.UNREACHABLE:
            return FlawKind.NEVER_READY
        case MutantStatus.SURVIVED if missing and variable.need is Need.REQUIRED and variable.known:
            return FlawKind.STARTS_WITHOUT
        case MutantStatus.SURVIVED if not missing and operator is not Operator.UNREACHABLE and variable.read:
            return FlawKind.STARTS_WRONG
    return None


def _graceless(one: Tried) -> FlawKind | None:
    """What is wrong with how a service does without an optional secret."""
    if one.verdict is not MutantStatus.SURVIVED or one.dead:
        return FlawKind.DIES
    if one.hanging:
        return FlawKind.HANGS
    return FlawKind.REPEATS if one.repeats else None


def unknown(one: Tried) -> bool:
    """Whether nothing shows if the service may start without the setting, as it did."""
    variable = one.mutant.variable
    missing = one.mutant.operator in ABSENT
    return (
        one.verdict is MutantStatus.SURVIVED
        and missing
        and not variable.known
        and variable.content is not SettingKind.TEXT
    )
