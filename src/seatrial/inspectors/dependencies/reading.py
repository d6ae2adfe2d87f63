"""What the tree declares as dependencies: every manifest and lock is read, or named with the reason why it is not."""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from seatrial.domain.extent import Extent
from seatrial.inspectors import reading as files_reading
from seatrial.system.source import Tree

from .files import READERS, REQUIREMENTS, SCRIPT, UNREAD, ManifestFormat, Unread
from .files.python_projects import is_script
from .model import Listed, Manifest, Open, Package, Unmeasured
from .workspaces import FAMILIES, Locks

SIZE_LIMIT = 32 * 1024 * 1024
"""Bytes of one manifest or lock."""
_TREES = ("node_modules/", "site-packages/")
"""Folders of installed packages: what is in them is installed, and declares nothing for this repository."""


@dataclass(frozen=True)
class DeclaredPackages:
    """All that the tree declares."""

    listed: tuple[Listed, ...] = ()

    @property
    def packages(self) -> list[Package]:
        """Every package that has one version."""
        return [p for one in self.listed for p in one.packages]

    @property
    def open(self) -> list[Open]:
        """Every dependency without one version."""
        return [o for one in self.listed for o in one.open]

    @property
    def unmeasured(self) -> list[Unmeasured]:
        """Every dependency from elsewhere than a registry."""
        return [u for one in self.listed for u in one.unmeasured]

    @property
    def problems(self) -> Extent:
        """The files that could not be read, whole or in part."""
        return self.problems_of(lambda _: True)

    def problems_of(self, which: Callable[[Listed], bool]) -> Extent:
        """Those of some files."""
        reasons = {one.path: one.problem for one in self.listed if one.problem and which(one)}
        return Extent.of((), reasons, unit="manifest")

    @property
    def manifests(self) -> Extent:
        """Every file, read or not."""
        read_ = (one.path for one in self.listed if not one.problem)
        return Extent.of(read_, {one.path: one.problem for one in self.listed if one.problem}, unit="manifest")


def declares(tree: Tree) -> bool:
    """Whether there is a manifest to read."""
    return any(True for _ in _found(tree))


def may_declare(path: str) -> bool:
    """Whether a path that cannot be read may be, or hold, a manifest by its name."""
    return path.endswith("/") or _kind(path) is not None


def read(tree: Tree) -> DeclaredPackages:
    """Every manifest and lock, without what a lock says more exactly than its manifest."""
    return _Reading(tree).done()


def _found(tree: Tree) -> Iterator[tuple[str, ManifestFormat | Unread]]:
    """Files by their names; of Python's files those with inline metadata."""
    for file in tree.files:
        if kind := _kind(file.path):
            yield file.path, kind
        elif SCRIPT.files.search(file.path) and not _is_installed(file.path) and _is_script(tree, file.path):
            yield file.path, SCRIPT


def _kind(path: str) -> ManifestFormat | Unread | None:
    """The format of a file by its name."""
    reader = next((r for r in READERS if r.files.search(path)), None)
    if _is_installed(path):
        return reader if reader and reader.installed else None
    return reader or next((u for u in UNREAD if u.files.search(path)), None)


def unopened(tree: Tree) -> dict[str, str]:
    """Manifests of the tree that cannot be opened, and folders that may hold some, each with the reason."""
    return {path: reason for path, reason in tree.unread.items() if path.endswith("/") or _kind(path)}


def _is_installed(path: str) -> bool:
    return any(f"/{tree}" in f"/{path}" for tree in _TREES)


def _is_script(tree: Tree, path: str) -> bool:
    try:
        return is_script(tree.read(path))
    except OSError:
        return False


