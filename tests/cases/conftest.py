"""
Whole inputs that were once judged wrongly, kept with the right verdict.

Inputs live in tests/corpus/cases/SLUG/, tests in test_AREA.py beside this file. `survey` copies an input, runs the
whole program on it in this process, and gives report.json.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from surveying import CASES, VULNERABILITIES, Survey, Surveyed

from seatrial.app import explain, runner
from seatrial.settings import OPTIONS


@pytest.fixture
def survey(tmp_path: Path, cache: Path) -> Survey:
    """
    Run the program on a case (a name in tests/corpus/cases) or on a folder.

    Options are flags by their name in `Settings`; `environ` plays the variables of a runner; `only` limits the checks.
    """

    def call(
        what: str | Path, *, environ: dict[str, str] | None = None, only: Sequence[str] = (), **options: object
    ) -> Surveyed:
        root = what if isinstance(what, Path) else _copied(what, tmp_path)
        reports = tmp_path / "reports"
        flags: dict[str, object] = {"path": root, "report_dir": reports, "osv_url": "off", **options}
        if flags.get("vuln_db") == VULNERABILITIES:
            flags["vuln_db"] = str(_database(tmp_path))
        if only:
            flags["only"] = tuple(only)
        unknown = flags.keys() - set(OPTIONS)
        assert not unknown, unknown
        clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_CACHE_HOME": str(cache)} | (environ or {})
        prepared = runner.prepare(flags, clean)
        result = runner.run(prepared, now=lambda: dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
        report = json.loads((reports / "report.json").read_text("utf-8"))
        for rule in {finding["rule"] for finding in report["findings"]}:
            assert explain.page(rule), rule  # a reader of the report asks for it by this name
        return Surveyed(int(result.exit_code), report, reports)

    return call


def _database(where: Path) -> Path:
    """The made-up database as one that was fetched now: an old one measures nothing."""
    target = where / "osv"
    shutil.copytree(VULNERABILITIES, target, dirs_exist_ok=True)
    fetched = {"fetched": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}
    (target / "fetched.json").write_text(json.dumps(fetched), "utf-8")
    return target


def _copied(case: str, where: Path) -> Path:
    """The input below a folder of this test; `repo/` of it where there is one."""
    source = CASES / case
    inside = source / "repo" if (source / "repo").is_dir() else source
    target = where / "repository"
    shutil.copytree(inside, target, symlinks=True, dirs_exist_ok=True)
    (target / "case.md").unlink(missing_ok=True)
    return target
