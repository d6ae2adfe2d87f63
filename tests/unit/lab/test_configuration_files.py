"""Only files of the repository are read to shorten them; what the engine calls by the same path is another file."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.lab.compose import ProjectFiles
from seatrial.lab.configuration import campaign
from seatrial.lab.configuration.copies import Original, content_of
from seatrial.lab.configuration.variables import ServiceVariable, SettingKind
from seatrial.lab.engine import LabError

TARGET = "/app/config.json"


def original(tmp_path: Path, source: str) -> Original:
    root, scratch = tmp_path / "here", tmp_path / "scratch"
    for folder in (root, scratch):
        folder.mkdir()
    (root / "config.json").write_text('{"port": 80}')
    (root / "link.json").symlink_to("/proc/self/environ")
    (root / "up").symlink_to("/proc/self")
    os.mkfifo(root / "pipe.json")
    place = ProjectFiles(root, Path("/engine/repository"), ("compose.yaml",), scratch, Path("/engine/scratch"))
    attributes = {"Mounts": [{"Type": "bind", "Source": source, "Destination": TARGET}]}
    return Original("api", attributes, None, place)


def test_a_file_of_the_repository_is_read_by_its_path_here(tmp_path: Path) -> None:
    assert content_of(original(tmp_path, "/engine/repository/config.json"), TARGET) == b'{"port": 80}'


@pytest.mark.parametrize(
    "source",
    [
        "/proc/self/environ", "/etc/passwd", "/engine/repository/link.json", "/engine/repository/up/environ",
        "/engine/repository/pipe.json", "/engine/repository/../../etc/passwd", "/engine/repository/absent.json",
        "/engine/repository",
    ],
)  # fmt: skip
def test_nothing_else_is_read(tmp_path: Path, source: str) -> None:
    with pytest.raises(LabError, match="only files of the repository are read"):
        content_of(original(tmp_path, source), TARGET)


def test_a_secret_outside_the_repository_ends_nothing(tmp_path: Path) -> None:
    mounted = "/run/secrets/key"
    made = original(tmp_path, "/engine/repository/config.json")
    secret = ServiceVariable(service="api", name=mounted, value="", content=SettingKind.TEXT, path=mounted)
    for source, expected in (("/engine/repository/config.json", ['{"port": 80}']), ("/home/me/key", [])):
        mounts = {"Mounts": [{"Type": "bind", "Source": source, "Destination": mounted}]}
        assert list(campaign.secrets_of([secret], replace(made, attributes=mounts))) == expected
