"""A sidecar that reports what it does, one JSON object in a line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.lab.engine import FAILURES, LabError, one_line
from seatrial.lab.faults.base import FaultContext, Poll

PYTHON = ("/opt/seatrial/bin/python", "-I", "-u", "-B", "-m")
"""How our image runs a module of ours."""

START = 15.0
"""Seconds that a sidecar has to start; a busy machine takes its time."""


class Talking:
    """Our side of it: started by the first report, removed by `close`."""

    def __init__(self, context: FaultContext, command: Sequence[str], **options: Any) -> None:
        """
        Start it, and wait for its first report.

        Raises:
            LabError: it cannot be started, or ends without a report.
        """
        self._bench = context
        self._container = context.engine.sidecar(context.image, [*PYTHON, *command], **options)
        with contextlib.suppress(LabError):
            if Poll(within=START).until(lambda: bool(self.last()) or self._ended()) and self.last():
                return
        said = self._said()
        self.close()
        raise LabError(f"{command[0]} did not start: {' '.join(said[-1:])[:200]}")

    def last(self) -> Mapping[str, Any]:
        """
        The newest report; empty if there is none.

        Raises:
            LabError: it was lost.
        """
        for line in reversed(self._said()):
            if line.startswith("{"):
                found: Mapping[str, Any] = json.loads(line)
                return found
        return {}

    def close(self) -> Mapping[str, Any]:
        """Have it end, and remove it. Its last report, empty if there is none."""
        with contextlib.suppress(*FAILURES):
            self._container.stop(timeout=5)
        last: Mapping[str, Any] = {}
        with contextlib.suppress(LabError):
            last = self.last()
        self._bench.engine.remove(self._container)
        return last

    def _said(self) -> list[str]:
        try:
            text: str = self._container.logs().decode("utf-8", "replace")
        except FAILURES as error:
            raise LabError(f"a sidecar was lost: {one_line(error)}") from None
        return text.strip().split("\n")

    def _ended(self) -> bool:
        with contextlib.suppress(*FAILURES):
            self._container.reload()
            return str(self._container.status) == "exited"
        return True
