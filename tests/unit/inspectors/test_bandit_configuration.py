"""Bandit finds and excludes what `bandit -r .` in the repository's root does, whatever the configuration."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from seatrial.domain import Answer, Status
from seatrial.inspectors.base import Context
from seatrial.inspectors.python import bandit_config
from seatrial.inspectors.python import inspector as python_code
from seatrial.inspectors.python.inspector import PythonCode
from seatrial.settings import Settings
from seatrial.system.source import open_tree

FLAWED = 'import subprocess\nsubprocess.call("ls " + input(), shell=True)\n'
FILES = {
    "app/main.py": FLAWED + "assert 1\n",
    "app/nosec.py": (
        'exec("1")  # nosec\nexec("2")  # nosec B102\nexec("3")  # nosec: B102, B101\nexec("4")  # nosec B101\n'
        'exec("5")  #nosec - reviewed\nexec("6")  # nosec exec_used\nexec("7")  # noqa\n'
    ),
    "app/window.pyw": FLAWED,
    "gen/made.py": FLAWED,
    "gen/deep/made.py": FLAWED,
    "tests/test_x.py": FLAWED,
    "src/gen/other.py": FLAWED,
    "build_tools/x.egg-info.py": FLAWED,
    "my.git_tools.py": FLAWED,
    "setup.py": FLAWED,
}
TOML = "[tool.bandit]\n"
FORMS: Mapping[str, tuple[Mapping[str, str], Sequence[str]]] = {
    "none": ({}, ()),
    "toml-dot-slash": ({"pyproject.toml": f'{TOML}exclude_dirs = ["./gen", "./tests"]\n'}, ("-c", "pyproject.toml")),
    "toml-plain": ({"pyproject.toml": f'{TOML}exclude_dirs = ["gen"]\n'}, ("-c", "pyproject.toml")),
    "toml-slash": ({"pyproject.toml": f'{TOML}exclude_dirs = ["gen/"]\n'}, ("-c", "pyproject.toml")),
    "toml-leading-slash": ({"pyproject.toml": f'{TOML}exclude_dirs = ["/gen/"]\n'}, ("-c", "pyproject.toml")),
    "toml-glob": ({"pyproject.toml": f'{TOML}exclude_dirs = ["./gen/*"]\n'}, ("-c", "pyproject.toml")),
    "toml-glob-anywhere": ({"pyproject.toml": f'{TOML}exclude_dirs = ["*/gen/*"]\n'}, ("-c", "pyproject.toml")),
    "toml-bare-glob": ({"pyproject.toml": f'{TOML}exclude_dirs = ["gen/*"]\n'}, ("-c", "pyproject.toml")),
    "toml-file": ({"pyproject.toml": f'{TOML}exclude_dirs = ["./app/main.py"]\n'}, ("-c", "pyproject.toml")),
    "toml-name": ({"pyproject.toml": f'{TOML}exclude_dirs = ["test_x.py"]\n'}, ("-c", "pyproject.toml")),
    "toml-question": ({"pyproject.toml": f'{TOML}exclude_dirs = ["./ge?/*"]\n'}, ("-c", "pyproject.toml")),
    "toml-absolute": ({"pyproject.toml": f'{TOML}exclude_dirs = ["/nowhere/gen"]\n'}, ("-c", "pyproject.toml")),
    "toml-everything": ({"pyproject.toml": f'{TOML}exclude_dirs = ["."]\n'}, ("-c", "pyproject.toml")),
    "toml-targets": ({"pyproject.toml": f'{TOML}targets = ["app"]\n'}, ("-c", "pyproject.toml")),
    "toml-skips": ({"pyproject.toml": f'{TOML}skips = ["B404", "B602"]\n'}, ("-c", "pyproject.toml")),
    "toml-tests": ({"pyproject.toml": f'{TOML}tests = ["B602"]\n'}, ("-c", "pyproject.toml")),
    "toml-plugin": (
        {"pyproject.toml": '[tool.bandit.assert_used]\nskips = ["*/main.py"]\n'},
        ("-c", "pyproject.toml"),
    ),
    "toml-include": ({"pyproject.toml": f'{TOML}include = ["*.pyw"]\n'}, ("-c", "pyproject.toml")),
    "toml-other": ({"pyproject.toml": '[tool.other]\nexclude_dirs = ["gen"]\n'}, ()),
    "toml-crlf": (
        {"pyproject.toml": f'{TOML}exclude_dirs = ["./gen"]\n'.replace("\n", "\r\n")},
        ("-c", "pyproject.toml"),
    ),
    "yaml": ({"bandit.yaml": "exclude_dirs: [./gen, tests]\nskips: [B404]\n"}, ("-c", "bandit.yaml")),
    "yaml-hidden": ({".bandit.yml": "tests:\n- B602\n"}, ("-c", ".bandit.yml")),
    "yaml-plugin": ({"bandit.yml": "assert_used:\n  skips: ['*main.py']\n"}, ("-c", "bandit.yml")),
    "toml-before-yaml": (
        {"pyproject.toml": f'{TOML}exclude_dirs = ["./gen"]\n', "bandit.yaml": "exclude_dirs: [app]\n"},
        ("-c", "pyproject.toml"),
    ),
    "ini-colon": ({".bandit": "[bandit]\nexclude: ./gen/*\n"}, ()),
    "ini-directory": ({".bandit": "[bandit]\nexclude = gen\n"}, ()),
    "ini-list": ({".bandit": "[bandit]\nexclude: ./gen,./tests,*.pyw\n"}, ()),
    "ini-list-with-spaces": ({".bandit": "[bandit]\nexclude: ./gen, ./tests\n"}, ()),
    "ini-leading-slash": ({".bandit": "[bandit]\nexclude = /gen\n"}, ()),
    "ini-lines": ({".bandit": "[bandit]\nexclude = ./gen,\n  ./tests\n"}, ()),
    "ini-replaces-the-defaults": ({".bandit": "[bandit]\nexclude = nothing\n"}, ()),
    "ini-skips": ({".bandit": "[bandit]\nskips: B404,B602\n"}, ()),
    "ini-tests": ({".bandit": "[bandit]\ntests = B602\n"}, ()),
    "ini-targets": ({".bandit": "[bandit]\ntargets: app\n"}, ()),
    "ini-nosec": ({".bandit": "[bandit]\nignore-nosec: false\n"}, ()),
    "ini-below": ({"app/.bandit": "[bandit]\nexclude: ./gen\n"}, ()),
    "ini-configfile": ({".bandit": "[bandit]\nconfigfile: more.yaml\n", "more.yaml": "skips: [B602]\n"}, ()),
    "ini-profile": (
        {
            ".bandit": "[bandit]\nconfigfile: more.yaml\nprofile: shells\n",
            "more.yaml": "profiles:\n  shells:\n    include: [B602]\n",
        },
        (),
    ),
    "toml-skips-and-tests": (
        {"pyproject.toml": f'{TOML}tests = ["B602", "B101"]\nskips = ["B404"]\n'},
        ("-c", "pyproject.toml"),
    ),
    "toml-shell-injection": (
        {"pyproject.toml": "[tool.bandit.shell_injection]\nno_shell = []\nshell = []\nsubprocess = []\n"},
        ("-c", "pyproject.toml"),
    ),
    "ini-like-an-option": ({".bandit": "[bandit]\nexclude = --gen\n"}, ()),
    "ini-targets-and-exclude": ({".bandit": "[bandit]\ntargets = app,gen\nexclude = src/gen\n"}, ()),
    "ini-broken": ({".bandit": "exclude: ./gen\n"}, ()),
    "ini-percent": ({".bandit": "[bandit]\nexclude: ./gen%%,./tests\n[other]\na = %\n"}, ()),
    "ini-and-toml": (
        {".bandit": "[bandit]\nexclude: ./gen\n", "pyproject.toml": f'{TOML}exclude_dirs = ["./tests"]\n'},
        ("-c", "pyproject.toml"),
    ),
}


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())


def answer(root: Path) -> Answer:
    (only,) = PythonCode().inspect(Context(open_tree(root), Settings(), root / ".cache", 1))
    return only


@pytest.mark.parametrize("form", FORMS)
def test_results_and_exclusions_are_those_of_a_plain_run(tmp_path: Path, form: str) -> None:
    configuration, options = FORMS[form]
    write(tmp_path, FILES)
    write(tmp_path, configuration)
    command = [sys.executable, "-m", "bandit", "-q", "-f", "json", "-r", ".", *options]
    plain = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    expected = python_code.parse(plain.stdout)
    tree = open_tree(tmp_path)
    used = bandit_config.of_tree(tree)
    files = python_code.python_files(tree, used)
    ours = python_code.merge(python_code.invoke(Context(tree, Settings(), tmp_path / ".cache", 1), files, used.options))
    assert sorted((f.rule, f.location) for f in ours.findings) == sorted(
        (f.rule, f.location) for f in expected.findings
    )
    assert ours.scanned == expected.scanned
    assert ours.suppressed == expected.suppressed


def test_what_is_excluded_is_said(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    write(tmp_path, FORMS["toml-dot-slash"][0])
    one = answer(tmp_path)
    assert "tests/test_x.py" not in {f.location.path for f in one.findings}
    assert any("excluded as bandit does: gen/deep/made.py, gen/made.py" in note for note in one.notes)
    assert one.share == 1


def test_nothing_is_left_of_a_tree_that_is_excluded(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    write(tmp_path, FORMS["toml-everything"][0])
    one = answer(tmp_path)
    assert one.status is Status.NA
    assert one.reason.startswith("9 Python files excluded as bandit does: ")
    assert "app/main.py" in one.reason


def test_two_ini_files_are_named_and_not_used(tmp_path: Path) -> None:
    write(tmp_path, {"a/.bandit": "[bandit]\nskips: B602\n", "b/.bandit": "[bandit]\n", **FILES})
    one = answer(tmp_path)
    assert "bandit/B602" in {f.rule for f in one.findings}
    assert any("bandit refuses more than one" in note for note in one.notes)


def test_the_caller_chooses_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, **FORMS["toml-skips"][0]})
    context = Context(open_tree(tmp_path), Settings(), tmp_path / ".cache", 1)
    (one,) = PythonCode().inspect(context, config=bandit_config.NONE)
    assert "bandit/B602" in {f.rule for f in one.findings}


@pytest.mark.parametrize(
    "data",
    [
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        b"<<<<<<< a\nx = 1\n=======\nx = 2\n>>>>>>> b\n",
        b"def cut(\n",
        b"\x00\x01\x02\x03" * 50,
        "x = 1\n".encode("utf-16"),
        "x = 1\ny = 2\n".encode("utf-16-le"),
        "x = 1\n".encode("utf-32"),
        b"x = 1\n\0",
        b"# -*- coding: nonsense -*-\nx = 1\n",
        b"x = '\xff'\n",
    ],
)
def test_what_is_no_source_is_not_measured(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, {"good.py": "x = 1\n"})
    (tmp_path / "bad.py").write_bytes(data)
    one = answer(tmp_path)
    assert one.share is not None
    assert one.share < 1
    assert any("bad.py" in note for note in one.notes)


def test_an_empty_module_is_measured(tmp_path: Path) -> None:
    write(tmp_path, {"__init__.py": ""})
    assert (answer(tmp_path).status, answer(tmp_path).share) == (Status.PASS, Fraction(1))


def test_a_link_out_of_the_tree_is_not_measured(tmp_path: Path) -> None:
    write(tmp_path, {"outside.py": "x = 1\n", "tree/good.py": "x = 1\n"})
    (tmp_path / "tree" / "bad.py").symlink_to("../outside.py")
    one = answer(tmp_path / "tree")
    assert one.share is not None
    assert one.share < 1
    assert any("bad.py" in note for note in one.notes)


def test_lines_and_columns_behind_page_breaks_and_wide_letters(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": 'x = "é\x0b\x1c\u2028\x85"\n\x0cexec(x)\r\nä = "ü"; exec(x)\n'})
    found = sorted((f.location.line, f.location.column, f.anchor) for f in answer(tmp_path).findings)
    assert [(line, anchor) for line, _, anchor in found] == [(2, "exec(x)"), (3, 'ä = "****"; exec(x)')]
    assert found[1][1] == 10


def test_the_report_of_the_plain_run_has_every_file(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    command = [sys.executable, "-m", "bandit", "-q", "-f", "json", "-r", "."]
    report = json.loads(subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout)
    assert {"./app/main.py", "./app/window.pyw"} <= report["metrics"].keys()


@pytest.mark.parametrize("character", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_anchors_do_not_move_with_characters_that_end_no_line(tmp_path: Path, character: str) -> None:
    """Only LF, CR and CRLF end a line for Python."""
    for name, top in (("plain", ""), ("paged", f"# a comment\n#{character}\n")):
        write(tmp_path, {f"{name}/m.py": f'{top}import os\n\nexec("1")\nx = 1\n'})
    anchors = [[f.anchor for f in answer(tmp_path / name).findings] for name in ("plain", "paged")]
    assert anchors[0] == anchors[1] == ['exec("****")']
