"""
Docker's own Compose judges our merging: what two files come to is the same for both.

SEATRIAL_ORACLE_COMPOSE names another Compose than that of this machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_oracle import PLUGIN
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from seatrial.inspectors.compose.project import survey
from seatrial.inspectors.compose.values import List, Map, Value
from seatrial.system.source import open_tree

pytestmark = pytest.mark.docker
_CONFIG = [*PLUGIN, "config", "--format", "json"]

VALUES: dict[str, tuple[Any, Any]] = {
    "cap_add": (["NET_ADMIN"], ["SYS_TIME"]),
    "dns": (["192.0.2.1"], ["192.0.2.2"]),
    "security_opt": (["no-new-privileges:true"], ["seccomp=unconfined"]),
    "group_add": (["audio"], ["video"]),
    "expose": (["80"], ["81"]),
    "tmpfs": (["/run"], ["/tmp"]),
    "command": (["serve"], ["work"]),
    "entrypoint": (["/a"], ["/b", "c"]),
    "environment": ({"A": "1", "B": "2"}, {"B": "3", "C": "4"}),
    "labels": ({"a": "1", "b": "2"}, {"b": "3"}),
    "sysctls": ({"net.core.somaxconn": "1"}, {"net.ipv4.tcp_syncookies": "0"}),
    "restart": ("always", "no"),
    "privileged": (True, False),
    "user": ("app", "root"),
    "stop_signal": ("SIGINT", "SIGTERM"),
    "logging": ({"driver": "local", "options": {"max-size": "1m"}}, {"options": {"max-file": "2"}}),
}
"""By key: what the first file says, and the second."""


CASES = [
    (key, over)
    for key, (first, second) in sorted(VALUES.items())
    for over in (second, None, *([type(first)()] if isinstance(first, list | dict) else []))
    if not (key == "logging" and over is None)  # Compose 2.26 breaks off with that, and 5 refuses it
]


@pytest.mark.parametrize(("key", "over"), CASES, ids=str)
def test_two_files_come_to_the_same(key: str, over: Any, tmp_path: Path) -> None:
    first = VALUES[key][0]
    for name, value in (("compose.yaml", first), ("compose.override.yaml", over)):
        body = {"image": "acme/a:1.0", key: value} if name == "compose.yaml" else {key: value}
        (tmp_path / name).write_text(yaml.safe_dump({"services": {"a": body}}), "utf-8")
    told = subprocess.run(_CONFIG, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
    theirs = json.loads(told)["services"]["a"].get(key)
    [project] = survey(open_tree(tmp_path)).projects
    ours = plain(project.services[0].get(key))
    assert _without_nothing(ours) == _without_nothing(theirs)


def plain(value: Value | None) -> Any:
    if isinstance(value, Map):
        return {name: plain(entry.value) for name, entry in value}
    if isinstance(value, List):
        return [plain(item) for item in value.items]
    return None if value is None else value.value


def _without_nothing(value: Any) -> Any:
    """Compose leaves out what is false or empty."""
    return value or None


_NAMES = st.sampled_from(["A", "B", "C"])
_TEXTS = st.sampled_from(["one", "two", "${SET}", "${UNSET:-three}"])
_PORTS = st.sampled_from(
    ["8080:80", "8080:80/tcp", "127.0.0.1:8080:80", "8080:80/udp", {"target": 80, "published": "8080"}]
)
_KEYS = ("image", "user", "privileged", "command", "cap_add", "environment", "labels", "ports")
SERVICE = st.fixed_dictionaries(
    {},
    optional={
        "user": st.sampled_from(["0", "1000"]),
        "privileged": st.booleans(),
        "command": st.lists(_TEXTS, min_size=1, max_size=2),
        "cap_add": st.lists(st.sampled_from(["NET_ADMIN", "SYS_TIME"]), min_size=1, max_size=1),
        "environment": st.dictionaries(_NAMES, _TEXTS, min_size=1)
        | st.lists(st.builds("{}={}".format, _NAMES, _TEXTS), min_size=1, max_size=2, unique_by=lambda pair: pair[0]),
        "labels": st.dictionaries(_NAMES, _TEXTS, min_size=1),
        "ports": st.lists(_PORTS, min_size=1, max_size=1),
    },
)
PROJECT = st.fixed_dictionaries(
    {
        "base": SERVICE,
        "over": SERVICE,
        "included": st.lists(SERVICE, min_size=1, max_size=3),
        "extended": SERVICE,
        "variable": st.sampled_from(["outer", "4"]),
        "dropped": st.none() | st.tuples(st.sampled_from(_KEYS[1:]), st.sampled_from(["!reset", "!override"])),
    }
)
EXAMPLES = int(os.environ.get("SEATRIAL_ORACLE_EXAMPLES", "40"))
"""Projects that one run makes; each costs the plugin about 60 ms."""


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(PROJECT)
def test_generated_projects_come_to_the_same(made: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), made)
        done = subprocess.run(_CONFIG, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
        assume(done.returncode == 0)
        theirs = json.loads(done.stdout)["services"]
        [project] = survey(open_tree(Path(folder))).projects
        ours = {s.name: {key: _same(key, plain(s.get(key))) for key in _KEYS} for s in project.services}
    assert ours == {name: {key: _same(key, service.get(key)) for key in _KEYS} for name, service in theirs.items()}


def _write(folder: Path, made: dict[str, Any]) -> None:
    """A base that includes one project of several files and extends a service of another folder, and an override."""
    (folder / "inner").mkdir()
    (folder / ".env").write_text(f"SET={made['variable']}\n", "utf-8")
    (folder / "inner" / ".env").write_text("SET=inner\nUNSET=inner\n", "utf-8")
    paths = [f"inner/{number}.yaml" for number, _ in enumerate(made["included"])]
    for path, service in zip(paths, made["included"], strict=True):
        _dump(folder / path, {"services": {"tool": {"image": "acme/tool:1", **service}}})
    _dump(folder / "inner" / "common.yaml", {"services": {"common": {"image": "acme/common:1", **made["extended"]}}})
    extends = {"file": "inner/common.yaml", "service": "common"}
    base = {"include": [{"path": paths}], "services": {"a": {"extends": extends, **made["base"]}}}
    _dump(folder / "compose.yaml", base)
    _dump(folder / "compose.override.yaml", {"services": {"a": {"user": "7", **made["over"]}}})
    if made["dropped"]:
        key, tag = made["dropped"]
        value = made["over"].get(key, [] if key in ("command", "cap_add", "ports") else {})
        if key in ("user", "privileged"):
            tag, value = "!reset", None
        over = {name: other for name, other in made["over"].items() if name != key}
        text = yaml.safe_dump({"services": {"a": {"working_dir": "/a", **over}}})
        text += f"    {key}: {tag} {json.dumps(value)}\n"
        (folder / "compose.override.yaml").write_text(text, "utf-8")


def _dump(path: Path, body: Any) -> None:
    path.write_text(yaml.safe_dump(body, sort_keys=False), "utf-8")


def _same(key: str, value: Any) -> Any:
    """One spelling for values that mean the same; the plugin leaves out what is false or empty."""
    if key == "environment" and isinstance(value, list):
        value = dict(pair.split("=", 1) for pair in value)
    if key == "ports":
        return sorted(map(_port, value or []))
    if key == "command" and isinstance(value, list):
        return [str(word) for word in value]
    return {name: str(text) for name, text in value.items()} if isinstance(value, dict) and value else value or None


def _port(port: Any) -> tuple[str, ...]:
    if isinstance(port, dict):
        host, published, target = (str(port.get(key) or "") for key in ("host_ip", "published", "target"))
        return host, published, target, port.get("protocol") or "tcp"
    text, _, protocol = str(port).partition("/")
    *address, outside, inside = text.split(":")
    return "".join(address), outside, inside, protocol or "tcp"
