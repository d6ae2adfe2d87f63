"""Properties are held on slow machines too: no deadline for a single example. And what all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("seatrial", deadline=None)
settings.load_profile("seatrial")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One cache directory for this run of the tests, whatever the workers: compiling the patterns takes ten seconds."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "cache"
    shared.mkdir(exist_ok=True)
    return shared
