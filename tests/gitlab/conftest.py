"""A GitLab for each test, which must not have seen anything that GitLab's documentation does not describe."""

from __future__ import annotations

from collections.abc import Iterator

import gitlab_server
import pytest


@pytest.fixture
def server() -> Iterator[gitlab_server.Server]:
    with gitlab_server.running() as made:
        yield made
        assert made.violations == []
