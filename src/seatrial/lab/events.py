"""What the engine tells of a project's containers while it is tried, with our own clock's time."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .engine import FAILURES, PROJECT, SERVICE, DockerEngine, connect

_SHOWN = frozenset({"start", "die", "kill", "stop", "pause", "unpause", "oom", "restart", "destroy", "create"})


@dataclass(frozen=True, slots=True)
class ContainerEvent:
    """One thing that happened to a container."""

    at: float
    """Seconds, monotonic."""
    service: str
    action: str
    """`die`, `start`, `oom`, `health_status: healthy`, ..."""
    exit_code: str = ""


class Events:
    """Listens to one project until it is left; also knows where each service's container is to be reached."""

    def __init__(self, engine: DockerEngine, project: str) -> None:
        self._engine, self._project = engine, project
        self.seen: list[ContainerEvent] = []
        self._addresses: dict[str, str] = {}
        self._stream: Any = None
        self._listener: Any = None
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Events:
        """Begin to listen."""
        self._listener = connect(None)  # its own: the stream is open all the time
        self._stream = self._listener.api.events(decode=True, filters={"label": f"{PROJECT}={self._project}"})
        self._thread.start()
        self.locate()
        self._started()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        with contextlib.suppress(*FAILURES, AttributeError):
            self._stream.close()
            self._thread.join(2)
            self._listener.close()

    def _started(self) -> None:
        """What was started before we listened, by the engine's word."""
        with contextlib.suppress(*FAILURES):
            for container in self._engine.containers(self._project):
                began = _moment(str(container.attrs["State"].get("StartedAt") or ""))
                if began is not None and container.attrs["State"].get("Running"):
                    self.seen.insert(0, ContainerEvent(began, str(container.labels.get(SERVICE, "")), "start"))

    def address(self, service: str) -> str:
        """Where the service's container is; empty if it is not running."""
        return self._addresses.get(service, "")

    def since(self, moment: float) -> list[ContainerEvent]:
        """What happened from a moment on."""
        return [event for event in tuple(self.seen) if event.at >= moment]

    def locate(self) -> None:
        """Ask the engine for every address anew."""
        with contextlib.suppress(*FAILURES):
            for container in self._engine.containers(self._project):
                self._place(container.attrs)

    def _place(self, attributes: Mapping[str, Any]) -> None:
        service = (attributes["Config"].get("Labels") or {}).get(SERVICE, "")
        networks = attributes["NetworkSettings"]["Networks"] or {}
        found = [n["IPAddress"] for _, n in sorted(networks.items()) if n.get("IPAddress")]
        if found:
            self._addresses[service] = found[0]

    def _listen(self) -> None:
        with contextlib.suppress(*FAILURES, ValueError, AttributeError):
            for told in self._stream:
                self._note(told)

    def _note(self, told: Mapping[str, Any]) -> None:
        if told.get("Type") != "container":
            return
        action, of = str(told.get("Action", "")), told.get("Actor", {}).get("Attributes", {})
        if action not in _SHOWN and not action.startswith("health_status"):
            return
        self.seen.append(ContainerEvent(time.monotonic(), of.get(SERVICE, ""), action, str(of.get("exitCode", ""))))
        if action == "start":
            with contextlib.suppress(*FAILURES):
                self._place(self._engine.client.api.inspect_container(told["Actor"]["ID"]))


def _moment(text: str) -> float | None:
    """A time of the engine (RFC 3339, any number of decimals) on our own clock; None if it is none."""
    found = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?", text)
    if found is None or found[1].startswith("0001"):
        return None
    moment = dt.datetime.fromisoformat(found[1]).replace(tzinfo=dt.UTC).timestamp() + float(found[2] or 0)
    return time.monotonic() - (time.time() - moment)
