"""
Every feature of Compose that real stacks use: a stack with it comes up, is tried, and goes away.

Each stack looks for itself whether it got what the feature promises: its program checks, and ends with 1 if not. So a
start that passes shows that the feature worked, and a recovery that passes that it also worked after a crash.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Try, docker
from stacks import APP, STORE

pytestmark = [pytest.mark.docker, pytest.mark.nightly, pytest.mark.timeout(300)]

_PROGRAM = """
import http.server, os, signal, socket, sys, time
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
def read(path): return open(path).read().strip()
def reached(*address):
  for _ in range(100):
    try: return socket.create_connection(address, 5)
    except OSError: time.sleep(0.2)
assert {}
http.server.ThreadingHTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def web(check: str = "True", **more: object) -> dict[str, Any]:
    """A service that starts if an expression of Python holds in it."""
    program = _PROGRAM.format(check).replace("$", "$$")
    return {
        "image": APP, "entrypoint": ["python3", "-u", "-c", program], "working_dir": "/srv", "ports": ["8080"],
        "restart": "unless-stopped", **more,
    }  # fmt: skip


def store(**more: object) -> dict[str, Any]:
    return {"image": STORE, "entrypoint": ["valkey-server", "--protected-mode", "no"], "restart": "always", **more}


def built(dockerfile: str, check: str, **build: object) -> dict[str, Any]:
    made = web(
        check, build={"context": ".", "dockerfile_inline": f"FROM {APP}\nUSER 0\n{dockerfile}\nUSER 10001", **build}
    )
    return {key: value for key, value in made.items() if key != "image"}


@dataclass(frozen=True)
class Feature:
    """One feature, and the smallest stack that cannot come up without it."""

    name: str
    services: Mapping[str, Any]
    more: Mapping[str, Any] = field(default_factory=dict)
    """Of the Compose file, besides the services."""
    files: Mapping[str, str] = field(default_factory=dict)
    crash: str = "web"
    variables: Mapping[str, str] = field(default_factory=dict)
    compose: tuple[int, int] = (0, 0)
    """The version that it needs."""
    engine: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        return self.name

    def lay_out(self, root: Path) -> Path:
        root.mkdir()
        for name, text in {
            **self.files,
            "compose.yaml": yaml.safe_dump({"services": self.services, **self.more}),
        }.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
            (root / name).chmod(0o644)
        chaos = {"experiments": [{"crash": self.crash}], "variables": dict(self.variables)}
        (root / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "chaos": chaos}), "utf-8")
        return root


