"""The door to other programs: limits, a scrubbed environment, and nobody left behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from seatrial.system import process

PYTHON = sys.executable


def run(code: str, tmp_path: Path, **options: object) -> process.Completed:
    arguments: dict[str, object] = {"cwd": tmp_path, "timeout": 20.0} | options
    return process.run([PYTHON, "-I", "-c", code], **arguments)  # type: ignore[arg-type]


def test_returns_both_streams_and_the_code(tmp_path: Path) -> None:
    done = run("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (b"out\n", b"err\n", 3)
    assert done.complaint == "err"


def test_a_child_that_floods_both_streams_does_not_block(tmp_path: Path) -> None:
    done = run("import os\nfor _ in range(40):\n os.write(2, b'e'*65536); os.write(1, b'o'*65536)", tmp_path)
    assert (len(done.stdout), len(done.stderr)) == (40 * 65536, 40 * 65536)


def test_standard_input_larger_than_a_pipe(tmp_path: Path) -> None:
    data = os.urandom(1 << 20)
    done = run("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())", tmp_path, stdin=data)
    assert done.stdout == data


def test_a_child_that_does_not_read_its_input(tmp_path: Path) -> None:
    assert run("print('deaf')", tmp_path, stdin=b"x" * (1 << 20)).stdout == b"deaf\n"


def test_the_environment_is_made_from_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "planted")
    monkeypatch.setenv("PYTHONPATH", "/planted")
    monkeypatch.setenv("LD_PRELOAD_X", "planted")
    done = run("import os; print(dict(os.environ))", tmp_path, env={"ASKED": "1"})
    assert set(eval(done.stdout)) <= {*process.INHERITED, "PYTHONHASHSEED", "NO_COLOR", "TERM", "ASKED", "LC_CTYPE"}
    assert b"planted" not in done.stdout


def test_what_a_child_inherits_is_where_things_are_and_never_who_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is written out: a variable that is added here can carry a token, a proxy's password or a preload."""
    inherited = {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "SSL_CERT_FILE", "SYSTEMROOT"}
    secrets = {
        "GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "INPUT_TOKEN",
        "AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY", "GIT_DIR", "GIT_CONFIG_PARAMETERS", "LD_LIBRARY_PATH",
    }  # fmt: skip
    for name in inherited - {"PATH"} | secrets:
        monkeypatch.setenv(name, "planted")
    done = run("import os; print(dict(os.environ))", tmp_path)
    assert {name for name, value in eval(done.stdout).items() if value == "planted"} == inherited - {"PATH"}


def test_a_missing_program(tmp_path: Path) -> None:
    with pytest.raises(process.ProcessError, match=r"^no-such-program is not installed$"):
        process.run(["no-such-program"], cwd=tmp_path, timeout=1)


def test_a_program_of_the_tree_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / "tool"
    planted.write_text("#!/bin/sh\necho planted\n")
    planted.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}relative")
    assert process.find("tool") is None


def test_programs_in_the_workspace_of_an_action_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, elsewhere = tmp_path / "workspace", tmp_path / "elsewhere"
    for folder in (here, elsewhere):
        folder.mkdir()
        (folder / "tool").write_text("#!/bin/sh\n")
        (folder / "tool").chmod(0o755)
    (tmp_path / "link").symlink_to(here)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(here))
    entries = (here, tmp_path / "link", here / ".." / "workspace", elsewhere)
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, entries)))
    assert process.find("tool") == str(elsewhere / "tool")
    assert process.environment()["PATH"] == str(elsewhere)


def test_a_program_that_is_not_executable(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_text("no program")
    with pytest.raises(process.ProcessError, match="data cannot be started"):
        process.run([str(file)], cwd=tmp_path, timeout=1)


def test_a_hanging_child_and_its_children_are_ended(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "pathlib.Path('pid').write_text(str(child.pid))\n"
        "time.sleep(60)"
    )
    with pytest.raises(process.ProcessError, match=r"did not finish within 5 s"):
        run(code, tmp_path, timeout=5.0)
    assert _gone(int((tmp_path / "pid").read_text()))


def test_what_other_threads_wait_for_can_be_ended(tmp_path: Path) -> None:
    code = "import pathlib, time; pathlib.Path('started').touch(); time.sleep(60)"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(run, code, tmp_path, timeout=50)
        while not (tmp_path / "started").exists():
            assert not waiting.done()
            time.sleep(0.01)
        process.end_all()
        assert waiting.result(timeout=40).returncode == -signal.SIGKILL


def test_a_child_that_ignores_the_polite_signal(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with pytest.raises(process.ProcessError, match="did not finish"):
        run(code, tmp_path, timeout=1.0)


def test_a_child_that_closes_its_pipes_and_hangs(tmp_path: Path) -> None:
    with pytest.raises(process.ProcessError, match="did not finish"):
        run("import os, time; os.close(1); os.close(2); time.sleep(60)", tmp_path, timeout=1.0)


def test_a_child_that_prints_without_end(tmp_path: Path) -> None:
    with pytest.raises(process.ProcessError, match="printed more than 1 MiB"):
        run("import os\nwhile True: os.write(1, b'x'*65536)", tmp_path, output_limit=1 << 20)


def test_a_complaint_is_one_short_line() -> None:
    done = process.Completed("tool", 1, b"", b"first\n\x00\xff" + b"x" * 999 + b"\n\n")
    assert "\n" not in done.complaint
    assert len(done.complaint) <= 200
    assert process.Completed("tool", 7, b"", b"").complaint == "exit code 7"


def _gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
