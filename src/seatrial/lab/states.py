"""The containers of a project by the engine's word: which service is not up, why, and whether that is for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .engine import SERVICE
from .model import COMPLETED, Stack


@dataclass(frozen=True)
class ServiceStates:
    """One look at a project's services."""

    containers: Callable[..., Sequence[Any]]
    """Of the project, or of one service of it."""
    stack: Stack
    forgiven: frozenset[str] = frozenset()
    """Services that are not looked at."""
    settled: bool = False
    """Whether a service that ends from now on was not meant to, with whichever exit code."""

    def problems(self) -> list[tuple[str, str]]:
        """Services that are not up, and why; one that waits for another of them is not to blame."""
        problems = [(service, text) for service, text, _ in self._states()]
        faulty = {service for service, _ in problems}
        waiting = {
            s for s in faulty if faulty & (self.stack.services[s].depends.keys() if self._is_created(s) else set())
        }
        return [(service, text) for service, text in problems if service not in waiting or faulty == waiting]

    def dead(self) -> frozenset[str]:
        """The services that ended with an error and that nothing starts again."""
        return frozenset(service for service, _, final in self._states() if final)

    def _is_created(self, service: str) -> bool:
        """Whether its containers were made and never started."""
        found = self.containers(service)
        return bool(found) and all(c.attrs["State"].get("Status") == "created" for c in found)

    def _states(self) -> Iterator[tuple[str, str, bool]]:
        """Service, what is wrong with it, and whether that is for good."""
        there = set()
        for container in self.containers():
            service = str(container.labels.get(SERVICE, ""))
            there.add(service)
            if service not in self.forgiven and service in self.stack.services:
                yield from self._of(service, container.attrs["State"])
        for lasting in self.stack.lasting:
            if lasting.name not in there:
                yield lasting.name, "was not started", False

    def _of(self, service: str, state: Any) -> Iterator[tuple[str, str, bool]]:
        health = (state.get("Health") or {}).get("Status", "")
        well = state.get("Status") == "exited" and state.get("ExitCode") == 0
        if well and not (self.settled and service not in self.stack.one_shots):
            return  # a one-shot that did its work
        if state.get("Status") in ("exited", "dead"):
            known = self.stack.services[service]
            stays = known.ends if well else not known.restarts
            yield service, f"ended with exit code {state.get('ExitCode')}", stays
        elif state.get("Status") == "created" and (waited := self._waited_for(service)):
            yield service, waited, False
        elif state.get("Status") == "restarting" or not state.get("Running"):
            yield service, f"is {state.get('Status')}, last exit code {state.get('ExitCode')}", False
        elif health and health != "healthy":
            yield service, f"is {health}", False

    def _waited_for(self, service: str) -> str:
        """What a service waits for that was never started."""
        words = {"service_healthy": "to be healthy", COMPLETED: "to end well"}
        depends = self.stack.services[service].depends
        return ", ".join(f"waits for {name} {words.get(c, 'to start')}" for name, c in sorted(depends.items()))
