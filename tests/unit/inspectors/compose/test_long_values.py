"""Long values in a Compose file are read in time by every rule."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from seatrial.inspectors.compose.project import survey
from seatrial.inspectors.compose.rules import RULES
from seatrial.system.source import open_tree

PARTS = [
    ":",
    "::1",
    "a.",
    "a+",
    "a://",
    "a:",
    "://a:b",
    "${A:-",
    "$",
    "-p ",
    "/",
    "x=",
    "9",
    "[",
    "]",
    "@",
    "a@",
    "'",
    " ",
    "\\",
    "--a ",
]


@pytest.mark.parametrize("part", PARTS)
def test_a_long_value_takes_no_square_of_time(tmp_path: Path, part: str) -> None:
    value = part.replace("\\", "\\\\").replace('"', '\\"') * (60_000 // len(part))
    (tmp_path / "compose.yaml").write_text(
        f"""services:
  a:
    image: &v "{value}"
    command: *v
    entrypoint: [*v]
    environment: {{A: *v, DATABASE_URL: *v, PASSWORD: *v}}
    labels: [*v]
    ports: [*v]
    volumes: [*v]
    security_opt: [*v]
    user: *v
    mem_limit: *v
    healthcheck: {{test: *v, interval: *v}}
    build: {{context: *v, args: {{A: *v}}}}
"""
    )
    before = time.process_time()
    for project in survey(open_tree(tmp_path)).projects:
        for rule in RULES:
            list(rule.find(project))
    assert time.process_time() - before < 6
