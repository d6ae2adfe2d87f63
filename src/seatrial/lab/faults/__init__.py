"""The faults: a module of this package with the members of `Fault` is one, and nothing else lists it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import cast

from seatrial.lab.faults.base import Fault

_FACTS = ("NAME", "KIND", "ENDS", "ASPECT", "WEIGHT", "PARAMETERS", "suits", "obstacle", "inject")
_MARKS = ("NAME", "KIND", "inject")
"""Facts that no helper of this package has: a module with one of them has to have all."""


def registered(*modules: ModuleType) -> Mapping[str, Fault]:
    """
    Faults by name.

    Raises:
        TypeError: a module lacks a fact of its fault, or two have one name. mypy compares no module with a protocol.
    """
    found: dict[str, Fault] = {}
    for module in modules:
        if missing := [fact for fact in _FACTS if not hasattr(module, fact)]:
            raise TypeError(f"{module.__name__}: {', '.join(missing)} is missing")
        if module.NAME in found:
            raise TypeError(f"{module.__name__}: another fault has the name {module.NAME!r}")
        found[module.NAME] = cast("Fault", module)
    return found


def _modules() -> Iterator[ModuleType]:
    """The modules that are faults, in the order of their names."""
    for name in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        if any(hasattr(module, mark) for mark in _MARKS):
            yield module


FAULTS: Mapping[str, Fault] = registered(*_modules())
"""By name."""

FORMER: Mapping[str, str] = {"blink": "flap"}
"""Names of the version before this one, which configurations may still have; today's name for each."""
