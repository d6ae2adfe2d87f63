"""What gives power over the host is worse where other machines can speak to the service."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Severity
from seatrial.inspectors.base import Context
from seatrial.inspectors.compose.inspector import ComposeInspector
from seatrial.settings import Settings
from seatrial.system.source import open_tree

POWER = {
    "compose/privileged": "privileged: true",
    "compose/docker-socket": "volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
    "compose/capabilities": "cap_add: [ALL]",
    "compose/host-directory": "volumes: ['/:/host']",
}


def severity(root: Path, rule: str, more: str) -> Severity:
    text = f"services:\n  a:\n    image: acme/a:1.2\n    {POWER[rule]}\n    {more}\n"
    (root / "compose.yaml").write_text(text, "utf-8")
    answers = ComposeInspector().inspect(Context(open_tree(root), Settings(), root / ".cache"))
    [found] = [f for a in answers for f in a.findings if f.rule == rule]
    return found.severity


@pytest.mark.parametrize("rule", POWER)
@pytest.mark.parametrize(
    "more",
    [
        "ports: ['8080:80']",
        "ports: ['0.0.0.0:8080:80']",
        "ports: ['${PORTS}']",
        "network_mode: host",
        "labels: {traefik.enable: 'true'}",
        "labels: ['traefik.http.routers.a.rule=Host(`a`)']",
        "environment: {VIRTUAL_HOST: a.example.com}",
    ],
)
def test_whoever_is_reached_from_outside_is_critical(tmp_path: Path, rule: str, more: str) -> None:
    assert severity(tmp_path, rule, more) is Severity.CRITICAL


@pytest.mark.parametrize("rule", POWER)
@pytest.mark.parametrize("more", ["init: true", "ports: ['127.0.0.1:8080:80']", "expose: ['80']", "labels: {team: a}"])
def test_others_are_high(tmp_path: Path, rule: str, more: str) -> None:
    assert severity(tmp_path, rule, more) is Severity.HIGH
