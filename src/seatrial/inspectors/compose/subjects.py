"""The services that a check is about, and what each weighs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from seatrial.domain.grading import GradedSubject, SubjectRole
from seatrial.inspectors import path_roles
from seatrial.inspectors.rulebook import role_weight
from seatrial.inspectors.rules import Rule

from .project import ComposeProject
from .service import ServiceConfig

_HELPER = re.compile(
    r"exporter|^(?:cadvisor|promtail|alloy|fluent-?bit|fluentd|vector|telegraf|statsd|watchtower|autoheal|adminer"
    r"|phpmyadmin|pgadmin4?|mongo-express|redis-?commander|redisinsight|portainer|dozzle|mailpit|mailhog)(?:$|[-_])"
)
"""Programs that watch, log, administer or replace; without them the application still serves."""


def judged(asked: Iterable[tuple[Rule[ComposeProject], ComposeProject]]) -> tuple[GradedSubject, ...]:
    """
    The services to which any of some rules applies, each once.

    A rule is asked about a project; whether it asks about a service is whether it would ask a project of that alone.
    """
    found: dict[tuple[str, str], GradedSubject] = {}
    for rule, project in asked:
        for service in project.services:
            key = (service.at.path, service.name)
            if key not in found and rule.applies(replace(project, services=(service,))):
                found[key] = GradedSubject(service.name, service.at.path, role_weight(role(service)))
    return tuple(found.values())


def role(service: ServiceConfig) -> SubjectRole:
    """What a service is for: by its file, its program, and who can speak to it."""
    if path_roles.purpose(service.at.path).role is not path_roles.PathRole.PRODUCTION:
        return SubjectRole.HELPER
    if service.datastore:
        return SubjectRole.STORE
    if _HELPER.search(service.program or service.name.lower()):
        return SubjectRole.HELPER
    return SubjectRole.EXPOSED if service.reachable else SubjectRole.ORDINARY
