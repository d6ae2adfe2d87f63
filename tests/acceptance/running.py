"""What a finished run of the command line looks like to a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Run:
    """One finished run of the command line."""

    code: int
    out: str
    err: str
    reports: Path

    @property
    def json(self) -> dict[str, Any]:
        """report.json, parsed."""
        parsed: dict[str, Any] = json.loads((self.reports / "report.json").read_text("utf-8"))
        return parsed


Seatrial = Callable[..., Run]
Tree = Callable[[dict[str, "str | bytes"]], Path]

CARED_FOR: dict[str, str | bytes] = {
    "LICENSE": "SPDX-License-Identifier: MIT\n",
    "SECURITY.md": "# Security\n\nReport vulnerabilities and incidents to security@acme.example.\n",
    "tests/test_a.py": "def test_one():\n    assert True\n",
    ".github/dependabot.yml": (
        "version: 2\n"
        "updates:\n"
        "  - package-ecosystem: github-actions\n"
        "    directory: /\n"
        "    schedule: {interval: weekly}\n"
        "    cooldown: {default-days: 7}\n"
    ),
    ".github/workflows/ci.yml": (
        "name: Tests\n"
        "on: pull_request\n"
        "permissions: {}\n"
        "concurrency: {group: tests, cancel-in-progress: true}\n"
        "jobs:\n"
        "  test:\n"
        "    name: Tests\n"
        "    runs-on: ubuntu-24.04\n"
        "    timeout-minutes: 10\n"
        "    permissions: {contents: read}  # the checkout\n"
        "    steps:\n"
        "      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2\n"
        "        with: {persist-credentials: false}\n"
        "      - run: python -m pytest\n"
    ),
}
"""What every repository must have. With it, the exit code of a small tree says what the rest of the tree is about."""
