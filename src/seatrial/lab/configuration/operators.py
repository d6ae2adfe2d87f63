"""How a setting is made wrong: which operators suit which kind of value, and which mutants tell most."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .variables import Need, ServiceVariable, SettingKind

NOWHERE = "unreachable.invalid"
"""A host that no resolver may know (RFC 2606)."""
_STRUCTURED = re.compile(r"\.(?:json|ya?ml|toml|ini|conf|cfg|xml|properties|pem|crt|key)$", re.IGNORECASE)


class Operator(enum.StrEnum):
    """What is done to a setting."""

    UNSET = "unset"
    EMPTY = "empty"
    BLANK = "blank"
    NOT_A_NUMBER = "not a number"
    OUT_OF_RANGE = "a port out of range"
    SHORT = "a short secret"
    EQUAL = "the value of another secret"
    GARBAGE_URL = "a garbage URL"
    UNREACHABLE = "an unreachable host"
    WRONG_CHOICE = "an unknown choice"
    WRONG_BOOLEAN = "a wrong boolean"
    MISSING_FILE = "a missing file"
    EMPTY_FILE = "an empty file"
    UNREADABLE_FILE = "an unreadable file"
    TRUNCATED_FILE = "a truncated file"


ABSENT = frozenset({Operator.UNSET, Operator.EMPTY, Operator.BLANK, Operator.MISSING_FILE, Operator.EMPTY_FILE})
"""After these there is no value, whichever it has to be."""
LOST = frozenset({Operator.UNSET, Operator.EMPTY, Operator.MISSING_FILE})
"""What happens to a setting that an operator forgets."""
FILES = frozenset({Operator.MISSING_FILE, Operator.EMPTY_FILE, Operator.UNREADABLE_FILE, Operator.TRUNCATED_FILE})
GUESSES = frozenset({Operator.WRONG_CHOICE, Operator.WRONG_BOOLEAN, Operator.SHORT, Operator.EQUAL})
"""Whether a program may accept these is a matter of taste: what survives them is a guess."""

_BY_CONTENT: Mapping[SettingKind, tuple[Operator, ...]] = {
    SettingKind.PORT: (Operator.NOT_A_NUMBER, Operator.OUT_OF_RANGE),
    SettingKind.NUMBER: (Operator.NOT_A_NUMBER,),
    SettingKind.BOOLEAN: (Operator.WRONG_BOOLEAN,),
    SettingKind.CHOICE: (Operator.WRONG_CHOICE,),
    SettingKind.URL: (Operator.GARBAGE_URL, Operator.UNREACHABLE),
    SettingKind.HOST: (Operator.UNREACHABLE,),
    SettingKind.SECRET: (),
    SettingKind.TEXT: (),
    SettingKind.FILE: (Operator.MISSING_FILE, Operator.EMPTY_FILE, Operator.UNREADABLE_FILE, Operator.TRUNCATED_FILE),
}
_VALUES: Mapping[Operator, str] = {
    Operator.EMPTY: "",
    Operator.BLANK: "   ",
    Operator.NOT_A_NUMBER: "not-a-number",
    Operator.OUT_OF_RANGE: "99999",
    Operator.SHORT: "q7x",
    Operator.GARBAGE_URL: "not a url",
    Operator.WRONG_CHOICE: "no-such-choice",
    Operator.WRONG_BOOLEAN: "perhaps",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One setting of one service, made wrong in one way."""

    variable: ServiceVariable
    operator: Operator
    value: str | None = field(default=None, repr=False)
    """What the variable has instead; None: it is not there, or the file is what is wrong."""

    @property
    def refused(self) -> bool:
        """Whether Compose refuses it and names the variable: then no container is needed to know."""
        given = self.variable.given
        if given is None:
            return False
        return (
            given.guards_unset
            if self.operator is Operator.UNSET
            else (given.guards_empty and self.operator is Operator.EMPTY)
        )

    def __str__(self) -> str:
        """For people: `api.PORT: a port out of range`."""
        return f"{self.variable}: {self.operator}"


def mutants(variables: Sequence[ServiceVariable], *, root: bool, seed: int) -> tuple[Mutant, ...]:
    """
    The mutants of one service, the most telling first.

    Args:
        variables: its settings.
        root: whether its first process may read every file, in spite of the mode.
        seed: decides between those that tell equally much.
    """
    made = (
        Mutant(variable, operator, value)
        for variable in variables if variable.need is not Need.IGNORED
        for operator, value in _of(variable, variables)
        if not (root and operator is Operator.UNREADABLE_FILE)
    )  # fmt: skip
    return tuple(sorted(made, key=lambda m: (_rank(m), _draw(m, seed))))


def _of(variable: ServiceVariable, others: Iterable[ServiceVariable]) -> Iterator[tuple[Operator, str | None]]:
    is_path = variable.content is SettingKind.FILE and variable.name == variable.path
    for operator in () if is_path else _absences(variable):
        if operator is Operator.UNSET:
            yield operator, None
        elif variable.value:
            yield operator, _VALUES[operator]
    if variable.is_key and variable.given is not None and variable.given.gives_default and variable.given.word:
        yield Operator.UNSET, variable.given.word
    for operator in _BY_CONTENT[variable.content]:
        if operator is Operator.TRUNCATED_FILE and not _STRUCTURED.search(variable.path):
            continue  # half of a password is a password
        yield operator, _unreachable(variable) if operator is Operator.UNREACHABLE else _VALUES.get(operator)
    if variable.is_key:
        yield Operator.SHORT, _VALUES[Operator.SHORT]
        same = next((o.value for o in others if o.is_key and o.name != variable.name and o.value), None)
        if same is not None and same != variable.value:
            yield Operator.EQUAL, same


def _absences(variable: ServiceVariable) -> Iterator[Operator]:
    """Compose gives a default for a variable that is not there, so the service never sees it missing."""
    given = variable.given
    if given is None or not given.gives_default:
        in_command = variable.argument is not None and not (given and given.guards_unset)
        if (variable.value or given is not None) and not in_command:  # there, Compose makes it an empty text
            yield Operator.UNSET
        yield Operator.EMPTY
    elif given.operator == "-":
        yield Operator.EMPTY
    if variable.need is Need.REQUIRED and variable.known and variable.content is not SettingKind.FILE:
        yield Operator.BLANK


def _unreachable(variable: ServiceVariable) -> str:
    """The value with a host that does not exist in place of its own."""
    if variable.content is SettingKind.HOST:
        _, colon, port = variable.value.partition(":")
        return NOWHERE + colon + port
    try:
        parts = urlsplit(variable.value)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return f"http://{NOWHERE}"
    user, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}{at}{NOWHERE}{port}").geturl()


def _rank(mutant: Mutant) -> int:
    """The most telling first: what is forgotten most often, where it costs most."""
    variable, operator = mutant.variable, mutant.operator
    if not variable.known and operator in ABSENT:
        return 6
    if operator in GUESSES:
        return 5
    if operator in LOST and variable.need is Need.REQUIRED:
        return 0 if variable.is_secret or variable.content is SettingKind.FILE else 1
    if operator in (Operator.OUT_OF_RANGE, Operator.NOT_A_NUMBER) and variable.content is SettingKind.PORT:
        return 1
    if operator in LOST and variable.is_secret:
        return 2
    if operator is Operator.BLANK or operator is Operator.UNREACHABLE:
        return 4
    return 3


def _draw(mutant: Mutant, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{mutant}".encode()).hexdigest()
