"""
What the runner takes for commands in our output.

It reads both streams line by line: `::` at the beginning, and `##[` anywhere. A report shows names and texts of the
surveyed repository. So the runner first has to take nothing for a command; it is for `speak` to say what it shall
hear. The runner starts afresh with each step. So nothing is taken back at the end: the other stream's last line could
come later. Only as the Action: in a shell's step the output and what follows it belong to others.
Source: actions/runner, ActionCommandManager.cs and Handler.cs.
"""

from __future__ import annotations

import enum
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from seatrial.ci.host import PrintLine
from seatrial.report.text import shortened
from seatrial.text.lines import split

_token: ContextVar[str] = ContextVar("_token", default="")


def stop(environ: Mapping[str, str], say: PrintLine) -> None:
    """As the Action, which alone has inputs, tell the runner to take no line for a command from here on."""
    if "INPUT_GITHUB_TOKEN" in environ:
        _stop(say)


def _stop(say: PrintLine) -> None:
    _token.set(secrets.token_hex(16))
    say(f"::stop-commands::{_token.get()}")


def speak(commands: Iterable[str], say: PrintLine) -> None:
    """Print commands that the runner shall hear, after `stop`; without it, they are printed as they are."""
    commands = list(commands)
    if not commands:
        return
    if token := _token.get():
        say(f"::{token}::")
    for command in commands:
        say(command)
    if token:
        _stop(say)


MESSAGE_LIMIT = 4096
"""Characters of an annotation that the runner keeps (ExecutionContext.cs)."""


class AnnotationLevel(enum.StrEnum):
    """The kinds of annotation, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class AnnotationPlace:
    """Where an annotation is: a path from the workspace, and lines and columns from 1; 0 is unknown."""

    file: str = ""
    line: int = 0
    end_line: int = 0
    column: int = 0
    end_column: int = 0


NOWHERE = AnnotationPlace()


def annotation(kind: AnnotationLevel, message: str, *, title: str = "", place: AnnotationPlace = NOWHERE) -> str:
    """
    One annotation as a workflow command.

    Columns are left out unless the place is within one line: the runner drops them then.
    """
    one_line = place.line and place.end_line in (0, place.line)
    properties = {
        "title": title,
        "file": place.file,
        "line": place.line if place.file else 0,
        "endLine": place.end_line if place.file and place.line else 0,
        "col": place.column if place.file and one_line else 0,
        "endColumn": place.end_column if place.file and one_line and place.column else 0,
    }
    given = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    return f"::{kind}{' ' + given if given else ''}::{_data(shortened(message, MESSAGE_LIMIT))}"


def mask(value: str) -> Iterator[str]:
    """Have the runner hide a text in the log, a command for each line; less than four characters is not a secret."""
    for line in split(value):
        if len(line.strip()) >= 4:
            yield f"::add-mask::{_data(line.strip())}"


def _data(text: str) -> str:
    """As @actions/core escapes what follows the second pair of colons."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """As @actions/core escapes a property's value."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
