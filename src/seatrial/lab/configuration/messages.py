"""What a program said before it ended: whether its last message names the setting, and whether it shows a secret."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from seatrial.text.lines import split

_LAST = 12
"""Lines at the end of what a program prints that are its last message."""
_REPEATED = 3
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PYTHON_FRAME = re.compile(r'\s*(?:[+|]\s*)*File "[^"]*", line \d+')
_FRAME = re.compile(
    r"\s*at\s.*|\s*\.\.\. \d+ more|\s*goroutine \d+ .*|[\w./*()\[\]{}-]+\(.*\)\s*|\s+\S+\.go:\d+.*|\s*from\s\S+:\d+.*"
    r"|\s*created by .*|Traceback \(most recent call last\):|\s*[~^]+[\s~^]*|Node\.js v[\d.]+|#\d+\s.*|\s*\d+: 0x.*"
)
"""Lines of a stack trace, in the forms of Python, Node, Java, Go, Ruby, PHP and Rust."""
_NODE_PLACE = re.compile(r"\S+\.(?:[cm]?[jt]sx?):\d+$")
_WAITS = re.compile(r"\bwait|\bretry|\bsleep|not ready|connecting", re.IGNORECASE)
_MARK = re.compile(r"\s*\^[\s^~]*")
"""Below the line of code that failed."""
_ERROR = re.compile(r"error|fatal|panic|exception|traceback|fail|invalid|exited|refus|critical|required", re.IGNORECASE)


def last_message(text: str, usual: str = "") -> tuple[str, ...]:
    """
    The last lines that a program printed, without stack traces and what it prints anyway.

    A traceback quotes the line of code that failed, and that line names the variable by accident.

    Args:
        text: what it printed.
        usual: what it prints when nothing is wrong.
    """
    known = {_normal(line) for line in split(usual)}
    said = [line.strip() for line in _without_traces(split(_ANSI.sub("", text))) if line.strip()]
    return tuple([line for line in said if _normal(line) not in known][-_LAST:])


def _without_traces(lines: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if _PYTHON_FRAME.match(line):
            depth = len(line) - len(line.lstrip())
            at += 1
            while at < len(lines) and len(lines[at]) - len(lines[at].lstrip()) > depth:
                at += 1  # the source, and marks below it
            continue
        if _NODE_PLACE.match(line) and any(map(_MARK.fullmatch, lines[at + 1 : at + 4])):
            while not _MARK.fullmatch(lines[at]):
                at += 1
            at += 1
            continue
        if not _FRAME.fullmatch(line):
            yield line
        at += 1


def _normal(line: str) -> str:
    """A line without its numbers: times and process ids differ from run to run."""
    return re.sub(r"[0-9a-f]*\d[0-9a-f]*", "#", line.strip().casefold())


def names(message: Iterable[str], words: Iterable[str]) -> bool:
    """
    Whether a message names a setting.

    Args:
        message: its lines.
        words: the variable's name, or the file's path. `secret_key` names SECRET_KEY, and as a line of its own also
            APP_SECRET_KEY: a library of settings may add the prefix.
    """
    lines = [line.casefold() for line in message]
    for word in (word.casefold() for word in words):
        pattern = re.compile(rf"(?<![\w]){re.escape(word)}(?![\w])")
        if any(pattern.search(line) for line in lines):
            return True
        field = word.partition("_")[2]
        if field and any(re.fullmatch(rf"\W*{re.escape(field)}\W*", line) for line in lines):
            return True
        base = word.rpartition("/")[2] if "/" in word else ""
        if base and any(re.search(rf"(?<!\w){re.escape(base)}(?!\w)", line) for line in lines):
            return True
    return False


def shows(text: str, usual: str, secrets: Iterable[str]) -> bool:
    """Whether a text shows one of these values, where what is printed anyway does not."""
    return any(value in text and value not in usual for value in secrets)


def repeats(text: str, usual: str = "", *, errors: bool = True) -> str:
    """
    The line that a text has again and again; empty if there is none.

    Args:
        text: what a program printed.
        usual: what it prints when nothing is wrong.
        errors: whether only lines that look like an error count; else all but those that say that it waits.
    """
    known = {_normal(line) for line in split(usual)}
    lines = (one for one in split(text) if one.strip() and (_ERROR.search(one) if errors else not _WAITS.search(one)))
    counted = Counter(map(_normal, lines))
    often = [line for line, number in counted.items() if number >= _REPEATED and line not in known]
    return next((line for line in split(text) if often and _normal(line) == often[-1]), "")
