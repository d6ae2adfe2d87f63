"""The command line's options, made from the fields of `Settings`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from seatrial.settings import OPTIONS, Option, RunStage, Where

_F = TypeVar("_F", bound=Callable[..., object])


class _Text(click.ParamType[object]):
    """An option's value, read exactly as the same option's input of the Action is."""

    def __init__(self, option: Option) -> None:
        self.option = option
        self.name = option.metavar

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        del param, ctx
        return self.option.parse(str(value), where=self.option.flag)


def options(*names: str) -> Callable[[_F], _F]:
    """A decorator that gives a command the named options; those that the user does not give are not passed on."""

    def decorate(command: _F) -> _F:
        for name in reversed(names):
            command = _decorator(OPTIONS[name])(command)
        return command

    return decorate


def flags(*stages: RunStage) -> tuple[str, ...]:
    """
    The options that can be given on the command line, in the order of `Settings`, but for the path.

    Args:
        stages: what they decide; by default anything.
    """
    chosen = stages or tuple(RunStage)
    every = ((name, option.facts) for name, option in OPTIONS.items() if name != "path")
    return tuple(name for name, facts in every if Where.FLAG in facts.where and facts.stage in chosen)


def _decorator(option: Option) -> Callable[[_F], _F]:
    spelling = option.flag
    negative = f"{spelling}/--no-{spelling.removeprefix('--')}"
    if option.type is bool:
        return click.option(
            negative if option.default else spelling, option.name, is_flag=True, default=None, help=option.facts.help
        )
    if option.is_switch:
        return click.option(
            negative, option.name, is_flag=True, default=None, help=option.facts.help, callback=_switched
        )
    kind = _Text(option)
    return click.option(spelling, option.name, type=kind, metavar=kind.name.upper(), default=None, help=_help(option))


def _switched(_context: click.Context, parameter: click.Parameter, wanted: bool | None) -> object:
    if wanted is None:
        return None
    option = OPTIONS[str(parameter.name)]
    return option.parse("on" if wanted else "off", where=option.flag)


def _help(option: Option) -> str:
    """The help text, with unit and default where they say something."""
    default, unit = option.default, option.facts.unit
    notes = [f"in {unit}"] if unit else []
    if default not in ("", None, ()):
        shown = f"{default:g}" if isinstance(default, float) else str(default)
        notes.append(f"default: {shown}")
    return option.facts.help + (f" [{'; '.join(notes)}]" if notes else "")


def given(values: Mapping[str, object]) -> dict[str, object]:
    """The options that the user really gave."""
    return {name: value for name, value in values.items() if value is not None}
