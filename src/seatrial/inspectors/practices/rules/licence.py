"""
There is a licence.

## What it does

Reports, once, a library, a tool, an action or a documentation without a licence: no file of that name with a text, and
no field in its manifest.

## Why it matters

Without a licence, nothing permits others to use it.

## How to fix

A file LICENSE with the text of a licence.

Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/licensing-a-repository
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.domain.kinds import RepositoryKind
from seatrial.inspectors.practices.repository import PracticeResult, Repository, holds, lacks, practice

_FILE = re.compile(
    r"^(?:licen[cs]es?(?:[-_.][^/]*)?|licen[cs]es/.+|licen[cs]e/[^/]*(?:licen[cs]e|copying|apache|mit|bsd|gpl|mpl|isc)[^/]*"
    r"|copying(?:\.[^/]*)?|unlicense|[^/]*[-_.]licen[cs]e(?:\.[^/]*)?)$",
    re.IGNORECASE,
)
"""Names of licence texts. REUSE keeps them in `LICENSES/`; a folder of another name may hold anything."""
_FIELD = re.compile(
    r"^[ \t]*[\"']?licen[cs]e(?:-file)?[\"']?[ \t]*[:=][ \t]*[\"'{\[]?\s*\w|<licen[cs]es?>|License ::",
    re.MULTILINE | re.IGNORECASE,
)
_MANIFESTS = (
    r"^(?:pyproject\.toml|setup\.(?:py|cfg)|package\.json|Cargo\.toml|composer\.json|pom\.xml|[^/]+\.gemspec|mix\.exs)$"
)


def _judge(repository: Repository) -> PracticeResult:
    """Whether a licence is there."""
    whole = repository.whole
    if path := next((p for p in whole.paths if _FILE.match(p) and whole.text(p).strip()), ""):
        return holds(path)
    if path := whole.first(whole.named(_MANIFESTS), _FIELD):
        return holds(f"the field in {path}")
    return lacks("there is no licence", "a file LICENSE with the text of a licence")


RULE = practice(
    __doc__,
    id="practices/licence",
    severity=Severity.LOW,
    kinds=frozenset({RepositoryKind.LIBRARY, RepositoryKind.CLI, RepositoryKind.ACTION, RepositoryKind.DOCUMENTATION}),
    evidence=re.compile(r"licen[cs]e|copying|/$", re.IGNORECASE),
    above=True,
    judge=_judge,
)
