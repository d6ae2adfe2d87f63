"""
No secret is built into the image.

## What it does

Reports `ENV` and `ARG` with a secret's name and a literal value, and a secret's `ARG` that a `RUN` uses. Reports
passwords on command lines (`chpasswd`, `mysql -p…`, `curl -u user:password`, an address with a password).

## Why it matters

Everybody who can pull the image can read every layer and build argument (`docker history`), including deleted files.

## How to fix

`RUN --mount=type=secret,id=token …` for what the build needs, and a secret at run time for everything else. Change the
value that was built in.

Source: https://docs.docker.com/build/building/secrets/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.dockerfile.shell import Command
from seatrial.inspectors.dockerfile.syntax import Dockerfile, Instruction
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.secrets.names import is_secret_name
from seatrial.inspectors.secrets.values import ValueKind, judge
from seatrial.text.vault import learn

_ADDRESS = re.compile(r"\b(?:https?|ftp)://[\w.%-]{1,200}:(?P<value>[^\s\"'$@/:{]{3,500})@")
_USER = re.compile(r"[\w.@-]{1,200}:(?P<value>[^\s\"'$:|]{3,500})")
_VALUE = re.compile(r"(?P<value>[^\s\"'$;-][^\s\"'$;]{2,500})")
_MYSQL = frozenset({"mysql", "mysqladmin", "mysqldump", "mariadb", "mariadb-admin", "mariadb-dump"})
_LOGINS = frozenset({"docker", "podman", "helm", "npm", "az", "buildah", "skopeo", "crane"})
_VARIABLES = frozenset({"PGPASSWORD", "MYSQL_PWD", "SSHPASS"})
_REMEDY = "RUN --mount=type=secret,id=NAME …, and change the value that was built in"


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Values, used arguments, and command lines."""
    for one in file.arguments:
        yield from _values(one)
    for stage in file.stages:
        declared: set[str] = set()
        for one in stage.instructions:
            if one.keyword in ("ENV", "ARG"):
                yield from _values(one)
            if one.keyword == "ARG":
                declared |= {name for name, value in one.pairs() if not value and _names_a_secret(name)}
            elif one.keyword == "RUN":
                yield from _command(one)
                yield from _used(one, declared)
            elif one.keyword == "ENV":
                yield from _kept(one, declared)


def _names_a_secret(name: str) -> bool:
    return is_secret_name(name) and not name.upper().endswith(("_FILE", "_PATH", "_URL", "_KEYS"))


def _values(one: Instruction) -> Iterator[Finding]:
    for name, value in one.pairs():
        if _names_a_secret(name) and value and judge(value, key=name) in (ValueKind.SECRET, ValueKind.WEAK):
            learn(value)
            sure = Confidence.HIGH if judge(value, key=name) is ValueKind.SECRET else Confidence.LOW
            at = one.line_of(re.compile(rf"\b{re.escape(name)}\b"))
            message = f"{one.keyword} builds the secret {name} into the image"
            yield found(RULE.id, RULE.severity, at, message, _REMEDY, confidence=sure, anchor=f"{one.keyword} {name}")


def _command(one: Instruction) -> Iterator[Finding]:
    fed = {c.pipeline for c in one.commands if c.program == "chpasswd"}
    for command in one.commands:
        for value in _passwords(command, fed):
            if judge(value, key="password") in (ValueKind.SECRET, ValueKind.WEAK):
                learn(value)
                at = one.line_of(re.compile(re.escape(value)))
                message = "a RUN has a password on its command line"
                yield found(RULE.id, RULE.severity, at, message, _REMEDY, anchor="RUN password")


def _passwords(command: Command, fed: set[int]) -> Iterator[str]:
    """Literal passwords in the words of a command; `fed` are the pipelines that end in `chpasswd`."""
    for word in (*command.words, *command.assigned):
        if match := _ADDRESS.search(word):
            yield match["value"]
    for assigned in command.assigned:
        name, _, value = assigned.partition("=")
        if name in _VARIABLES and (match := _VALUE.fullmatch(value)):
            yield match["value"]
    if command.program in ("echo", "printf") and command.pipeline in fed:
        yield from (m["value"] for w in command.arguments if (m := _USER.fullmatch(w.removesuffix("\\n"))))
    yield from _given(command)


def _given(command: Command) -> Iterator[str]:
    """Passwords that are the values of options."""
    program, arguments = command.program, command.arguments
    pattern = _USER if program == "curl" else _VALUE
    if program == "curl":
        options: tuple[str, ...] = ("-u", "--user", "-U", "--proxy-user")
    elif program in (*_MYSQL, "sshpass") or (program in _LOGINS and "login" in arguments):
        options = ("-p", "--password")
    else:
        return
    for option, following in zip(arguments, (*arguments[1:], ""), strict=False):
        name, equals, value = option.partition("=")
        if name in options:
            value = value if equals else "" if program in _MYSQL else following
        elif option[:2] in options and not option.startswith("--"):
            value = option[2:]
        else:
            continue
        if match := pattern.fullmatch(value):
            yield match["value"]


def _used(one: Instruction, declared: set[str]) -> Iterator[Finding]:
    for name in sorted(declared):
        if re.search(rf"\$\{{?{re.escape(name)}\b", one.everything):
            message = f"the build argument {name} is a secret, and stays in the image's history"
            yield found(RULE.id, Severity.MEDIUM, one.at, message, _REMEDY, anchor=f"ARG {name}")


def _kept(one: Instruction, declared: set[str]) -> Iterator[Finding]:
    for name, value in one.pairs():
        if any(re.fullmatch(rf"\$\{{?{re.escape(d)}\}}?", value) for d in declared):
            message = f"ENV keeps the build argument {name}, a secret, in the image"
            yield found(RULE.id, RULE.severity, one.at, message, _REMEDY, anchor=f"ENV {name}")


RULE = Rule.of(
    __doc__,
    id="dockerfile/secret",
    check="dockerfile/secrets",
    severity=Severity.HIGH,
    find=_find,
)
