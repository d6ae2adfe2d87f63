"""
No administration tool is open to everybody.

## What it does

Reports administration tools whose port is published on every interface. Examples are Adminer, phpMyAdmin, pgAdmin,
Mongo Express, Redis Commander, Portainer and Traefik's dashboard.

## Why it matters

They hold the passwords of what they administer, and many ask for none themselves.

## How to fix

Bind the port to 127.0.0.1 and reach it through SSH, or put it behind a proxy with authentication.

Source: https://docs.docker.com/engine/network/port-publishing/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule

from .base import found, snippet


def _applies(project: ComposeProject) -> bool:
    """Whether there is such a tool."""
    return any(_TOOL.search(s.program) for s in project.services)


_TOOL = re.compile(
    r"^(?:adminer|phpmyadmin|pgadmin4?|mongo-express|redis-?commander|redisinsight|rediscommander"
    r"|portainer(?:-ce|-ee)?|phpredisadmin|phppgadmin|pgweb"
    r"|cloudbeaver|dbgate|kafka-ui|akhq|kafdrop|dozzle|yacht|rabbitmq-management|elasticvue|cerebro|kibana"
    r"|opensearch-dashboards|docker-registry-ui|nocodb|sqlpad)$"
)


def _find(project: ComposeProject) -> Iterator[Finding]:
    """Tools that everybody reaches."""
    for service in project.services:
        for port in service.ports:
            if _TOOL.search(service.program) and port.everywhere and "$" not in port.host_ip:
                remedy = snippet(service, f'ports: ["127.0.0.1:{port.first or port.target}:{port.target}"]')
                message = f"{service.program} is open to everybody on port {port.first or port.target}"
                yield found(RULE.id, RULE.severity, service, port.at, message, remedy, "ports", str(port.target))


RULE = Rule.of(
    __doc__,
    id="compose/admin-tool",
    check="compose/network",
    severity=Severity.HIGH,
    applies=_applies,
    find=_find,
)
