"""
The list of packages is as new as what is installed from it.

## What it does

Reports a layer that only updates the package lists (`apt-get update`, `apk update`, `zypper refresh`, `yum makecache`),
where a later layer installs.

## Why it matters

The layer with the old list stays in the cache: a later build installs versions that the server no longer has, or that
have known flaws.

## How to fix

Both in one `RUN`: `apt-get update && apt-get install -y …`; `apk add --no-cache …`.

Source: https://docs.docker.com/build/building/best-practices/#apt-get
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile, Instruction
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .packages import PackageManagerCall, calls
from .weight import in_stage

_UPDATES = {
    "apt-get": ("update",), "apt": ("update",), "aptitude": ("update",), "apk": ("update",), "yum": ("makecache",),
    "dnf": ("makecache",), "microdnf": ("makecache",), "tdnf": ("makecache",), "zypper": ("refresh", "ref"),
    "pacman": ("-Sy", "-Syy"),
}  # fmt: skip
_FAMILY = {"apt-get": "apt", "aptitude": "apt"}


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Updates in a layer of their own."""
    for stage in file.stages:
        runs = [(one, list(calls(one.commands))) for one in stage.all("RUN")]
        for index, (one, here) in enumerate(runs):
            update = next((c for c in here if _updates(c)), None)
            if update is None or _is_cached(one) or any(_installs(c, update) for c in here):
                continue
            if any(_installs(c, update) for _, later in runs[index + 1 :] for c in later):
                severity, where = in_stage(file, stage, RULE.severity)
                message = f"{update.manager} {update.verb} has a layer of its own, which the cache keeps{where}"
                remedy = f"RUN {update.manager} {update.verb} && {update.manager} install …"
                anchor = f"{stage.name} {update.manager}"
                yield found(RULE.id, severity, one.place(update.command), message, remedy, anchor=anchor)


def _updates(call: PackageManagerCall) -> bool:
    return call.verb in _UPDATES.get(call.manager, ()) and not (call.manager == "pacman" and call.packages)


def _installs(call: PackageManagerCall, update: PackageManagerCall) -> bool:
    same = _FAMILY.get(call.manager, call.manager) == _FAMILY.get(update.manager, update.manager)
    if not same or _updates(call):
        return False
    return call.installs or call.verb in ("upgrade", "dist-upgrade", "full-upgrade")


def _is_cached(one: Instruction) -> bool:
    """Whether the lists are in a cache mount, and no part of the layer."""
    return any(flag.startswith("--mount=") and "type=cache" in flag for flag in one.flags)


RULE = Rule.of(
    __doc__,
    id="dockerfile/stale-index",
    check="dockerfile/reproducible",
    severity=Severity.LOW,
    find=_find,
)
