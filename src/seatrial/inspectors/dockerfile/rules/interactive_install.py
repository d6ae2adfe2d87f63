"""
No package manager waits for an answer.

## What it does

Reports package managers that install, upgrade or remove packages without their non-interactive option: `apt-get`,
`apt`, `aptitude`, `yum`, `dnf`, `microdnf`, `tdnf`, `zypper` and `pacman`. Every form counts: options before the verb,
exec form, variables, wrappers. `apk` asks only with `--interactive`.

## Why it matters

A build has no terminal: the package manager reads the end of its input, and aborts the build.

## How to fix

`apt-get install -y`, `dnf install -y`, `zypper --non-interactive install`, `pacman --noconfirm -S`.

Source: https://docs.docker.com/build/building/best-practices/#apt-get
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile, Instruction
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .packages import PackageManagerCall, calls
from .weight import in_stage

_APT = re.compile(r"-[a-zA-Z]*y[a-zA-Z]*|-[a-zA-Z]*qq[a-zA-Z]*|-q=[2-9]|--(?:assume-)?yes|--assume-yes=true")
_YUM = re.compile(r"-[a-zA-Z]*y[a-zA-Z]*|--assumeyes|--setopt=assumeyes=(?:1|true|yes)", re.IGNORECASE)
_ZYPPER = re.compile(r"-[a-zA-Z]*[yn][a-zA-Z]*|--non-interactive|--no-confirm")
_YES = {
    "apt-get": _APT, "apt": _APT, "aptitude": _APT, "yum": _YUM, "dnf": _YUM, "dnf5": _YUM, "microdnf": _YUM,
    "tdnf": _YUM, "zypper": _ZYPPER, "pacman": re.compile(r"--noconfirm"),
}  # fmt: skip
_REMEDY = {"zypper": "zypper --non-interactive", "pacman": "pacman --noconfirm"}
_SETTING = re.compile(r"assume-?yes\b", re.IGNORECASE)
_APT_OPTION = re.compile(r"APT::Get::Assume-Yes=[\"']?(?:true|1|yes)", re.IGNORECASE)
_HARMLESS = frozenset({"--help", "-s", "--simulate", "--dry-run", "--download-only", "-d"})
_MAX_VALUE = 1000


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Calls without the option."""
    for stage in file.stages:
        values: dict[str, str] = {}
        configured = False
        for one in stage.instructions:
            configured = configured or (
                one.keyword in ("RUN", "COPY") and bool(_SETTING.search(one.heredoc or one.text))
            )
            if one.keyword in ("ENV", "ARG"):
                values |= {name: value[:_MAX_VALUE] for name, value in one.pairs()}
            if one.keyword != "RUN" or configured:
                continue
            own = {n: v[:_MAX_VALUE] for c in one.commands for w in c.assigned for n, _, v in [w.partition("=")]}
            for call in calls(one.commands, values | own):
                if _asks(call, one):
                    severity, where = in_stage(file, stage, RULE.severity)
                    message = f"{call.manager} {call.verb} asks before it goes on, and a build has no terminal{where}"
                    remedy = f"{_REMEDY.get(call.manager, f'{call.manager} -y')} {call.verb}"
                    anchor = f"{stage.name} {call.manager} {call.verb}"
                    yield found(RULE.id, severity, one.place(call.command), message, remedy, anchor=anchor)


def _asks(call: PackageManagerCall, one: Instruction) -> bool:
    if call.manager == "apk":
        return call.changes and any(o in ("-i", "--interactive") for o in call.options)
    words = (*call.options, *call.packages)
    if not call.changes or call.command.fed or _may_say_yes(call, words):
        return False
    return not any(c.pipeline == call.command.pipeline and c.program in ("yes", "echo", "printf") for c in one.commands)


def _may_say_yes(call: PackageManagerCall, words: tuple[str, ...]) -> bool:
    """Whether an option says yes, changes nothing, or is a variable of unknown value."""
    yes = _YES[call.manager]
    if any(yes.fullmatch(word) or _APT_OPTION.search(word) or word in _HARMLESS for word in words):
        return True
    quiet = sum(word in ("-q", "--quiet") for word in words)
    return (quiet > 1 and yes is _APT) or any("$" in word for word in call.options)


RULE = Rule.of(
    __doc__,
    id="dockerfile/interactive-install",
    check="dockerfile/reproducible",
    severity=Severity.LOW,
    find=_find,
)
