"""Bandit's configuration: the results and the exclusions are those of `bandit -r .` in the root of the repository."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from seatrial.domain import Answer, Status
from seatrial.inspectors import bandit_config, python_code
from seatrial.inspectors.base import Context
from seatrial.inspectors.python_code import Parsed, PythonCode
from seatrial.settings import Settings
from seatrial.source import open_tree

FLAWED = 'import subprocess\nassert 1\nexec("1")\nsubprocess.call("ls " + x, shell=True)\n'
SILENCED = 'exec("1")  # nosec\ntry:\n    x()\nexcept ValueError:\n    pass\n'
PLACES = (
    "app/main.py",
    "app/gen_x/a.py",
    "gen/made.py",
    "gen/deep/er.py",
    "tests/test_x.py",
    "app/tests/test_y.py",
    "app/window.pyw",
    ".github/tool.py",
    "build.egg/setup.py",
    "x_test.py",
)


@dataclass(frozen=True)
class Form:
    """Files of configuration, and the one that the real bandit gets with `-c`."""

    files: dict[str, str]
    given: str = ""


def pyproject(body: str) -> Form:
    return Form({"pyproject.toml": f"[tool.bandit]\n{body}\n"}, "pyproject.toml")


def yaml(body: str) -> Form:
    return Form({"bandit.yaml": body}, "bandit.yaml")


def ini(body: str) -> Form:
    return Form({".bandit": f"[bandit]\n{body}\n"})


FORMS = {
    "none": Form({}),
    "other-tools-only": Form({"pyproject.toml": "[tool.ruff]\nline-length = 80\n"}),
    "empty-table": pyproject(""),
    "dot-slash": pyproject('exclude_dirs = ["./gen", "./tests"]'),
    "bare": pyproject('exclude_dirs = ["gen", "tests"]'),
    "trailing-slash": pyproject('exclude_dirs = ["gen/", "tests/"]'),
    "dot-slash-and-trailing-slash": pyproject('exclude_dirs = ["./tests/"]'),
    "leading-slash": pyproject('exclude_dirs = ["/tests"]'),
    "glob": pyproject('exclude_dirs = ["./gen/*", "*/tests/*"]'),
    "glob-of-names": pyproject('exclude_dirs = ["*_test.py"]'),
    "glob-without-dot-slash": pyproject('exclude_dirs = ["gen/*.py"]'),
    "question-mark": pyproject('exclude_dirs = ["./ge?/*"]'),
    "one-file": pyproject('exclude_dirs = ["./gen/made.py"]'),
    "skips": pyproject('skips = ["B101", "B404"]'),
    "tests": pyproject('tests = ["B102"]'),
    "skips-and-tests": pyproject('tests = ["B101", "B102"]\nskips = ["B404"]'),
    "assert-used": pyproject('[tool.bandit.assert_used]\nskips = ["*_test.py", "*/test_*.py"]'),
    "plugin": pyproject("[tool.bandit.try_except_pass]\ncheck_typed_exception = true"),
    "shell-injection": pyproject("[tool.bandit.shell_injection]\nno_shell = []\nshell = []\nsubprocess = []"),
    "include": pyproject('include = ["*.pyw"]'),
    "yaml": yaml("exclude_dirs: ['./gen', tests]\nskips: [B101]\n"),
    "yaml-assert-used": yaml("assert_used:\n  skips: ['*/app/*']\n"),
    "yaml-plugin": yaml("try_except_pass:\n  check_typed_exception: true\n"),
    "ini-glob": ini("exclude: ./gen/*"),
    "ini-folder": ini("exclude = gen"),
    "ini-folder-dot-slash": ini("exclude = ./gen,./tests"),
    "ini-absolute": ini("exclude = /gen"),
    "ini-list-with-spaces": ini("exclude = gen, tests"),
    "ini-skips": ini("skips = B101,B404"),
    "ini-tests": ini("tests: B101,B602"),
    "ini-targets": ini("targets = app"),
    "ini-targets-and-exclude": ini("targets = app,gen\nexclude = app/tests"),
    "ini-nosec": ini("ignore-nosec = true"),
    "ini-several-lines": ini("exclude =\n  ./gen,\n  ./tests"),
    "ini-like-an-option": ini("exclude = --gen"),
    "ini-percent": ini("exclude = %gen"),
    "ini-names-the-file": Form(
        {".bandit": "[bandit]\nconfigfile = ci/b.yaml\nskips = B404\n", "ci/b.yaml": "exclude_dirs: [tests]\n"}
    ),
    "ini-below": Form({"app/.bandit": "[bandit]\nskips = B102\n"}),
    "ini-and-pyproject": Form(
        {".bandit": "[bandit]\nexclude = ./gen\nskips = B101\n", "pyproject.toml": "[tool.bandit]\nskips = ['B102']\n"},
        "pyproject.toml",
    ),
}


def planted(root: Path, form: Form) -> Path:
    for place in PLACES:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(FLAWED)
    (root / "app" / "quiet.py").write_text(SILENCED)
    for name, text in form.files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def context(root: Path) -> Context:
    return Context(open_tree(root), Settings(), root / ".cache", 2)


def answer(root: Path) -> Answer:
    (only,) = PythonCode().inspect(context(root))
    return only


def real(root: Path, form: Form) -> Parsed:
    options = ["-c", form.given] if form.given else []
    command = [sys.executable, "-m", "bandit", "-q", "-f", "json", *options, "-r", "."]
    return python_code.parse(subprocess.run(command, cwd=root, capture_output=True, check=False).stdout)


def verdicts(parsed: Parsed) -> list[tuple[str, str, int, int]]:
    return sorted((f.rule, f.location.path, f.location.line, int(f.severity)) for f in parsed.findings)


@pytest.mark.parametrize("name", FORMS)
def test_results_and_exclusions_are_those_of_a_plain_run(tmp_path: Path, name: str) -> None:
    root = planted(tmp_path, FORMS[name])
    expected = real(root, FORMS[name])
    tree = open_tree(root)
    used = bandit_config.of_tree(tree)
    ours = python_code.merge(python_code.invoke(context(root), python_code.python_files(tree, used), used.options))
    assert ours.scanned == expected.scanned
    assert verdicts(ours) == verdicts(expected)
    assert ours.suppressed == expected.suppressed


def test_excluded_files_are_named(tmp_path: Path) -> None:
    one = answer(planted(tmp_path, FORMS["dot-slash"]))
    assert {f.location.path for f in one.findings}.isdisjoint({"gen/made.py", "gen/deep/er.py", "tests/test_x.py"})
    (note,) = [n for n in one.notes if "excluded" in n]
    assert "gen/made.py" in note
    assert "tests/test_x.py" in note


def test_a_given_configuration_replaces_that_of_the_tree(tmp_path: Path) -> None:
    root = planted(tmp_path, pyproject('exclude_dirs = ["app", "gen", "tests", "_test"]'))
    assert not [f for f in answer(root).findings if f.location.path == "gen/made.py"]
    (one,) = PythonCode().inspect(context(root), config=bandit_config.NONE)
    assert [f.rule for f in one.findings if f.location.path == "gen/made.py"]


def test_everything_excluded_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('exec("1")\n')
    (tmp_path / "pyproject.toml").write_text('[tool.bandit]\nexclude_dirs = ["."]\n')
    one = answer(tmp_path)
    assert not one.findings
    assert one.reason == "1 Python file excluded as bandit does: a.py"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"def broken(:\n", "syntax error"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12\n", "LFS"),
        (b"<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n", "merge-conflict markers"),
        (b'exec("1")\n\0', ""),
        (b"x = (1,\n", ""),
    ],
    ids=["syntax", "lfs", "conflict", "nul", "cut-off"],
)
def test_a_file_that_bandit_cannot_read_lowers_the_share(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "good.py").write_text("x = 1\n")
    (tmp_path / "bad.py").write_bytes(data)
    one = answer(tmp_path)
    assert one.share is not None
    assert one.share < 1
    (note,) = [n for n in one.notes if "bad.py" in n]
    assert reason in note


def test_only_a_link_out_of_the_tree_is_not_nothing(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "out.py").write_text('exec("1")\n')
    (tmp_path / "tree" / "a.py").symlink_to("../out.py")
    assert PythonCode().applies(context(tmp_path / "tree")) is None
    one = answer(tmp_path / "tree")
    assert one.status is Status.ERROR
    assert "a.py" in one.reason


@pytest.mark.parametrize("character", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_anchors_do_not_move_with_characters_that_end_no_line(tmp_path: Path, character: str) -> None:
    """Only LF, CR and CRLF end a line for Python."""
    for name, top in (("plain", ""), ("paged", f"# a comment\n#{character}\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "m.py").write_text(f'{top}import os\n\nexec("1")\nx = 1\n', "utf-8", newline="")
    anchors = [[f.anchor for f in answer(tmp_path / name).findings] for name in ("plain", "paged")]
    assert anchors[0] == anchors[1] == ['exec("****")']
