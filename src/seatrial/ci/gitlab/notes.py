"""
The note of a merge request, by GitLab's Notes API. What is written when: `ci/comments.py`.

GitLab executes a line of a note that begins with a slash (`/close`, `/merge`): a quick action. The report's own texts
are escaped where they are rendered; here every line is held once more. Sources: https://docs.gitlab.com/api/notes/,
https://docs.gitlab.com/user/project/quick_actions/.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from seatrial.ci import comments
from seatrial.ci.comments import Remark, RunId
from seatrial.ci.results import NO_COMMENT, ApiError, Posted
from seatrial.settings import Comment

from .client import GitLabApi
from .environment import MergeRequest

BODY_LIMIT = 1_000_000
"""Characters that GitLab accepts."""
_JOINER = "\u2060"  # WORD JOINER: no width, no break
_SLASH = re.compile(r"(?m)^([^\S\n]*)(?=/)")


def harmless(text: str) -> str:
    """A note's text of which no line begins with a slash, also of what it quotes. The joiner before it is invisible."""
    return _SLASH.sub(rf"\1{_JOINER}", text.replace("\r", ""))


def publish(
    api: GitLabApi, request: MergeRequest, key: str, text: str, when: Comment, *, closed: bool, worth_telling: bool
) -> Posted:
    """
    Create the note, edit it, or leave it.

    Args:
        api: the project.
        request: the merge request.
        key: from `comments.key_of`.
        text: what it says, below the marker.
        when: to create one.
        closed: whether the gate is not open.
        worth_telling: whether there is more to say than that all is well, for `auto`.

    Raises:
        ApiError: GitLab did not do it.
        ValueError: the text is too long.
    """
    if when is Comment.OFF:
        return NO_COMMENT
    job = api.environment
    name = hashlib.sha256(job.job.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    run = RunId(job.pipeline_id, job.job_id, request.head_sha or job.sha, name)
    body = comments.body_of(key, run, harmless(text), closed=closed)
    if len(body) > BODY_LIMIT:
        raise ValueError(f"a note of {len(body)} characters")
    return comments.write(
        _MergeRequestThread(api, request), key, body, when, closed=closed, worth_telling=worth_telling
    )


class _MergeRequestThread:
    """The notes of one merge request."""

    def __init__(self, api: GitLabApi, request: MergeRequest) -> None:
        self._api, self._request = api, request
        self._path = f"/projects/{request.project}/merge_requests/{request.iid}/notes"
        self._account: int | None = None

    def ours(self, marker: str) -> list[Remark]:
        every = self._api.pages("read the notes", self._path, {"sort": "asc", "order_by": "created_at"})
        marked = [note for note in every if _marked(note, marker)]
        return sorted((_remark(n, self._request) for n in marked if self._wrote(n)), key=lambda remark: remark.id)

    def create(self, body: str) -> Remark:
        return _remark(self._api.post("create the note", self._path, {"body": body}), self._request)

    def edit(self, remark: Remark, body: str) -> None:
        self._api.put("edit the note", f"{self._path}/{remark.id}", {"body": body})

    def delete(self, remark: Remark) -> None:
        self._api.delete("delete a second note", f"{self._path}/{remark.id}")

    def wait(self, attempt: int) -> None:
        self._api.wait(attempt)

    def _wrote(self, note: dict[str, Any]) -> bool:
        """Whether the note is this token's: project and group tokens have an account of their own."""
        if self._account is None:
            self._account = _id(self._api.get("ask whose token it is", "/user"))
        author = note.get("author")
        return isinstance(author, dict) and author.get("id") == self._account


def _marked(note: object, marker: str) -> bool:
    """Whether it is an account's own note, not one of GitLab's about events, and begins with the marker."""
    if not isinstance(note, dict) or note.get("system") is True:
        return False
    body = note.get("body")
    return isinstance(body, str) and body.startswith(marker)


def _remark(note: object, request: MergeRequest) -> Remark:
    number = _id(note)
    body = note.get("body") if isinstance(note, dict) else ""
    return Remark(number, body if isinstance(body, str) else "", f"{request.url}#note_{number}" if request.url else "")


def _id(thing: object) -> int:
    """
    The number of a thing that GitLab describes.

    Raises:
        ApiError: the answer has none.
    """
    number = thing.get("id") if isinstance(thing, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise ApiError("GitLab's answer has no `id`; is CI_API_V4_URL the address of its API?")
    return number