_FAILS = {"image": APP, "entrypoint": ["false"], "restart": "no"}
_STORED = "reached('store', 6379)"
FEATURES = (
    Feature("profiles", {"web": web(), "debug": {**_FAILS, "profiles": ["debug"]}}),
    Feature(
        "include",
        {"web": web(_STORED, depends_on=["store"])},
        {"include": ["sub/compose.yaml"]},
        {"sub/compose.yaml": yaml.safe_dump({"services": {"store": store()}})},
    ),
    Feature(
        "include with a project directory and variables of its own",
        {"web": web(_STORED, depends_on=["store"])},
        {"include": [{"path": "sub/compose.yaml", "project_directory": "sub", "env_file": "sub/.env.sub"}]},
        {
            "sub/compose.yaml": yaml.safe_dump(
                {"services": {"store": store(env_file="settings.env", hostname="${NAME}")}}
            ),
            "sub/.env.sub": "NAME=stored\n",
            "sub/settings.env": "X=1\n",
        },
    ),
    Feature(
        "extends",
        {"web": {"extends": {"file": "base.yaml", "service": "base"}, "environment": {"OWN": "2"}}},
        files={
            "base.yaml": yaml.safe_dump(
                {"services": {"base": web("os.environ['BASE'] + os.environ['OWN'] == '12'", environment={"BASE": "1"})}}
            )
        },
    ),
    Feature(
        "build arguments",
        {
            "web": built(
                "ARG GIVEN\nRUN echo $$GIVEN > /given", "read('/given') == 'abc'", args={"GIVEN": "${GIVEN:-abc}"}
            )
        },
    ),
    Feature(
        "build secrets",
        {
            "web": built(
                "RUN --mount=type=secret,id=token wc -c < /run/secrets/token > /count",
                "int(read('/count')) == 6",
                secrets=["token"],
            )
        },
        {"secrets": {"token": {"file": "token.txt"}}},
        {"token.txt": "s3cret"},
    ),
    Feature(
        "additional contexts",
        {
            "web": built(
                "COPY --from=shared words.txt /words",
                "read('/words') == 'shared'",
                additional_contexts={"shared": "./shared"},
            )
        },
        files={"shared/words.txt": "shared"},
        engine=(23, 0),
    ),
    Feature(
        "build under a name that another service uses",
        {
            "web": {**built("RUN echo 1 > /made", "read('/made') == '1'"), "image": "seatrial-tests/made:1"},
            "worker": web("read('/made') == '1'", image="seatrial-tests/made:1", depends_on=["web"]),
        },
    ),
    Feature(
        "build on what another service builds",
        {
            "base": {
                "image": "seatrial-tests/base:1",
                "entrypoint": ["true"],
                "build": {"context": ".", "dockerfile_inline": f"FROM {APP}\nUSER 0\nRUN echo 1 > /base"},
            },
            "web": {
                **built("", "read('/base') == '1'", dockerfile_inline="FROM seatrial-tests/base:1"),
                "depends_on": {"base": {"condition": "service_completed_successfully"}},
            },
        },
    ),
    Feature(
        "replicas",
        {"web": web(deploy={"replicas": 2}), "proxy": web("socket.gethostbyname('web')", depends_on=["web"])},
    ),
    Feature("scale", {"web": web(scale=2), "off": {**_FAILS, "scale": 0}}),
    Feature(
        "a task before the service",
        {
            "task": {
                "image": APP,
                "entrypoint": ["sh", "-c", "sleep 1; echo done > /data/done"],
                "user": "0",
                "volumes": ["data:/data"],
            },
            "web": web(
                "read('/data/done') == 'done'",
                volumes=["data:/data"],
                depends_on={"task": {"condition": "service_completed_successfully"}},
            ),
        },
        {"volumes": {"data": None}},
    ),
    Feature(
        "a network namespace of another service",
        {
            "web": web(),
            "beside": {
                "image": APP,
                "restart": "always",
                "network_mode": "service:web",
                "entrypoint": [
                    "python3",
                    "-c",
                    "import signal, os; signal.signal(15, lambda *_: os._exit(0)); signal.pause()",
                ],
            },
        },
        crash="beside",
    ),
    Feature(
        "env_file objects",
        {"web": web("os.environ['A'] == '1'", env_file=[{"path": "a.env"}, {"path": "no.env", "required": False}])},
        files={"a.env": "A=1\n"},
    ),
    Feature(
        "env_file of variables",
        {"web": web("os.environ['A'] == '1'", env_file=["${WHICH:-a}.env"])},
        files={"a.env": "A=1\n"},
    ),
    Feature(
        "configs with content",
        {"web": web("read('/etc/app.conf') == 'port=8080'", configs=[{"source": "app", "target": "/etc/app.conf"}])},
        {"configs": {"app": {"content": "port=${PORT:-8080}\n"}}},
    ),
    Feature(
        "configs by file",
        {"web": web("read('/app') == 'x=1'", configs=["app"])},
        {"configs": {"app": {"file": "./app.conf"}}},
        {"app.conf": "x=1\n"},
    ),
    Feature(
        "secrets by file",
        {"web": web("read('/run/secrets/token') == 's3cret'", secrets=["token"])},
        {"secrets": {"token": {"file": "./token.txt"}}},
        {"token.txt": "s3cret\n"},
    ),
    Feature(
        "secrets by environment",
        {"web": web("read('/run/secrets/token') == 's3cret'", secrets=["token"])},
        {"secrets": {"token": {"environment": "TOKEN"}}},
        variables={"TOKEN": "s3cret"},
    ),
    Feature(
        "secrets by an environment that nobody gives",
        {"web": web("len(read('/run/secrets/token')) >= 16", secrets=["token"])},
        {"secrets": {"token": {"environment": "API_TOKEN"}}},
    ),
    Feature(
        "secrets of others",
        {"web": web("len(read('/run/secrets/token')) >= 16", secrets=["token"])},
        {"secrets": {"token": {"external": True}}},
    ),
    Feature(
        "develop and watch",
        {
            "web": {**built("", "True"), "develop": {"watch": [{"action": "sync", "path": "./src", "target": "/src"}]}},
        },
        files={"src/x.py": ""},
    ),
    Feature(
        "hooks",
        {
            "web": web(
                post_start=[{"command": ["touch", "/tmp/started"]}],
                pre_stop=[{"command": ["true"]}],
                tmpfs=["/tmp"],
            )
        },
        compose=(2, 30),
    ),
    Feature("a platform", {"web": web(platform="linux/amd64")}),
    Feature(
        "scripts that a store runs first",
        {
            "store": {
                "image": STORE,
                "user": "0",
                "restart": "always",
                "volumes": ["./initdb:/docker-entrypoint-initdb.d"],
                "entrypoint": [
                    "sh",
                    "-ec",
                    "sh /docker-entrypoint-initdb.d/10-first.sh; exec valkey-server --protected-mode no",
                ],
            },
            "web": web(_STORED, depends_on=["store"]),
        },
        files={"initdb/10-first.sh": "echo ran >> /docker-entrypoint-initdb.d/log\n"},
    ),
    Feature(
        "fixed addresses",
        {"web": web("True", networks={"lan": {"ipv4_address": "10.231.7.5"}})},
        {
            "networks": {"lan": {"ipam": {"config": [{"subnet": "10.231.7.0/24"}]}}},
        },
    ),
    Feature(
        "mounts that it writes to",
        {
            "web": web(
                "[open('/app/new', 'w'), os.remove('/app/gone'), os.chown('/app/kept', 1, 1), read('/one') == '1']",
                user="0",
                volumes=["./app:/app", "./one:/one", "./lacking:/lacking"],
            )
            | {"restart": "no"},
            "other": web(),
        },
        files={"app/gone": "", "app/kept": "", "one": "1"},
        crash="other",
    ),
)
"""Each is one stack."""


def tree(root: Path) -> dict[str, tuple[int, int, int]]:
    """Every path below it, with owner, mode and time of its last change."""
    paths = (p for p in root.rglob("*") if "reports" not in p.parts)
    return {str(p.relative_to(root)): (s.st_uid, s.st_mode, s.st_mtime_ns) for p in paths for s in [p.lstat()]}


@pytest.mark.parametrize("feature", FEATURES, ids=str)
def test_a_stack_with_it_is_tried(attempt: Try, tmp_path: Path, feature: Feature) -> None:
    if version("compose", "version", "--short") < feature.compose:
        pytest.skip("this machine's Compose does not know it")
    if version("version", "--format", "{{.Server.Version}}") < feature.engine:
        pytest.skip("this machine's engine does not know it")
    root = feature.lay_out(tmp_path / "stack")
    before = tree(root)
    tried = attempt(root)
    assert tree(root) == before
    assert tried.statuses()["trial/start"] == "pass", tried.out
    recovery = tried.check("recovery")
    assert recovery["status"] == "pass" or "too busy to judge" in recovery["reason"], tried.out


def version(*words: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.split(r"[-+~]", docker(*words).lstrip("v"))[0].split(".")[:2])


def test_a_port_in_use_on_this_machine_is_no_matter(attempt: Try, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        feature = Feature("port", {"web": web(ports=[f"127.0.0.1:{port}:8080"], container_name="seatrial-tests-web")})
        assert attempt(feature.lay_out(tmp_path / "stack")).statuses()["trial/start"] == "pass"


def test_a_local_image_named_latest_is_not_pulled(attempt: Try, tmp_path: Path) -> None:
    docker("tag", APP, "seatrial-tests-latest")
    try:
        tried = attempt(Feature("latest", {"web": web(image="seatrial-tests-latest")}).lay_out(tmp_path / "stack"))
    finally:
        docker("rmi", "seatrial-tests-latest")
    assert tried.statuses()["trial/start"] == "pass", tried.out


def test_a_slow_start_has_the_grace_of_its_own_healthcheck(attempt: Try, tmp_path: Path) -> None:
    """Three failures of a check each five seconds are fifteen seconds; the store needs six."""
    slow = store(
        entrypoint=["sh", "-c", "sleep 6; exec valkey-server --protected-mode no"],
        healthcheck={"test": ["CMD", "valkey-cli", "ping"], "interval": "5s"},
    )
    services = {"store": slow, "web": web(depends_on={"store": {"condition": "service_healthy"}})}
    tried = attempt(Feature("slow", services).lay_out(tmp_path / "stack"))
    assert tried.statuses()["trial/start"] == "pass", tried.out


def test_a_large_tree_is_copied(attempt: Try, tmp_path: Path) -> None:
    """Twenty thousand files, as an installed front end has; links that lead out of the tree lead nowhere else."""
    root = Feature(
        "large",
        {"web": web(
            "sum(len(f) for _, _, f in os.walk('/app')) > 20_000 and not os.path.exists('/app/away')", user="0",
            volumes=["./app:/app"],
        )},
    ).lay_out(tmp_path / "stack")  # fmt: skip
    for folder in range(200):
        (root / "app" / str(folder)).mkdir(parents=True)
        for number in range(101):
            (root / "app" / str(folder) / str(number)).touch()
    outside = tmp_path / "outside"
    outside.write_text("kept", "utf-8")
    (root / "app" / "away").symlink_to(outside)
    tried = attempt(root)
    assert tried.statuses()["trial/start"] == "pass", tried.out
    assert outside.read_text("utf-8") == "kept"
