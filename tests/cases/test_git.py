"""A repository that git cannot read in full: nothing is hidden by it, and what was not read is not called measured."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from surveying import Survey, Surveyed

TOKEN = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"  # the example of GitHub's own announcement of the format
BAD = "import subprocess\nsubprocess.call(input(), shell=True)\n"
AREAS = ("python", "secrets", "dockerfile", "compose", "dependencies")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_{what}": "x@x.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(where: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(where), *words], env=ENVIRONMENT, check=True, capture_output=True)


def committed(where: Path, files: dict[str, str]) -> Path:
    if not where.exists():
        where.mkdir(parents=True)
        git(where, "init", "-q", "-b", "main")
        git(where, "config", "uploadpack.allowFilter", "true")
    for name, text in files.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(text)
    git(where, "add", "-A", "-f")
    git(where, "commit", "-qm", "change")
    return where


def clone(source: Path, *options: str) -> Path:
    target = source.parent / "clone"
    git(source, "clone", "-q", "--no-local", *options, f"file://{source}", str(target))
    return target


def share(done: Surveyed, check: str) -> float:
    return float(done.check(check)["share"])


def said(done: Surveyed, check: str) -> str:
    return "\n".join(done.check(check)["notes"])


def test_a_committed_bare_repository_hides_nothing(survey: Survey, tmp_path: Path) -> None:
    bare = {
        "HEAD": "ref: refs/heads/main\n",
        "config": "[core]\n\tbare = false\n\tworktree = .\n",
        "info/exclude": "bad.py\n",
        "objects/info/.k": "",
        "refs/heads/.k": "",
        "bad.py": BAD,
    }
    root = committed(tmp_path / "r", {"README.md": "x"} | {f"app/{name}": text for name, text in bare.items()})
    done = survey(clone(root) / "app", only=["python"])
    assert {f["location"]["path"] for f in done.findings} == {"bad.py"}
    assert done.report["subject"]["commit"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_subdirectory_of_another_owners_repository_is_surveyed_as_the_whole(survey: Survey, tmp_path: Path) -> None:
    root = committed(tmp_path / "r", {"services/api/main.py": "x = 1\n", ".gitignore": "node_out/\n"})
    (root / "services" / "api" / "node_out").mkdir()
    (root / "services" / "api" / "node_out" / "x.py").write_text(BAD)
    for path in (root, *root.rglob("*")):
        os.chown(path, 1001, 1001)
    done = survey(root / "services" / "api", only=["python"])
    assert done.report["subject"]["commit"]
    assert not done.findings
    assert share(done, "python/bandit") == 1


@pytest.mark.parametrize("options", [["--no-checkout"], ["--sparse"], ["--no-checkout", "--filter=blob:none"]])
def test_a_checkout_that_lacks_tracked_files_is_not_fully_measured(
    survey: Survey, tmp_path: Path, options: list[str]
) -> None:
    files = {
        "code/bad.py": BAD,
        "code/Dockerfile": "FROM x\n",
        "code/compose.yaml": "services: {}\n",
        "code/requirements.txt": "jinja2==2.10\n",
    }
    root = committed(tmp_path / "r", files)
    done = survey(clone(root, *options), only=AREAS)
    assert not done.findings
    asked = [check for check in done.report["checks"] if check["id"] != "dependencies/licences"]
    assert {check["status"] for check in asked if check["id"].startswith(AREAS)} == {"error"}
    assert "code/bad.py" in done.check("python/bandit")["reason"]


@pytest.mark.parametrize(("options", "reason"), [
    (["--filter=blob:none"], "2 file versions not in this clone"),
    (["--filter=tree:0"], "the clone is partial"),
])  # fmt: skip
def test_a_partial_clone_costs_the_history_and_nothing_of_the_tree(
    survey: Survey, tmp_path: Path, options: list[str], reason: str
) -> None:
    long = "".join(f"line {n}\n" for n in range(50))
    root = committed(tmp_path / "r", {"a.txt": long, "settings.ini": f"token = {TOKEN}\n"})
    git(root, "mv", "a.txt", "b.txt")
    committed(root, {"b.txt": long + "more\n", "other.txt": "1\n"})
    committed(root, {"other.txt": "2\n"})
    done = survey(clone(root, *options), only=["secrets"], history="all")
    assert [f["location"]["path"] for f in done.findings] == ["settings.ini"]
    assert 0.5 < share(done, "secrets/tokens") < 1
    assert reason in said(done, "secrets/tokens")


def test_objects_that_another_repository_holds_are_read(survey: Survey, tmp_path: Path) -> None:
    root = committed(tmp_path / "r", {"a.py": "x = 1\n"})
    target = tmp_path / "shared"
    git(tmp_path, "clone", "-q", "--shared", str(root), str(target))
    done = survey(target, only=["secrets"], history="all")
    assert share(done, "secrets/tokens") == 1
