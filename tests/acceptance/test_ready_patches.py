"""The section "Ready patches" of report.html, after a whole run: it helps, and it shows no secret."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from lxml.html import document_fromstring

from seatrial.app.cli import main
from seatrial.domain.errors import ExitCode

LONG = "c0rrect-h0rse-b4ttery"
COMPOSE = f"""\
services:
  db:
    image: postgres:17.2
    environment:
      POSTGRES_PASSWORD: tr0ub4d
      API_TOKEN: sesame
  api:
    image: registry.example.com/shop:1.2.3
    environment: {{DATABASE_URL: "postgres://app:tr0ub4d@db/app", SECRET_KEY: {LONG}}}
    ports: ["8000:8000"]
    command: serve {LONG}
"""


def test_the_page_shows_what_would_change_and_no_secret(tmp_path: Path) -> None:
    root, reports = tmp_path / "shop", tmp_path / "reports"
    root.mkdir()
    (root / "compose.yaml").write_text(COMPOSE)
    (root / "Dockerfile").write_text(f"FROM python:3.13-slim\nCMD serve --password sesame {LONG}\n")
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    options = ["--report-dir", str(reports), "--fail-below", "0", "--only", "compose,dockerfile"]  # the scan is off
    assert main(["run", str(root), *options], environ) == ExitCode.PASSED
    page = document_fromstring((reports / "report.html").read_bytes())
    (section,) = (one for one in page.iter("section") if one.get("aria-labelledby") == "patches")
    diffs = [pre.text or "" for pre in section.iter("pre")]
    compose = next(diff for diff in diffs if "+++ b/compose.yaml" in diff)
    assert '-    ports: ["8000:8000"]' in compose
    assert '+    ports: ["127.0.0.1:8000:8000"]' in compose
    assert "+    restart: unless-stopped" in compose
    assert any('+CMD ["serve", "--password", ****' in diff for diff in diffs)
    for report in reports.iterdir():
        written = report.read_text()
        assert not [value for value in ("tr0ub4d", "sesame", LONG) if value in written], report.name
