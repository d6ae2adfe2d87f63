"""We are killed in the middle of a fault: it is gone, and so is everything else of ours."""

from __future__ import annotations

import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import docker, environment, left_behind, run_of
from stacks import lay_out, small

from seatrial.lab.faults import FAULTS

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300)]

GONE = 5.0
"""Seconds after our death until nothing of ours may be left; the faults live in our containers and go with them."""
LONG: dict[str, object] = {"duration": "60s"}
ASKED: dict[str, dict[str, object]] = {
    "flap": {"times": 50},
    "overload": {"duration": "60s", "connections": 5},
    **{name: LONG for name, fault in FAULTS.items() if "duration" in fault.PARAMETERS and name != "overload"},
    "crash": {}, "restart": {}, "recreate": {}, "oom": {},
}  # fmt: skip


def start(root: Path, image: str, home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", image, "--only", "trial"]
    return subprocess.Popen(
        [*command, "--report-dir", str(home / "reports")], env=environment(home), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def wait_for(running: subprocess.Popen[str], words: str) -> str:
    """Wait until it says so; the name of its run."""
    assert running.stderr is not None
    heard = []
    for line in running.stderr:
        heard.append(line)
        if words in line:
            return run_of("".join(heard))
    raise AssertionError("".join(heard))


def end(running: subprocess.Popen[str], kind: signal.Signals) -> int:
    """Signal it, and its exit code."""
    with running:
        running.send_signal(kind)
        return running.wait(timeout=15)


def cancel(running: subprocess.Popen[str]) -> int:
    """What the Actions runner does: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL; and the exit code."""
    with running:
        for kind, patience in ((signal.SIGINT, 7.5), (signal.SIGTERM, 2.5)):
            running.send_signal(kind)
            try:
                return running.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        running.kill()
    return running.returncode


def gone_after(run: str, limit: float) -> float:
    began = time.monotonic()
    while left_behind(run):
        if time.monotonic() - began > limit:
            return float("inf")
        time.sleep(0.1)
    return time.monotonic() - began


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_killed_in_the_middle_nothing_is_left(image: str, apps: None, tmp_path: Path, fault: str) -> None:
    service = "api" if fault == "overload" else "store"
    root = lay_out(tmp_path / "ok", small(), [{fault: {"service": service, **ASKED[fault]}}])
    running = start(root, image, tmp_path)
    run = wait_for(running, f"trial: {fault} {service}")
    time.sleep(1.7)
    assert left_behind(run)
    end(running, signal.SIGKILL)
    assert gone_after(run, GONE) < GONE


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_cancelled_it_cleans_up_and_reports(image: str, apps: None, tmp_path: Path, kind: signal.Signals) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs of a shell ignore it, and so do children
    root = lay_out(tmp_path / "ok", small(), [{"partition": {"service": "store", "duration": "60s"}}])
    running = start(root, image, tmp_path)
    run = wait_for(running, "trial: partition store")
    time.sleep(1)
    assert (cancel(running) if kind is signal.SIGINT else end(running, kind)) == 130
    assert left_behind(run) == []
    assert '"interrupted": true' in (tmp_path / "reports" / "report.json").read_text("utf-8")


def test_killed_while_the_stack_comes_up_nothing_is_left(image: str, apps: None, tmp_path: Path) -> None:
    running = start(lay_out(tmp_path / "ok", small()), image, tmp_path)
    run = wait_for(running, "trial: starting the stack")
    time.sleep(1)
    end(running, signal.SIGKILL)
    time.sleep(1)
    assert gone_after(run, GONE + 5) < GONE + 5


def test_a_sweep_removes_what_the_dead_left_and_nothing_of_the_living(image: str, apps: None, tmp_path: Path) -> None:
    """A guard that was made and does not run yet counts: its run has just begun."""
    name = secrets.token_hex(4)
    dead, living, beginning = (f"seatrial-{kind}-{name}" for kind in ("dead", "living", "beginning"))
    labels = ("--label", f"io.seatrial.run={dead}")
    docker("network", "create", *labels, f"{dead}-net")
    docker("volume", "create", *labels, f"{dead}-volume")
    docker("create", *labels, "--network", f"{dead}-net", image)
    guard = ("--label", "io.seatrial.role=guard", "--entrypoint", "sleep")
    kept = [
        docker("run", "--detach", "--label", f"io.seatrial.run={living}", *guard, image, "60"),
        docker("create", "--label", f"io.seatrial.run={beginning}", *guard, image, "60"),
    ]
    try:
        words = [sys.executable, "-m", "seatrial", "sweep", "--report-dir", str(tmp_path / "reports")]
        subprocess.run(words, check=True, env=environment(tmp_path))  # or the sweep of a run beside this test
        assert left_behind(dead) == []
        assert left_behind(living, beginning) == [f"container {one[:12]}" for one in kept]
    finally:
        docker("rm", "--force", *kept)


def test_an_image_of_another_seatrial_is_refused_in_one_line(image: str, apps: None, tmp_path: Path) -> None:
    """Its programs for sidecars are not those of this one, and it would fail later in a way that explains nothing."""
    other, program = "seatrial-tests/other-edition:1", "/opt/seatrial/lib/python3*/site-packages/seatrial/lab/hog.py"
    built = f"FROM {image}\nUSER 0\nRUN echo '# changed' >> $(echo {program})\n"
    subprocess.run(["docker", "build", "--quiet", "--tag", other, "-"], input=built.encode(), check=True, timeout=120)
    root = lay_out(tmp_path / "ok", small())
    command = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", other, "--only", "trial"]
    done = subprocess.run(
        [*command, "--report-dir", str(tmp_path / "reports")],
        env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    told = " ".join((done.stdout + done.stderr).split())
    assert f"image {other} is of another Seatrial" in told
    assert "`--trial-image`" in told
