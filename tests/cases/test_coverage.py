"""What was not read is never called measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from surveying import Survey

TOKEN = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"  # the example of GitHub's own announcement of the format
INI = f"[server]\nhost = example.com\ntoken = {TOKEN}\n"


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"]
)
def test_a_token_is_found_in_every_unicode_encoding(survey: Survey, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "settings.ini").write_bytes(INI.encode(encoding))
    found = survey(tmp_path / "tree", only=["secrets"]).findings
    assert [(f["location"]["path"], f["location"]["line"]) for f in found] == [("settings.ini", 3)]


def test_a_nul_at_the_end_does_not_hide_a_token(survey: Survey, tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "settings.ini").write_bytes(INI.encode() + b"\0")
    assert survey(tmp_path / "tree", only=["secrets"]).findings
