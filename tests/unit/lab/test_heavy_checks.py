"""Which healthchecks are too heavy to be asked every second, by what the engine tells of their runs."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.lab.healthchecks import heavy, heavy_ones, of_files, quickened


def run(seconds: float, code: int = 0) -> dict[str, Any]:
    """As the engine tells it: nanoseconds, and an offset."""
    end = f"{12 + int(seconds):02}.{round(seconds % 1 * 1e9):09}"
    return {"Start": "2026-03-01T08:15:12.000000000+01:00", "End": f"2026-03-01T08:15:{end}+01:00", "ExitCode": code}


@pytest.mark.parametrize(
    ("runs", "every", "seconds"),
    [
        ([run(0.12), run(0.15)], 1, 0.0),
        ([run(1.6), run(1.5), run(2.9)], 1, 1.5),
        ([run(1.6), run(0.1)], 1, 0.0),
        ([run(0.6)], 1, 0.0),
        ([run(1.7)], 1, 1.7),
        ([run(0.45), run(0.5)], 1, 0.45),
        ([run(1.5), run(1.5)], 8, 0.0),
        ([run(30.0, 1), run(30.0, -1)], 1, 0.0),
        ([{"Start": "soon", "End": "", "ExitCode": 0}], 1, 0.0),
        ([], 1, 0.0),
    ],
    ids=[
        "light", "heavy", "waited at the start only", "one run that is short", "one run that is long", "just heavy",
        "seldom enough", "those that failed or were ended tell nothing", "no time", "no run",
    ],
)  # fmt: skip
def test_the_shortest_of_its_runs_shows_a_heavy_check(runs: list[dict[str, Any]], every: float, seconds: float) -> None:
    assert heavy({"Log": runs}, every) == pytest.approx(seconds)


def test_one_that_has_no_healthcheck_is_not_heavy() -> None:
    assert heavy({}, 1) == 0.0


@pytest.mark.parametrize(
    ("interval", "retries", "takes", "expected"),
    [
        (30.0, 3, 1.5, {"interval": "8s", "retries": 12}),
        (30.0, 3, 0.39, {"interval": "1s", "retries": 90}),
        (30.0, 3, 0.4, {"interval": "2s", "retries": 45}),
        (5.0, 3, 1.5, None),
        (10.0, 5, 9.0, None),
    ],
    ids=["a virtual machine", "light", "just heavy", "its own interval is short", "as long as its interval"],
)
def test_a_heavy_check_runs_a_fifth_of_the_time_and_keeps_its_grace(
    interval: float, retries: int, takes: float, expected: dict[str, object] | None
) -> None:
    assert quickened(interval, retries, takes) == expected


class _Container:
    def __init__(self, service: str, *runs: dict[str, Any]) -> None:
        self.labels = {"com.docker.compose.service": service}
        self.attrs = {"State": {"Health": {"Log": list(runs)}}}


def test_only_checks_that_we_made_quicker_are_made_slower() -> None:
    heavy_one, light = _Container("mq", run(1.5), run(1.6)), _Container("db", run(0.1), run(0.1))
    containers = [heavy_one, light, _Container("own", run(2.0))]
    changed = {"mq": {"interval": "1s"}, "db": {"interval": "1s"}}
    takes = heavy_ones(containers, changed)
    assert takes == {"mq": pytest.approx(1.5)}
    written: dict[str, dict[str, object]] = {
        "mq": {"interval": "30s", "retries": 3},
        "db": {"interval": "30s"},
        "own": {"interval": "1s"},
    }
    assert of_files(written, takes) == {
        "mq": {"interval": "8s", "retries": 12},
        "db": {"interval": "1s", "retries": 90},
    }
