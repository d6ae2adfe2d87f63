"""What the budget of wrong settings leaves out, without an engine: copies are made by a function of the test."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seatrial.lab.configuration import campaign, copies
from seatrial.lab.configuration.campaign import Configured, MutationRequest
from seatrial.lab.configuration.needs import CodeRead, NeedEvidence
from seatrial.lab.configuration.operators import Mutant
from seatrial.lab.configuration.variables import Need
from seatrial.lab.configuration.verdicts import Ran
from seatrial.lab.model import Service, Stack

ATTRIBUTES: dict[str, Any] = {
    "Config": {"Env": [], "Healthcheck": {"Test": ["CMD", "true"]}},
    "HostConfig": {"NetworkMode": "shop_default"},
    "NetworkSettings": {"Networks": {"shop_default": {}}},
    "Mounts": [],
}


class Project:
    """As much of a running project as the campaign asks for."""

    def __init__(self, *services: str) -> None:
        made = (Service(name=n, builds=True, context="/shop", environment={"KEY": "x", "ITEM": "y"}) for n in services)
        self.stack = Stack({service.name: service for service in made})
        self.document: dict[str, Any] = {}
        place = SimpleNamespace(
            outside=Path("/shop"), root=Path("/shop"), scratch=Path("/x"), scratch_outside=Path("/x")
        )
        self.compose = SimpleNamespace(uninterpolated=dict, place=place)
        api = SimpleNamespace(inspect_container=lambda _id: ATTRIBUTES)
        self.engine = SimpleNamespace(client=SimpleNamespace(api=api))

    def container(self, service: str) -> Any:
        return SimpleNamespace(id=service)


def tried(project: Project, budget: float) -> Configured:
    reads = tuple(CodeRead("app.py", name, Need.REQUIRED) for name in ("KEY", "ITEM"))
    wanted = MutationRequest(known=NeedEvidence(reads=reads), budget=budget)
    return campaign.tried(project, {}, [], wanted, lambda _text: None)  # type: ignore[arg-type]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Mutant | None]]:
    """Every copy that was started: the control is ready at once, and mutants end and name their setting."""
    seen: list[tuple[str, Mutant | None]] = []

    def run(_engine: object, original: copies.Original, mutant: Mutant | None, *_more: object) -> Ran:
        seen.append((original.service, mutant))
        if mutant is None:
            return Ran(ready=True, seconds=0.01)
        return Ran(exit_code=1, text=f"{mutant.variable.name} is missing", seconds=0.01)

    monkeypatch.setattr(copies, "run", run)
    return seen


def test_every_service_begins_with_its_control(runs: list[tuple[str, Mutant | None]]) -> None:
    seen = tried(Project("api", "web"), 60)
    assert [(service, mutant) for service, mutant in runs if mutant is None] == [("api", None), ("web", None)]
    assert runs[0] == ("api", None)
    assert not seen.left
    assert {str(one.mutant.variable) for one in seen.tried} == {"api.KEY", "api.ITEM", "web.KEY", "web.ITEM"}


def test_without_time_nothing_is_begun_and_everything_is_named(runs: list[tuple[str, Mutant | None]]) -> None:
    seen = tried(Project("api", "web"), 0.5)
    assert runs == []
    assert seen.asked == len(seen.left) > 0


def test_a_control_that_needs_more_time_than_the_budget_gives_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "run", lambda *_given: Ran(seconds=10.0))
    few = tried(Project("api"), 10)
    assert few.left
    assert not few.unmeasured
    many = tried(Project("api"), 600)
    assert "does not become ready without any change" in many.unmeasured["api"]


def test_a_control_that_ends_makes_its_service_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "run", lambda *_given: Ran(exit_code=3, text="no such table", seconds=0.1))
    seen = tried(Project("api"), 60)
    assert seen.unmeasured["api"] == "a copy of it beside the stack ends with 3 without any change (no such table)"
    assert not seen.tried
