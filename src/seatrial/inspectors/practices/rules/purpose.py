"""
The repository's purpose is clear.

## What it does

Reads from the files what the repository is: a deployable service, a library, a command-line tool, a GitHub Action,
infrastructure, documentation, or a monorepo of these. What it must have follows from that. A repository without
programs, manifests or documents has no answer, and the gate is then inconclusive.

## Why it matters

A score of nothing would be made up.

## How to fix

`kind:` in `.seatrial.yml`, if the answer is wrong.

Source: https://12factor.net/codebase
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.domain.kinds import RepositoryKind
from seatrial.inspectors.practices.repository import PracticeResult, Repository, holds, practice


def _judge(repository: Repository) -> PracticeResult:
    """What it is, in one sentence."""
    identity = repository.identity
    return holds(identity.sentence)


RULE = practice(
    __doc__,
    id="practices/purpose",
    severity=Severity.LOW,
    kinds=frozenset(RepositoryKind) - {RepositoryKind.EMPTY},
    evidence=re.compile(r"(?!)"),
    judge=_judge,
)
