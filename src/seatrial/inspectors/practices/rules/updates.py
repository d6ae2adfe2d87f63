"""
Something renews the dependencies.

## What it does

Reports, once, a repository with dependencies, images or actions that neither Dependabot nor Renovate nor another
program updates.

## Why it matters

Pinned versions get old. Without updates, known vulnerabilities stay until someone exploits them.

## How to fix

`.github/dependabot.yml` or `renovate.json` with an entry for each ecosystem.

Source: https://docs.github.com/en/code-security/dependabot
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.inspectors.dependencies.reading import declares, may_declare
from seatrial.inspectors.practices.repository import EVERY, PracticeResult, Repository, holds, lacks, needless, practice

_FILES = {
    r"^\.github/dependabot\.ya?ml$": r"^[ \t]*-?[ \t]*[\"']?package-ecosystem[\"']?\s*:",
    r"^(?:\.github/|\.gitlab/)?(?:renovate\.json5?|\.renovaterc(?:\.json5?)?)$": r"\S",
    r"^package\.json$": r"^[ \t]*\"renovate\"\s*:",
    r"^(?:\.pyup\.yml|\.scala-steward\.conf|\.github/updatecli\..*|updatecli/.*\.ya?ml)$": r"\S",
}
_COMMANDS = re.compile(
    r"\b(?:renovate|npm-check-updates|ncu\s+-u|pip-compile\s+[^\n]{0,200}--upgrade|uv\s+lock\s+--upgrade|poetry\s+update"
    r"|cargo\s+update|go\s+get\s+-u|nix\s+flake\s+update|updatecli)\b"
)
_STEPS = re.compile(r"renovate|update-flake-lock|dependabot|updatecli")
_DECLARED = (
    r"(?:^|/)(?:Dockerfile[^/]*|(?:docker-)?compose[^/]*\.ya?ml|Chart\.ya?ml|\.gitlab-ci\.ya?ml)$|^\.github/workflows/"
    r"|\.tf$"
)


def _judge(repository: Repository) -> PracticeResult:
    """Whether there is a file or a job that renews."""
    whole = repository.whole
    for pattern, says in _FILES.items():
        for path in whole.paths:
            if re.search(pattern, path) and re.search(says, whole.live(path), re.MULTILINE):
                return holds(path)
    for job in repository.pipelines.jobs:
        if _COMMANDS.search(job.commands) or any(_STEPS.search(one) for one in job.uses):
            return holds(f"{job.system}: job {job.name} at {job.at}")
    if not declares(whole.tree) and not any(whole.named(_DECLARED)):
        return needless("no dependency, image or action is declared", _may_declare)
    return lacks("nothing updates the dependencies", "Dependabot or Renovate, for each ecosystem")


def _may_declare(path: str) -> bool:
    return may_declare(path) or re.search(_DECLARED, path) is not None


RULE = practice(
    __doc__,
    id="practices/updates",
    severity=Severity.LOW,
    kinds=EVERY,
    evidence=re.compile(r"dependabot|renovate|/$"),
    above=True,
    judge=_judge,
)
