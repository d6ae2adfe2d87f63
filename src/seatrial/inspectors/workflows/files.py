"""
Which files are workflows and actions, and what of them can be read.

A workflow is a file right below `.github/workflows`. An action is an `action.yml` at the top, below `.github`, or with
`runs:` at its top level: other programs have files of that name as well. What is there and cannot be read is a finding
or a part that was not judged, never nothing.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from seatrial.domain import Finding, Location, Severity
from seatrial.domain.extent import Extent, ExtentPart
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.yaml_view import YamlView
from seatrial.settings import Settings
from seatrial.system.source import Tree
from seatrial.text import encoding, lines
from seatrial.text.globs import Globs
from seatrial.text.yaml_tree import YamlError, load_all

from .model import Action, Workflow, WorkflowFiles

_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml$")
_ACTION = re.compile(r"(?:^|/)action\.ya?ml$")
_DEPENDABOT = re.compile(r"\.github/dependabot\.ya?ml$")
_RUNS = re.compile(r"^(?:runs|[\"']runs[\"'])[ \t]*:", re.MULTILINE)
_SAID = {
    encoding.BINARY: "is binary, not YAML",
    encoding.LFS: "is a Git LFS pointer, not YAML",
    encoding.CONFLICT: "has unresolved conflict markers",
}
"""Why a file's content cannot be what its name says."""
_SYNTAX = "workflow/syntax"


@dataclass
class Files:
    """What was read."""

    workflows: list[Workflow] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Files that only zizmor judges."""
    broken: list[Finding] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    """By path: why it could not be judged."""
    texts: dict[str, str] = field(default_factory=dict)
    """By path: the text of every file that can be read as text."""

    def __bool__(self) -> bool:
        """Whether there is anything to judge."""
        return bool(self.workflows or self.actions or self.others or self.unread)

    @property
    def extent(self) -> Extent:
        """Every workflow and action, and what our own rules judge of it."""
        judged = (*(w.path for w in self.workflows), *(a.path for a in self.actions))
        unread = {path: why for path, why in self.unread.items() if not _DEPENDABOT.match(path)}
        return Extent.of(judged, unread)

    @property
    def validated(self) -> Extent:
        """The same for the question whether they are valid: a file that is not has been judged."""
        said = {finding.location.path for finding in self.broken}
        unread = {path: why for path, why in self.unread.items() if path not in said and not _DEPENDABOT.match(path)}
        judged = (*(w.path for w in self.workflows), *(a.path for a in self.actions), *sorted(said))
        return Extent.of(dict.fromkeys(judged), unread)

    @property
    def auditable(self) -> tuple[str, ...]:
        """What zizmor is asked about."""
        return (*(w.path for w in self.workflows), *(a.path for a in self.actions), *self.others)


def read(tree: Tree, settings: Settings) -> Files:
    """Every workflow, action and Dependabot file of a tree."""
    files, project = Files(), WorkflowFiles()
    for file in tree.files:
        path = file.path
        if _WORKFLOW.match(path):
            if view := _piece(tree, path, files):
                files.workflows.append(Workflow(path, view, tree.paths, project))
        elif _ACTION.search(path):
            if _is_action(tree, path, files) and (view := _piece(tree, path, files)):
                files.actions.append(Action(path, view, tree.paths, project))
        elif _DEPENDABOT.match(path):
            files.others += [path] if _text(tree, path, files) is not None else []
    for part in _beside(tree, settings):
        files.unread[part.name] = part.reason
    project.workflows.update((one.path, one) for one in files.workflows)
    project.actions.update((one.folder, one) for one in files.actions)
    return files


def _is_action(tree: Tree, path: str, files: Files) -> bool:
    if "/" not in path or path.startswith(".github/"):
        return True
    try:
        data = tree.read(path)
    except OSError as error:
        files.unread[path] = f"cannot be read: {error.strerror or error}"
        return False
    text, problem = encoding.decode(data), encoding.unreadable(data)
    if text is None or (problem and problem != encoding.CONFLICT):  # it may be one, or another program's file
        files.unread[path] = _SAID.get(problem, "is empty")
        return False
    return bool(_RUNS.search(text))


def _text(tree: Tree, path: str, files: Files) -> str | None:
    """The text of a file; an obstacle is noted."""
    try:
        data = tree.read(path)
    except OSError as error:
        files.unread[path] = f"cannot be read: {error.strerror or error}"
        return None
    text = encoding.decode(data)
    problem = _SAID.get(encoding.unreadable(data), "" if text is not None and text.strip() else "is empty")
    if text is None or problem:
        files.unread[path] = problem
        files.broken.append(found(_SYNTAX, Severity.HIGH, Location(path, 1, 1), problem, "restore the file's text"))
        return None
    files.texts[path] = text
    return text


def _piece(tree: Tree, path: str, files: Files) -> YamlView | None:
    text = _text(tree, path, files)
    if text is None:
        return None
    try:
        nodes = load_all(text)
    except YamlError as error:
        at = Location(path, error.line, error.column)
        files.broken.append(found(_SYNTAX, Severity.HIGH, at, f"is not valid YAML: {error.message}"))
        files.unread[path] = "is not valid YAML"
        return None
    view = YamlView(path, nodes[0] if nodes else None, tuple(lines.split(text)))
    if not view.is_map:
        files.broken.append(found(_SYNTAX, Severity.HIGH, Location(path, 1, 1), "is empty, or not a mapping"))
        files.unread[path] = "not a mapping"
        return None
    return view


def _beside(tree: Tree, settings: Settings) -> Iterator[ExtentPart]:
    """What lies where GitHub looks for workflows and is not among the files of the tree."""
    for path, reason in tree.unread.items():
        if _wanted(path) or _ACTION.search(path) or (path.endswith("/") and ".github/workflows/".startswith(path)):
            yield ExtentPart(path, Fraction(0), reason)
    left_out = Globs(settings.exclude) if settings.exclude else None
    wanted = Globs(settings.paths) if settings.paths else None
    for folder in (".github/workflows", ".github", ""):
        for name in _names(tree.root / folder):
            path = f"{folder}/{name}" if folder else name
            if path in tree.paths or path in tree.unread or not _wanted(path):
                continue
            if (left_out and left_out.match(path)) or (wanted and not wanted.match(path)):
                continue
            if reason := _why(tree.root / path):
                yield ExtentPart(path, Fraction(0), reason)


def _wanted(path: str) -> bool:
    """Whether a path is that of a workflow, of Dependabot's settings, or of an action that needs no look inside."""
    action = _ACTION.search(path) and ("/" not in path or path.startswith(".github/"))
    return bool(_WORKFLOW.match(path) or _DEPENDABOT.match(path) or action)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir()) if not folder.is_symlink() else []
    except OSError:
        return []


def _why(path: Path) -> str:
    """Why something is not among the files of the tree; empty for files that git ignores, which GitHub does not see."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "cannot be read"
    if stat.S_ISLNK(mode):
        return "a symbolic link, which is not followed"
    return "a folder, not a file" if stat.S_ISDIR(mode) else ""
