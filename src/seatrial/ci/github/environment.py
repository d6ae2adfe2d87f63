"""
What the Actions runner says about this run, read once into frozen values.

The event's payload is written by the author of the pull request, in part: every field is taken with its kind
checked, and one that is missing is empty, never a crash. Sources: GitHub's documentation of default variables and of
webhook payloads.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.ci import commits

PAYLOAD_LIMIT = 32 * 1024 * 1024  # bytes; GitHub caps payloads at 25 MB
_MAINTAINERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


class Event(enum.StrEnum):
    """What started the workflow; those that we treat alike are OTHER."""

    PUSH = "push"
    PULL_REQUEST = "pull_request"
    PULL_REQUEST_TARGET = "pull_request_target"
    MERGE_GROUP = "merge_group"
    SCHEDULE = "schedule"
    WORKFLOW_DISPATCH = "workflow_dispatch"
    REPOSITORY_DISPATCH = "repository_dispatch"
    WORKFLOW_RUN = "workflow_run"
    RELEASE = "release"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """The pull request of the event."""

    number: int
    head_sha: str
    head_ref: str
    head_repository: str
    """`owner/name`; empty if the fork was deleted."""
    base_sha: str
    base_ref: str
    author: str
    draft: bool = False
    association: str = ""
    """What the author is to the repository: OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, NONE, ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRun:
    """The run that a `workflow_run` event tells of."""

    id: int
    event: str
    head_sha: str
    head_branch: str
    head_repository: str
    conclusion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubEnvironment:
    """One job's surroundings."""

    event: Event
    event_name: str
    repository: str
    """`owner/name`."""
    sha: str
    """What the workflow was started for; on a pull request the merge commit."""
    ref: str
    base_sha: str = ""
    """What this change is based on, as far as the event tells: the base branch's tip, or what was pushed over."""
    base_ref: str = ""
    """The name of the base branch."""
    head_sha: str = ""
    """The change's own last commit."""
    default_branch: str = ""
    actor: str = ""
    pull_request: PullRequest | None = None
    workflow_run: WorkflowRun | None = None
    fork: bool = False
    """Whether the change comes from another repository; a deleted one counts."""
    dependabot: bool = False
    """Whether Dependabot started it: GitHub then gives it a read-only token, as to a fork."""
    api_url: str = "https://api.github.com"
    server_url: str = "https://github.com"
    workflow: str = ""
    job: str = ""
    matrix: str = ""
    """The job's matrix as JSON, from the input of that name; empty without one."""
    run_id: str = ""
    run_attempt: str = ""
    workspace: Path = Path()
    output_file: Path | None = None
    summary_file: Path | None = None
    state_file: Path | None = None
    debug: bool = False
    token: str = field(default="", repr=False)
    """For the API; never in a repr, an argument list or a child's environment."""

    @property
    def own_code(self) -> bool:
        """
        Whether the event says that the code is the repository's own. Then it may be run without being asked for.

        Events that start in the default branch and usually check out another's change do not say it: a comment, a
        review, the run of another workflow. Nor do events that are not known.
        Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
        """
        match self.event:
            case (
                Event.PUSH
                | Event.MERGE_GROUP
                | Event.SCHEDULE
                | Event.RELEASE
                | Event.WORKFLOW_DISPATCH
                | Event.REPOSITORY_DISPATCH
            ):
                return True
            case Event.PULL_REQUEST:
                return self.pull_request is not None and not self.fork
            case Event.PULL_REQUEST_TARGET | Event.WORKFLOW_RUN | Event.OTHER:
                return False

    @property
    def by_maintainer(self) -> bool:
        """
        Whether an account with write access asks for the change.

        Only they can add a pull request to a merge queue. Sources:
        https://docs.github.com/en/graphql/reference/enums#commentauthorassociation,
        https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/merging-a-pull-request-with-a-merge-queue
        """
        if self.event is Event.MERGE_GROUP:
            return True
        return self.pull_request is not None and self.pull_request.association in _MAINTAINERS

    @property
    def read_only(self) -> bool:
        """Whether GitHub gives this run a token that cannot write, also where the workflow asks for it."""
        writes = (Event.PULL_REQUEST_TARGET, Event.WORKFLOW_RUN)
        return (self.fork or self.dependabot) and self.event not in writes

    @property
    def run_url(self) -> str:
        """Where people see this run; empty if unknown."""
        known = self.repository and self.run_id
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}" if known else ""


def read(environ: Mapping[str, str]) -> GitHubEnvironment | None:
    """The runner's surroundings; None outside GitHub Actions."""
    return of(environ) if environ.get("GITHUB_ACTIONS") == "true" else None


