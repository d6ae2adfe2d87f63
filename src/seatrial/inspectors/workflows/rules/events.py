"""
Every event that starts a workflow exists.

## What it does

Reports events and activity types that GitHub does not send, invalid cron expressions and schedules shorter than five
minutes. Reports filters that exclude each other (`branches` with `branches-ignore`).

## Why it matters

A workflow that waits for an event that never comes never runs, and nothing says so.

## How to fix

Take the name from GitHub's list of events.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.workflows.model import Workflow
from seatrial.inspectors.yaml_view import YamlView

TYPES: Mapping[str, str] = {
    "branch_protection_rule": "created edited deleted",
    "check_run": "created rerequested completed requested_action",
    "check_suite": "completed requested rerequested",
    "create": "", "delete": "", "deployment": "", "deployment_status": "",
    "discussion": "created edited deleted transferred pinned unpinned labeled unlabeled locked unlocked "
    "category_changed answered unanswered closed reopened",
    "discussion_comment": "created edited deleted",
    "fork": "", "gollum": "", "image_version": "",
    "issue_comment": "created edited deleted",
    "issues": "opened edited deleted transferred pinned unpinned closed reopened assigned unassigned labeled "
    "unlabeled locked unlocked milestoned demilestoned typed untyped field_added field_removed",
    "label": "created edited deleted", "member": "added edited deleted", "merge_group": "checks_requested destroyed",
    "milestone": "created closed opened edited deleted", "page_build": "",
    "project": "created updated closed reopened edited deleted",
    "project_card": "created moved converted edited deleted", "project_column": "created updated moved deleted",
    "public": "",
    "pull_request": "assigned unassigned labeled unlabeled opened edited closed reopened synchronize "
    "converted_to_draft locked unlocked enqueued dequeued milestoned demilestoned ready_for_review "
    "review_requested review_request_removed auto_merge_enabled auto_merge_disabled",
    "pull_request_review": "submitted edited dismissed",
    "pull_request_review_comment": "created edited deleted",
    "pull_request_target": "assigned unassigned labeled unlabeled opened edited closed reopened synchronize "
    "converted_to_draft ready_for_review locked unlocked milestoned demilestoned review_requested "
    "review_request_removed auto_merge_enabled auto_merge_disabled enqueued dequeued",
    "push": "", "registry_package": "published updated",
    "release": "published unpublished created edited deleted prereleased released",
    "repository_dispatch": "*", "schedule": "", "status": "", "watch": "started", "workflow_call": "",
    "workflow_dispatch": "", "workflow_run": "completed requested in_progress",
}  # fmt: skip
"""By event: the activity types that GitHub knows."""
_FIELD = re.compile(
    r"(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:/\d+)?(?:,(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:/\d+)?)*$"
)
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NAMES = re.compile(r"(?i)jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat")
_EXCLUDING = ("branches", "tags", "paths")
_FILTERED = frozenset({"push", "pull_request", "pull_request_target", "merge_group", "workflow_run"})


def _find(workflow: Workflow) -> Iterator[Finding]:
    """Names, types, schedules and filters."""
    for name, settings in workflow.events.items():
        at = workflow.event_at(name)
        if name not in TYPES:
            near = difflib.get_close_matches(name, TYPES, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield found(RULE.id, RULE.severity, at, f"there is no event {name!r}{hint}")
            continue
        yield from _types(name, settings)
        for key in _EXCLUDING:
            if key in settings and f"{key}-ignore" in settings:
                yield found(RULE.id, RULE.severity, settings.key_at(key), f"{key} and {key}-ignore exclude each other")
            if key in settings and name not in _FILTERED:
                yield found(RULE.id, RULE.severity, settings.key_at(key), f"the event {name} has no filter {key}")
        for key, (_, value) in settings["inputs"].entries.items() if name == "workflow_call" else ():
            if value["required"].text == "true" and value["default"]:
                message = f"the input {key} is required, so its default is never taken"
                yield found(RULE.id, Severity.LOW, value.key_at("default"), message)
        if name == "schedule":
            for item in settings.items:
                yield from _cron(item)


def _types(name: str, settings: YamlView) -> Iterator[Finding]:
    known = set(TYPES[name].split())
    for item in settings["types"].items:
        if known and known != {"*"} and item.text not in known and "${{" not in item.text:
            near = difflib.get_close_matches(item.text, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield found(RULE.id, RULE.severity, item.at, f"{name} has no activity type {item.text!r}{hint}")
        elif not known:
            yield found(RULE.id, RULE.severity, item.at, f"{name} has no activity types")


def _cron(item: YamlView) -> Iterator[Finding]:
    text = item["cron"].text
    if not text:
        yield found(RULE.id, RULE.severity, item.at, "a schedule without `cron`")
        return
    fields = text.split()
    if len(fields) != 5 or not all(_field(f, b) for f, b in zip(fields, _BOUNDS, strict=False)):
        yield found(RULE.id, RULE.severity, item["cron"].at, f"{text[:40]!r} is not a schedule of five fields")
    elif fields[0] == "*" or re.match(r"\*/[1-4]$", fields[0]):
        message = "runs more often than every five minutes, which GitHub does not do"
        yield found(RULE.id, Severity.LOW, item["cron"].at, message)


def _field(text: str, bounds: tuple[int, int]) -> bool:
    if not _FIELD.match(text):
        return False
    numbers = [int(n) for part in text.split(",") for n in re.findall(r"\d{1,9}", part.partition("/")[0])]
    words = _NAMES.sub("", re.sub(r"[\d*,/-]", "", text))
    return not words and all(bounds[0] <= n <= bounds[1] for n in numbers)


RULE = Rule.of(
    __doc__,
    id="workflow/events",
    check="workflows/valid",
    severity=Severity.HIGH,
    find=_find,
)
