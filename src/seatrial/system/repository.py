"""
The repository that a directory lies in, seen through a git directory of our own.

git reads its configuration from the repository that it is pointed at. More than thirty settings there name programs
that it runs or files that it reads: https://git-scm.com/docs/git-config . git also takes a folder that merely looks
like a bare repository for one. Such a folder can be committed. So git is never pointed at what the tree has:

- `find` looks for a `.git` from the surveyed directory upwards, as git does for repositories that are not bare;
- the `View` is a git directory in a temporary folder of ours. It holds the facts that git needs (format, line ends)
and links to refs and exclusions. It names the real objects and the real index. It has no hooks and no other settings.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from seatrial.domain.errors import UsageError

_REMEDY = "run `git status` there and fix what it reports"
_SMALL = 64 * 1024  # bytes of git's own text files; each holds a line or a few
_CONFIGURATION = 1024 * 1024  # bytes of a repository's configuration; every branch has a section
_LINKED = ("refs", "packed-refs", "reftable", "shallow", "info/exclude")
_HEAD = re.compile(r"(?:ref: (?P<ref>refs/[^\x00-\x20\x7f~^:?*\[\\]+)|(?P<commit>[0-9a-f]{40}(?:[0-9a-f]{24})?))\s*\Z")
_SECTION = re.compile(r"^\s*\[\s*(?P<name>[\w.-]+)\s*\]\s*(?:[#;].*)?$")
_SETTING = re.compile(r"^\s*(?P<key>[A-Za-z][\w-]*)\s*(?:=\s*(?P<value>[^#;]*))?(?:[#;].*)?$")
_FACTS: Mapping[str, str] = {
    "core.filemode": r"true|false",
    "core.ignorecase": r"true|false",
    "core.precomposeunicode": r"true|false",
    "core.symlinks": r"true|false",
    "core.autocrlf": r"true|false|input",
    "core.eol": r"lf|crlf|native",
}
"""Settings that are facts of a work tree, with the values that they can have. None of them runs or reads anything."""
_HARMLESS_EXTENSIONS = frozenset({"partialclone", "worktreeconfig", "preciousobjects", "relativeworktrees", "noop"})
"""Extensions of the format that reading does not depend on. Any other is left for git to know, or to refuse."""


class Refused(UsageError):  # noqa: N818 - it says what is the case
    """There is a repository, and it cannot be read. What is not readable is never taken for absent."""

    def __init__(self, problem: str, where: Path) -> None:
        super().__init__(problem, where=str(where), remedy=_REMEDY)


@dataclass(frozen=True, slots=True)
class View:
    """A repository as git is to see it."""

    top: Path
    """The work tree's top folder."""
    real: Path
    """The repository's own git directory. git is never pointed at it."""
    git_dir: Path
    """Ours; holds nothing that the tree wrote but links to refs and exclusions."""
    objects: Path
    index: Path
    settings: Mapping[str, str]
    """The facts of its configuration."""
    partial: bool
    """Whether the clone leaves out objects until they are asked for."""
    excludes: bool
    """Whether `info/exclude` of the git directory has patterns."""

    def arguments(self) -> tuple[str, ...]:
        """What names the repository on git's command line."""
        return (f"--git-dir={self.git_dir}", f"--work-tree={self.top}")

    def environment(self) -> Mapping[str, str]:
        """What names its objects and its index."""
        return {"GIT_OBJECT_DIRECTORY": str(self.objects), "GIT_INDEX_FILE": str(self.index)}


_views: dict[Path, View] = {}


def find(root: Path) -> View | None:
    """
    The repository that a directory lies in; None outside one.

    Args:
        root: the directory; links in its path are followed.

    Raises:
        Refused: there is one, and it cannot be read.
    """
    root = root.resolve()
    device = root.stat().st_dev
    for top in (root, *root.parents):
        if top.stat().st_dev != device:
            return None  # as git does: a mount is a border
        real = _git_dir(top)
        if real is not None:
            return _up_to_date(top, real)
    return None


