"""A fault is one file: what the lab has to know of it is there, and nothing else knows it by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from seatrial.lab import experiment
from seatrial.lab.discover import Planned
from seatrial.lab.experiment import Watch
from seatrial.lab.faults import FAULTS, registered, restart
from seatrial.lab.faults.base import End

LAB = Path(experiment.__file__).parent


def _module(name: str, **facts: object) -> ModuleType:
    """A fault of somebody's own: that of `restart` with some facts changed."""
    made = ModuleType(name)
    vars(made).update({key: value for key, value in vars(restart).items() if not key.startswith("__")})
    vars(made).update({"NAME": name} | facts)
    return made


def _deaths(fault: str, deaths: int, others: int = 0) -> dict[str, int]:
    died = [SimpleNamespace(service="api", action="die", at=1.0)] * deaths
    died += [SimpleNamespace(service="web", action="die", at=1.0)] * others
    events = SimpleNamespace(since=lambda _: died)
    project = SimpleNamespace(stack=SimpleNamespace(one_shots=()))
    watch = SimpleNamespace(context=SimpleNamespace(events=events, project=project))
    return dict(experiment._deaths(cast("Watch", watch), Planned(fault, "api"), 0.0))


@pytest.mark.parametrize(
    ("ends", "deaths", "blamed"),
    [
        (End.NOTHING, 1, {"api": 1}),
        (End.FILLED, 1, {"api": 1}),
        (End.ORDERED, 1, {}),
        (End.ORDERED, 3, {}),
        (End.KILLED, 1, {}),
        (End.KILLED, 3, {"api": 2}),
        (End.OUT_OF_MEMORY, 1, {}),
        (End.OUT_OF_MEMORY, 0, {}),
    ],
)
def test_a_new_fault_says_by_itself_which_deaths_are_its_own(
    monkeypatch: pytest.MonkeyPatch, ends: End, deaths: int, blamed: dict[str, int]
) -> None:
    monkeypatch.setitem(cast("dict[str, Any]", FAULTS), "terminate", _module("terminate", ENDS=ends))
    assert _deaths("terminate", deaths) == blamed
    assert _deaths("terminate", deaths, others=2) == {**blamed, "web": 2}


@pytest.mark.parametrize("fact", ["ENDS", "KIND", "WEIGHT", "PARAMETERS", "suits", "inject"])
def test_a_fault_without_a_fact_is_refused_where_it_is_registered(fact: str) -> None:
    made = _module("terminate")
    delattr(made, fact)
    with pytest.raises(TypeError, match=f"^terminate: {fact} is missing$"):
        registered(made)


def _names(path: Path) -> Iterator[tuple[int, str]]:
    """Names of faults in a module that are compared, or gathered to be compared or looked up."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        parts: list[ast.expr | None] = []
        match node:
            case ast.Compare():
                parts = [node.left, *node.comparators]
            case ast.Set() | ast.List() | ast.Tuple():
                parts = [*node.elts]
            case ast.Dict():
                parts = [*node.keys]
            case ast.MatchValue():
                parts = [node.value]
            case ast.Call(func=ast.Name(id="Planned")):
                parts = [*node.args]
        for part in parts:
            if isinstance(part, ast.Constant) and part.value in FAULTS:
                yield part.lineno, str(part.value)


def test_no_module_of_the_lab_knows_a_fault_by_its_name() -> None:
    """Words of the engine and of Linux may be the same as a fault's name."""
    words = {("events.py", name) for name in ("stop", "pause", "oom", "restart")}
    words |= {("deaths.py", "oom"), ("deaths.py", "pause"), ("course.py", "pause")}
    words |= {("netem.py", "loss"), ("experiment.py", "oom")}
    words |= {("hog.py", "memory"), ("measure.py", "dns"), ("measure.py", "reset")}
    found = {(path.name, name) for path in LAB.glob("*.py") for _, name in _names(path)}
    assert found - words == set()


def test_two_faults_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError, match="another fault has the name 'terminate'"):
        registered(_module("terminate"), _module("terminate"))


def test_every_module_with_an_injection_is_a_fault_and_their_order_is_that_of_their_names() -> None:
    injecting = [path.stem for path in (LAB / "faults").glob("*.py") if "\ndef inject(" in path.read_text("utf-8")]
    assert list(FAULTS) == sorted(injecting)
    assert len(FAULTS) >= 20
