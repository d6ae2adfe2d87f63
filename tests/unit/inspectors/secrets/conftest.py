"""One automaton for all tests of the search: compiling it takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest
from searching import Find, Repository

from seatrial.inspectors.secrets import engine as engine_module
from seatrial.inspectors.secrets.engine import PatternEngine


@pytest.fixture(scope="session")
def patterns_cache(request: pytest.FixtureRequest) -> Path:
    """Where compiled patterns are kept from one run of the tests to the next."""
    cache = request.config.cache
    assert cache is not None
    return Path(cache.mkdir("seatrial"))


@pytest.fixture(scope="session")
def engine(patterns_cache: Path) -> PatternEngine:
    return engine_module.load(patterns_cache)


@pytest.fixture
def folder(tmp_path: Path, patterns_cache: Path) -> Repository:
    """Not under git."""
    return Repository(tmp_path / "folder", patterns_cache)


@pytest.fixture
def repository(tmp_path: Path, patterns_cache: Path) -> Repository:
    """Under git, without a commit."""
    made = Repository(tmp_path / "repository", patterns_cache)
    made.git("init", "-q", "-b", "main")
    return made


@pytest.fixture(scope="session")
def find(engine: PatternEngine) -> Find:
    def found(path: str, content: str | bytes) -> list[tuple[str, str]]:
        _, searched = engine.search(path, content.encode() if isinstance(content, str) else content)
        assert searched.problems == ()
        return [(f.credential.rule.removeprefix("secrets/"), f.credential.value.reveal()) for f in searched.found]

    return found
