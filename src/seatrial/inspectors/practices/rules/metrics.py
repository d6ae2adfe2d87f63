"""
Something measures the service.

## What it does

Reports, once, a service that nothing monitors: no monitoring container, scrape configuration, ServiceMonitor or cloud
monitoring, and no metrics or error tracking in the code. Documents do not count.

## Why it matters

Users notice an outage first, and its beginning is unknown.

## How to fix

An endpoint `/metrics` and a Prometheus that reads it, or the agent of a monitoring service.

Source: https://sre.google/sre-book/monitoring-distributed-systems/
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

_OBJECTS = frozenset(
    {"ServiceMonitor", "PodMonitor", "Probe", "PrometheusRule", "OpenTelemetryCollector", "Instrumentation"}
)
_ANNOTATIONS = re.compile(
    r"^[ \t]*[\"']?(?:prometheus\.io/scrape|ad\.datadoghq\.com/|instrumentation\.opentelemetry\.io/)"
    r"|^kind:\s*(?:ServiceMonitor|PodMonitor)\b"
    r"|^[ \t]*\[+metrics\]+",
    re.MULTILINE,
)
_DEPENDENCIES = re.compile(
    r"micrometer-registry|quarkus-micrometer|spring-boot-starter-actuator|prometheus-net", re.IGNORECASE
)


def _judge(repository: Repository) -> PracticeResult:
    """Whether something measures."""
    evidence = next(_evidence(repository), "")
    if evidence:
        return holds(evidence)
    message = "no monitoring: no metrics, no error reports"
    return lacks(message, "an endpoint /metrics that Prometheus reads, or the agent of a monitoring service")


def _evidence(repository: Repository) -> Iterator[str]:
    whole = repository.whole
    for name, at in repository.images():
        if signals.MONITORING_IMAGES.match(name):
            yield f"{name} at {at}"
    for view in whole.monitoring.settings:
        if not is_example_path(view.path):
            yield f"scrape configuration {view.path}"
    for view in whole.manifests.objects:
        if view["kind"].text in _OBJECTS and not is_example_path(view.path):
            yield f"{view['kind'].text} at {view.at}"
    for pattern, paths in (
        (_ANNOTATIONS, [p for p in whole.own if signals.EXTENSIONS.search(p) or p.endswith(".toml")]),
        (signals.CLOUD_MONITORING, [p for p in whole.own if signals.EXTENSIONS.search(p)]),
        (signals.REPORTS_ERRORS, whole.code),
        (signals.MEASURES, whole.code),
        (_DEPENDENCIES, whole.named(r"(?:^|/)(?:pom\.xml|build\.gradle(?:\.kts)?|[^/]+\.csproj)$")),
    ):
        if path := whole.first(paths, pattern):
            yield path


RULE = practice(
    __doc__,
    id="practices/metrics",
    severity=Severity.HIGH,
    kinds=SERVICES,
    evidence=re.compile(
        r"prometheus|grafana|monitor|metric|telemetry|\.tf$|compose[^/]*\.ya?ml$|\.toml$"
        r"|(?:^|/)(?:pom\.xml|build\.gradle(?:\.kts)?|[^/]+\.csproj)$|" + ANY_CODE.pattern,
        re.IGNORECASE,
    ),
    judge=_judge,
)
