"""
Questions to git about a repository that may be hostile.

Every call goes through `run`, which turns off what a repository's own configuration could make git execute:
hooks, file-system monitors, pagers, external diff and clean filters.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from . import process

_TIMEOUT = 120.0
_HARMLESS = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.pager=cat",
    "-c", "core.attributesFile=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "diff.external=",
    "-c", "protocol.allow=never",
    "-c", "gc.auto=0",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",  # never write to the user's index
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C.UTF-8",
}


class GitError(process.ProcessError):
    """git refused; the text is its last line."""


def run(
    root: Path,
    *arguments: str,
    stdin: bytes = b"",
    timeout: float = _TIMEOUT,
    options: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> bytes:
    """
    The standard output of a git command.

    Args:
        root: the repository, or a directory in its work tree.
        arguments: the command and its arguments.
        stdin: what it may read.
        timeout: seconds it may take.
        options: more `-c` settings, which beat our own.
        env: more variables.

    Raises:
        GitError: it failed.
        ProcessError: it is missing, hangs or floods.
    """
    # The owner of a workspace mounted into a container is often somebody else: `safe.directory` names just this one.
    command = ("git", *_HARMLESS, "-c", f"safe.directory={root}", *_filters_off(root))
    settings = [part for option in options for part in ("-c", option)]
    command = (*command, *settings, "-C", str(root), *arguments)
    done = process.run(command, cwd=root, timeout=timeout, env=_ENVIRONMENT | dict(env or {}), stdin=stdin)
    if done.returncode:
        raise GitError(f"git {arguments[0]}: {done.complaint}")
    return done.stdout


@lru_cache(maxsize=8)
def _filters_off(root: Path) -> tuple[str, ...]:
    """Options that empty every filter and diff driver of the repository's own configuration."""
    command = (
        "git",
        *_HARMLESS,
        "-c",
        f"safe.directory={root}",
        "-C",
        str(root),
        "config",
        "--name-only",
        "--list",
        "-z",
    )
    try:
        names = process.run(command, cwd=root, timeout=_TIMEOUT, env=_ENVIRONMENT).stdout.split(b"\0")
    except process.ProcessError:
        return ()
    drivers = (os.fsdecode(n) for n in names)
    risky = [
        n for n in drivers if re.fullmatch(r"(filter\..*\.(clean|smudge|process)|diff\..*\.(command|textconv))", n)
    ]
    return tuple(option for name in risky for option in ("-c", f"{name}="))


def discover(root: Path) -> bool:
    """Whether the directory lies in a git work tree that git can read."""
    if process.find("git") is None:
        return False
    try:
        return run(root, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except process.ProcessError:
        return False


def prefix(root: Path) -> str | None:
    """The directory's path in its work tree, with `/`; empty for the work tree itself, None outside one."""
    if process.find("git") is None:
        return None
    try:
        return os.fsdecode(run(root, "rev-parse", "--show-prefix").removesuffix(b"\n")).rstrip("/")
    except process.ProcessError:
        return None


def files(root: Path) -> Iterator[str]:
    """Tracked files and untracked ones that are not ignored, relative to `root`, each once."""
    output = run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    for name in output.split(b"\0"):
        if name:
            yield os.fsdecode(name).rstrip("/")


def head(root: Path) -> str:
    """The full object name of HEAD, or an empty string before the first commit."""
    try:
        return run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except GitError:
        return ""


def dirty(root: Path) -> bool:
    """Whether the work tree below `root` differs from HEAD, untracked files included."""
    return bool(
        run(root, "status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=all", "--", ".").strip()
    )