def _up_to_date(top: Path, real: Path) -> View:
    """One view for each work tree; which branch it is on may change meanwhile."""
    head = _head(real)
    view = _views.get(top)
    if view is None or view.real != real or not view.git_dir.is_dir():
        view = _views[top] = _view(top, real, head)
    elif (view.git_dir / "HEAD").read_bytes() != _line(head):
        (view.git_dir / "HEAD").write_bytes(_line(head))
    return view


def _git_dir(top: Path) -> Path | None:
    """The git directory of a work tree; a `.git` folder that is not one is passed over, as git does."""
    path = top / ".git"
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}", path) from error
    if stat.S_ISDIR(mode):
        return path if os.path.lexists(path / "HEAD") or (path / "objects").is_dir() else None
    text = _text(path)
    if not text.startswith("gitdir: "):
        raise Refused("is a file that does not name a git directory", path)
    named = Path(os.path.normpath(top / text.removeprefix("gitdir: ").rstrip("\r\n")))
    if not named.is_dir():
        raise Refused("names a git directory that does not exist here", path)
    return named


def _view(top: Path, real: Path, head: str) -> View:
    common = _common(real)
    objects = common / "objects"
    if not objects.is_dir():
        raise Refused("has no objects", real)
    for name in ("refs", "packed-refs", "shallow", "info/exclude", "objects"):
        _only_files(common / name)
    _only_files(real / "index")
    settings = dict(_settings(common / "config"))
    git_dir = Path(tempfile.mkdtemp(prefix="seatrial-git-"))
    owner = os.getpid()  # a process that was forked has its parent's view, and must not remove it
    atexit.register(lambda: shutil.rmtree(git_dir, ignore_errors=True) if os.getpid() == owner else None)
    make(git_dir, head, settings)
    for name in (*_LINKED, *_shared_indexes(real)):
        source = (real if name.startswith("sharedindex.") else common) / name
        if source.exists() and (target := git_dir / name).parent.is_dir():
            if target.is_dir():
                target.rmdir()
            target.symlink_to(source)
    partial = any(objects.glob("pack/*.promisor"))
    return View(top, real, git_dir, objects, real / "index", settings, partial, _has_patterns(common / "info/exclude"))


def _only_files(path: Path) -> None:
    """
    Refuse a pipe, a device or a socket where git expects files: git would wait for its other end.

    Raises:
        Refused: there is one, or a folder cannot be read.
    """
    pending = [path] if path.exists() else []
    while pending:
        place = pending.pop()
        try:
            mode = place.stat().st_mode
            if stat.S_ISDIR(mode):
                with os.scandir(place) as entries:
                    odd = [e for e in entries if not e.is_file(follow_symlinks=False)]  # needs no call for a file
                pending += [Path(entry.path) for entry in odd if not _is_loop(entry)]
            elif not stat.S_ISREG(mode):
                raise Refused("is neither a file nor a folder", place)
        except FileNotFoundError:
            continue  # git replaces its files while it works; a link may lead nowhere
        except OSError as error:
            raise Refused(f"cannot be read: {error.strerror}", place) from error


_READ_BY_GIT = (".gitignore", ".gitattributes", ".gitmodules")


def waited_for(top: Path, root: Path) -> Path | None:
    """
    A pipe, a device or a socket in the work tree under a name that git opens; None if there is none.

    Args:
        top: the work tree.
        root: the folder in it that git was asked about: git reads there, below, and in the folders above.
    """
    pending = [root.resolve()]
    above = [folder for folder in pending[0].parents if folder.is_relative_to(top)]
    for path in (folder / name for folder in above for name in _READ_BY_GIT):
        if os.path.lexists(path) and not (path.is_symlink() or path.is_file() or path.is_dir()):
            return path
    while pending:
        with contextlib.suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(Path(entry.path))
                elif entry.name in _READ_BY_GIT and not entry.is_file(follow_symlinks=False) and not entry.is_symlink():
                    return Path(entry.path)
    return None


