"""The command line's options, made from the fields of `Settings`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from . import settings

_F = TypeVar("_F", bound=Callable[..., object])


class _Text(click.ParamType[object]):
    """An option's value, read exactly as the same option's input of the Action is."""

    def __init__(self, option: str) -> None:
        self.option = option
        words = settings.choices(option)
        self.name = "|".join(words) if words else _METAVARS.get(str(settings.FIELDS[option].type), "text")

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        del param, ctx
        return settings.parse(self.option, str(value), where=settings.flag(self.option))


_METAVARS: Mapping[str, str] = {
    "int": "number",
    "float": "number",
    "float | None": "number",
    "Path": "directory",
    "tuple[str, ...]": "list",
    "tuple[Kind, ...]": "list",
}


_SWITCHES = frozenset({"trial"})
"""Options of three words, auto, on and off, that are a switch on the command line, with auto if it is not given."""


def options(*names: str) -> Callable[[_F], _F]:
    """A decorator that gives a command the named options; those that the user does not give are not passed on."""

    def decorate(command: _F) -> _F:
        for name in reversed(names):
            command = _decorator(name)(command)
        return command

    return decorate


def flags(*stages: settings.Stage) -> tuple[str, ...]:
    """
    The options that can be given on the command line, in the order of `Settings`, but for the path.

    Args:
        stages: what they decide; by default anything.
    """
    facts = ((name, definition.metadata) for name, definition in settings.FIELDS.items() if name != "path")
    chosen = stages or tuple(settings.Stage)
    return tuple(name for name, of in facts if settings.Where.FLAG in of["where"] and of["stage"] in chosen)


def _decorator(name: str) -> Callable[[_F], _F]:
    definition = settings.FIELDS[name]
    if definition.type == "bool":
        spelling = settings.flag(name)
        if definition.default:
            spelling += f"/--no-{spelling.removeprefix('--')}"
        return click.option(spelling, name, is_flag=True, default=None, help=definition.metadata["help"])
    kind = _Text(name)
    if name in _SWITCHES:
        spelling = f"{settings.flag(name)}/--no-{name}"
        return click.option(
            spelling, name, is_flag=True, default=None, help=definition.metadata["help"], callback=_switched
        )
    return click.option(settings.flag(name), name, type=kind, metavar=kind.name.upper(), default=None, help=_help(name))


def _switched(_context: click.Context, parameter: click.Parameter, wanted: bool | None) -> object:
    if wanted is None:
        return None
    name = str(parameter.name)
    return settings.parse(name, "on" if wanted else "off", where=settings.flag(name))


def _help(name: str) -> str:
    """The help text, with unit and default where they say something."""
    definition = settings.FIELDS[name]
    default, unit = definition.default, definition.metadata["unit"]
    notes = [f"in {unit}"] if unit else []
    if default not in ("", None, ()):
        shown = f"{default:g}" if isinstance(default, float) else str(default)
        notes.append(f"default: {shown}")
    return str(definition.metadata["help"]) + (f" [{'; '.join(notes)}]" if notes else "")


def given(values: Mapping[str, object]) -> dict[str, object]:
    """The options that the user really gave."""
    return {name: value for name, value in values.items() if value is not None}
