"""A soak: the slope with its interval, leaks against caches that fill, and the time to the limit."""

from __future__ import annotations

import random
from collections.abc import Callable
from statistics import linear_regression

import pytest

from seatrial.domain.load import ServiceUsage, UsageMoment
from seatrial.lab.load import soak

MIB = 2**20
SECONDS = 600.0


def usage(memory: Callable[[float], float], limit: int = 256 * MIB, noise: float = 0.0, every: int = 1) -> ServiceUsage:
    """A reading each second; the memory in MiB at a time."""
    drawn = random.Random(1)
    moments = (
        UsageMoment(float(at), 0.1, round(MIB * (memory(at) + drawn.uniform(-noise, noise))))
        for at in range(0, int(SECONDS), every)
    )
    return ServiceUsage("api", limit, tuple(moments))


def leaks(seen: ServiceUsage) -> list[str]:
    return [text for _, text in soak.leaks([seen], SECONDS)]


def test_the_slope_is_that_of_least_squares() -> None:
    points = soak.blocks(usage(lambda at: 50 + at / 60, noise=3.0), SECONDS)
    assert len(points) == soak.BLOCKS
    assert points[0][0] == pytest.approx(132.0)
    found = soak.slope(points)
    assert found is not None
    assert found.value == pytest.approx(linear_regression(*zip(*points, strict=True)).slope)
    assert found.low < MIB / 60 < found.high
    exact = soak.slope([(float(x), 3.0 * x) for x in range(20)])
    assert exact is not None
    assert (exact.value, exact.low, exact.high) == pytest.approx((3.0, 3.0, 3.0))


def test_the_interval_is_that_of_a_worked_example() -> None:
    """Eight points: residuals of one with changing signs; t is 2.447 for six degrees of freedom."""
    found = soak.slope([(float(x), float((-1) ** x)) for x in range(8)])
    assert found is not None
    rest = 8 - 42 * found.value**2
    assert found.value == pytest.approx(-4 / 42)
    assert found.high - found.value == pytest.approx(2.447 * (rest / 6 / 42) ** 0.5)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (usage(lambda at: 50 + at / 10), "its limit is reached in about 25 minutes"),
        (usage(lambda at: 50 + at / 10, limit=0), "it has no limit"),
        (usage(lambda at: 50 + at / 100, noise=1.0, every=2), "its limit is reached in about 6 hours"),
    ],
)
def test_memory_that_grows_all_the_time_is_a_leak(seen: ServiceUsage, said: str) -> None:
    [text] = leaks(seen)
    assert text.startswith("its memory grows by ")
    assert text.endswith(f"at 10 users; {said}")


@pytest.mark.parametrize(
    "seen",
    [
        usage(lambda at: 50, noise=5.0),
        usage(lambda at: 50 + min(at, 300) / 10),  # a cache that is full in the middle
        usage(lambda at: 50 + min(at, 100)),  # warms up
        usage(lambda at: 80 - at / 10),
        usage(lambda at: 50 + at / 1000),  # half a megabyte may be anything
        usage(lambda at: 50 + at / 10, every=150),  # four readings
        ServiceUsage("api", 0),
    ],
)
def test_what_levels_off_or_is_too_little_is_no_leak(seen: ServiceUsage) -> None:
    assert leaks(seen) == []