def _is_loop(entry: os.DirEntry[str]) -> bool:
    """Whether it is a link to a folder: git makes none there, and one that leads upwards has no end."""
    return entry.is_symlink() and entry.is_dir()


def _has_patterns(path: Path) -> bool:
    """Whether a file in the format of `.gitignore` says anything."""
    if not path.exists():
        return False
    return any(line.strip() and not line.startswith("#") for line in _text(path, _CONFIGURATION).split("\n"))


def make(git_dir: Path, head: str, settings: Iterable[tuple[str, str]] | Mapping[str, str] = ()) -> None:
    """
    Write a git directory with nothing in it: what `git init` makes of an empty template, without asking git.

    Args:
        git_dir: an existing, empty folder.
        head: the content of `HEAD`.
        settings: of its configuration, by full name.
    """
    for folder in ("objects/info", "objects/pack", "refs", "info"):
        (git_dir / folder).mkdir(parents=True, exist_ok=True)
    (git_dir / "HEAD").write_bytes(_line(head))
    lines = ["[core]", "\tbare = false"]
    chosen = {"core.repositoryformatversion": "0", **dict(settings)}
    for name, value in chosen.items():
        section, _, key = name.partition(".")
        lines += [f"[{section}]", f"\t{key} = {value}"]
    (git_dir / "config").write_text("\n".join(lines) + "\n", "utf-8")


def _line(text: str) -> bytes:
    return os.fsencode(text) + b"\n"


def _common(real: Path) -> Path:
    """Where refs and objects are: for a linked work tree in the main one's git directory."""
    path = real / "commondir"
    if not os.path.lexists(path):
        return real
    common = Path(os.path.normpath(real / _text(path).strip()))
    if not common.is_dir():
        raise Refused("names a git directory that does not exist here", path)
    return common


def _head(real: Path) -> str:
    path = real / "HEAD"
    if path.is_symlink():  # as git before 1.5 wrote it
        text = f"ref: {path.readlink()}"
    elif path.is_file():
        text = _text(path)
    else:
        raise Refused("is missing, or not a file", path)
    if not _HEAD.match(text):
        raise Refused("names neither a branch nor a commit", path)
    return text.strip()


def _shared_indexes(real: Path) -> Iterator[str]:
    """Parts of a split index (https://git-scm.com/docs/git-update-index#_split_index)."""
    return (path.name for path in real.glob("sharedindex.*"))


def _settings(path: Path) -> Iterator[tuple[str, str]]:
    """The facts in a repository's configuration. Sections with a subsection hold none, and no file is included."""
    section = ""
    for line in _text(path, _CONFIGURATION).split("\n") if path.is_file() else ():
        if line.lstrip().startswith("["):
            found = _SECTION.match(line)
            section = found["name"].lower() if found else ""
        elif section and (match := _SETTING.match(line)):
            name = f"{section}.{match['key'].lower()}"
            value = (match["value"] if match["value"] is not None else "true").strip().strip('"').lower()
            if _is_fact(name, value):
                yield name, value


def _is_fact(name: str, value: str) -> bool:
    section, _, key = name.partition(".")
    if section == "extensions":
        return key not in _HARMLESS_EXTENSIONS and re.fullmatch(r"[\w-]{0,40}", value) is not None
    if name == "core.repositoryformatversion":
        return re.fullmatch(r"\d{1,9}", value) is not None  # one that git does not know is for git to refuse
    return name in _FACTS and re.fullmatch(_FACTS[name], value) is not None


def _text(path: Path, limit: int = _SMALL) -> str:
    """A small text file of git's."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Refused("is not a file", path)
            data = file.read(limit + 1)
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}", path) from error
    if len(data) > limit:
        raise Refused(f"is larger than {limit // 1024:,} KiB", path)
    return os.fsdecode(data)
