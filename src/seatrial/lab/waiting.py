"""Why a stack did not come up: which service waits for which, and what that one printed last."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from seatrial.text.lines import split

from .engine import FAILURES
from .model import COMPLETED, Service, Stack

StackProblem = tuple[str, str]
"""Service (empty: the stack as a whole) and what is wrong."""

_MOST = 200  # characters of what a program printed
_TAIL = 20  # lines of a log
_UNTIL = {"service_healthy": "to be healthy", COMPLETED: "to end with exit code 0"}


def explained(stack: Stack, problems: Iterable[StackProblem], containers: Sequence[Any]) -> Iterator[StackProblem]:
    """
    The same problems, each with who waits for the service, and with its last words.

    Args:
        stack: which service waits for which.
        problems: what is wrong.
        containers: of the project, one a service.
    """
    by_service = {str(c.labels.get("com.docker.compose.service")): c for c in containers}
    for service, text in problems:
        known, container = stack.services.get(service), by_service.get(service)
        if known is None:
            yield service, text
            continue
        told = [text, *_waits(stack, service)]
        if container is not None:
            state = container.attrs["State"]
            told += _refused(state) or _health(known, state) or _log(container)
        yield service, "; ".join(told)


def _waits(stack: Stack, service: str) -> Iterator[str]:
    """Who waits for a service, and for what of it."""
    for name, other in sorted(stack.services.items()):
        if service in other.depends:
            yield f"{name} waits for {service} {_UNTIL.get(other.depends[service], 'to start')}"


def _refused(state: Mapping[str, Any]) -> list[str]:
    """Why the engine could not start a container, such as a program that its image does not have."""
    error = " ".join(str(state.get("Error") or "").split())[:_MOST]
    return [f"the engine could not start it: {error}"] if error else []


def _health(service: Service, state: Mapping[str, Any]) -> list[str]:
    """The healthcheck that fails, and what its last run printed; nothing where it does not fail."""
    health = state.get("Health") or {}
    if not state.get("Running") or health.get("Status") not in ("unhealthy", "starting"):
        return []
    told = [f"the healthcheck of {service.name}: `{command(service.health)}`"]
    runs = health.get("Log") or []
    if not runs:
        return [*told, "it has not ended once yet"]
    printed = " ".join(str(runs[-1].get("Output", "")).split())[:_MOST]
    code = runs[-1].get("ExitCode")
    ended = "was ended by its time-out" if code == -1 else f"ended with exit code {code}"
    return [*told, f"its last run {ended} and printed {printed or 'nothing'}"]


def command(health: Sequence[str]) -> str:
    """A healthcheck's command in one line."""
    kind, *words = health or ("",)
    return " ".join(words) if kind == "CMD-SHELL" else shlex.join(words) if kind == "CMD" else shlex.join(health)


def _log(container: Any) -> list[str]:
    """The last line of a container's log."""
    try:
        lines = split(container.logs(tail=_TAIL).decode("utf-8", "replace"))
    except FAILURES:
        return []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return [f"its log ends with: {last[:_MOST]}" if last else "its log is empty"]
