"""
There is a way back.

## What it does

Reports, once, a service or infrastructure without a described rollback: no section of a
document that says how, no option of the deployment (`--atomic`, `rollout undo`, `failure_action: rollback`), no script.
A report that praises the rollback does not count.

## Why it matters

At three in the morning a rollback is the only repair, and it has to be written down.

## How to fix

A section *Rollback* in the runbook with the command, tried once.

Source: https://sre.google/sre-book/release-engineering/
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.inspectors.practices import documents
from seatrial.inspectors.practices.repository import DEPLOYED, PracticeResult, Repository, holds, lacks, practice

_WORDS = (
    r"roll(?:ing)?[- ]?backs?|roll\s+it\s+back|(?:way|going|go|switch|step)(?:ing)?\s+back"
    r"|(?:former|previous)\s+version"
    r"|downgrad"
)
_TITLE = re.compile(rf"{_WORDS}|\brevert", re.IGNORECASE)
_LINE = re.compile(
    rf"(?:{_WORDS})[^\n]{{0,200}}|revert\s+(?:the|that|its|a)\s+(?:commit|merge|change|release)", re.IGNORECASE
)
_DOES = re.compile(
    r"--atomic\b|rollout\s+undo|helm\s+rollback|--rollback\b|failure_action:\s*rollback|docker\s+service\s+rollback"
    r"|kamal\s+rollback|flyctl?\s+releases\s+rollback|heroku\s+rollback|argocd\s+app\s+rollback|auto_rollback|autoRollback"
    r"|deployment_circuit_breaker|cleanupOnFail|remediation:|kind:\s*Rollout\b|vercel\s+rollback|alembic\s+downgrade"
    r"|going\s+back\s+to|\brollback\b[^\n]{0,80}(?:\$|docker|ssh|kubectl|git)"
)
_HOW = re.compile(r"`[^`\n]{3,}`|\b(?:run|start|set|deploy|apply|revert|check\s?out|use|pull)\b", re.IGNORECASE)


def _judge(repository: Repository) -> PracticeResult:
    """Whether something goes back, or a document says how."""
    whole = repository.whole
    for job in repository.pipelines.jobs:
        if re.search(r"rollback|roll-back", job.name, re.IGNORECASE) or _DOES.search(job.commands):
            return holds(f"{job.system}: job {job.name} at {job.at}")
    settings = (p for p in whole.own if p.endswith((".yml", ".yaml", ".toml", ".tf", ".json")))
    if path := whole.first((*repository.doing, *settings), _DOES) or documents.describes(whole, _TITLE):
        return holds(path)
    for path in documents.pages(whole):
        for paragraph in re.split(r"\n\s*\n", whole.text(path)):
            if _LINE.search(paragraph) and _HOW.search(paragraph) and not documents.praise(paragraph):
                return holds(path)
    return lacks("no rollback is described", "a section Rollback in the runbook, with the command")


RULE = practice(
    __doc__,
    id="practices/rollback",
    severity=Severity.LOW,
    kinds=DEPLOYED,
    evidence=re.compile(r"\.(?:md|rst|adoc)$|runbook|operat|deploy|/$", re.IGNORECASE),
    above=True,
    judge=_judge,
)
