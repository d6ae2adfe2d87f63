"""
Questions to git about a repository that may be hostile.

Every call names the repository: the view that `repository.find` makes, or a bare one of ours. git never looks for one
itself and reads only our configuration. Settings come by its environment, where a name cannot be split at a `=`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import process, repository
from .repository import View

_TIMEOUT = 120.0
_PATIENCE = 10.0  # seconds after which we look for what git may be waiting for
_READ_THE_TREE = frozenset({"ls-files", "status"})
"""Commands that open files of the work tree by their names: `.gitignore`, `.gitattributes`, `.gitmodules`."""
_SETTINGS: Mapping[str, str] = {
    "safe.bareRepository": "explicit",
    "safe.directory": "",  # an empty value clears the list: only what is named explicitly is read
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.alternateRefsCommand": "true",
    "core.quotePath": "false",
    "protocol.allow": "never",
    "gc.auto": "0",
    "maintenance.auto": "false",
}
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",  # never write to the user's index
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C.UTF-8",
}


_SUBMODULE = b"160000"
"""The mode of a commit in an index (gitformat-index(5))."""
_SKIPPED = b"S"
"""The tag of a file that the checkout leaves out (git-ls-files(1), `-t`)."""
_UNOPENED = re.compile(r"^warning: could not open directory '(?P<folder>.*?)': [^'\n]*$", re.MULTILINE | re.DOTALL)


class GitError(process.ProcessError):
    """git refused; the text is its last line."""


def run(root: Path, *arguments: str, stdin: bytes = b"", timeout: float = _TIMEOUT) -> bytes:
    """
    The standard output of a git command about the repository that a directory lies in.

    Args:
        root: a directory in the work tree.
        arguments: the command and its arguments.
        stdin: what it may read.
        timeout: seconds it may take.

    Raises:
        GitError: it failed, or there is no repository.
        Refused: there is a repository that cannot be read.
        ProcessError: git is missing, hangs or floods.
    """
    return _completed(root, *arguments, stdin=stdin, timeout=timeout).stdout


def _completed(root: Path, *arguments: str, stdin: bytes = b"", timeout: float = _TIMEOUT) -> process.Completed:
    view = repository.find(root)
    if view is None:
        raise GitError(f"git {arguments[0]}: not a git repository: {root}")

    def completed(seconds: float) -> process.Completed:
        return _run(root, view.arguments(), arguments, stdin, seconds, view.environment(), {})

    if arguments[0] not in _READ_THE_TREE:
        return completed(timeout)
    try:
        return completed(min(timeout, _PATIENCE))
    except process.TimedOutError:
        if found := repository.waited_for(view.top, root):
            raise repository.Refused("is neither a file nor a folder, and git would wait for it", found) from None
        return completed(timeout)


def run_bare(
    git_dir: Path,
    *arguments: str,
    stdin: bytes = b"",
    timeout: float = _TIMEOUT,
    settings: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
) -> bytes:
    """
    The same about a bare repository that we made (`repository.make`).

    Args:
        git_dir: the repository.
        arguments: the command and its arguments.
        stdin: what it may read.
        timeout: seconds it may take.
        settings: more configuration, which beats our own.
        env: more variables.

    Raises:
        GitError: it failed.
        ProcessError: git is missing, hangs or floods.
    """
    return _run(git_dir, (f"--git-dir={git_dir}",), arguments, stdin, timeout, env or {}, settings or {}).stdout


def _run(
    where: Path,
    named: tuple[str, ...],
    arguments: tuple[str, ...],
    stdin: bytes,
    timeout: float,
    env: Mapping[str, str],
    settings: Mapping[str, str],
) -> process.Completed:
    variables = _ENVIRONMENT | _as_environment({**_SETTINGS, **settings}) | dict(env)
    done = process.run(("git", *named, *arguments), cwd=where, timeout=timeout, env=variables, stdin=stdin)
    if done.returncode:
        raise GitError(f"git {arguments[0]}: {done.complaint}")
    return done


def _as_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings as git's environment takes them: unlike `-c`, no key ends at its first `=`."""
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def there() -> bool:
    """Whether git is installed."""
    return process.find("git") is not None


def discover(root: Path) -> View | None:
    """
    The repository that a directory lies in; None outside one, and where git is not installed.

    Raises:
        Refused: there is one, and it cannot be read.
    """
    return repository.find(root) if there() else None


