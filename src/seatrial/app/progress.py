"""What is happening, while it happens: one live line on a terminal, one line a step elsewhere. On standard error."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.text import Text

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class Progress:
    """
    A display of the inspectors at work; use it as a context manager, call it with (inspector, event).

    It owns no thread (the survey forks), so it moves when the survey says that work goes on.
    """

    def __init__(self, console: Console, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._quiet = quiet
        self._clock = clock
        self._started: dict[str, float] = {}
        self._doing: dict[str, str] = {}
        self._live = (
            Live(console=console, auto_refresh=False, transient=True) if console.is_terminal and not quiet else None
        )

    def __enter__(self) -> Progress:
        """Start the live line, if there is a terminal to show it."""
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the live line away."""
        if self._live:
            self._live.stop()

    def __call__(self, inspector: str, event: str) -> None:
        """Note what an inspector is doing: `started`, `working`, `answered` or `finished`."""
        now = self._clock()
        if event == "started":
            self._started[inspector] = now
        elif event == "finished":
            seconds = now - self._started.pop(inspector, now)
        elif event not in ("working", "answered"):
            self._doing[inspector] = event
            if not self._live and not self._quiet:
                self._console.print(Text(f"{inspector}: {event}", style="dim"))
        if event == "finished" and not self._quiet:
            self._console.print(Text(f"surveyed {inspector} in {seconds:.1f} s", style="dim"))
        if self._live:
            self._live.update(self._line(now), refresh=True)

    def _line(self, now: float) -> Text:
        names = ", ".join(
            f"{name} {now - since:.0f} s{': ' + self._doing[name] if name in self._doing else ''}"
            for name, since in self._started.items()
        )
        return Text(f"{_FRAMES[int(now * 8) % len(_FRAMES)]} surveying: {names}" if names else "")
