"""
Small trees as one text, so that a fuzzer can change several files, their names included, at once.

    -- compose.yaml --
    services: {}
    -- .env --
    TAG=1
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.system.source import SourceFile, Tree

_HEADER = re.compile(rb"^-- ([^\n]{1,200}?) --\r?\n", re.MULTILINE)
MOST = 12
"""Files of one tree."""


@dataclass(frozen=True)
class MemoryTree(Tree):
    """A tree whose files are in memory."""

    contents: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        """The contents of a file, or FileNotFoundError."""
        try:
            return self.contents[path]
        except KeyError:
            raise FileNotFoundError(2, "No such file or directory", path) from None


def tree_of(data: bytes, default: str) -> MemoryTree:
    """
    The tree that a text describes.

    Args:
        data: files behind headers; what is before the first header is the default file.
        default: name of that file.
    """
    pieces = _HEADER.split(data)
    contents = {default: pieces[0]} if pieces[0] or len(pieces) == 1 else {}
    for name, body in list(zip(pieces[1::2], pieces[2::2], strict=True))[:MOST]:
        path = posixpath.normpath(name.decode("utf-8", "surrogateescape").replace("\0", "").lstrip("/") or default)
        if not path.startswith("..") and path != ".":
            contents[path] = body
    files = tuple(SourceFile(path, len(body)) for path, body in sorted(contents.items()))
    return MemoryTree(Path("/nonexistent/tree"), files, contents=contents)


def text_of(contents: Mapping[str, bytes]) -> bytes:
    """The text that describes a tree."""
    return b"".join(
        b"-- %s --\n%s%s" % (path.encode("utf-8", "surrogateescape"), body, b"" if body.endswith(b"\n") else b"\n")
        for path, body in contents.items()
    )
