"""
No package manager waits for an answer.

## What it does

Reports `apt-get`, `apt`, `aptitude`, `yum`, `dnf`, `microdnf`, `tdnf`, `zypper` and `pacman` that install, upgrade or
remove packages without the option that says yes, in every form: options before the verb, exec form, variables,
wrappers. `apk` asks only with `--interactive`.

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
from seatrial.inspectors.dockerfile.syntax import Dockerfile, Instruction, filled
from seatrial.inspectors.rulebook import found

from .packages import Call, calls
from .weight import in_stage

ID = "dockerfile/interactive-install"
CHECK = "dockerfile/reproducible"
SEVERITY = Severity.LOW
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
_MAX_VALUE = 1000


def check(file: Dockerfile) -> Iterator[Finding]:
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
            for call in calls(one.commands):
                if _asks(call, one, values):
                    severity, where = in_stage(file, stage, SEVERITY)
                    message = f"{call.manager} {call.verb} asks before it goes on, and a build has no terminal{where}"
                    remedy = f"{_REMEDY.get(call.manager, f'{call.manager} -y')} {call.verb}"
                    anchor = f"{stage.name} {call.manager} {call.verb}"
                    yield found(ID, severity, one.place(call.command), message, remedy, anchor=anchor)


def _asks(call: Call, one: Instruction, values: dict[str, str]) -> bool:
    if call.manager == "apk":
        return call.changes and any(o in ("-i", "--interactive") for o in call.options)
    if not call.changes:
        return False
    own = {n: v for w in (w for c in one.commands for w in c.assigned) for n, _, v in [w.partition("=")]}
    words = " ".join(filled(w, values | own) for w in call.command.arguments).split()
    yes = _YES[call.manager]
    if any(yes.fullmatch(word) or _APT_OPTION.search(word) for word in words):
        return False
    if sum(word in ("-q", "--quiet") for word in words) > 1 and yes is _APT:
        return False
    if any("$" in word for word in words if not word.startswith(("-", "/"))) and _may_be_options(words):
        return False
    if call.command.fed or "--help" in words or "-s" in words or "--download-only" in words:
        return False
    return not any(
        c.pipeline == call.command.pipeline and c.program in ("yes", "echo", "printf")
        for c in one.commands
        if c.number != call.command.number
    )


def _may_be_options(words: list[str]) -> bool:
    """Whether a variable of unknown value stands where options do: `apt-get $OPTIONS install`."""
    return bool(words) and "$" in words[0]
