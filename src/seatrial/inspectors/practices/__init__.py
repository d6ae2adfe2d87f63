"""
What a repository of its kind must have, asked whether or not there is a file to look at.

Each practice is a module whose docstring is its page. To add one: a module, a place in `PRACTICES`, and a check of the
same name in the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from seatrial.inspectors.rulebook import pages as pages_of

from . import (
    alerts,
    backup,
    ci_tests,
    contact,
    deployment,
    health,
    licence,
    logs,
    metrics,
    provenance,
    pull_requests,
    purpose,
    rollback,
    scan,
    tests_exist,
    updates,
)
from .repository import Practice

PRACTICES = tuple(
    cast("Practice", module)
    for module in (
        purpose,
        tests_exist,
        ci_tests,
        pull_requests,
        scan,
        updates,
        licence,
        contact,
        provenance,
        deployment,
        rollback,
        health,
        metrics,
        alerts,
        logs,
        backup,
    )
)


def pages() -> Mapping[str, str]:
    """Markdown by rule id."""
    return pages_of(PRACTICES)
