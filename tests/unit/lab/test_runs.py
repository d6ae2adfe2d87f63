"""How runs know of each other: by guards, and by the locks of their directories."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from seatrial.lab import guard
from seatrial.lab.compose import ProjectFiles, at


def place(reports: Path, run: str) -> ProjectFiles:
    scratch = reports / ".trial" / run
    return ProjectFiles(reports, reports, ("compose.yaml",), scratch, scratch)


@pytest.mark.parametrize(
    ("said", "orderly"),
    [
        ([b"goodbye\n"], True),
        ([b"here\n", b"here\n", b"goodbye\n"], True),
        ([b"here\ngood", b"bye\n"], True),
        ([], False),
        ([b"here\n"], False),
        ([b"goodbye"], False),
    ],
)
def test_who_ends_without_a_goodbye_is_dead(said: list[bytes], orderly: bool) -> None:
    reading, writing = os.pipe()

    def say() -> None:
        for words in said:
            os.write(writing, words)
        os.close(writing)

    speaker = threading.Thread(target=say)
    speaker.start()
    try:
        assert guard._said_goodbye(reading) is orderly
    finally:
        speaker.join()
        os.close(reading)


def test_who_is_silent_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_SILENCE", 0.1)
    reading, writing = os.pipe()
    try:
        assert guard._said_goodbye(reading) is False
    finally:
        os.close(reading)
        os.close(writing)


def test_runs_with_one_report_directory_have_directories_of_their_own(tmp_path: Path) -> None:
    first, second = place(tmp_path, "seatrial-1"), place(tmp_path, "seatrial-2")
    with at(first):
        (first.scratch / "override.yaml").touch()
        with at(second):
            assert (first.scratch / "override.yaml").exists()
            assert second.scratch.is_dir()
        assert (first.scratch / "override.yaml").exists()
        assert not second.scratch.exists()
    assert not (tmp_path / ".trial").exists()


def test_the_directory_of_a_dead_run_is_removed(tmp_path: Path) -> None:
    dead = place(tmp_path, "seatrial-dead").scratch
    dead.mkdir(parents=True)
    (dead / "secret-0").write_text("x", "utf-8")
    dead.with_name("seatrial-dead.lock").touch()
    with at(place(tmp_path, "seatrial-living")):
        assert not dead.exists()
    assert not (tmp_path / ".trial").exists()
