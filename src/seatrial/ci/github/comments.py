"""
The one comment of a pull request: found again by a hidden marker and by its author, and edited in place.

Line 1 is the marker, line 2 says which run wrote it. Somebody else's comment with our marker is not ours: it is neither
touched nor in the way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from github import GithubException
from github.Issue import Issue
from github.IssueComment import IssueComment

from seatrial.ci.results import NO_COMMENT, Ambiguous, ApiError, Posted
from seatrial.numerals import whole
from seatrial.settings import Comment

from .client import Api
from .environment import Environment

BODY_LIMIT = 60_000
"""Bytes. GitHub refuses more than 65,536 characters."""
_CREATE_ATTEMPTS = 3
_RUN = re.compile(r"<!-- seatrial:run (\{[^\n]{0,300}\}) -->")
_BOT = "github-actions[bot]"
"""Who the job's own token writes as."""


_SAME_RUN = (
    "Another leg of this run has the same comment and is not ready, so its comment was left alone; "
    "give each leg its own `comment_id`."
)


def marker(key: str) -> str:
    """The hidden first line: an HTML comment, whatever the key; different keys never give the same one."""
    safe = re.sub(r"[^A-Za-z0-9_./ ]", lambda found: f"%{ord(found[0]):x}%", key)
    return f"<!-- seatrial:{safe} -->"


@dataclass(frozen=True, slots=True)
class Leg:
    """What tells the legs of one job apart: those of a matrix, and several steps or reusable calls."""

    folder: str = ""
    """The surveyed directory's path; empty for the whole checkout."""
    config: str = ""
    """The configuration file that the caller names."""
    matrix: str = ""
    """The job's matrix as JSON; empty without one."""

    @property
    def label(self) -> str:
        """`services/api, strict.yml, os=linux`; empty for the only leg."""
        return ", ".join(filter(None, (self.folder, self.config, *_values_of(self.matrix))))


def _values_of(matrix: str) -> list[str]:
    try:
        values = json.loads(matrix or "null")
    except ValueError:
        return [matrix]
    if not isinstance(values, dict):
        return []
    return [
        f"{name}={v if isinstance(v, str) else json.dumps(v, sort_keys=True)}" for name, v in sorted(values.items())
    ]


def key_of(environment: Environment, chosen: str, leg: Leg) -> str:
    """What tells this run's comment from others: `comment_id`, or workflow, job and leg."""
    job = "/".join(filter(None, (environment.workflow, environment.job))) or "seatrial"
    return chosen or (f"{job} ({leg.label})" if leg.label else job)


def publish(api: Api, number: int, key: str, text: str, when: Comment, *, closed: bool, worth_telling: bool) -> Posted:
    """
    Create the comment, edit it, or leave it.

    Args:
        api: the repository.
        number: of the pull request.
        key: from `key_of`.
        text: what it says, below the marker.
        when: to create one. Whatever is there is always brought up to date, so that it tells no old story.
        closed: whether the gate is not open.
        worth_telling: whether there is more to say than that all is well, for `auto`.

    Raises:
        ApiError: GitHub did not do it.
        ValueError: the text is too long.
    """
    if when is Comment.OFF:
        return NO_COMMENT
    body = f"{marker(key)}\n{_run_line(api.environment, closed=closed)}\n{text}"
    if len(body.encode()) > BODY_LIMIT:
        raise ValueError(f"a comment of {len(body.encode())} bytes")
    issue = api.ask("open the pull request", lambda: api.repository.get_issue(number))
    create = (
        when in (Comment.ALWAYS, Comment.ON_CHANGE)
        or (when is Comment.ON_FAILURE and closed)
        or (when is Comment.AUTO and worth_telling)
    )
    return _Sticky(api, issue, key).write(body, create=create, always=when is Comment.ALWAYS)


class _Sticky:
    """The comments of one pull request that are ours and have one marker."""

    def __init__(self, api: Api, issue: Issue, key: str) -> None:
        self._api, self._issue, self._marker = api, issue, marker(key)
        self._login: str | None = None

    def write(self, body: str, *, create: bool, always: bool) -> Posted:
        for attempt in range(1, _CREATE_ATTEMPTS + 1):
            ours = self._ours()
            if ours:
                return self._update(ours, body, always=always)
            if not create:
                return NO_COMMENT
            try:
                made = self._api.ask("create the comment", lambda: self._issue.create_comment(body), repeatable=False)
            except Ambiguous:
                if attempt == _CREATE_ATTEMPTS:
                    raise
                self._api.wait(attempt)  # it may be there by now: look first
                continue
            self._login = made.user.login
            return self._settle(made, body)
        raise AssertionError("unreachable")  # pragma: no cover

    def _settle(self, made: IssueComment, body: str) -> Posted:
        """After a creation: if another job did the same at the same time, one comment stays, with the newest word."""
        ours = self._ours()
        if len(ours) < 2:
            return Posted("created", made.html_url)
        self._update(ours, body, always=False)
        return Posted("created", ours[0].html_url)

    def _update(self, ours: list[IssueComment], body: str, *, always: bool) -> Posted:
        first, *others = ours
        for other in others:
            self._api.ask("delete a second comment", partial(_delete, other))
        if _order(first.body) > _order(body):
            return Posted("unchanged", first.html_url, "A newer run has written the comment; this one left it alone.")
        if _order(first.body) == _order(body) and _closed(first.body) and not _closed(body):
            return Posted("unchanged", first.html_url, _SAME_RUN)
        if _said(first.body) == _said(body) and not always:
            return Posted("unchanged", first.html_url)
        self._api.ask("edit the comment", lambda: first.edit(body))
        return Posted("edited", first.html_url)

    def _ours(self) -> list[IssueComment]:
        """Our comments with this marker, oldest first, over all pages."""
        every = self._api.ask("read the comments", lambda: list(self._issue.get_comments()))
        marked = [c for c in every if (c.body or "").startswith(self._marker)]
        return sorted((c for c in marked if self._wrote(c)), key=lambda c: c.id)

    def _wrote(self, comment: IssueComment) -> bool:
        """
        Whether the comment is this token's. Other bots quote people, so being a bot's comment proves nothing.

        A token of a GitHub App, the job's own one among them, may not ask the REST API who it is; GraphQL's `viewer`
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
        if error.status != 404:  # somebody was faster
            raise


def _run_line(environment: Environment, *, closed: bool) -> str:
    run: dict[str, object] = {"run": environment.run_id, "attempt": environment.run_attempt}
    run |= {"head": environment.head_sha[:40], "closed": closed}
    return f"<!-- seatrial:run {json.dumps(run)} -->"


def _run_of(body: str) -> Mapping[str, Any]:
    found = _RUN.search(body[:2000])
    run: Mapping[str, Any] = json.loads(found[1]) if found and _is_json(found[1]) else {}
    return run


def _closed(body: str) -> bool:
    """Whether the run that wrote the comment did not pass."""
    return _run_of(body).get("closed") is True


def _order(body: str) -> tuple[int, int]:
    """What tells which of two runs is the newer one: GitHub counts runs upwards. Unknown is oldest."""
    run = _run_of(body)
    return whole(str(run.get("run", ""))) or 0, whole(str(run.get("attempt", ""))) or 0


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _said(body: str) -> str:
    """What readers see, for a comparison: GitHub may have other line ends."""
    return _RUN.sub("", body.replace("\r\n", "\n")).strip()
