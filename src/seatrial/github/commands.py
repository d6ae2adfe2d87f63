"""
What the runner takes for commands in our output.

It reads both streams line by line: `::` at the beginning, and `##[` anywhere. A report shows names and texts of the
surveyed repository, so the runner is told first of all to take nothing for a command; it is for `speak` to say what it
shall hear. The runner starts afresh with each step, so nothing is taken back at the end, where a last line of the
other stream could come too late. Only as the Action: in a shell's step the output and what follows it belong to
others. Source: actions/runner, ActionCommandManager.cs and Handler.cs.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar

Say = Callable[[str], None]
"""Prints one line on standard output, at once."""

_token: ContextVar[str] = ContextVar("_token", default="")


def stop(environ: Mapping[str, str], say: Say) -> None:
    """As the Action, which alone has inputs, tell the runner to take no line for a command from here on."""
    if "INPUT_GITHUB_TOKEN" in environ:
        _stop(say)


def _stop(say: Say) -> None:
    _token.set(secrets.token_hex(16))
    say(f"::stop-commands::{_token.get()}")


def speak(commands: Iterable[str], say: Say) -> None:
    """Print commands that the runner shall hear, after `stop`; without it, they are printed as they are."""
    if token := _token.get():
        say(f"::{token}::")
    for command in commands:
        say(command)
    if token:
        _stop(say)
