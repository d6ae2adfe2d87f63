"""
An alert reaches a person when the service fails.

## What it does

Reports, once, a service without alerts: no alert rules of Prometheus or Grafana, no cloud alarm, no error tracking, no
notifier and no dead man's switch. Documents do not count.

## Why it matters

A dashboard does not page on-call.

## How to fix

An alert for each thing that users notice, and a receiver that reaches a person.

Source: https://sre.google/sre-book/practical-alerting/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.path_roles import is_example_path
from seatrial.inspectors.practices import signals
from seatrial.inspectors.practices.repository import (
    ANY_CODE,
    SERVICES,
    PracticeResult,
    Repository,
    holds,
    lacks,
    practice,
)

_RULES = re.compile(r"^[ \t]*(?:-\s*)?alert\s*:\s*\S", re.MULTILINE)
_GRAFANA = re.compile(r"^(?:groups|contactPoints|policies)\s*:", re.MULTILINE)


def _judge(repository: Repository) -> PracticeResult:
    """Whether something tells people."""
    evidence = next(_evidence(repository), "")
    if evidence:
        return holds(evidence)
    message = "no alert reaches a person when the service fails"
    return lacks(message, "alert rules with a receiver that reaches a person")


def _evidence(repository: Repository) -> Iterator[str]:
    whole = repository.whole
    for view in whole.monitoring.rules:
        rules = [rule for group in view["groups"].items for rule in group["rules"].items if "alert" in rule]
        if rules and not is_example_path(view.path):
            yield f"{len(rules)} alert rules in {view.path}"
    for name, at in repository.images():
        if signals.ALERTING_IMAGES.match(name):
            yield f"{name} at {at}"
    yaml = [p for p in whole.own if p.endswith((".yml", ".yaml"))]
    for pattern, paths in (
        (_GRAFANA, [p for p in yaml if re.search(r"grafana|alerting", p, re.IGNORECASE)]),
        (_RULES, [p for p in yaml if re.search(r"templates/", p)]),
        (signals.CLOUD_ALARMS, [p for p in whole.own if signals.EXTENSIONS.search(p)]),
        (signals.REPORTS_ERRORS, whole.code),
        (signals.PINGS, repository.doing),
    ):
        if path := whole.first(paths, pattern):
            yield path
    for commands, at in repository.commands:
        if signals.PINGS.search(commands):
            yield f"the pipeline at {at}"


RULE = practice(
    __doc__,
    id="practices/alerts",
    severity=Severity.MEDIUM,
    kinds=SERVICES,
    evidence=re.compile(
        r"prometheus|grafana|alert|monitor|rules|\.tf$|compose[^/]*\.ya?ml$|crontab|\.(?:cron|timer|service|mk)$|makefile$|"
        + ANY_CODE.pattern,
        re.IGNORECASE,
    ),
    judge=_judge,
)
