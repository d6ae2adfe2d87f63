"""
Logs are rotated or shipped.

## What it does

Reports, once, a service without Compose file of which nothing rotates or ships the logs. Of Compose services
`compose/log-rotation` asks the same one by one; a cluster and a platform keep and rotate the output of containers
themselves.

## Why it matters

A full disk stops everything on the machine, and a log that is gone explains nothing.

## How to fix

`logrotate`, journald, or a program that ships the log.

Source: https://12factor.net/logs
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.inspectors.practices import signals
from seatrial.inspectors.practices.repository import (
    SERVICES,
    PracticeResult,
    Repository,
    holds,
    lacks,
    needless,
    practice,
)

_ROTATES = re.compile(
    r"RotatingFileHandler|winston-daily-rotate|rotating-file-stream|pino-roll|\blumberjack\.|file-rotate-logs|RollingFile"
    r"|tracing_appender::rolling|rollingFile|StandardOutput\s*=\s*journal|logging\.googleapis|watchtower|awslogs"
    r"|python-json-logger.*loki|logging_loki|winston-loki|LokiHandler|SysLogHandler|GELF|logstash_async|\bloguru\b.*rotation"
)
_PLATFORM = (
    r"(?:^|/)(?:Procfile|fly\.toml|render\.yaml|vercel\.json|netlify\.toml|wrangler\.\w+|serverless\.ya?ml|app\.yaml)$"
)


def _judge(repository: Repository) -> PracticeResult:
    """Whether something keeps logs small, or takes them away."""
    whole = repository.whole
    if repository.whole.projects:
        return needless("compose/log-rotation asks it of every service")
    if whole.manifests.workloads or whole.manifests.templates:
        return needless("the cluster's nodes keep and rotate the output of containers")
    if path := next(whole.named(_PLATFORM), ""):
        return needless(f"the platform of {path} keeps the output")
    for name, at in repository.images():
        if signals.LOG_IMAGES.match(name):
            return holds(f"{name} at {at}")
    if path := next(whole.named(r"(?:^|/)logrotate(?:\.d/|\.conf$|$)"), "") or whole.first(repository.doing, _ROTATES):
        return holds(path)
    return lacks("nothing rotates or ships the logs", "logrotate, journald, or a program that ships them")


RULE = practice(
    __doc__,
    id="practices/logs",
    severity=Severity.LOW,
    kinds=SERVICES,
    evidence=re.compile(r"log|compose[^/]*\.ya?ml$|/$", re.IGNORECASE),
    judge=_judge,
)
