"""Dependencies that the tree declares and that were once passed over, or counted as measured without being read."""

from __future__ import annotations

from pathlib import Path

import pytest
from surveying import VULNERABILITIES, Survey

MINIMIST, JINJA, LIB = "minimist 1.2.0", "jinja2 2.10", "org.example:lib 1.0.0"


@pytest.mark.parametrize(
    ("case", "flawed", "place"),
    [
        ("pnpm-multidoc", MINIMIST, "pnpm-lock.yaml:31"),
        ("pep735", JINJA, "pyproject.toml:7"),
        ("poetry-groups", JINJA, "pyproject.toml:10"),
        ("npm-alias", MINIMIST, "package-lock.json:1"),
        ("devdeps", MINIMIST, "package.json:1"),
        ("pep723", JINJA, "scripts/report.py:3"),
        ("setupcfg", JINJA, "Pipfile:2"),
        ("gradle", LIB, "build.gradle:2"),
        ("mono-lock", MINIMIST, "tools/site/package.json:1"),
        ("uv-nested", JINJA, "academy/pyproject.toml:4"),
        ("yarn-quoted", MINIMIST, "yarn.lock:4"),
    ],
)
def test_what_a_tree_declares_is_looked_up(survey: Survey, case: str, flawed: str, place: str) -> None:
    done = survey(case, only=["dependencies"], vuln_db=VULNERABILITIES)
    [finding] = [f for f in done.findings if f["rule"].startswith("osv/")]
    assert finding["message"].startswith(f"{flawed}: GHSA-test")
    location = finding["location"]
    assert f"{location['path']}:{location['line']}" == place
    assert done.check("dependencies/vulnerabilities")["share"] == 1


def test_an_address_names_its_version_and_version_control_does_not(survey: Survey) -> None:
    done = survey("vcs-req", only=["dependencies"], vuln_db=VULNERABILITIES)
    assert [f["message"][: len(JINJA)] for f in done.findings] == [JINJA]
    answer = done.check("dependencies/vulnerabilities")
    assert answer["share"] == pytest.approx(2 / 3)
    assert "not measured: lib: from version control" in answer["notes"]


def test_a_lock_with_conflict_markers_is_named_and_its_manifest_is_read(survey: Survey) -> None:
    done = survey("lock-conflict", only=["dependencies"], vuln_db=VULNERABILITIES)
    assert any(f["message"].startswith(MINIMIST) for f in done.findings)
    for check in ("vulnerabilities", "pinned"):
        answer = done.check(f"dependencies/{check}")
        assert answer["share"] == 0.5
        assert "not measured: package-lock.json: merge-conflict markers" in answer["notes"]


def test_a_broken_lock_beside_another_manifest_lowers_the_share(survey: Survey, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    (root / "requirements.txt").write_text("requests==2.32.4\n")
    (root / "package-lock.json").write_text('{\n<<<<<<< a\n"x": 1\n=======\n"x": 2\n>>>>>>> b\n}\n')
    done = survey(root, only=["dependencies"], vuln_db=VULNERABILITIES)
    assert done.check("dependencies/vulnerabilities")["share"] == 0.5
    assert done.check("dependencies/vulnerabilities")["status"] == "pass"
