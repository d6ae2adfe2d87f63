"""
Nothing of a surveyed repository is executed or decides what is surveyed, whatever git could be made to do by it.

Each setting that makes git run a program or read a file (git-config(1), gitattributes(5), gitsubmodules(7)) is planted
in each place that git reads, with a canary; then every command of ours that uses git runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import commit, git, repository, write

from seatrial.domain.errors import UsageError
from seatrial.inspectors.secrets import changes
from seatrial.system import git as ours
from seatrial.system import repository as views
from seatrial.system.base import files
from seatrial.system.base.revision import Hint, find
from seatrial.system.base.store import ObjectStore
from seatrial.system.process import ProcessError
from seatrial.system.source import Limits, open_tree

RUNS = (
    "core.fsmonitor", "core.hooksPath", "core.pager", "core.editor", "core.askPass", "core.sshCommand",
    "core.gitProxy", "core.alternateRefsCommand", "core.attributesFile", "core.excludesFile", "core.worktree",
    "diff.external", "diff.evil.command", "diff.evil.textconv", "diff.a=b.command", "diff.a=b.textconv",
    "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "filter.a=b.clean", "filter.a=b.process",
    "filter.evil.required", "merge.evil.driver", "mergetool.evil.cmd", "difftool.evil.cmd", "interactive.diffFilter",
    "credential.helper", "credential.https://github.example.helper", "gpg.program", "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand", "gpg.x509.program", "commit.gpgSign", "log.showSignature", "sequence.editor",
    "include.path", "includeIf.gitdir:/.path", "alias.ls-files", "alias.status", "alias.rev-parse", "pager.status",
    "pager.ls-files", "browser.evil.cmd", "man.evil.cmd", "instaweb.httpd", "web.browser", "help.browser",
    "sendemail.smtpServer", "imap.tunnel", "remote.origin.uploadpack", "remote.origin.receivepack",
    "remote.origin.vcs", "remote.origin.proxy", "url.ext::sh.insteadOf", "protocol.ext.allow", "http.cookieFile",
    "http.sslCert", "http.proxy", "submodule.sub.update", "submodule.recurse", "lfs.customtransfer.x.path",
    "lfs.extension.x.clean", "trailer.x.command", "trailer.x.cmd", "uploadpack.packObjectsHook", "core.packedGitLimit",
    "extensions.partialClone", "remote.origin.promisor", "receive.procReceiveRefs", "tar.evil.command",
    "guitool.evil.cmd", "blame.ignoreRevsFile", "mailmap.file", "commit.template", "init.templateDir",
    "fsck.skipList", "core.splitIndex", "core.sparseCheckout", "ssh.variant", "hook.evil.command",
)  # fmt: skip
PLACES = ("config", "config.worktree", "git file", "gitmodules", "bare")
DAILY = ("config", "bare")
"""Places in which every setting is planted on every push."""


def _everything(root: Path) -> None:
    """Every command of ours that asks git: survey, dirty, prefix, base, history, changes."""
    tree = open_tree(root)
    assert "a.txt" in tree.paths
    ours.dirty(root)
    ours.prefix(root)
    store = ObjectStore(root)
    revision = find(store, "HEAD~1", Hint())
    assert revision is not None
    target = root.parent / "laid-out"
    target.mkdir()
    files.check_out(revision, target, Limits())
    every = changes.commits(root, "--all")
    list(changes.changes(root, every))
    changes.is_shallow(root)


def _planted(where: Path, key: str, canary: Path, place: str) -> Path:
    """A repository with the setting, and every trigger for it; the directory to survey."""
    top = repository(where / "top", {"app/a.txt": "1\n"})
    commit(top, {"app/a.txt": "2\n"})
    attributes = "* filter=evil diff=evil merge=evil\n*.b filter=a=b diff=a=b\n"
    write(top, {"app/.gitattributes": attributes, "app/c.b": "1\n"})
    commit(top, {}) if place != "bare" else None
    script = where / "evil.sh"
    script.write_text(f"#!/bin/sh\necho ran >> {canary}\ncat\n")
    script.chmod(0o755)
    hooks = where / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "post-checkout", "pre-auto-gc"):
        shutil.copy(script, hooks / name)
        shutil.copy(script, top / ".git" / "hooks" / name)
    value = str(hooks) if key == "core.hooksPath" else str(script)
    _write_setting(top, key, value, place)
    write(top, {"app/a.txt": "3\n", "app/c.b": "2\n"})
    os.utime(top / "app" / "a.txt", (1, 1))
    canary.unlink(missing_ok=True)  # git's own commands of this set-up ran the hooks
    return top / "app"


def _write_setting(top: Path, key: str, value: str, place: str) -> None:
    match place:
        case "config":
            git(top, "config", "--file", ".git/config", key, value)
        case "config.worktree":
            git(top, "config", "--file", ".git/config", "extensions.worktreeConfig", "true")
            git(top, "config", "--file", ".git/config.worktree", key, value)
        case "git file":
            git(top, "config", "--file", ".git/config", key, value)
            (top / ".git").rename(top / "app" / "hidden")
            (top / ".git").write_text("gitdir: app/hidden\n")
        case "gitmodules":
            git(top, "config", "--file", ".gitmodules", key, value)
            write(
                top, {".gitmodules": (top / ".gitmodules").read_text() + '[submodule "s"]\n\tpath = app\n\turl = ./x\n'}
            )
        case "bare":
            shutil.copytree(top / ".git", top / "app", dirs_exist_ok=True, ignore=shutil.ignore_patterns("hooks"))
            git(top, "config", "--file", "app/config", "core.worktree", ".")
            git(top, "config", "--file", "app/config", key, value)
            commit(top, {"app/info/exclude": "a.txt\n"})


@pytest.mark.parametrize(
    "place", [pytest.param(place, marks=[] if place in DAILY else pytest.mark.nightly) for place in PLACES]
)
@pytest.mark.parametrize("key", RUNS)
def test_no_setting_of_the_repository_is_obeyed(tmp_path: Path, key: str, place: str) -> None:
    canary = tmp_path / "ran"
    _everything(_planted(tmp_path, key, canary, place))
    assert not canary.exists(), canary.read_text()


def test_the_canary_would_sing(tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    root = _planted(tmp_path, "filter.evil.clean", canary, "config")
    subprocess.run(["git", "status"], cwd=root, capture_output=True, check=False)
    assert canary.exists()


def test_a_committed_bare_repository_hides_no_file(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {"app/bad.py": "1\n", "app/Dockerfile": "FROM x\n"})
    bare = {"HEAD": "ref: refs/heads/main\n", "objects/info/.k": "", "objects/pack/.k": "", "refs/heads/.k": ""}
    config = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"
    commit(top, {f"app/{n}": t for n, t in {**bare, "config": config, "info/exclude": "bad.py\nDockerfile\n"}.items()})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(top), str(clone))
    tree = open_tree(clone / "app")
    assert {"bad.py", "Dockerfile", "HEAD", "info/exclude"} <= tree.paths
    assert tree.head == git(top, "rev-parse", "HEAD")


def _broken_index(top: Path) -> None:
    (top / ".git" / "index").write_bytes(b"DIRC\0\0\0\2" + b"\xff" * 100)


def _unknown_format(top: Path) -> None:
    git(top, "config", "--file", ".git/config", "core.repositoryformatversion", "99")


def _unknown_extension(top: Path) -> None:
    git(top, "config", "--file", ".git/config", "core.repositoryformatversion", "1")
    git(top, "config", "--file", ".git/config", "extensions.fromTheFuture", "true")


def _head_is(content: str) -> Callable[[Path], None]:
    def write_head(top: Path) -> None:
        (top / ".git" / "HEAD").write_text(content)

    return write_head


def _head_folder(top: Path) -> None:
    (top / ".git" / "HEAD").unlink()
    (top / ".git" / "HEAD").mkdir()


def _head_pipe(top: Path) -> None:
    (top / ".git" / "HEAD").unlink()
    os.mkfifo(top / ".git" / "HEAD")


def _pipe(name: str) -> Callable[[Path], None]:
    """A pipe in the place of one of git's files: whoever opens it waits for ever."""

    def replace(top: Path) -> None:
        path = top / ".git" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        os.mkfifo(path)

    return replace


