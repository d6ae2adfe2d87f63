"""The repository as one thing: what several inspectors ask of all its files together. Each file is read once."""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from seatrial.inspectors.compose.project import ComposeProject, ProjectSurvey, survey
from seatrial.inspectors.kubernetes import documents as manifests
from seatrial.inspectors.kubernetes.documents import Manifests
from seatrial.inspectors.path_roles import purpose
from seatrial.inspectors.prometheus import documents as monitoring
from seatrial.inspectors.prometheus.documents import MonitoringFiles
from seatrial.inspectors.reading import FileText, read
from seatrial.system.source import Tree

LIMIT = 512 * 1024
"""Bytes of a file that is looked at."""
_MEMORY = 64 * 1024 * 1024
"""Characters that are remembered."""
CODE = frozenset({
    "py", "js", "mjs", "cjs", "ts", "tsx", "jsx", "vue", "svelte", "go", "rs", "java", "kt", "scala", "rb", "php",
    "cs", "fs", "swift", "dart", "ex", "exs", "erl", "clj", "c", "cc", "cpp", "h", "hpp", "zig", "lua", "pl", "r",
    "jl", "hs", "ml", "nim", "sh", "bash", "ps1",
})  # fmt: skip
"""Endings of files that are programs."""
_SCRIPTS = frozenset({"sh", "bash", "ps1"})


_HASHES = re.compile(r"^[ \t]*#(?!!).*$", re.MULTILINE)
_SLASHES = re.compile(r"^[ \t]*(?://|/\*|\*(?!/)).*$", re.MULTILINE)
_COMMENTS = dict.fromkeys(
    (
        "js",
        "mjs",
        "cjs",
        "ts",
        "tsx",
        "jsx",
        "go",
        "rs",
        "java",
        "kt",
        "scala",
        "cs",
        "swift",
        "dart",
        "c",
        "cc",
        "cpp",
        "php",
    ),
    _SLASHES,
)


def is_own(path: str) -> bool:
    """Whether a path is part of what the repository delivers: no test, no sample, no development environment."""
    return purpose(path).production


def suffix(path: str) -> str:
    """The ending of a name, in lower case, without the dot."""
    name = posixpath.basename(path)
    return name.rpartition(".")[2].lower() if "." in name[1:] else ""


class Whole:
    """
    A tree, with what was read of it.

    Args:
        tree: the surveyed files.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._texts: dict[str, str] = {}
        self._live: dict[str, str] = {}
        self._hidden: dict[str, str] = {}
        self._kept = 0

    def text(self, path: str) -> str:
        """The text of a file; empty if it is not there, cannot be read, or is larger than `LIMIT`."""
        if path not in self._texts:
            known = path in self.tree.paths
            one = read(self.tree, path, LIMIT) if known else FileText("")
            self._hidden[path] = "" if one.too_large else one.reason
            self._keep(self._texts, path, one.text or "")
        return self._texts[path]

    def hidden(self, path: str) -> str:
        """
        Why a listed file does not show what it holds (a pointer, a conflict, not text); empty if it does.

        A file that is larger than `LIMIT` is data, and hides nothing that is looked for here.
        """
        if path not in self._hidden:
            self.text(path)
        return self._hidden[path]

    def _keep(self, cache: dict[str, str], path: str, text: str) -> None:
        """Remember a text; all are forgotten when they get too many, because a tree can be larger than the memory."""
        self._kept += len(text)
        if self._kept > _MEMORY:
            self._texts.clear()
            self._live.clear()
            self._kept = len(text)
        cache[path] = text

    def live(self, path: str) -> str:
        """The text of a file without the lines that are comments: what is only remarked does nothing."""
        if path not in self._live:
            self._keep(self._live, path, _COMMENTS.get(suffix(path), _HASHES).sub("", self.text(path)))
        return self._live[path]

    def first(self, paths: Iterable[str], pattern: re.Pattern[str]) -> str:
        """The first of some files that says what is looked for, outside of comments; empty if none does."""
        return next((path for path in paths if pattern.search(self.live(path))), "")

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every path, sorted."""
        return tuple(file.path for file in self.tree.files)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The paths of what the repository delivers."""
        return tuple(filter(is_own, self.paths))

    @cached_property
    def code(self) -> tuple[str, ...]:
        """Programs of the repository that are more than glue: no shell scripts, no empty files."""
        sizes = {file.path: file.size for file in self.tree.files}
        return tuple(p for p in self.own if suffix(p) in CODE - _SCRIPTS and sizes[p] > 0)

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """Shell scripts of the repository, by their ending or their first line."""
        sizes = {file.path: file.size for file in self.tree.files}
        bare = (p for p in self.own if not suffix(p) and 0 < sizes[p] < LIMIT and self.text(p).startswith("#!"))
        return (*(p for p in self.own if suffix(p) in _SCRIPTS and sizes[p] > 0), *bare)

    def named(self, pattern: str) -> Iterator[str]:
        """The own paths that a regular expression finds."""
        compiled = re.compile(pattern, re.IGNORECASE)
        return (path for path in self.own if compiled.search(path))

    def json(self, path: str) -> Mapping[str, Any]:
        """A JSON object; empty if it is none."""
        try:
            value = json.loads(self.text(path) or "{}")
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def toml(self, path: str) -> Mapping[str, Any]:
        """A TOML document; empty if it is none."""
        try:
            return tomllib.loads(self.text(path))
        except (ValueError, RecursionError):
            return {}

    @cached_property
    def node_manifests(self) -> tuple[str, ...]:
        """Every package.json."""
        return tuple(path for path in self.own if posixpath.basename(path) == "package.json")

    @cached_property
    def compose(self) -> ProjectSurvey:
        """Every Compose file."""
        return survey(self.tree)

    @cached_property
    def projects(self) -> tuple[ComposeProject, ...]:
        """The Compose projects that are no development environment."""
        return tuple(one for one in self.compose.projects if is_own(one.files[0]))

    @cached_property
    def manifests(self) -> Manifests:
        """Kubernetes manifests."""
        return manifests.read(self.tree)

    @cached_property
    def monitoring(self) -> MonitoringFiles:
        """Files of Prometheus and Alertmanager."""
        return monitoring.read(self.tree)


def section(value: Any, *keys: str) -> Mapping[str, Any]:
    """A table below keys of parsed data; empty if it is not there, or no table."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
