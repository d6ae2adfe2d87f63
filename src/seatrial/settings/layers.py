"""Where values come from: a flag beats an input, an input beats the file, the file beats the default."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Any

from .declared import Settings, Where
from .option import OPTIONS


class SettingSource(enum.IntEnum):
    """Where a value came from, weakest first."""

    DEFAULT = 0
    FILE = 1
    INPUT = 2
    FLAG = 3


def from_inputs(environ: Mapping[str, str]) -> dict[str, object]:
    """
    The options that were given as inputs of the Action. An empty input counts as not given.

    Raises:
        UsageError: a value that is not of the option's type.
    """
    given = {}
    for name, option in OPTIONS.items():
        text = environ.get(option.variable, "").strip()
        if text and Where.INPUT in option.facts.where:
            given[name] = option.parse(text, where=option.variable)
    return given


def combine(
    layers: Iterable[tuple[SettingSource, Mapping[str, object]]],
) -> tuple[Settings, Mapping[str, SettingSource]]:
    """
    Settings from layers of given values, and where each value came from.

    Raises:
        UsageError: a value is outside its range.
    """
    values: dict[str, Any] = {}
    sources = dict.fromkeys(OPTIONS, SettingSource.DEFAULT)
    for source, layer in sorted(layers, key=lambda pair: pair[0]):
        for name, value in layer.items():
            values[name] = OPTIONS[name].checked(value)
            sources[name] = source
    return Settings(**values), sources
