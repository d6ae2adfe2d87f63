"""The services of a running stack, and what each weighs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seatrial.domain import Location
from seatrial.domain.grading import GradedSubject, SubjectRole, WeightedShare
from seatrial.inspectors.rulebook import role_weight
from seatrial.lab.model import Service, Stack


def services(stack: Stack, places: Mapping[str, Location], names: Iterable[str] | None = None) -> WeightedShare:
    """
    A share of the stack's services.

    Args:
        stack: what was started.
        places: where each service is declared.
        names: the services that were looked at; all if it is None.
    """
    wanted = sorted(stack.services) if names is None else sorted(set(names))
    known = stack.services
    return WeightedShare(
        tuple(GradedSubject(name, _path(name, places), role_weight(role(known.get(name)))) for name in wanted),
        "service",
    )


def _path(name: str, places: Mapping[str, Location]) -> str:
    at = places.get(name) or next(iter(places.values()), None)
    return at.path if at is not None else "compose.yaml"


def role(service: Service | None) -> SubjectRole:
    """What a service is for: it keeps data, or other machines can speak to it."""
    if service is None:
        return SubjectRole.ORDINARY
    if service.store:
        return SubjectRole.STORE
    return SubjectRole.EXPOSED if service.tcp_published else SubjectRole.ORDINARY
