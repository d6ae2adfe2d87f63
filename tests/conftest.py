"""Properties are held on slow machines too: no deadline for a single example. And what all tests share."""

from __future__ import annotations

from pathlib import Path

import draws
import pytest
from hypothesis import settings

# With a seed of its own, as the nightly tests have, Hypothesis tries new examples; else the same for every change.
settings.register_profile("seatrial", deadline=None, derandomize=not draws.SEEDED, print_blob=True)
settings.load_profile("seatrial")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One cache directory for this run of the tests, whatever the workers: compiling the patterns takes ten seconds."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "cache"
    shared.mkdir(exist_ok=True)
    return shared


def pytest_report_header() -> str:
    return f"SEATRIAL_TEST_SEED={draws.SEED}"


@pytest.fixture(autouse=True)
def seeded(request: pytest.FixtureRequest) -> None:
    """A test draws the same values alone, in any order and on any worker."""
    draws.begin(request.node.nodeid)
