"""The harness itself: a flawed package is found through it."""

from __future__ import annotations

from pathlib import Path

from surveying import VULNERABILITIES, Survey


def test_a_flawed_package_is_found(survey: Survey, tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "requirements.txt").write_text("jinja2==2.10\n")
    done = survey(tmp_path / "tree", only=["dependencies"], vuln_db=VULNERABILITIES)
    assert any("jinja2" in f["message"] for f in done.findings)
    assert done.check("dependencies/vulnerabilities")["status"] == "fail"
