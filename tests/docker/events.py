"""What starts a workflow: payloads with the fields that GitHub documents, and the variables that come with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runner import REPOSITORY, Step

BASE, HEAD, MERGE = "b" * 40, "c" * 40, "d" * 40
PULL = 17
"""The pull request's number."""


@dataclass(frozen=True)
class Event:
    """One kind of event."""

    name: str
    payload: Mapping[str, Any]
    variables: Mapping[str, str] = field(default_factory=dict)

    def step(self, **more: Any) -> Step:
        """A step of a workflow that this event started."""
        return Step(event=self.name, payload=self.payload, variables=self.variables, **more)


def _repository(full_name: str = REPOSITORY) -> dict[str, Any]:
    return {"full_name": full_name, "default_branch": "main", "fork": full_name != REPOSITORY}


def _pull(head_repository: Mapping[str, Any] | None, author: str = "mona") -> Event:
    pull = {
        "number": PULL,
        "draft": False,
        "user": {"login": author},
        "head": {"sha": HEAD, "ref": "feature", "repo": head_repository},
        "base": {"sha": BASE, "ref": "main", "repo": _repository()},
    }
    payload = {"action": "synchronize", "number": PULL, "pull_request": pull, "repository": _repository()}
    variables = {
        "GITHUB_SHA": MERGE,
        "GITHUB_REF": "refs/pull/17/merge",
        "GITHUB_REF_NAME": "17/merge",
        "GITHUB_BASE_REF": "main",
        "GITHUB_HEAD_REF": "feature",
        "GITHUB_ACTOR": author,
    }
    return Event("pull_request", payload, variables)


def _push() -> Event:
    payload = {"ref": "refs/heads/main", "before": BASE, "after": HEAD, "repository": _repository()}
    return Event("push", payload, {"GITHUB_SHA": HEAD})


def _merge_group() -> Event:
    ref = f"refs/heads/gh-readonly-queue/main/pr-17-{BASE}"
    group = {"head_sha": HEAD, "head_ref": ref, "base_sha": BASE, "base_ref": "refs/heads/main"}
    payload = {"action": "checks_requested", "merge_group": group, "repository": _repository()}
    return Event("merge_group", payload, {"GITHUB_SHA": HEAD, "GITHUB_REF": ref})


def _workflow_run() -> Event:
    told = {
        "id": 99,
        "event": "pull_request",
        "conclusion": "success",
        "head_sha": HEAD,
        "head_branch": "feature",
        "head_repository": _repository("mallory/demo"),
        "actor": {"login": "mallory"},
        "pull_requests": [],
    }
    return Event("workflow_run", {"action": "completed", "workflow_run": told, "repository": _repository()})


EVENTS: Mapping[str, Event] = {
    "push": _push(),
    "pull_request": _pull(_repository()),
    "fork": _pull(_repository("mallory/demo"), "mallory"),
    "deleted fork": _pull(None, "ghost"),
    "Dependabot": _pull(_repository(), "dependabot[bot]"),
    "merge_group": _merge_group(),
    "workflow_run": _workflow_run(),
    "workflow_dispatch": Event("workflow_dispatch", {"inputs": None, "ref": "refs/heads/main"}),
    "schedule": Event("schedule", {"schedule": "17 4 * * 1"}),
    "issue_comment": Event("issue_comment", {"action": "created", "issue": {"number": PULL}, "comment": {"body": "x"}}),
    "unknown": Event("event_of_next_year", {}),
}
