"""Bad input gets one clear line and the right exit code; nothing hangs, no traceback reaches a user."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import CARED_FOR, Seatrial, Tree


def one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]


def test_a_wrong_path(seatrial: Seatrial, tmp_path: Path) -> None:
    run = seatrial("run", tmp_path / "missing")
    assert run.code == 2
    assert one_line(run.err) == f"seatrial: {tmp_path / 'missing'}: no such directory"


def test_a_file_instead_of_a_directory(seatrial: Seatrial, tree: Tree) -> None:
    run = seatrial("run", tree({"a": "1"}) / "a")
    assert run.code == 2
    assert "is a file, not a directory" in one_line(run.err)


def test_an_unknown_option(seatrial: Seatrial) -> None:
    run = seatrial("run", "--fail-belw", "3")
    assert run.code == 2
    assert "--fail-below" in one_line(run.err)


def test_a_wrong_value(seatrial: Seatrial, tree: Tree) -> None:
    run = seatrial("run", tree({"a": "1"}), "--fail-below", "high")
    assert run.code == 2
    assert one_line(run.err) == "seatrial: --fail-below: 'high' is not a number"


def test_a_wrong_input_of_the_action(seatrial: Seatrial, tree: Tree) -> None:
    run = seatrial("run", tree({"a": "1"}), env={"INPUT_FAIL_BELOW": "120"})
    assert run.code == 2
    assert "fail_below: 120 is outside 0 to 100" in one_line(run.err)


def test_an_unknown_check(seatrial: Seatrial, tree: Tree) -> None:
    run = seatrial("run", tree({"a": "1"}), "--skip", "compose/nonsense")
    assert run.code == 2
    assert "there is no check 'compose/nonsense'" in one_line(run.err)


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("fail_below: 80\nfail_belo: 70\n", ":2:1", "unknown key 'fail_belo' (did you mean 'fail_below'?)"),
        ("fail_below: high\n", ":1:1", "fail_below: "),
        ("fail_below: [1\n", ":2:1", ""),
        ("a: b: c\n", ":1:5", ""),
        ("- 1\n", ":1:1", "expected one mapping of settings"),
        ("fail_below: 1\nfail_below: 2\n", ":2:1", "occurs twice"),
        ("waivers:\n  - rule: a/b\n    reson: x\n", ":3:5", "did you mean 'reason'?"),
        ("version: 2\n", ":1:1", "version"),
        ("\tfail_below: 1\n", ":1:1", ""),
    ],
)
def test_a_broken_configuration(seatrial: Seatrial, tree: Tree, text: str, where: str, message: str) -> None:
    root = tree({".seatrial.yml": text, "a.py": "x = 1\n"})
    run = seatrial("run", root)
    assert run.code == 2
    line = one_line(run.err)
    assert f"{root / '.seatrial.yml'}{where}: " in line
    assert message in line


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join('*' + chr(97 + i) for _ in range(9))}]\n" for i in range(9)
)
DEEP = "[" * 10_000
INDENTED = "".join(f"{' ' * i}a:\n" for i in range(2_000))


@pytest.mark.parametrize("text", [BOMB, DEEP, INDENTED, "? " * 10_000, "- " * 10_000, '{"a":' * 10_000])
@pytest.mark.parametrize("name", [".seatrial.yml", "compose.yaml"])
def test_yaml_that_wants_to_exhaust_us(seatrial: Seatrial, tree: Tree, name: str, text: str) -> None:
    run = seatrial("run", tree({name: text, "a.py": "x = 1\n"}))
    if name == "compose.yaml":
        assert run.code in (0, 1, 3)
        assert any(f["location"]["path"] == name and f["rule"] == "compose/schema" for f in run.json["findings"])
    else:
        assert run.code == 2
        assert name in one_line(run.err)
    assert "Traceback" not in run.err


def test_an_empty_repository_is_inconclusive_and_not_perfect(seatrial: Seatrial, tree: Tree) -> None:
    run = seatrial("run", tree({}))
    assert run.code == 3
    assert run.json["score"]["headline"] is None
    assert "no score: nothing was measured" in run.out
    assert {p.name for p in run.reports.iterdir()} >= {
        "report.json", "report.html", "junit.xml", "seatrial.sarif", "summary.md"
    }  # fmt: skip


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_files_are_noted(seatrial: Seatrial, tree: Tree) -> None:
    root = tree({"a.py": "x = 1\n", "closed.py": "x = 1\n"})
    (root / "closed.py").chmod(0)
    run = seatrial("run", root)
    assert any("closed.py" in note for note in run.json["subject"]["notes"])


def test_an_unwritable_report_directory(seatrial: Seatrial, tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("1")
    run = seatrial("run", tree({"a.py": "x = 1\n"}), "--report-dir", tmp_path / "file" / "reports")
    assert run.code == 2
    assert "cannot be written" in one_line(run.err)


def test_a_planted_report_directory(seatrial: Seatrial, tree: Tree, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tree({"a.py": "x = 1\n"})
    (root / "seatrial-report").symlink_to(outside)
    run = seatrial("run", ".", "--report-dir", "seatrial-report", cwd=root)
    assert run.code == 2
    assert "symbolic link" in one_line(run.err)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(9)", "bandit failed: exit code 9"),
        ("import sys; sys.exit('it broke')", "bandit printed no report"),
        ("print('garbage')", "bandit printed no report"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "bandit failed"),
        ("import time; time.sleep(600)", "bandit did not finish within 3 s"),
        ("import os\nwhile True: os.write(1, b'x' * 65536)", "bandit printed more than 256 MiB"),
    ],
)
def test_a_scanner_that_fails(tree: Tree, tmp_path: Path, code: str, reason: str, cache: Path) -> None:
    root, reports = tree(CARED_FOR | {"a.py": "x = 1\n"}), tmp_path / "reports"
    limit = "3" if "sleep" in code else "100"  # only the one that hangs has to be waited for
    program = (
        "import sys\n"
        "from seatrial.system import process\n"
        "from seatrial.app.cli import main\n"
        f"process.python_module = lambda name: (sys.executable, '-c', {code!r}, '-m', name)\n"
        f"sys.exit(main({['run', str(root), '--timeout', limit, '--report-dir', str(reports)]!r}, "
        f"{{'XDG_CACHE_HOME': {str(cache)!r}}}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert reason in (reports / "junit.xml").read_text("utf-8")
    assert reason in " ".join(done.stdout.split())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_whole_reports(tree: Tree, tmp_path: Path, cache: Path, number: int) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs of a shell ignore it, and so do children
    root, reports = tree({f"m{i}.py": "x = [" + "1 + 2 * 3," * 20_000 + "]\n" for i in range(60)}), tmp_path / "reports"
    child = subprocess.Popen(
        [sys.executable, "-m", "seatrial", "run", str(root), "--report-dir", str(reports)],
        env=os.environ | {"XDG_CACHE_HOME": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not reports.is_dir():
        time.sleep(0.05)
    time.sleep(1.0)
    os.killpg(child.pid, number)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130, err
    assert b"Traceback" not in err
    assert '"interrupted": true' in (reports / "report.json").read_text("utf-8")
    assert not [p for p in reports.iterdir() if p.name.startswith(".") and p.name != ".gitignore"]


def test_a_reader_that_goes_away(tree: Tree, tmp_path: Path, cache: Path) -> None:
    command = f"{sys.executable} -m seatrial schema | head -c 1 > {tmp_path / 'out'}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr
