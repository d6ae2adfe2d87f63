"""The door to other programs, tried with the shell: its children start at once, so every bound is seen quickly."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from seatrial.system import process
from seatrial.system.process import ProcessError

SH = "/bin/sh"


def sh(script: str, cwd: Path, *arguments: str, **options: Any) -> process.Completed:
    given: dict[str, Any] = {"cwd": cwd, "timeout": 20.0} | options
    return process.run([SH, "-c", script, *arguments], **given)


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def open_files() -> set[str]:
    return {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}


def test_what_a_child_gets_and_gives(tmp_path: Path) -> None:
    done = sh('pwd; echo "$0/$1"; echo bad >&2; exit 7', tmp_path, "one two", "three")
    assert done == process.Completed("sh", 7, f"{tmp_path}\none two/three\n".encode(), b"bad\n")


def test_a_child_without_input_reads_nothing_and_one_with_input_all(tmp_path: Path) -> None:
    assert sh("readlink /proc/$$/fd/0; cat", tmp_path).stdout == b"/dev/null\n"
    data = os.urandom(300_000)
    assert sh("cat", tmp_path, stdin=data).stdout == data
    assert sh("exec 0<&-; echo deaf", tmp_path, stdin=data).stdout == b"deaf\n"


def test_output_in_pieces_is_joined(tmp_path: Path) -> None:
    done = sh("echo a; sleep 0.05; echo b; echo c >&2; sleep 0.05; echo d >&2; echo e", tmp_path)
    assert (done.stdout, done.stderr) == (b"a\nb\ne\n", b"c\nd\n")


def test_a_child_has_a_session_of_its_own(tmp_path: Path) -> None:
    pid, _, facts = sh("cat /proc/$$/stat", tmp_path).stdout.decode().partition(" ")
    assert facts.rpartition(")")[2].split()[3] == pid


def test_exactly_this_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        monkeypatch.delenv(name)
    ours = {"PATH": "/usr/bin:/bin", "HOME": "/h", "LANG": "C"}
    for name, value in (ours | {"TOKEN": "t", "GITHUB_TOKEN": "t", "path": "/p", "PYTHONHASHSEED": "9"}).items():
        monkeypatch.setenv(name, value)
    fixed = {"PYTHONHASHSEED": "0", "NO_COLOR": "1", "TERM": "dumb"}
    assert process.environment() == ours | fixed
    assert process.environment({"TERM": "x", "A": "1"}) == ours | fixed | {"TERM": "x", "A": "1"}
    seen = dict(line.split("=", 1) for line in sh("exec env", tmp_path, env={"A": "1"}).stdout.decode().splitlines())
    assert {name: value for name, value in seen.items() if name not in ("PWD", "SHLVL", "_", "OLDPWD")} == (
        ours | fixed | {"A": "1"}
    )


def test_the_path_of_a_child_is_absolute_and_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}/a:relative::{tmp_path}/b")
    assert process.environment()["PATH"] == f"{tmp_path}/a:{tmp_path}/b"
    monkeypatch.setenv("GITHUB_WORKSPACE", "")
    assert process.environment()["PATH"] == f"{tmp_path}/a:{tmp_path}/b"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "a"))
    assert process.environment()["PATH"] == f"{tmp_path}/b"
    monkeypatch.delenv("PATH")
    assert process.environment()["PATH"] == ""


def test_a_program_is_found_on_that_path_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("own", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tool").write_text("#!/bin/sh\n")
        (tmp_path / folder / "tool").chmod(0o755)
    monkeypatch.chdir(tmp_path / "own")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "own"))
    monkeypatch.setenv("PATH", f".::{tmp_path}/own:../other")
    assert process.find("tool") is None
    monkeypatch.setenv("PATH", f".::{tmp_path}/own:{tmp_path}/other")
    assert process.find("tool") == str(tmp_path / "other" / "tool")


def test_a_program_beside_our_interpreter_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside, elsewhere = tmp_path / "bin" / "tool", tmp_path / "path" / "tool"
    for file in (beside, elsewhere):
        file.parent.mkdir()
        file.write_text("#!/bin/sh\n")
    elsewhere.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert process.program_of_package("tool") == str(elsewhere) == process.find("tool")  # the other may not run
    beside.chmod(0o755)
    assert process.program_of_package("tool") == str(beside)
    assert process.program_of_package("no-such-tool") is None


def test_a_module_runs_without_the_trees_modules() -> None:
    assert process.python_module("bandit") == (sys.executable, "-I", "-X", "utf8", "-m", "bandit")


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (["sh", "-c", "exit 3"], "sh"),
        (["/bin/sh", "-c", "exit 3", "-m", "x"], "sh"),
        ([sys.executable, "-I", "-c", "raise SystemExit(3)"], Path(sys.executable).name),
        ([sys.executable, "-I", "-m", "calendar", "--width", "3"], "calendar"),
    ],
)
def test_a_program_is_called_by_its_name_or_its_modules(tmp_path: Path, argv: list[str], name: str) -> None:
    done = process.run(argv, cwd=tmp_path, timeout=20)
    assert (done.program, done.returncode) == (name, 0 if name == "calendar" else 3)


def test_what_cannot_be_started_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(ProcessError, match=r"^data cannot be started: Permission denied$"):
        process.run([str(tmp_path / "data")], cwd=tmp_path, timeout=20)
    with pytest.raises(ProcessError, match=r"^no-such is not installed$"):
        process.run(["no-such"], cwd=tmp_path, timeout=20)
    with pytest.raises(ProcessError, match=r"^sh cannot be started: No such file or directory$"):
        sh("true", tmp_path / "nowhere")


HANGING = {
    "silent": "sleep 60 & echo $! >pid; wait",
    "deaf to the polite signal": "trap '' TERM; sleep 60 & echo $! >pid; wait",
    "without pipes": "exec >&- 2>&-; sleep 60 & echo $! >pid; wait",
}


@pytest.mark.parametrize("script", HANGING.values(), ids=HANGING)
def test_a_hanging_child_is_ended_with_its_family(tmp_path: Path, script: str) -> None:
    before = time.monotonic()
    with pytest.raises(ProcessError, match=r"^sh did not finish within 0\.4 s$"):
        sh(script, tmp_path, timeout=0.4)
    assert 0.4 <= time.monotonic() - before < 10
    assert gone(int((tmp_path / "pid").read_text()))


def test_a_child_that_reads_a_little_and_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="did not finish"):
        sh("dd bs=4096 count=1 of=/dev/null 2>/dev/null; exec sleep 60", tmp_path, stdin=b"x" * 500_000, timeout=0.5)


def test_a_hanging_child_is_asked_politely_first(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="did not finish"):
        sh("trap 'touch cleaned; exit 0' TERM; sleep 60 & wait", tmp_path, timeout=0.4)
    assert (tmp_path / "cleaned").exists()


def test_a_child_may_print_as_much_as_it_may(tmp_path: Path) -> None:
    script = "head -c $0 /dev/zero; head -c $1 /dev/zero >&2"
    done = sh(script, tmp_path, "1000000", "48576", output_limit=1 << 20)
    assert (len(done.stdout), len(done.stderr)) == (1_000_000, 48_576)
    with pytest.raises(ProcessError, match=r"^sh printed more than 1 MiB$"):
        sh(script, tmp_path, "1000000", "48577", output_limit=1 << 20)
    with pytest.raises(ProcessError, match=r"^sh printed more than 2 MiB$"):
        sh("exec cat /dev/zero", tmp_path, output_limit=2 << 20)


@pytest.mark.parametrize("script", ["exit 0", "sleep 60"])
def test_no_pipe_stays_open(tmp_path: Path, script: str) -> None:
    before = open_files()
    try:
        sh(script, tmp_path, stdin=b"x" * 300_000, timeout=0.4 if "60" in script else 20.0)
    except ProcessError as error:
        del error
    assert open_files() <= before


@pytest.mark.parametrize("error", [ProcessLookupError, PermissionError, None])
def test_ending_all_reaches_who_runs_and_minds_no_one_who_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[OSError] | None
) -> None:
    ended: list[int] = []
    real = os.killpg

    def kill(group: int, kind: int) -> None:
        ended.append(group)
        if error is not None:
            raise error
        real(group, kind)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sh, "echo $$ >pid; sleep 0.6", tmp_path)
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            assert not waiting.done()
            time.sleep(0.01)
        monkeypatch.setattr(os, "killpg", kill)
        while not ended and not waiting.done():
            process.end_all()
        assert ended[:1] == [int((tmp_path / "pid").read_text())]
        assert waiting.result(timeout=20).returncode == (-signal.SIGKILL if error is None else 0)
    ended.clear()
    process.end_all()
    assert ended == []
