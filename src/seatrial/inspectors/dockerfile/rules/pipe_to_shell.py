"""
Nothing from the network is run unseen.

## What it does

Reports a `RUN` that runs a download: by a pipe into a shell or an interpreter, by substitution (`bash <(curl …)`, `sh
-c "$(curl …)"`, `eval`), by PowerShell's `iex`. An unverified file of the same layer counts too.

## Why it matters

The build runs the server's answer as root, and keeps no trace of it.

## How to fix

Download, compare a checksum that the Dockerfile holds (`ADD --checksum=sha256:…`), then run.

Source: https://docs.docker.com/reference/dockerfile/#add---checksum
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Sequence

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.shell import Command
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .weight import in_stage

_DOWNLOADERS = frozenset({"curl", "wget", "aria2c", "fetch", "http", "https", "lwp-request", "axel"})
_SHELLS = frozenset({"sh", "bash", "ash", "zsh", "dash", "ksh", "fish"})
_INTERPRETER = re.compile(r"(?:python|perl|ruby|node|nodejs|php|pwsh|powershell|lua|deno|bun)[\d.]*")
_VERIFIES = re.compile(
    r"(?:(?:md5|sha\d*|b2|b3)sum|shasum|gpgv?2?|minisign|cosign|signify|sigstore|slsa-verifier|rhash)"
)
_CODE = re.compile(r"\b(?:exec|eval)\s*\(")
_NETWORK = re.compile(
    r"urlopen|urllib|requests\.get|http\.client|Net::HTTP|open-uri|LWP::|file_get_contents", re.IGNORECASE
)
_EXPRESSION = re.compile(r"\b(?:iex|invoke-expression)\b", re.IGNORECASE)
_POWERSHELL = re.compile(
    r"\b(?:iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring|downloadfile|curl|wget)\b", re.IGNORECASE
)
_REMEDY = "ADD --checksum=sha256:… URL /tmp/install.sh"


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Downloads that run."""
    for stage in file.stages:
        for one in stage.all("RUN"):
            command = _runs_download(one.commands)
            if command is None and not (_EXPRESSION.search(one.script) and _POWERSHELL.search(one.script)):
                continue
            at = one.place(command) if command is not None else one.at
            severity, where = in_stage(file, stage, RULE.severity)
            message = f"the build runs what it downloads, unverified{where}"
            yield found(RULE.id, severity, at, message, _REMEDY, anchor=f"pipe {stage.name}")


def _runs_download(commands: Sequence[Command]) -> Command | None:
    """The first download that is run; None if there is none."""
    loads = {c.number: c for c in commands if c.program in _DOWNLOADERS}
    piped: dict[int, Command] = {}
    held: dict[str, Command] = {}
    verified = any(_VERIFIES.fullmatch(c.program) or c.run[:2] == ("openssl", "dgst") for c in commands)
    for command in sorted(commands, key=lambda c: c.number):
        inner = next((loads[n] for n, spelling in command.inside if spelling != "-c" and n in loads), None)
        source = _source(command, inner, piped, held)
        if source is not None:
            return source
        if command.number in loads:
            piped.setdefault(command.pipeline, command)
            if not verified:
                held |= dict.fromkeys(_targets(command), command)
        elif inner is not None:
            if any(spelling == "(" for _, spelling in command.inside):
                piped.setdefault(command.pipeline, inner)
            held |= {f"${word.partition('=')[0]}": inner for word in command.assigned}
        elif command.written and command.pipeline in piped and not verified:
            held |= dict.fromkeys(map(_file, command.written), piped[command.pipeline])
        elif command.program == "tee" and command.pipeline in piped and not verified:
            held |= dict.fromkeys(map(_file, command.arguments), piped[command.pipeline])
    return None


def _source(
    command: Command,
    inner: Command | None,
    piped: dict[int, Command],
    held: dict[str, Command],
) -> Command | None:
    """The download that a command runs."""
    name, arguments = command.program, command.arguments
    runs = name in _SHELLS or _INTERPRETER.fullmatch(name) is not None
    if inner is not None and (runs or name in ("eval", "source", ".", "$()")):
        return inner
    if runs and command.pipeline in piped and _reads_input(name, arguments):
        return piped[command.pipeline]
    if runs and (code := _code(arguments)) and _CODE.search(code) and _NETWORK.search(code):
        return command
    if runs or name in ("source", ".", "eval"):
        words = [w.replace("{", "").replace("}", "") for w in (*arguments, *command.fed)]
        ran = [w for w in words if not w.startswith("-")][: 1 if name in _SHELLS else 2]
        return next((held[key] for w in ran if (key := w if w.startswith("$") else _file(w)) in held), None)
    path = command.run[0] if command.run else ""
    return held.get(_file(path)) if "/" in path else None


def _reads_input(name: str, arguments: Sequence[str]) -> bool:
    """Whether a shell or an interpreter takes its program from its input."""
    if name not in _SHELLS:
        return not [a for a in arguments if a != "-" and not a.startswith("/dev/stdin")] or arguments[0] in ("-", "--")
    for argument in arguments:
        if argument in ("-s", "-", "/dev/stdin", "--") or re.fullmatch(r"-[a-z]*s[a-z]*", argument):
            return True
        if re.fullmatch(r"-[a-z]*c", argument) or not argument.startswith(("-", "+")):
            return False
    return True


def _code(arguments: Sequence[str]) -> str:
    """The program behind `-c` or `-e`."""
    for option, value in itertools.pairwise(arguments):
        if option in ("-c", "-e", "-r", "-Command"):
            return value
    return ""


def _targets(command: Command) -> Iterator[str]:
    """Files that a download is written to."""
    yield from map(_file, command.written)
    addresses = [a for a in command.arguments if "://" in a]
    wget = command.program == "wget"
    for option, value in zip(command.arguments, (*command.arguments[1:], ""), strict=False):
        long, _, given = option.partition("=")
        if long in ("--output", "--output-document"):
            yield _file(given or value)
        elif (match := re.fullmatch(r"-[a-zA-Z]*?([oO])(.*)", option)) and (match[1] == "O") == wget:
            yield _file(match[2] or value)
    if wget or any(re.fullmatch(r"-[a-zA-Z]*O[a-zA-Z]*|--remote-name", a) for a in command.arguments):
        yield from (_file(posixpath.basename(a.partition("?")[0])) for a in addresses)


def _file(path: str) -> str:
    return posixpath.normpath(path) if path else ""


RULE = Rule.of(
    __doc__,
    id="dockerfile/pipe-to-shell",
    check="dockerfile/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
