"""
Which commit a change is compared with: the one that it is based on, not the newest of the branch it goes to.

A pull request is checked out as a merge of two commits, so its base is the first parent. Everything else is compared
with the merge base, which a shallow clone may have to fetch.
"""

from __future__ import annotations

from dataclasses import dataclass

from seatrial.domain.errors import Error
from seatrial.system.git import GitError
from seatrial.system.process import ProcessError

from .store import ObjectStore

DEPTHS = (50, 1000)
"""Commits of history to fetch while no common ancestor is found."""


class Unavailable(Error):  # noqa: N818 - it says what is the case, and is told as a notice
    """There is no base to compare with. The text is the reason, and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What the event says about the change."""

    base: str = ""
    """The commit that it goes on top of, or that it replaced."""
    head: str = ""
    """Its own last commit."""
    name: str = ""
    """What people call the base: a branch."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit to compare with, and where its files can be had."""

    commit: str
    label: str
    store: ObjectStore

    @property
    def short(self) -> str:
        """The commit for people."""
        return self.commit[:7]


def find(store: ObjectStore, wanted: str, hint: Hint) -> Revision | None:
    """
    The commit to compare with; None if there is none to look for.

    Args:
        store: the repository.
        wanted: a git revision, `auto` or `none`.
        hint: from the event, for `auto`.

    Raises:
        Unavailable: there should be one, and it cannot be had.
    """
    if wanted == "none" or (wanted == "auto" and not hint.base):
        return None
    try:
        head = store.commit("HEAD")
        if not head:
            raise Unavailable("there is no commit yet to compare")
        commit = _of_event(store, head, hint) if wanted == "auto" else _named(store, head, wanted)
    except ProcessError as error:
        raise Unavailable(f"{error}; {store.history.advice}") from error
    name = hint.name if wanted == "auto" else wanted
    return Revision(commit, f"{name} at {commit[:7]}" if name else commit[:7], store)


def _named(store: ObjectStore, head: str, wanted: str) -> str:
    named = store.commit(wanted) or store.commit(f"origin/{wanted}")
    if not named:
        raise Unavailable(f"there is no commit {wanted!r} here; {store.history.advice}, or name another base")
    return store.merge_base(named, head) or named


def _of_event(store: ObjectStore, head: str, hint: Hint) -> str:
    parents = store.parents(head)
    if len(parents) == 2 and parents[1] == hint.head:
        return _present(store, parents[0])
    return _common(store, head, hint.base)


def _present(store: ObjectStore, commit: str) -> str:
    """The commit, fetched if it is not here."""
    if not store.commit(commit):
        _fetch(store, [commit], 1)
    if not store.commit(commit):
        raise Unavailable(f"the base {commit[:7]} could not be fetched; {store.history.advice}")
    return commit


def _common(store: ObjectStore, head: str, base: str) -> str:
    """The merge base of two commits, of which the clone may know neither the second nor the history."""
    if store.commit(base) and (common := store.merge_base(base, head)) and _certain(store, common, base):
        return common
    for depth in DEPTHS if store.shallow() or not store.commit(base) else ():
        _fetch(store, [base, head], depth)
        if common := store.merge_base(base, head):
            return common
    if store.commit(base):
        return base  # no common history: a branch replaced by another one
    raise Unavailable(f"the base {base[:7]} is not in this clone; {store.history.advice}")


def _certain(store: ObjectStore, common: str, base: str) -> bool:
    """In a shallow history the visible common ancestor may not be the best one, unless it is the base."""
    return common == base or not store.shallow()


def _fetch(store: ObjectStore, commits: list[str], depth: int) -> None:
    if not store.can_fetch:
        raise Unavailable(f"this clone has too little history; {store.history.advice}")
    try:
        store.fetch(commits, depth)
    except ProcessError as error:
        raise Unavailable(f"{error}; {store.history.advice}") from error


__all__ = ["GitError", "Hint", "Revision", "Unavailable", "find"]
