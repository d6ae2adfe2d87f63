"""Edges of the rules on ports and sockets: adjoining ranges, every engine's socket, and who can reach a proxy."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Severity
from seatrial.inspectors.compose import rules
from seatrial.inspectors.compose.ports import parse_port
from seatrial.inspectors.compose.project import ComposeProject, survey
from seatrial.inspectors.compose.rules import RULES, docker_socket, port_collision
from seatrial.inspectors.compose.values import List
from seatrial.system.source import open_tree


def _project(where: Path, services: str) -> ComposeProject:
    (where / "compose.yaml").write_text(f"services:\n{services}", "utf-8")
    [project] = survey(open_tree(where)).projects
    return project


@pytest.mark.parametrize(
    ("first", "second", "collides"),
    [
        ("80:80", "80:81", True),
        ("80-82:1-3", "82-84:4-6", True),
        ("80-82:1-3", "83:4", False),
        ("83:4", "80-82:1-3", False),
    ],
)
def test_ranges_collide_if_they_share_a_port(tmp_path: Path, first: str, second: str, collides: bool) -> None:
    project = _project(tmp_path, f"  a: {{image: a, ports: ['{first}']}}\n  b: {{image: b, ports: ['{second}']}}\n")
    assert bool(list(port_collision.RULE.find(project))) is collides


@pytest.mark.parametrize(
    "syntax", ["'{}:8080:80'", "{{target: 80, published: '8080', host_ip: '{}'}}"], ids=["short", "long"]
)
@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("[::1]", False),
        ("[0:0:0:0:0:0:0:1]", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("192.0.2.127", True),
        ("[::]", True),
        ("[::12]", True),
        ("[2001:db8::1]", True),
        ("localhost.example", True),
    ],
)
def test_other_machines_reach_a_port_unless_its_address_is_a_loopback_one(
    tmp_path: Path, address: str, reachable: bool, syntax: str
) -> None:
    project = _project(tmp_path, "  a: {image: a, ports: [" + syntax.format(address) + "]}\n")
    items = project.services[0].get("ports")
    assert isinstance(items, List)
    port = parse_port(items.items[0])
    assert port is not None
    assert port.everywhere is reachable


@pytest.mark.parametrize("socket", ["docker", "podman", "containerd", "crio"])
@pytest.mark.parametrize(
    "mount", ["'/run/{}.sock:/s'", "{{type: bind, source: /run/{}.sock, target: /s}}", "'v:/s'"], ids=str
)
def test_every_engines_socket_is_reported_in_every_syntax(tmp_path: Path, socket: str, mount: str) -> None:
    volumes = f"volumes: {{v: {{driver_opts: {{type: none, o: bind, device: /run/{socket}.sock}}}}}}\n"
    service = "  a: {image: a, volumes: [" + mount.format(socket) + "]}\n"
    assert [f.severity for f in docker_socket.RULE.find(_project(tmp_path, service + volumes))] == [Severity.HIGH]


@pytest.mark.parametrize(("image", "severity"), [("docker-socket-proxy", Severity.HIGH), ("a", Severity.CRITICAL)])
def test_a_socket_proxy_that_others_reach_is_less_than_any_other_service(
    tmp_path: Path, image: str, severity: Severity
) -> None:
    service = f"  a: {{image: {image}, ports: ['80:80'], volumes: ['/run/docker.sock:/s']}}\n"
    assert [f.severity for f in docker_socket.RULE.find(_project(tmp_path, service))] == [severity]


def test_every_rule_module_is_listed() -> None:
    folder = Path(rules.__file__).parent
    modules = {f.stem for f in folder.glob("*.py")} - {"__init__", "base"}
    assert len(RULES) == len(modules)
