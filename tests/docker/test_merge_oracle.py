"""Docker's own Compose judges our merging: what two files come to is the same for both."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.inspectors.compose.project import survey
from seatrial.inspectors.compose.values import List, Map, Value
from seatrial.source import open_tree

pytestmark = pytest.mark.docker

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
    if not (key == "logging" and over is None)  # Compose 2.26 itself breaks off with that
]


@pytest.mark.parametrize(("key", "over"), CASES, ids=str)
def test_two_files_come_to_the_same(key: str, over: Any, tmp_path: Path) -> None:
    first = VALUES[key][0]
    for name, value in (("compose.yaml", first), ("compose.override.yaml", over)):
        body = {"image": "acme/a:1.0", key: value} if name == "compose.yaml" else {key: value}
        (tmp_path / name).write_text(yaml.safe_dump({"services": {"a": body}}), "utf-8")
    words = ["docker", "compose", "config", "--format", "json"]
    told = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
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
