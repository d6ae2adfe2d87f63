"""Which pull request a run belongs to."""

from __future__ import annotations

from github.PullRequest import PullRequest
from github.Repository import Repository

from seatrial.ci.results import TokenRefused
from seatrial.text.wording import counted

from .client import GitHubApi
from .environment import Event, GitHubEnvironment


def find(api: GitHubApi) -> tuple[int | None, str]:
    """
    The pull request's number, or None and why not, in a sentence; no reason where none is expected.

    A second stage (`workflow_run`) takes it from GitHub by the tested commit, never from what the first stage left
    behind: that is written by the author of the pull request.

    Raises:
        ApiError: GitHub could not be asked.
    """
    environment = api.environment
    if environment.pull_request is not None:
        return environment.pull_request.number, ""
    if environment.event is Event.WORKFLOW_RUN:
        return _of_run(api, environment)
    if environment.event is Event.PUSH:
        return _of_push(api, environment)
    return None, ""


def _of_run(api: GitHubApi, environment: GitHubEnvironment) -> tuple[int | None, str]:
    run = environment.workflow_run
    if run is None or not run.head_sha or not run.head_repository:
        return None, "The event names no commit whose pull request could be looked for."
    owner = run.head_repository.partition("/")[0]
    head = f"{owner}:{run.head_branch}"
    pulls = api.ask("look for the pull request", lambda: list(api.repository.get_pulls(state="open", head=head)))
    numbers = [p.number for p in pulls if p.head.sha == run.head_sha and _repository(p) == run.head_repository]
    return _only(numbers, run.head_sha)


def _repository(pull: PullRequest) -> str:
    """`owner/name` of where the commits come from; empty if that is gone (PyGithub's types do not know that it can)."""
    repository: Repository | None = pull.head.repo
    return repository.full_name if repository is not None else ""


def _of_push(api: GitHubApi, environment: GitHubEnvironment) -> tuple[int | None, str]:
    commit = environment.head_sha
    if not commit or not environment.ref.startswith("refs/heads/"):
        return None, ""
    try:
        pulls = api.ask("look for the pull request", lambda: list(api.repository.get_commit(commit).get_pulls()))
    except TokenRefused:  # a push to a branch without one is the rule, and its job needs no permission to look
        return None, ""
    numbers = [p.number for p in pulls if p.state == "open" and p.head.sha == commit]
    return (numbers[0], "") if len(numbers) == 1 else (None, "")


def _only(numbers: list[int], commit: str) -> tuple[int | None, str]:
    if len(numbers) == 1:
        return numbers[0], ""
    found = "no open pull request has" if not numbers else f"{counted(len(numbers), 'open pull request')} have"
    return None, f"There is no comment: {found} {commit[:7]} as its newest commit."
