"""Reading the files that a check is about: each is judged, or named with the reason why it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from seatrial.domain.extent import Extent
from seatrial.system.source import Tree
from seatrial.text.encoding import CONFLICT, decode, unreadable


@dataclass(frozen=True, slots=True)
class FileText:
    """What one file holds."""

    text: str | None = field(repr=False)
    """None if there is no text to judge."""
    reason: str = ""
    """
    Why the file does not count as judged; empty if it does.

    A file with merge-conflict markers has text and does not count: either side may be meant.
    """
    too_large: bool = False
    """Whether the limit is the reason."""


def read(tree: Tree, path: str, limit: int) -> FileText:
    """The text of a file of at most so many bytes, or the reason why there is none."""
    try:
        data = tree.read(path)
    except OSError as error:
        return FileText(None, (error.strerror or "cannot be read").lower())
    if len(data) > limit:
        return FileText(None, f"larger than {limit // 1024:,} KiB", too_large=True)
    reason = unreadable(data)
    return FileText(decode(data) if reason in ("", CONFLICT) else None, reason)


class FileReader:
    """
    Reads files of one kind and keeps account of them.

    Args:
        tree: where they are.
        unit: what one is called in evidence: `Dockerfile`.
        units: the plural, where it is irregular.
        limit: bytes; a larger file is not judged.
    """

    def __init__(self, tree: Tree, unit: str = "file", units: str = "", *, limit: int = 1024 * 1024) -> None:
        self._tree, self._unit, self._units, self._limit = tree, unit, units, limit
        self._reasons: dict[str, str] = {}

    def text(self, path: str) -> str | None:
        """The text of a file, which counts from now on; None if there is none to judge."""
        one = read(self._tree, path, self._limit)
        self.count(path, one.reason)
        return one.text

    def count(self, path: str, reason: str = "") -> None:
        """A file that the check is about: judged, or not judged for a reason (cut off, an unknown format)."""
        if reason or path not in self._reasons:
            self._reasons[path] = reason

    def lost(self, belongs: Callable[[str], bool]) -> tuple[str, ...]:
        """
        Count the paths of the tree that could not be opened and belong to the check: links out of the tree and such.

        Args:
            belongs: says of a path whether it is one of the check's files. A directory ends with `/`.
        """
        paths = tuple(path for path in self._tree.unread if belongs(path))
        for path in paths:
            self.count(path, self._tree.unread[path])
        return paths

    def extent(self) -> Extent:
        """What was judged and what was not."""
        judged = (path for path, reason in self._reasons.items() if not reason)
        unjudged = {path: reason for path, reason in self._reasons.items() if reason}
        return Extent.of(judged, unjudged, unit=self._unit, units=self._units)
