"""Files of a tree that hide findings, by words or as configuration, and which of them are new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from seatrial.domain.allowance import AllowanceKind
from seatrial.settings import Settings
from seatrial.system.base import files as base_files
from seatrial.system.base.revision import Revision
from seatrial.system.source import Limits, Tree

from . import added, configuration, escapes
from .escapes import Escape
from .view import disarmed, lines_of
from .words import Word, find, may_be_in


@dataclass(frozen=True)
class AllowSources:
    """What is to lose its effect."""

    words: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)
    """By path."""
    configurations: Mapping[str, bytes | None] = field(default_factory=dict)
    """The base's content of files that configure a scanner and differ; None: the base has no such file."""

    escapes: Mapping[str, Escape] = field(default_factory=dict)
    """Files that left the survey, by the path that they are judged at."""
    lost: Mapping[str, str] = field(default_factory=dict)
    """Paths of the base's survey whose content cannot be had, each with the reason."""
    touched: frozenset[str] = frozenset()
    """Surveyed paths whose content is not the base's, and paths that left the survey."""
    base: Mapping[str, int] = field(default_factory=dict)
    """The base's files with their sizes in bytes."""

    def __bool__(self) -> bool:
        """Whether there is anything to judge without effect."""
        return bool(self.words or self.configurations or self.escapes)

    def contents(self, tree: Tree) -> Mapping[str, bytes | None]:
        """The files as they are without that effect."""
        changed: dict[str, bytes | None] = {path: one.data for path, one in self.escapes.items()}
        for path, words in self.words.items():
            data = changed.get(path)
            changed[path] = disarmed(tree.read(path) if data is None else data, words)
        moved = dict.fromkeys(self.weakened)  # judged where they were; twice would be another value's second place
        return changed | moved | dict(self.configurations)

    @cached_property
    def weakened(self) -> frozenset[str]:
        """Paths at which findings weigh less than where their files were in the base."""
        return frozenset(one.at for one in self.escapes.values() if one.kind is AllowanceKind.WEAKENED)

    def origin(self, path: str) -> str:
        """Where in the change the content is that is judged at a path."""
        return self.escapes[path].at if path in self.escapes else path


def of_tree(tree: Tree) -> AllowSources:
    """Every word in the tree. Its configurations stay: they are not a change of anything."""
    return AllowSources({path: words for path, _, _, words in _with_words(tree)})


def of_change(tree: Tree, revision: Revision, settings: Settings) -> AllowSources:
    """
    What the change adds.

    Raises:
        ProcessError: git failed, or an object of the base is missing.
        UsageError: git cannot list the files.
        InspectorError: an object of the base is missing.
    """
    limits = Limits(settings.max_file_size, settings.max_files)
    blobs = base_files.blobs(revision)
    differing = [f.path for f in tree.files if blobs.get(f.path) != tree.content_id(f.path)]
    gone = [path for path in blobs if path not in tree.paths]
    left = escapes.of_change(tree, revision, settings)
    here = {path: (lines, words) for path, _, lines, words in _with_words(tree, differing)}
    for path, one in left.judged.items():
        if (found_ := _words_in(path, one.data)) is not None:
            here[path] = found_
    configured = [path for path in (*differing, *gone) if configuration.inspector_of(path)]
    wanted = {*here, *configured, *(gone if here else ())}
    before = base_files.contents(revision, wanted & blobs.keys(), limits)
    moved = _keys({path: before[path] for path in gone if path in before and path not in left.judged})
    found: dict[str, tuple[Word, ...]] = {}
    for path, (lines, words) in sorted(here.items()):
        base = _keys({path: before[path]}) if path in before else moved
        if new := added.new(added.keys(path, lines, words), base):
            found[path] = new
    configurations = dict(_configurations(tree, configured, before))
    return AllowSources(
        found,
        configurations,
        {path: one for path, one in left.judged.items() if path not in configurations},
        left.lost,
        frozenset((*differing, *left.judged, *left.lost, *left.unread)),
        base_files.sizes(revision),
    )


def _words_in(path: str, data: bytes) -> tuple[list[str], tuple[Word, ...]] | None:
    lines = lines_of(data) if may_be_in(data) else None
    words = find(path, lines) if lines else ()
    return (lines, words) if lines and words else None


def _configurations(tree: Tree, paths: list[str], before: Mapping[str, bytes]) -> Iterator[tuple[str, bytes | None]]:
    for path in paths:
        base = before.get(path)
        here = tree.read(path) if path in tree.paths else None
        if configuration.is_about(path, base, here):
            yield path, base


def _with_words(tree: Tree, paths: list[str] | None = None) -> Iterator[tuple[str, bytes, list[str], tuple[Word, ...]]]:
    for path in [f.path for f in tree.files] if paths is None else paths:
        try:
            data = tree.read(path)
        except OSError:
            continue  # what cannot be read hides nothing, and lowers the coverage by itself
        if (found := _words_in(path, data)) is not None:
            yield path, data, *found


def _keys(contents: Mapping[str, bytes]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for path, data in contents.items():
        lines = lines_of(data) if may_be_in(data) else None
        if lines:
            counted.update(key for _, key in added.keys(path, lines, find(path, lines)))
    return counted
