"""Workflows that cannot be read: each is named with the reason, whatever its encoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.inspectors.workflows.files import read
from seatrial.settings import Settings
from seatrial.system.source import open_tree

CONFLICT = "on: push\n<<<<<<< HEAD\njobs: {}\n||||||| base\njobs: []\n=======\njobs:\n>>>>>>> topic\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (CONFLICT.encode(), "has unresolved conflict markers"),
        (CONFLICT.replace("\n", "\r\n").encode(), "has unresolved conflict markers"),
        (CONFLICT.encode("utf-16"), "has unresolved conflict markers"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "is a Git LFS pointer, not YAML"),
        (b"version https://hawser.github.com/spec/v1\noid sha256:0\nsize 1\n", "is a Git LFS pointer, not YAML"),
        (b"\x00\x01\x02\xff" * 40, "is binary, not YAML"),
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"a: [", "is not valid YAML"),
        (b"- a\n", "not a mapping"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else len(value),
)
@pytest.mark.parametrize("path", [".github/workflows/ci.yml", ".github/actions/a/action.yml", "action.yml"])
def test_what_cannot_be_judged(tmp_path: Path, path: str, data: bytes, reason: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    files = read(open_tree(tmp_path), Settings())
    assert files.unread == {path: reason}
    assert [finding.location.path for finding in files.broken] == [path]
    assert files.extent.share < 1


def test_a_title_of_equals_signs_is_no_conflict(tmp_path: Path) -> None:
    file = tmp_path / ".github" / "workflows" / "ci.yml"
    file.parent.mkdir(parents=True)
    script = "          cat <<< a\n          =======\n          >>>>>>> b\n"
    file.write_text(f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n{script}")
    assert not read(open_tree(tmp_path), Settings()).unread