class _Reading:
    """One pass over a tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._texts: dict[str, files_reading.FileText] = {}
        self._listed: dict[str, Listed] = {}
        self._manifests: dict[str, Manifest] = {}

    def done(self) -> DeclaredPackages:
        """Read all, then leave to locks what is theirs."""
        self._listed |= {path: Listed(path, problem=reason) for path, reason in unopened(self._tree).items()}
        pending = deque(_found(self._tree))
        while pending:
            path, kind = pending.popleft()
            if path in self._listed:
                continue
            if isinstance(kind, Unread):
                self._name(path, kind)
            else:
                included = self._parse(path, kind)
                pending += [(other, REQUIREMENTS) for other in included if not _is_known(other)]
        self._doubt()
        locks = Locks({p: (self._listed[p], m.text) for p, m in self._manifests.items() if self._is_lock(p)})
        covered = {path: self._uncovered(path, locks) for path in self._manifests}
        return DeclaredPackages(tuple(covered.get(path, one) for path, one in sorted(self._listed.items())))

    def _text(self, path: str) -> files_reading.FileText:
        if path not in self._texts:
            self._texts[path] = files_reading.read(self._tree, path, SIZE_LIMIT)
        return self._texts[path]

    def _neighbour(self, path: str) -> str | None:
        return self._text(path).text if path in self._tree.paths else None

    def _name(self, path: str, kind: Unread) -> None:
        folder = posixpath.dirname(path)
        if any(posixpath.join(folder, lock) in self._tree.paths for lock in kind.locks):
            return
        one = self._text(path)
        if kind.says is None or one.reason or one.text is None or kind.says.search(one.text):
            self._listed[path] = Listed(path, problem=one.reason or f"the format of {kind.tool} is not read")

    def _parse(self, path: str, reader: ManifestFormat) -> list[str]:
        """Read one file; the files that it includes."""
        one = self._text(path)
        if one.text is None:
            self._listed[path] = Listed(path, problem=one.reason)
            return []
        manifest = Manifest(path, one.text, self._neighbour, self._tree.paths)
        if reader.applies and not one.reason and not reader.applies(manifest):
            if kind := next((u for u in UNREAD if u.files.search(path)), None):
                self._name(path, kind)
            return []
        try:
            listed = reader.parse(manifest)
            included = list(reader.includes(manifest)) if reader.includes else []
        except (ValueError, KeyError, TypeError, AttributeError, LookupError, RecursionError) as error:
            self._listed[path] = Listed(path, problem=one.reason or f"cannot be read: {_said(error)}")
            return []
        reasons = "; ".join(filter(None, (one.reason, listed.problem)))
        self._listed[path] = replace(listed, problem=reasons)
        self._manifests[path] = manifest
        return included

    def _doubt(self) -> None:
        """A lock that names nothing says so only if its manifest declares nothing."""
        by_folder: dict[str, list[Manifest]] = {}
        for manifest in self._manifests.values():
            by_folder.setdefault(manifest.folder, []).append(manifest)
        for path, manifest in self._manifests.items():
            one = self._listed[path]
            families = [f for f in FAMILIES if f.locks.fullmatch(manifest.name)]
            if not families or one.packages or one.open or one.unmeasured or one.problem:
                continue
            beside = [
                self._listed[m.path] for m in by_folder[manifest.folder]
                if any(f.manifests.fullmatch(m.name) for f in families)
            ]  # fmt: skip
            declared = any(m.packages or m.open or any(not u.provided for u in m.unmeasured) for m in beside)
            if declared or not (beside or one.own):
                self._listed[path] = replace(one, problem="it names no package")

    def _uncovered(self, path: str, locks: Locks) -> Listed:
        """What a manifest declares and no lock of its own names."""
        one = self._listed[path]
        named: set[tuple[str, str]] = set()
        own: set[str] = set()
        covering = set() if self._is_only_lock(path) else set(locks.of(self._manifests[path]))
        for lock in covering:
            named |= set(self._listed[lock].names())
            own |= self._listed[lock].own
        if not covering:
            return one
        left = one.without(lambda ecosystem, name: (ecosystem, name) in named or name in own)
        return replace(left, unmeasured=tuple(u for u in left.unmeasured if not u.provided))

    def _is_lock(self, path: str) -> bool:
        """Whether a file may speak for another: all of it was read, and it names something."""
        one = self._listed[path]
        pinned = bool(one.packages) and not one.open
        return (one.lock or pinned or self._is_only_lock(path)) and bool(one) and not one.problem

    def _is_only_lock(self, path: str) -> bool:
        """Whether a file is a lock by its name, and no manifest."""
        name = self._manifests[path].name
        return any(f.locks.fullmatch(name) for f in FAMILIES)


def _is_known(path: str) -> bool:
    return any(r.files.search(path) for r in READERS)


def _said(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, KeyError):
        return f"an entry has no {error}"
    return " ".join(str(error).split())[:120] or type(error).__name__
