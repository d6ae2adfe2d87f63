"""
The one comment of a change: found again by a hidden marker and by its author, and edited in place.

Line 1 is the marker, line 2 names the run that wrote it. A comment of another account with our marker is not ours: it
is neither touched nor in the way. How comments are read and written is behind `Thread`, so every CI system gets the
same care: one comment for each job, none lost and none doubled, the newest result last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from seatrial.settings import Comment
from seatrial.text.numerals import whole

from .results import NO_COMMENT, Ambiguous, Posted, PostedAction

_CREATE_ATTEMPTS = 3
_RUN = re.compile(r"<!-- seatrial:run (\{[^\n]{0,300}\}) -->")
_SAME_RUN = (
    "Another leg of this run has the same comment and is not ready, so its comment was left alone; "
    "give each leg its own `comment_id`."
)
_NEWER = "A newer run has written the comment; this one left it alone."


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment that is there."""

    id: int
    body: str
    url: str


class Thread(Protocol):
    """The comments of one change. Every method may raise `ApiError`."""

    def ours(self, marker: str) -> list[Remark]:
        """The comments of this job's account that begin with a marker, oldest first, over all pages."""
        ...

    def create(self, body: str) -> Remark:
        """
        A new comment.

        Raises:
            Ambiguous: it is unknown whether it was created.
        """
        ...

    def edit(self, remark: Remark, body: str) -> None:
        """Give a comment another text."""
        ...

    def delete(self, remark: Remark) -> None:
        """Remove a comment. A comment that is already gone is not an error."""
        ...

    def wait(self, attempt: int) -> None:
        """Wait as before another attempt, counted from 1."""
        ...


@dataclass(frozen=True, slots=True)
class RunId:
    """Which run writes a comment, for the comment itself. Systems count runs upwards."""

    run: str
    attempt: str
    head: str
    job: str = ""
    """A short word that distinguishes the jobs of one run, where `attempt` does not count repetitions of a job."""


def marker(key: str) -> str:
    """The hidden first line: an HTML comment for any key; different keys never give the same one."""
    safe = re.sub(r"[^A-Za-z0-9_./ ]", lambda found: f"%{ord(found[0]):x}%", key)
    return f"<!-- seatrial:{safe} -->"


@dataclass(frozen=True, slots=True)
class Leg:
    """Distinguishes the legs of one job: those of a matrix, and several steps or reusable calls."""

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


def key_of(job: str, chosen: str, leg: Leg) -> str:
    """The identity of this job's comment: `comment_id`, or the job's name and its leg."""
    job = job or "seatrial"
    return chosen or (f"{job} ({leg.label})" if leg.label else job)


def body_of(key: str, run: RunId, text: str, *, closed: bool) -> str:
    """The whole comment: marker, run, text."""
    said: dict[str, object] = {"run": run.run, "attempt": run.attempt, "head": run.head[:40], "closed": closed}
    said |= {"job": run.job} if run.job else {}
    return f"{marker(key)}\n<!-- seatrial:run {_plain(said)} -->\n{text}"


def _plain(run: Mapping[str, object]) -> str:
    """As JSON that can not end an HTML comment."""
    return json.dumps(run).replace("-->", "--\\u003e").replace("--!>", "--!\\u003e")


def write(thread: Thread, key: str, body: str, when: Comment, *, closed: bool, worth_telling: bool) -> Posted:
    """
    Create the comment, edit it, or leave it.

    Args:
        thread: the change's comments.
        key: from `key_of`.
        body: from `body_of`.
        when: to create one. An existing comment is always brought up to date, so that it never shows an old result.
        closed: whether the gate is not open.
        worth_telling: whether there is more to say than that all is well, for `auto`.

    Raises:
        ApiError: the CI system did not do it.
    """
    create = (
        when in (Comment.ALWAYS, Comment.ON_CHANGE)
        or (when is Comment.ON_FAILURE and closed)
        or (when is Comment.AUTO and worth_telling)
    )
    return _Sticky(thread, marker(key)).write(body, create=create, always=when is Comment.ALWAYS)


class _Sticky:
    """The comments of one change that are ours and have one marker."""

    def __init__(self, thread: Thread, marker: str) -> None:
        self._thread, self._marker = thread, marker

    def write(self, body: str, *, create: bool, always: bool) -> Posted:
        for attempt in range(1, _CREATE_ATTEMPTS + 1):
            ours = self._thread.ours(self._marker)
            if ours:
                return self._update(ours, body, always=always)
            if not create:
                return NO_COMMENT
            try:
                made = self._thread.create(body)
            except Ambiguous:
                if attempt == _CREATE_ATTEMPTS:
                    raise
                self._thread.wait(attempt)  # it may be there by now: look first
                continue
            return self._settle(made, body)
        raise AssertionError("unreachable")  # pragma: no cover

    def _settle(self, made: Remark, body: str) -> Posted:
        """After a creation: if another job did the same at the same time, one comment stays, with the newest result."""
        ours = self._thread.ours(self._marker)
        if len(ours) < 2:
            return Posted(PostedAction.CREATED, made.url)
        self._update(ours, body, always=False)
        return Posted(PostedAction.CREATED, ours[0].url)

    def _update(self, ours: list[Remark], body: str, *, always: bool) -> Posted:
        first, *others = ours
        for other in others:
            self._thread.delete(other)
        there, here = _order(first.body, body), _order(body, first.body)
        if there > here:
            return Posted(PostedAction.UNCHANGED, first.url, _NEWER)
        if there == here and _closed(first.body) and not _closed(body):
            return Posted(PostedAction.UNCHANGED, first.url, _SAME_RUN)
        if _said(first.body) == _said(body) and not always:
            return Posted(PostedAction.UNCHANGED, first.url)
        self._thread.edit(first, body)
        return Posted(PostedAction.EDITED, first.url)


def _run_of(body: str) -> Mapping[str, Any]:
    found = _RUN.search(body[:2000])
    run: Mapping[str, Any] = json.loads(found[1]) if found and _is_json(found[1]) else {}
    return run


def _closed(body: str) -> bool:
    """Whether the run that wrote the comment did not pass."""
    return _run_of(body).get("closed") is True


def _order(body: str, other: str) -> tuple[int, int]:
    """
    Orders runs from the oldest to the newest. A run of unknown age counts as the oldest.

    Attempts count only between repetitions of one job: those of other jobs in the same run are as new as this one.
    """
    run = _run_of(body)
    attempt = str(run.get("attempt", "")) if run.get("job") == _run_of(other).get("job") else ""
    return whole(str(run.get("run", ""))) or 0, whole(attempt) or 0


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _said(body: str) -> str:
    """What readers see, for a comparison: a CI system may have other line ends."""
    return _RUN.sub("", body.replace("\r\n", "\n")).strip()
