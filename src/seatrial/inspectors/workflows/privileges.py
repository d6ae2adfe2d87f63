"""
What an event may do, and who can cause it: GitHub's documentation as a table.

A fork's pull request decides what the workflow file says for `pull_request` and the two events of reviews. Then
GitHub gives a read-only token and no secrets. Events that take the workflow from the default branch have the rights
of the repository, with any cause.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows and
https://docs.github.com/en/actions/reference/security/securely-using-pull_request_target
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Starter(enum.Enum):
    """Who can cause an event in a public repository."""

    ANYONE = "anyone"
    """Also people without any right in the repository."""
    WRITER = "writer"
    """People, apps and schedules that the repository trusts."""
    CALLER = "caller"
    """A workflow that calls this one."""


class Token(enum.Enum):
    """The most that GITHUB_TOKEN may do; `permissions` can only take away."""

    READ = "read"
    WRITE = "write"


class Code(enum.Enum):
    """What `actions/checkout` without `ref` checks out, and where the workflow file comes from."""

    MERGE = "the merge commit of the pull request"
    BASE = "the default branch"
    REF = "the commit of the event"
    CALLER = "what the caller's event says"


@dataclass(frozen=True, slots=True)
class Rights:
    """One row: the rights of a run, by where the change comes from."""

    starter: Starter
    code: Code
    fork_token: Token
    """Of a run that someone without write access causes, such as a pull request from a fork."""
    fork_secrets: bool
    """Whether such a run gets the repository's secrets."""
    own_token: Token = Token.WRITE
    """Of a run that a branch of the repository itself causes."""
    own_secrets: bool = True

    @property
    def privileged(self) -> bool:
        """Whether people without write access can start it with a right that they do not have themselves."""
        return self.starter is Starter.ANYONE and (self.fork_token is Token.WRITE or self.fork_secrets)


_FORK = Rights(Starter.ANYONE, Code.MERGE, Token.READ, fork_secrets=False)
_TARGET = Rights(Starter.ANYONE, Code.BASE, Token.WRITE, fork_secrets=True)
_TRUSTED = Rights(Starter.WRITER, Code.REF, Token.WRITE, fork_secrets=True)
_CALLED = Rights(Starter.CALLER, Code.CALLER, Token.WRITE, fork_secrets=True)
_PULL_REQUESTS = ("pull_request", "pull_request_review", "pull_request_review_comment")
_PUBLIC = (
    "pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment", "fork",
    "watch", "gollum",
)  # fmt: skip
_TRUSTED_EVENTS = (
    "branch_protection_rule", "check_run", "check_suite", "create", "delete", "deployment", "deployment_status",
    "image_version", "label", "member", "merge_group", "milestone", "page_build", "project", "project_card",
    "project_column", "public", "push", "registry_package", "release", "repository_dispatch", "schedule", "status",
    "workflow_dispatch",
)  # fmt: skip
RIGHTS: Mapping[str, Rights] = {
    **dict.fromkeys(_PULL_REQUESTS, _FORK),
    **dict.fromkeys(_PUBLIC, _TARGET),
    **dict.fromkeys(_TRUSTED_EVENTS, _TRUSTED),
    "workflow_call": _CALLED,
}
"""By event."""


def privileged(event: str) -> bool:
    """Whether the event gives an outsider's change the repository's rights; an unknown event does not."""
    return event in RIGHTS and RIGHTS[event].privileged


def public(event: str) -> bool:
    """Whether people without write access can cause the event."""
    return event in RIGHTS and RIGHTS[event].starter is Starter.ANYONE
