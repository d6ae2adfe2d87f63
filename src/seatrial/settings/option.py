"""An option as its field declares it: spelling everywhere, and how a text becomes its value."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from seatrial.domain.errors import UsageError
from seatrial.domain.kinds import RepositoryKind

from . import durations
from .declared import FACTS, OptionFacts, Settings
from .words import TrialMode

DECLARABLE: Mapping[str, RepositoryKind] = {
    kind.value: kind for kind in RepositoryKind if kind is not RepositoryKind.EMPTY
}
"""The kinds that a user can name: that a repository is empty is for the survey to find."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How the values of one type are written."""

    read: Callable[[str], object]
    """Raises KeyError or ValueError for a text that has no value."""
    expected: str
    """What a wrong text should have been: `a whole number`."""
    metavar: str


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.replace("\n", ",").split(",") if item.strip())


_NUMBER = _Form(float, "a number", "number")
_SECONDS = _Form(lambda text: float(str(durations.or_number(text))), "a duration such as `60s` or `1m30s`", "duration")
_FORMS: Mapping[Any, _Form] = {
    bool: _Form(lambda text: {"true": True, "false": False}[text.lower()], "true or false", "true|false"),
    int: _Form(int, "a whole number", "number"),
    float: _NUMBER,
    float | None: _NUMBER,
    str: _Form(str, "a text", "text"),
    Path: _Form(Path, "a path", "directory"),
    tuple[str, ...]: _Form(_items, "a list", "list"),
    tuple[RepositoryKind, ...]: _Form(
        lambda text: tuple(map(DECLARABLE.__getitem__, _items(text))), f"a list of {', '.join(DECLARABLE)}", "list"
    ),
}
"""The types that an option may have besides an enum of words."""


@dataclass(frozen=True, slots=True)
class Option:
    """One field of `Settings`."""

    name: str
    type: Any
    default: Any
    facts: OptionFacts

    @property
    def flag(self) -> str:
        """The command line's spelling."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Where a CI system puts the input."""
        return input_variable(self.name)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that it takes; empty if it takes other things."""
        return tuple(self.type) if isinstance(self.type, enum.EnumType) else ()

    @property
    def metavar(self) -> str:
        """The placeholder of a value in help texts."""
        return self._form.metavar

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, which have bounds."""
        return self.type in (int, float, float | None)

    @property
    def is_switch(self) -> bool:
        """Whether the command line has `--NAME` and `--no-NAME` for `on` and `off`; without either it is `auto`."""
        return self.type is TrialMode

    @property
    def _form(self) -> _Form:
        if isinstance(self.type, enum.EnumType):
            return _Form(self.type, f"one of {', '.join(self.type)}", "|".join(self.type))
        return _SECONDS if self.facts.unit == "seconds" else _FORMS[self.type]

    def parse(self, text: str, *, where: str) -> object:
        """
        The value of a text.

        Raises:
            UsageError: it has none.
        """
        form = self._form
        try:
            return form.read(text)
        except (KeyError, ValueError):
            raise UsageError(f"{text!r} is not {form.expected}", where=where) from None

    def checked(self, value: object) -> object:
        """
        The value itself, if it is within the bounds.

        Raises:
            UsageError: it is not.
        """
        low, high = self.facts.bounds
        if isinstance(value, (int, float)) and not low <= value <= high:
            raise UsageError(f"{value:g} is outside {low:g} to {high:g}", where=self.name)
        return value


def input_variable(name: str) -> str:
    """Where a CI system puts an input: the name in upper case."""
    return f"INPUT_{name.upper()}"


def _declared() -> Mapping[str, Option]:
    types = get_type_hints(Settings)
    found = {f.name: Option(f.name, types[f.name], f.default, f.metadata[FACTS]) for f in dataclasses.fields(Settings)}
    for option in found.values():
        if not option.words and option.type not in _FORMS:
            raise TypeError(f"no text has a value of the type of the option {option.name!r}")
    return found


OPTIONS: Mapping[str, Option] = _declared()
"""All options by name, in the order of `Settings`."""
