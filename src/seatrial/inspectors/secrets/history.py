"""
Secrets in commits: what a commit brought in, whether or not it is still there.

Each content is read once, however many commits, branches and renames lead to it. It is searched as the whole file
that it was. So parsers of credential files work, and line numbers are those of the commit. A value is reported where
it came in: if a parent's version of the file has it already, it is not this commit's.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from seatrial.inspectors.base import Context
from seatrial.inspectors.secrets import changes
from seatrial.inspectors.secrets.changes import Blob, ContentChange
from seatrial.inspectors.secrets.contents import FileContent
from seatrial.inspectors.secrets.engine import PatternEngine
from seatrial.inspectors.secrets.files import parsers_for
from seatrial.inspectors.secrets.findings import Redacted, redacted
from seatrial.system.source import Tree
from seatrial.text.globs import Globs
from seatrial.text.wording import counted

STEP = 500
"""Commits that git is asked about at a time."""

Values = frozenset[bytes]
"""Keyed digests of the values in one file."""


def commit_range(context: Context) -> str | None:
    """
    The revisions to search, as `git rev-list` takes them; None: no history.

    `auto` means a pull request's own commits. Which those are is not known here yet, so it means none.
    """
    wanted = context.settings.history.strip()
    if wanted in ("", "none", "auto"):
        return None
    return "--all" if wanted == "all" else wanted


@dataclass(slots=True)
class Past:
    """What the search of a history came to."""

    found: list[Redacted] = field(default_factory=list)
    commits: int = 0
    """Commits that were searched."""
    contents: int = 0
    """Different contents that were read."""
    notes: list[str] = field(default_factory=list)
    missing: str = ""
    """What of the history was not searched; empty if all that was asked for was."""
    problem: str = ""
    """Why none of it could be searched."""


def search(
    context: Context,
    engine: PatternEngine,
    present: Iterable[Redacted],
    clock: Callable[[], float] = time.monotonic,
    *,
    accepted: Iterable[tuple[bytes, str]] = (),
) -> Past:
    """
    Search the commits that the settings name.

    Args:
        context: tree and settings; four fifths of the inspector's time are used at most.
        engine: with its patterns compiled.
        present: what was found in the tree; at the same path it is not reported again.
        clock: the time in seconds.
        accepted: digests of values of the tree that comments accept, each with its path; like `present`.

    Raises:
        InspectorError: git does not know the commits, or fails.
    """
    revisions = commit_range(context)
    if revisions is None:
        return Past()
    if not context.tree.versioned:
        return Past(missing="this is not a git repository")
    return _HistorySearch(context, engine, present, accepted).run(
        revisions, clock, clock() + context.settings.timeout * 0.8
    )


class _HistorySearch:
    """The state of one search."""

    def __init__(
        self,
        context: Context,
        engine: PatternEngine,
        present: Iterable[Redacted],
        accepted: Iterable[tuple[bytes, str]],
    ) -> None:
        self._tree: Tree = context.tree
        self._engine = engine
        self._wanted = _filter(context.settings.paths, context.settings.exclude)
        self._largest = min(context.settings.max_file_size, changes.LARGEST)
        self._told = {(one.token, one.finding.location.path) for one in present} | set(accepted)
        self._comments = context.comments_in_history
        self._seen: dict[tuple[bytes, str], Values] = {}
        self._left_out: Counter[str] = Counter()
        self._past = Past()

    def run(self, revisions: str, clock: Callable[[], float], deadline: float) -> Past:
        every = changes.commits(self._tree.root, revisions)
        if changes.is_shallow(self._tree.root):
            self._past.missing = "the clone is shallow: older commits are not here"
        for start in range(0, len(every), STEP):
            if clock() > deadline:
                self._past.missing = (
                    f"out of time: {counted(len(every) - start, 'commit')} of {len(every):,} not searched; "
                    "give a range or a longer timeout"
                )
                break
            self._step(every[start : start + STEP])
        if self._left_out and not self._past.missing:
            left = (f"{counted(n, 'file version')} {why}" for why, n in self._left_out.items())
            self._past.missing = "; ".join(left)
        return self._past

    def _step(self, some: Sequence[str]) -> None:
        """Search what some commits brought in."""
        todo: dict[str, list[ContentChange]] = {}
        for change in changes.changes(self._tree.root, some):
            if self._wanted(change.path) and _key(change.blob, change.path) not in self._seen:
                todo.setdefault(change.blob, []).append(change)
        for blob in self._read(todo):
            for change in todo[blob.id]:
                self._change(change, blob)
        self._past.commits += len(some)

    def _read(self, ids: Iterable[str]) -> Iterator[Blob]:
        wanted = list(ids)
        sizes = changes.sizes(self._tree.root, wanted) if wanted else {}
        self._leave_out("not in this clone", len(wanted) - len(sizes))
        fit = [(i, sizes[i]) for i in wanted if i in sizes and sizes[i] <= self._largest]
        self._leave_out(f"larger than {self._largest:,} bytes", len(sizes) - len(fit))
        return changes.blobs(self._tree.root, fit)

    def _leave_out(self, why: str, number: int) -> None:
        if number:
            self._left_out[why] += number

    def _change(self, change: ContentChange, blob: Blob) -> None:
        """Report the values that a change brought in."""
        key = _key(change.blob, change.path)
        if key in self._seen:
            return
        found = self._search(change.path, blob, change.commit)
        self._seen[key] = frozenset(one.token for one in found)
        self._past.contents += 1
        if not found:
            return
        before: Values = frozenset().union(*(self._values(path, old) for path, old in change.before))
        for one in found:
            if one.token not in before and (one.token, change.path) not in self._told:
                self._told.add((one.token, change.path))
                self._past.found.append(one)

    def _values(self, path: str, blob: str) -> Values:
        """What a parent's version of a file holds; it may be older than the range."""
        key = _key(blob, path)
        if key not in self._seen:
            held = [one for b in self._read([blob]) for one in self._search(path, b, blob)]
            self._seen[key] = frozenset(one.token for one in held)
        return self._seen[key]

    def _search(self, path: str, blob: Blob, commit: str) -> Sequence[Redacted]:
        content, searched = self._engine.search(path, blob.data)
        made = redacted(path, content or FileContent(b""), searched.found, commit, comments=self._comments)
        return made.found


def _key(blob: str, path: str) -> tuple[bytes, str]:
    """What a search depends on: the content, and the name if there are parsers for files of that name."""
    return bytes.fromhex(blob), path if parsers_for(path) else ""


def _filter(paths: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool]:
    wanted, unwanted = Globs(paths) if paths else None, Globs(exclude)
    return lambda path: (wanted is None or wanted.match(path)) and not unwanted.match(path)