def _lost_commit(top: Path) -> None:
    (top / ".git" / "refs" / "heads" / "main").write_text("1" * 40 + "\n")


def _garbage_ref(top: Path) -> None:
    (top / ".git" / "refs" / "heads" / "main").write_text("garbage\n")


def _no_objects(top: Path) -> None:
    shutil.rmtree(top / ".git" / "objects")


def _git_file(content: str) -> Callable[[Path], None]:
    def replace(top: Path) -> None:
        shutil.rmtree(top / ".git")
        (top / ".git").write_text(content)

    return replace


PIPES = (
    "index", "packed-refs", "shallow", "info/exclude", "refs/heads/main", "refs/remotes/origin/deep/x",
    "objects/aa/" + "b" * 38, "objects/pack/pack-1.idx", "objects/info/alternates",
)  # fmt: skip


@pytest.mark.parametrize(
    "harm",
    [
        _broken_index, _unknown_format, _unknown_extension, _head_is("x" * 100_000), _head_is("garbage\n"),
        _head_is("ref: ../../etc/passwd\n"), _head_folder, _head_pipe, _lost_commit, _garbage_ref, _no_objects,
        *map(_pipe, PIPES),
        _git_file("gitdir: /nowhere/at/all\n"), _git_file("garbage"), _git_file(""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("folder", [".", "app"])
def test_a_repository_that_cannot_be_read_is_an_error_and_never_absent(
    tmp_path: Path, harm: Callable[[Path], None], folder: str
) -> None:
    top = repository(tmp_path / "top", {"app/a.txt": "1\n", ".gitignore": "ignored\n"})
    harm(top)
    with pytest.raises(UsageError) as problem:
        open_tree(top / folder)
    assert "git status" in problem.value.remedy
    assert "\n" not in str(problem.value)
    assert len(str(problem.value)) < 400


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("folder", [".", "services/api"])
def test_a_repository_of_another_owner_is_read(tmp_path: Path, folder: str) -> None:
    top = repository(tmp_path / "top", {"services/api/main.py": "1\n", "services/api/.gitignore": "out/\n"})
    write(top, {"services/api/out/x.py": "1\n"})
    for path in (top, *top.rglob("*")):
        os.chown(path, 1001, 1001)
    tree = open_tree(top / folder)
    assert tree.head
    assert not any("out/" in path for path in tree.paths)
    assert not ours.dirty(top / folder)


def test_a_linked_work_tree_is_read(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {"a.txt": "1\n"})
    git(top, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    write(tmp_path / "side", {"b.txt": "1\n"})
    commit(tmp_path / "side", {})
    assert open_tree(tmp_path / "side").paths == {"a.txt", "b.txt"}
    assert ours.head(tmp_path / "side") == git(tmp_path / "side", "rev-parse", "HEAD")


def test_a_split_index_is_read(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {"a.txt": "1\n"})
    git(top, "update-index", "--split-index")
    write(top, {"b.txt": "1\n"})
    git(top, "add", "b.txt")
    assert open_tree(top).paths == {"a.txt", "b.txt"}


def test_a_repository_with_sha_256_is_read(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "--quiet", "--object-format=sha256")
    name = commit(top, {"a.txt": "1\n"})
    assert open_tree(top).head == name
    assert len(name) == 64


def test_line_ends_that_git_converts_are_no_change(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {"a.txt": "1\n"})
    git(top, "config", "core.autocrlf", "true")
    (top / "a.txt").unlink()
    git(top, "checkout", "--quiet", "--", "a.txt")
    assert (top / "a.txt").read_bytes() == b"1\r\n"
    os.utime(top / "a.txt", (1, 1))
    assert not ours.dirty(top)


def test_the_branch_may_change_while_we_run(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {"a.txt": "1\n"})
    first = ours.head(top)
    git(top, "switch", "--quiet", "--create", "side")
    second = commit(top, {"a.txt": "2\n"})
    assert (ours.head(top), first != second) == (second, True)


def test_a_name_with_an_equals_sign_in_a_setting_is_one_key(tmp_path: Path) -> None:
    views.make(tmp_path, "ref: refs/heads/none")
    settings = {"remote.a=b.url": "c=d"}
    assert ours.run_bare(tmp_path, "config", "--get", "remote.a=b.url", settings=settings) == b"c=d\n"


def test_outside_a_repository_git_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1")
    assert open_tree(tmp_path).versioned is False
    with pytest.raises(ProcessError, match="not a git repository"):
        ours.run(tmp_path, "status")
