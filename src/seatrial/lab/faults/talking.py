"""A sidecar that reports what it does, one JSON object in a line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.lab.engine import FAILURES, LabError, one_line
from seatrial.lab.faults.base import Bench, Poll

PYTHON = ("/opt/seatrial/bin/python", "-I", "-u", "-B", "-m")
"""How our image runs a module of ours."""

_START = 15.0  # seconds; a busy machine takes its time to start a program


class Talking:
    """Our side of it: started by the first report, removed by `close`."""

    def __init__(self, bench: Bench, command: Sequence[str], **options: Any) -> None:
        """
        Start it, and wait for its first report.

        Raises:
            LabError: it cannot be started, or ends without a report.
        """
        self._bench = bench
        self._container = bench.engine.sidecar(bench.image, [*PYTHON, *command], **options)
        with contextlib.suppress(LabError):
            if Poll(within=_START).until(lambda: bool(self.last()) or self._ended()) and self.last():
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

    def close(self) -> None:
        """Have it end, and remove it."""
        with contextlib.suppress(*FAILURES):
            self._container.stop(timeout=2)
        self._bench.engine.remove(self._container)

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
