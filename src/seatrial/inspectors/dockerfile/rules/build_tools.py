"""
The image that is shipped has no compilers.

## What it does

Reports, in the final image: compilers and `-dev` packages that the same layer does not remove, and a compiled language
that is built there.

## Why it matters

They make the image several times as large, and give an attacker tools.

## How to fix

Build in a stage of its own and copy the result: `COPY --from=build /app /app`.

Source: https://docs.docker.com/build/building/multi-stage/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.shell import Command
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .packages import PackageManagerCall, calls, package_name

_TOOLS = re.compile(
    r"build-essential|build-base|gcc|g\+\+|clang|make|cmake|cargo|rustc|golang(?:-go)?|maven|gradle|[\w+.-]+-dev(?:el)?"
)
_REMOVALS = frozenset({"purge", "remove", "autoremove", "erase", "del", "rm"})
_BUILDS = {
    "go": ("build",), "cargo": ("build",), "mvn": ("package", "install"), "mvnw": ("package",), "gradle": ("build",),
    "gradlew": ("build",), "dotnet": ("publish",),
}  # fmt: skip


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Tools and builds in the final stage."""
    for stage in file.shipped():
        for one in stage.all("RUN"):
            if built := next((b for c in one.commands if (b := _build(c))), None):
                command, what = built
                message = f"the shipped image runs `{what}`, and keeps its compiler"
                yield found(RULE.id, RULE.severity, one.place(command), message, anchor=what)
                continue
            done = list(calls(one.commands))
            words = [package_name(p) for call in done if call.installs for p in call.packages]
            tools = [w for w in words if _TOOLS.fullmatch(w)]
            if tools and not any(_removes(call) for call in done):
                at = one.line_of(re.compile(rf"(?<![\w-]){re.escape(tools[0])}(?=[\s=\\:~,\"]|$)"))
                names = ", ".join(dict.fromkeys(tools[:6]))
                yield found(
                    RULE.id, RULE.severity, at, f"the shipped image keeps build tools: {names}", anchor=f"tools {names}"
                )


def _build(command: Command) -> tuple[Command, str] | None:
    """A build of a compiled language."""
    name = command.program
    verb = next((a for a in command.arguments if a in _BUILDS.get(name, ())), "")
    if not verb or (name in ("go", "cargo", "dotnet") and command.arguments[0] != verb):
        return None
    return command, f"{name} {verb}"


def _removes(call: PackageManagerCall) -> bool:
    """Whether a call removes packages, or installs them under a name to remove them by (`apk add --virtual`)."""
    return call.verb in _REMOVALS or any(
        o.startswith("--virtual") or (call.manager == "apk" and o == "-t") for o in call.options
    )


RULE = Rule.of(
    __doc__,
    id="dockerfile/build-tools",
    check="dockerfile/reproducible",
    severity=Severity.LOW,
    find=_find,
)
