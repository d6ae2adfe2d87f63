"""
No secret is built into the image.

## What it does

Reports `ENV` and `ARG` with a secret's name and a literal value, a secret's `ARG` that a `RUN` uses, and passwords on
command lines that set or use them (`chpasswd`, `mysql -p…`, `curl -u user:password`, an address with a password).

## Why it matters

Every layer and every build argument can be read from the image by whoever can pull it (`docker history`), also what a
later layer deletes.

## How to fix

`RUN --mount=type=secret,id=token …` for what the build needs, and a secret at run time for everything else. Change the
value that was built in.

Source: https://docs.docker.com/build/building/secrets/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile, Instruction
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.secrets.names import is_secret_name
from seatrial.inspectors.secrets.values import Verdict, judge

ID = "dockerfile/secret"
CHECK = "dockerfile/secrets"
SEVERITY = Severity.HIGH
_COMMANDS = re.compile(
    r"""
    \becho\s+["']?[\w.-]+:(?P<a>[^\s"'|$:]{3,})["']?\s*\|\s*chpasswd
  | \bcurl\b[^|;&]*?\s(?:-u|--user)[\s=]["']?[\w.@-]+:(?P<b>[^\s"'$:]{3,})
  | \b(?:https?|ftp)://[\w.%-]+:(?P<c>[^\s"'$@/:{]{3,})@
  | \b(?:mysql|mysqladmin|mysqldump|mariadb)\b[^|;&]*?\s(?:-p|--password=)(?P<d>[^\s"'$;-][^\s"'$;]{2,})
  | \b(?:PGPASSWORD|MYSQL_PWD|SSHPASS)=["']?(?P<e>[^\s"'$;]{3,})
  | \bsshpass\s+-p\s*["']?(?P<f>[^\s"'$;]{3,})
  | \b(?:docker|podman|helm|npm|az)\s[^|;&]*?login[^|;&]*?\s(?:-p|--password)[\s=]["']?(?P<g>[^\s"'$;-][^\s"'$;]{2,})
    """,
    re.VERBOSE,
)
_REMEDY = "RUN --mount=type=secret,id=NAME …, and change the value that was built in"


def check(file: Dockerfile) -> Iterator[Finding]:
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
        if _names_a_secret(name) and value and judge(value, key=name) in (Verdict.SECRET, Verdict.WEAK):
            sure = Confidence.HIGH if judge(value, key=name) is Verdict.SECRET else Confidence.LOW
            at = one.line_of(re.compile(rf"\b{re.escape(name)}\b"))
            message = f"{one.keyword} builds the secret {name} into the image"
            yield found(ID, SEVERITY, at, message, _REMEDY, confidence=sure, anchor=f"{one.keyword} {name}")


def _command(one: Instruction) -> Iterator[Finding]:
    for match in _COMMANDS.finditer(one.script):
        value = next(v for v in match.groups() if v is not None)
        if judge(value, key="password") in (Verdict.SECRET, Verdict.WEAK):
            at = one.line_of(re.compile(re.escape(value)))
            yield found(
                ID, SEVERITY, at, "a password stands on the command line of a RUN", _REMEDY, anchor="RUN password"
            )


def _used(one: Instruction, declared: set[str]) -> Iterator[Finding]:
    for name in sorted(declared):
        if re.search(rf"\$\{{?{re.escape(name)}\b", one.script):
            message = f"the build argument {name} is a secret, and stays in the image's history"
            yield found(ID, Severity.MEDIUM, one.at, message, _REMEDY, anchor=f"ARG {name}")


def _kept(one: Instruction, declared: set[str]) -> Iterator[Finding]:
    for name, value in one.pairs():
        if any(re.fullmatch(rf"\$\{{?{re.escape(d)}\}}?", value) for d in declared):
            message = f"ENV keeps the build argument {name}, a secret, in the image"
            yield found(ID, SEVERITY, one.at, message, _REMEDY, anchor=f"ENV {name}")
