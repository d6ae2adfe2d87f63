"""A GitHub for each test, which must not have seen anything that GitHub's description does not know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import server


@pytest.fixture
def hub() -> Iterator[server.Hub]:
    with server.running() as made:
        made.open_pull(7, "a" * 40)
        yield made
        assert made.violations == []
