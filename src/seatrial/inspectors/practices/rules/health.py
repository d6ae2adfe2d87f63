"""
The service has a healthcheck.

## What it does

Reports, once, a service without a health endpoint in its code and without a container, pod or platform healthcheck.
`compose/healthcheck` asks it besides of every Compose service.

## Why it matters

What cannot be asked whether it lives is not restarted, and gets requests while it starts.

## How to fix

A route such as `/healthz`, and a probe or a health check that asks it.

Source: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.inspectors.practices.repository import (
    ANY_CODE,
    SERVICES,
    PracticeResult,
    Repository,
    holds,
    lacks,
    practice,
)

_ROUTE = re.compile(
    r"[\"'`](?:[A-Z]+ )?(?:/[\w{}.-]+){0,3}/(?:health(?:[-_]?(?:z|check|y))?|livez?|liveness|readyz?|readiness|alive"
    r"|heartbeat|ping|up|status)/?[\"'`]|[\"'`]health(?:z|[-_]?check)?/?[\"'`]|MapHealthChecks|\bhealth_check\b"
    r"|grpc_health|grpc\.health|healthcheck\.New|spring-boot-starter-actuator|smallrye-health|terminus['\"]"
)
_IMAGE = re.compile(r"^[ \t]*HEALTHCHECK\s+(?!NONE)", re.MULTILINE | re.IGNORECASE)
_PLATFORM = re.compile(
    r"healthCheckPath|\bhttp_checks\b|healthcheckPath|health_check_path|\[\[services\.tcp_checks|\bchecks\]",
    re.MULTILINE,
)
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def _judge(repository: Repository) -> PracticeResult:
    """Whether something can be asked."""
    whole = repository.whole
    for project in whole.projects:
        for service in project.services:
            if (
                service.get("healthcheck")
                and not service.datastore
                and service.text("healthcheck", "disable") != "true"
            ):
                return holds(f"the health check of {service.name} at {service.place('healthcheck')}")
    for one in whole.manifests.workloads:
        for container in one.containers:
            if any(probe in container for probe in _PROBES):
                return holds(f"the probes of {one.name} at {container.at}")
    manifests = [p for p in whole.own if p.endswith(("pom.xml", ".gradle", ".kts"))]
    for pattern, paths in (
        (_IMAGE, whole.named(r"dockerfile|containerfile")),
        (re.compile(r"^[ \t]*(?:liveness|readiness)Probe\s*:", re.MULTILINE), whole.manifests.templates),
        (_PLATFORM, [p for p in whole.own if p.endswith((".toml", ".yaml", ".yml", ".json", ".tf"))]),
        (_ROUTE, (*whole.code, *manifests)),
    ):
        if path := whole.first(paths, pattern):
            return holds(path)
    message = "no health endpoint, no probe and no healthcheck"
    return lacks(message, "a route /healthz, and a health check that asks it")


RULE = practice(
    __doc__,
    id="practices/health",
    severity=Severity.MEDIUM,
    kinds=SERVICES,
    evidence=re.compile(ANY_CODE.pattern + r"|compose[^/]*\.ya?ml$|Dockerfile"),
    judge=_judge,
)
