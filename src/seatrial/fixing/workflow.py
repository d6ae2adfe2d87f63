"""Fixes of GitHub workflows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.domain.patches import FixSafety
from seatrial.text.yaml_tree import Mapping as MappingNode

from . import pins
from .edits import Edit
from .model import Fixer, FixTarget, Proposal, in_yaml
from .yaml_file import YamlEdit, YamlFile

_MINUTES = 30
_USES = re.compile(r"(?<![\w./-])(?P<action>[\w.-]++/[\w.-]++(?:/[\w.-]++)*+)@(?P<reference>[\w.-]+)")
"""Begins only where a path begins, and gives nothing back: a long line costs no more than its length."""


def _jobs(target: FixTarget, file: YamlFile) -> Iterator[str]:
    """The jobs whose names are at the places of a finding."""
    places = {(at.line, at.column) for at in (target.finding.location, *target.finding.related)}
    jobs = file.node("jobs")
    for key, _ in jobs.entries if isinstance(jobs, MappingNode) else ():
        if (key.line, key.column) in places:
            yield key.value


@in_yaml
def _timeout(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    for job in _jobs(target, file):
        yield file.put(("jobs", job, "timeout-minutes"), _MINUTES, before="steps")


@in_yaml
def _concurrency(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    for job in _jobs(target, file):
        value = {"group": f"deploy-{job}", "cancel-in-progress": False}
        yield file.put(("jobs", job, "concurrency"), value, before="steps")


@in_yaml
def _permissions(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    """Reading the repository is enough for most workflows; a job that writes asks for it by itself."""
    del target
    if file.node("permissions") is None:
        yield file.put(("permissions",), {"contents": "read"}, before="jobs")


def _pinned(target: FixTarget) -> Proposal | None:
    """The commit instead of the tag, with the version as a comment that Dependabot and Renovate keep up to date."""
    at = target.finding.location
    row, start = target.text.line(at.line), target.text.offset(at.line, 1)
    match = next((m for m in _USES.finditer(row) if m.start() in (at.column - 1, at.column)), None)
    match = match or next(_USES.finditer(row), None)
    pin = pins.find(match["action"], match["reference"], _own(target)) if match else None
    if match is None or pin is None:
        return None
    edits = [Edit(start + match.start("reference"), start + match.end("reference"), pin.commit)]
    if not row[match.end() :].strip(" \"'"):
        end = target.text.end_of_line(at.line)
        edits.append(Edit(end, end, f" # {pin.version}"))
    elif not row[match.end() :].lstrip(" \"'").startswith("#"):
        return None
    return Proposal(tuple(edits), safety=FixSafety.SAFE if pin.exact else FixSafety.UNSAFE)


def _own(target: FixTarget) -> Mapping[str, tuple[str, str]]:
    """The pins that the repository's workflows have already; the newest of each action."""
    found: dict[str, tuple[str, str]] = {}
    sources = target.sources
    for file in sources.tree.matching([".github/**/*.yml", ".github/**/*.yaml"]):
        for action, version, commit in pins.written(sources.text(file.path) or ""):
            if action not in found or _number(version) > _number(found[action][0]):
                found[action] = (version, commit)
    return found


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("."))


FIXERS: tuple[Fixer, ...] = (
    Fixer("workflow/timeout", "limit the time of the job", FixSafety.UNSAFE, _timeout),
    Fixer("workflow/deploy-concurrency", "run one deployment at a time", FixSafety.UNSAFE, _concurrency),
    Fixer("workflow/unpinned", "pin the action by its commit", FixSafety.SAFE, _pinned),
    Fixer("zizmor/unpinned-uses", "pin the action by its commit", FixSafety.SAFE, _pinned),
    Fixer("zizmor/excessive-permissions", "read only the repository", FixSafety.UNSAFE, _permissions),
)
