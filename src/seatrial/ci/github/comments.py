"""The comments of a pull request, by GitHub's REST API. What is written when: `ci/comments.py`."""

from __future__ import annotations

from functools import partial

from github import GithubException
from github.Issue import Issue
from github.IssueComment import IssueComment

from seatrial.ci import comments
from seatrial.ci.comments import Leg, Remark, RunId
from seatrial.ci.results import NO_COMMENT, ApiError, Posted
from seatrial.settings import Comment

from .client import GitHubApi
from .environment import GitHubEnvironment

BODY_LIMIT = 60_000
"""Bytes. GitHub refuses more than 65,536 characters."""
_BOT = "github-actions[bot]"
"""Who the job's own token writes as."""


def key_of(environment: GitHubEnvironment, chosen: str, leg: Leg) -> str:
    """The identity of this run's comment: `comment_id`, or workflow, job and leg."""
    return comments.key_of("/".join(filter(None, (environment.workflow, environment.job))), chosen, leg)


def publish(
    api: GitHubApi, number: int, key: str, text: str, when: Comment, *, closed: bool, worth_telling: bool
) -> Posted:
    """
    Create the comment, edit it, or leave it.

    Args:
        api: the repository.
        number: of the pull request.
        key: from `key_of`.
        text: what it says, below the marker.
        when: to create one.
        closed: whether the gate is not open.
        worth_telling: whether there is more to say than that all is well, for `auto`.

    Raises:
        ApiError: GitHub did not do it.
        ValueError: the text is too long.
    """
    if when is Comment.OFF:
        return NO_COMMENT
    job = api.environment
    body = comments.body_of(key, RunId(job.run_id, job.run_attempt, job.head_sha), text, closed=closed)
    if len(body.encode()) > BODY_LIMIT:
        raise ValueError(f"a comment of {len(body.encode())} bytes")
    issue = api.ask("open the pull request", lambda: api.repository.get_issue(number))
    return comments.write(_PullRequestThread(api, issue), key, body, when, closed=closed, worth_telling=worth_telling)


class _PullRequestThread:
    """The comments of one pull request."""

    def __init__(self, api: GitHubApi, issue: Issue) -> None:
        self._api, self._issue = api, issue
        self._login: str | None = None
        self._known: dict[int, IssueComment] = {}

    def ours(self, marker: str) -> list[Remark]:
        every = self._api.ask("read the comments", lambda: list(self._issue.get_comments()))
        marked = [c for c in every if (c.body or "").startswith(marker)]
        return [self._remark(c) for c in sorted((c for c in marked if self._wrote(c)), key=lambda c: c.id)]

    def create(self, body: str) -> Remark:
        made = self._api.ask("create the comment", lambda: self._issue.create_comment(body), repeatable=False)
        self._login = made.user.login
        return self._remark(made)

    def edit(self, remark: Remark, body: str) -> None:
        self._api.ask("edit the comment", lambda: self._known[remark.id].edit(body))

    def delete(self, remark: Remark) -> None:
        self._api.ask("delete a second comment", partial(_delete, self._known[remark.id]))

    def wait(self, attempt: int) -> None:
        self._api.wait(attempt)

    def _remark(self, comment: IssueComment) -> Remark:
        self._known[comment.id] = comment
        return Remark(comment.id, comment.body or "", comment.html_url)

    def _wrote(self, comment: IssueComment) -> bool:
        """
        Whether the comment is this token's. Other bots quote people, so being a bot's comment proves nothing.

        A token of a GitHub App, such as the job's own, may not ask the REST API who it is; GraphQL's `viewer`
        answers for every token. Where neither does, it counts as the job's, until a comment that it creates says more.
        """
        if self._login is None:
            self._login = self._who_am_i() or _BOT
        return comment.user.login == self._login

    def _who_am_i(self) -> str:
        for question in (lambda: self._api.hub.get_user().login, self._viewer):
            try:
                return self._api.ask("ask whose token it is", question)
            except ApiError:
                continue
        return ""

    def _viewer(self) -> str:
        """Source: https://docs.github.com/en/graphql/reference/queries#viewer."""
        _, answer = self._api.hub.requester.graphql_query("query { viewer { login } }", {})
        viewer = (answer.get("data") or {}).get("viewer") or {}
        return str(viewer.get("login") or "")


def _delete(comment: IssueComment) -> None:
    try:
        comment.delete()
    except GithubException as error:
        if error.status != 404:  # another job has removed it
            raise
