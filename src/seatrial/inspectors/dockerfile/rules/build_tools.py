"""
The image that is shipped has no compilers.

## What it does

Reports, in the final image: compilers and `-dev` packages that are installed and not removed in the same layer, and a
compiled language that is built there.

## Why it matters

They make the image several times as large, and give whoever gets in the tools to go on.

## How to fix

Build in a stage of its own and copy the result: `COPY --from=build /app /app`.

Source: https://docs.docker.com/build/building/multi-stage/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found

ID = "dockerfile/build-tools"
CHECK = "dockerfile/reproducible"
SEVERITY = Severity.LOW
_INSTALL = re.compile(r"\b(?:apt-get|apt|apk|yum|dnf|microdnf|zypper)\b[^|;&]*?\b(?:install|add)\b(?P<rest>[^|;&]*)")
_TOOLS = re.compile(
    r"(?<![\w-])(build-essential|build-base|gcc|g\+\+|clang|make|cmake|cargo|rustc|golang(?:-go)?|maven|gradle"
    r"|[\w+.-]+-dev(?:el)?)(?=[\s=]|$)"
)
_REMOVED = re.compile(
    r"\b(?:apt-get|apt)\b[^|;&]*?\b(?:purge|remove|autoremove)\b|\bapk\s+(?:--\S+\s+)*del\b|\b(?:yum|dnf)\b[^"
    r"|;&]*?\b(?:remove|erase)\b|--virtual\b|\s-t\s"
)
_BUILD = re.compile(
    r"\b(go build|cargo build|mvn (?:\S+ )*(?:package|install)|gradlew? (?:\S+ )*build|dotnet publish"
    r"|(?:\./)?mvnw (?:\S+ )*package)\b"
)


def check(file: Dockerfile) -> Iterator[Finding]:
    """Tools and builds in the final stage."""
    for stage in file.shipped():
        for one in stage.all("RUN"):
            if match := _BUILD.search(one.script):
                at = one.line_of(re.compile(re.escape(match[1])))
                yield found(
                    ID, SEVERITY, at, f"the shipped image runs `{match[1]}`, and keeps its compiler", anchor=match[1]
                )
                continue
            tools = [t for m in _INSTALL.finditer(one.script) for t in _TOOLS.findall(m["rest"])]
            if tools and not _REMOVED.search(one.script):
                at = one.line_of(re.compile(rf"(?<![\w-]){re.escape(tools[0])}(?=[\s=\\]|$)"))
                names = ", ".join(dict.fromkeys(tools[:6]))
                yield found(ID, SEVERITY, at, f"the shipped image keeps build tools: {names}", anchor=f"tools {names}")
