"""Bandit: the same results as a plain run, nothing silently unread, no secret passed on."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from seatrial.domain import Answer, Confidence, Severity, Status
from seatrial.domain.errors import InspectorError
from seatrial.inspectors.base import Context
from seatrial.inspectors.python import bandit_config
from seatrial.inspectors.python import inspector as python_code
from seatrial.inspectors.python.inspector import PythonCode
from seatrial.settings import Settings
from seatrial.system.source import open_tree

CAPTURED = Path(__file__).parents[2] / "captured" / "bandit" / "1.9.4.json"


def context(root: Path, jobs: int = 2, **options: object) -> Context:
    return Context(open_tree(root), Settings(**options), root / ".cache", jobs)  # type: ignore[arg-type]


def answer(root: Path, **options: object) -> Answer:
    (only,) = PythonCode().inspect(context(root, **options))  # type: ignore[arg-type]
    return only


def found(one: Answer) -> set[tuple[str, str, int]]:
    return {(f.rule, f.location.path, f.location.line) for f in one.findings}


def test_a_captured_report() -> None:
    parsed = python_code.parse(CAPTURED.read_bytes())
    assert {(f.rule, f.location.path, f.location.line) for f in parsed.findings} == {
        ("bandit/B404", "pkg/app.py", 1),
        ("bandit/B105", "pkg/app.py", 4),
        ("bandit/B602", "pkg/app.py", 8),
        ("bandit/B202", "pkg/app.py", 13),
        ("bandit/B101", "pkg/tests/test_app.py", 2),
        ("bandit/B105", "pkg/tests/test_app.py", 3),
    }
    assert parsed.unread == (("pkg/broken.py", "syntax error while parsing AST from file"),)
    assert parsed.suppressed == 1
    by_rule = {f.rule: f for f in parsed.findings if "tests" not in f.location.path}
    assert by_rule["bandit/B602"].severity is Severity.HIGH
    assert by_rule["bandit/B602"].confidence is Confidence.HIGH
    assert "correct-horse" not in repr(parsed)
    assert "hunter22" not in repr(parsed)
    assert " at 0x" not in by_rule["bandit/B202"].message


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"garbage", b'{"results": [{}]}', b"[" * 100_000, b"\xff\xfe"])
def test_garbage_is_refused(raw: bytes) -> None:
    with pytest.raises(InspectorError, match=r"^bandit printed no report$"):
        python_code.parse(raw)


def test_the_results_are_those_of_a_plain_run(tmp_path: Path) -> None:
    package = Path(json.__file__).parent.parent / "multiprocessing"  # real code that is always at hand
    for number in range(3):
        for file in package.glob("*.py"):
            copy = tmp_path / f"part{number}" / file.name
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    plain = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-f", "json", "-r", "."], cwd=tmp_path, capture_output=True, check=False
    )
    expected = sorted((f.rule, f.location, f.severity) for f in python_code.parse(plain.stdout).findings)
    files = python_code.python_files(open_tree(tmp_path), bandit_config.NONE)
    assert len(files) >= python_code._FILES_WORTH_SHARING
    ours = python_code.merge(python_code.invoke(context(tmp_path), files, ()))
    assert sorted((f.rule, f.location, f.severity) for f in ours.findings) == expected
    assert len(expected) > 20


def test_unread_files_are_not_measured(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("x = 1\n")
    (tmp_path / "bad.py").write_text("def broken(:\n")
    one = answer(tmp_path)
    assert one.status is Status.PASS
    assert one.share == Fraction(1, 2)
    assert one.notes == ("not measured: bad.py: syntax error while parsing AST from file",)


def test_nothing_readable_is_an_error_and_no_pass(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("def broken(:\n")
    assert answer(tmp_path).status is Status.ERROR


def test_asserts_in_tests_are_set_aside_and_counted(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("assert 1\nassert 2\n")
    (tmp_path / "app.py").write_text("assert 1\n")
    one = answer(tmp_path)
    assert found(one) == {("bandit/B101", "app.py", 1)}
    assert "2 asserts in test files not counted" in one.notes[0]


def test_configuration_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("assert 1\nexec('1')\n")
    (tmp_path / "pyproject.toml").write_text('[tool.bandit]\nskips = ["B101"]\n')
    assert found(answer(tmp_path)) == {("bandit/B102", "a.py", 2)}


def test_configuration_in_dot_bandit(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("assert 1\nexec('1')\n")
    (tmp_path / "vendored").mkdir()
    (tmp_path / "vendored" / "b.py").write_text("exec('1')\n")
    planted = tmp_path / "planted.txt"
    (tmp_path / ".bandit").write_text(
        f"[bandit]\nskips = B101\nexclude = ./vendored,vendored\noutput = {planted}\nformat = txt\ntargets = /etc\n"
    )
    assert found(answer(tmp_path)) == {("bandit/B102", "a.py", 2)}
    assert not planted.exists()


@pytest.mark.parametrize(("name", "text"), [("pyproject.toml", "[tool\n"), (".bandit", "no section\n")])
def test_a_broken_configuration_is_noted(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "a.py").write_text("exec('1')\n")
    (tmp_path / name).write_text(text)
    one = answer(tmp_path)
    assert found(one) == {("bandit/B102", "a.py", 1)}
    assert one.notes[0].startswith(name)


def test_a_configuration_that_bandit_refuses_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("exec('1')\n")
    (tmp_path / "pyproject.toml").write_text('[tool.bandit]\ntests = ["B999"]\n')
    with pytest.raises(InspectorError, match=r"bandit failed: .*No tests would be run"):
        answer(tmp_path)


def test_a_hanging_bandit_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    with pytest.raises(InspectorError, match="bandit did not finish within"):
        answer(tmp_path, timeout=0.01)


def test_file_names_are_no_options(tmp_path: Path) -> None:
    (tmp_path / "-r.py").write_text("exec('1')\n")
    (tmp_path / "--help.py").write_text("exec('1')\n")
    assert found(answer(tmp_path)) == {("bandit/B102", "-r.py", 1), ("bandit/B102", "--help.py", 1)}


def test_modules_of_the_tree_are_not_imported(tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("open('/nonexistent/planted')\n")
    (tmp_path / "bandit").mkdir()
    (tmp_path / "bandit" / "__init__.py").write_text("raise SystemExit(1)\n")
    assert answer(tmp_path).status is Status.PASS


def test_anchors_name_no_string(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('db_password = "hunter22"; exec("swordfish")\n')
    one = answer(tmp_path)
    assert {f.rule for f in one.findings} == {"bandit/B105", "bandit/B102"}
    assert all(f.anchor == 'db_password = "****"; exec("****")' for f in one.findings)


def test_nothing_to_do_without_python(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    reason = PythonCode().applies(context(tmp_path))
    assert reason is not None
    assert reason.status is Status.NA