def of(environ: Mapping[str, str]) -> GitHubEnvironment:
    """The surroundings as far as the variables tell; what is missing is empty."""
    name = environ.get("GITHUB_EVENT_NAME", "")
    event = Event(name) if name in set(Event) else Event.OTHER
    payload = _payload(environ.get("GITHUB_EVENT_PATH", ""))
    repository = environ.get("GITHUB_REPOSITORY", "")
    pull = _pull_request(_map(payload, "pull_request"), payload)
    base_sha, base_ref = _base(event, payload, pull, environ)
    return GitHubEnvironment(
        event=event,
        event_name=name,
        repository=repository,
        sha=environ.get("GITHUB_SHA", ""),
        ref=environ.get("GITHUB_REF", ""),
        base_sha=base_sha,
        base_ref=base_ref,
        head_sha=_head(event, payload, pull, environ),
        default_branch=_text(_map(payload, "repository"), "default_branch"),
        actor=environ.get("GITHUB_ACTOR", ""),
        pull_request=pull,
        workflow_run=_workflow_run(_map(payload, "workflow_run")),
        fork=_is_fork(event, payload, pull, repository),
        dependabot=_is_dependabot(event, payload, environ),
        api_url=environ.get("GITHUB_API_URL") or "https://api.github.com",
        server_url=environ.get("GITHUB_SERVER_URL") or "https://github.com",
        workflow=environ.get("GITHUB_WORKFLOW", ""),
        job=environ.get("GITHUB_JOB", ""),
        matrix=_matrix(environ.get("INPUT_MATRIX", "")),
        run_id=environ.get("GITHUB_RUN_ID", ""),
        run_attempt=environ.get("GITHUB_RUN_ATTEMPT", ""),
        workspace=Path(environ.get("GITHUB_WORKSPACE") or "."),
        output_file=_file(environ, "GITHUB_OUTPUT"),
        summary_file=_file(environ, "GITHUB_STEP_SUMMARY"),
        state_file=_file(environ, "GITHUB_STATE"),
        debug=environ.get("RUNNER_DEBUG") == "1",
        token=environ.get("INPUT_GITHUB_TOKEN") or environ.get("GITHUB_TOKEN", ""),
    )


def _matrix(text: str) -> str:
    """What `toJSON(matrix)` gives, on one line; a job without a matrix has `null`."""
    flat = " ".join(text.split())
    return "" if flat in ("", "null", "{}") else flat[:1000]


def _file(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None


def _payload(path: str) -> Mapping[str, Any]:
    """The event as JSON; an unreadable one is empty, and the variables still say the most important things."""
    try:
        with Path(path).open("rb") as file:
            data = json.loads(file.read(PAYLOAD_LIMIT))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _map(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = payload.get(key)
    return value if isinstance(value, dict) else {}


def _text(payload: Mapping[str, Any], key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def _number(payload: Mapping[str, Any], key: str) -> int:
    value = payload.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _pull_request(pull: Mapping[str, Any], payload: Mapping[str, Any]) -> PullRequest | None:
    number = _number(pull, "number") or (_number(payload, "number") if pull else 0)
    if not number:
        return None
    head, base = _map(pull, "head"), _map(pull, "base")
    return PullRequest(
        number=number,
        head_sha=commits.name(head.get("sha")),
        head_ref=_text(head, "ref"),
        head_repository=_text(_map(head, "repo"), "full_name"),
        base_sha=commits.name(base.get("sha")),
        base_ref=_text(base, "ref"),
        author=_text(_map(pull, "user"), "login"),
        draft=pull.get("draft") is True,
        association=_text(pull, "author_association"),
    )


def _workflow_run(run: Mapping[str, Any]) -> WorkflowRun | None:
    if not run:
        return None
    return WorkflowRun(
        id=_number(run, "id"),
        event=_text(run, "event"),
        head_sha=commits.name(run.get("head_sha")),
        head_branch=_text(run, "head_branch"),
        head_repository=_text(_map(run, "head_repository"), "full_name"),
        conclusion=_text(run, "conclusion"),
    )


def _base(
    event: Event, payload: Mapping[str, Any], pull: PullRequest | None, environ: Mapping[str, str]
) -> tuple[str, str]:
    """The commit and the branch that the change is compared with."""
    if pull is not None:
        return pull.base_sha, pull.base_ref or environ.get("GITHUB_BASE_REF", "")
    if event is Event.MERGE_GROUP:
        group = _map(payload, "merge_group")
        return commits.name(group.get("base_sha")), _text(group, "base_ref").removeprefix("refs/heads/")
    if event is Event.PUSH:
        return commits.name(payload.get("before")), _text(payload, "ref").removeprefix("refs/heads/")
    return "", environ.get("GITHUB_BASE_REF", "")


def _head(event: Event, payload: Mapping[str, Any], pull: PullRequest | None, environ: Mapping[str, str]) -> str:
    if pull is not None and pull.head_sha:
        return pull.head_sha
    if event is Event.WORKFLOW_RUN:
        return commits.name(_map(payload, "workflow_run").get("head_sha"))
    if event is Event.MERGE_GROUP:
        return commits.name(_map(payload, "merge_group").get("head_sha")) or environ.get("GITHUB_SHA", "")
    return environ.get("GITHUB_SHA", "")


def _is_fork(event: Event, payload: Mapping[str, Any], pull: PullRequest | None, repository: str) -> bool:
    if event is Event.WORKFLOW_RUN:
        run = _map(payload, "workflow_run")
        return bool(run) and _text(_map(run, "head_repository"), "full_name").lower() != repository.lower()
    return pull is not None and pull.head_repository.lower() != repository.lower()


_DEPENDABOT = "dependabot[bot]"


def _is_dependabot(event: Event, payload: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    """
    Whether Dependabot started it. A run that another user starts again keeps its actor, and its restrictions.

    Source: GitHub's documentation, "Troubleshooting Dependabot on GitHub Actions".
    """
    if event is Event.WORKFLOW_RUN:
        return _text(_map(_map(payload, "workflow_run"), "actor"), "login") == _DEPENDABOT
    return environ.get("GITHUB_ACTOR") == _DEPENDABOT
