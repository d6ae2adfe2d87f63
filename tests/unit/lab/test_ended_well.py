"""A service that ended with 0: a task before the stack was steady, and afterwards one that is not up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from seatrial.lab.engine import SERVICE
from seatrial.lab.model import Service, Stack
from seatrial.lab.stack import RunningProject


class _Engine:
    def __init__(self, code: int) -> None:
        state = {"Status": "exited", "Running": False, "ExitCode": code}
        self.found = [SimpleNamespace(labels={SERVICE: "worker"}, attrs={"State": state})]

    def containers(self, _project: str, _service: str) -> list[Any]:
        return self.found


def project(code: int, restart: str, *, settled: bool, tasks: frozenset[str] = frozenset()) -> RunningProject:
    stack = Stack({"worker": Service(name="worker", restart=restart)}, tasks)
    calls: Any = SimpleNamespace(name="p")
    engine: Any = _Engine(code)
    return RunningProject(engine, calls, "image", stack, settled=settled)


@pytest.mark.parametrize("code", [0, 3])
@pytest.mark.parametrize("restart", ["", "on-failure", "always"])
def test_what_ends_in_the_steady_state_is_not_up(code: int, restart: str) -> None:
    seen = project(code, restart, settled=True)
    assert seen.unhealthy() == [("worker", f"ended with exit code {code}")]
    stays = restart == "" or (restart == "on-failure" and code == 0)
    assert seen.dead() == ({"worker"} if stays else set())


@pytest.mark.parametrize(
    ("settled", "tasks"), [(False, frozenset[str]()), (True, frozenset({"worker"}))], ids=["before", "a known task"]
)
def test_a_task_that_ended_well_is_up(settled: bool, tasks: frozenset[str]) -> None:
    seen = project(0, "", settled=settled, tasks=tasks)
    assert (seen.unhealthy(), seen.dead()) == ([], frozenset())
