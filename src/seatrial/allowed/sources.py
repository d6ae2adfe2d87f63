"""Which files of a tree hide findings, by words or as configuration, and what of it the base does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from seatrial.base import files as base_files
from seatrial.base.revision import Revision
from seatrial.source import Limits, Tree

from . import added, configuration
from .view import disarmed, lines_of
from .words import Word, find, may_be_in


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to lose its effect."""

    words: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)
    """By path."""
    configurations: Mapping[str, bytes | None] = field(default_factory=dict)
    """The base's content of files that configure a scanner and differ; None: the base has no such file."""

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.words or self.configurations)

    def contents(self, tree: Tree) -> Mapping[str, bytes | None]:
        """The files as they are without that effect."""
        armed = {path: disarmed(tree.read(path), words) for path, words in self.words.items()}
        return armed | dict(self.configurations)


def of_tree(tree: Tree) -> Sources:
    """Every word in the tree. Its configurations stay: they are not a change of anything."""
    return Sources({path: words for path, _, _, words in _with_words(tree)})


def of_change(tree: Tree, revision: Revision, limits: Limits) -> Sources:
    """
    What the change adds.

    Raises:
        ProcessError: git failed, or an object of the base is missing.
        InspectorError: an object of the base is missing.
    """
    blobs = base_files.blobs(revision)
    differing = [f.path for f in tree.files if blobs.get(f.path) != tree.content_id(f.path)]
    gone = [path for path in blobs if path not in tree.paths]
    here = {path: (data, lines, words) for path, data, lines, words in _with_words(tree, differing)}
    configured = [path for path in (*differing, *gone) if configuration.inspector_of(path)]
    wanted = {*here, *configured, *(gone if here else ())}
    before = base_files.contents(revision, wanted & blobs.keys(), limits)
    moved = _keys({path: before[path] for path in gone if path in before})
    found: dict[str, tuple[Word, ...]] = {}
    for path, (_, lines, words) in sorted(here.items()):
        base = _keys({path: before[path]}) if path in before else moved
        if new := added.new(added.keys(path, lines, words), base):
            found[path] = new
    return Sources(found, dict(_configurations(tree, configured, before)))


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
        lines = lines_of(data) if may_be_in(data) else None
        if lines and (words := find(path, lines)):
            yield path, data, lines, words


def _keys(contents: Mapping[str, bytes]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for path, data in contents.items():
        lines = lines_of(data) if may_be_in(data) else None
        if lines:
            counted.update(key for _, key in added.keys(path, lines, find(path, lines)))
    return counted