def prefix(root: Path) -> str | None:
    """The directory's path in its work tree, with `/`; empty for the work tree itself, None outside one."""
    view = discover(root)
    if view is None:
        return None
    inside = root.resolve().relative_to(view.top).as_posix()
    return "" if inside == "." else inside


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a work tree as git knows them. Paths are relative to the directory that was asked about."""

    tracked: tuple[str, ...] = ()
    """Files and links of the index; each once."""
    untracked: tuple[str, ...] = ()
    """Files that no `.gitignore` leaves out, and nested repositories, which end with `/`."""
    submodules: frozenset[str] = frozenset()
    """Commits of other repositories in the index. What is in them belongs to the other repository."""
    sparse: frozenset[str] = frozenset()
    """Tracked, but left out of the checkout on purpose (`git sparse-checkout`)."""
    excluded: tuple[str, ...] = ()
    """Untracked files that only `.git/info/exclude` leaves out."""
    unreadable: tuple[str, ...] = ()
    """Folders in which git could not look for untracked files; each ends with `/`."""


def listing(root: Path) -> Listing:
    """
    Tracked files and untracked ones that are not ignored.

    Without an index (`git clone --no-checkout`) the tracked files are those of HEAD.

    Raises:
        GitError: git refuses.
        ProcessError: git is missing, hangs or floods.
    """
    tracked, submodules, sparse = _tracked(root)
    others, unreadable = _untracked(root, "--exclude-standard")
    return Listing(
        tracked=tuple(tracked),
        untracked=tuple(others),
        submodules=frozenset(submodules),
        sparse=frozenset(sparse),
        excluded=_excluded(root, others),
        unreadable=unreadable,
    )


def _tracked(root: Path) -> tuple[dict[str, None], set[str], set[str]]:
    """Files, submodules, and which files are left out of a sparse checkout."""
    view = repository.find(root)
    if view is not None and not view.index.exists():
        names = run(root, "ls-tree", "-r", "-z", "--name-only", "HEAD").split(b"\0") if head(root) else []
        return dict.fromkeys(os.fsdecode(name) for name in names if name), set(), set()
    files: dict[str, None] = {}  # a path with a merge conflict is listed up to three times
    submodules, sparse = set(), set()
    for entry in run(root, "ls-files", "-z", "-t", "--stage").split(b"\0"):
        facts, _, name = entry.partition(b"\t")
        if not name:
            continue
        path, (tag, mode) = os.fsdecode(name), facts.split()[:2]
        if mode == _SUBMODULE:
            submodules.add(path)
            continue
        files[path] = None
        if tag == _SKIPPED:
            sparse.add(path)
    return files, submodules, sparse


def _untracked(root: Path, *ignoring: str) -> tuple[list[str], tuple[str, ...]]:
    """Untracked paths, and the folders that git could not open. It warns about those, and goes on."""
    done = _completed(root, "ls-files", "-z", "--others", *ignoring)
    inside = f"{folder}/" if (folder := prefix(root)) else ""
    names = (match["folder"].removeprefix(inside) for match in _UNOPENED.finditer(os.fsdecode(done.stderr)))
    folders = sorted({f"{name.rstrip('/')}/" for name in names})
    return [os.fsdecode(name) for name in done.stdout.split(b"\0") if name], tuple(folders)


def _excluded(root: Path, others: Iterable[str]) -> tuple[str, ...]:
    """What `.git/info/exclude` leaves out. It is not part of any commit, so no reader of the repository sees it."""
    view = repository.find(root)
    if view is None or not view.excludes:
        return ()
    every, _ = _untracked(root, "--exclude-per-directory=.gitignore")
    return tuple(sorted(set(every) - set(others)))


def head(root: Path) -> str:
    """
    The full object name of HEAD, or an empty string before the first commit.

    Raises:
        GitError: HEAD names something that is not a commit here.
    """
    try:
        return run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except GitError as error:
        if _is_unborn(root):
            return ""
        raise GitError("HEAD names no commit of this repository") from error


def _is_unborn(root: Path) -> bool:
    """Whether HEAD names a branch that has no commit yet."""
    try:
        ref = run(root, "symbolic-ref", "--quiet", "HEAD").decode("utf-8", "surrogateescape").strip()
    except GitError:
        return False
    try:
        return not run(root, "for-each-ref", "--format=%(objectname)", ref).strip()
    except GitError:
        return False


def dirty(root: Path) -> bool:
    """Whether the work tree below `root` differs from HEAD, untracked files included."""
    return bool(
        run(root, "status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=all", "--", ".").strip()
    )
