"""Every key of a service, with values in each of its spellings; and how such files are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml
from hypothesis import strategies as st

Files = dict[str, Any]
"""By path: what is written as YAML, or a text as it is."""


class Tagged:
    """A value under a tag of Compose."""

    def __init__(self, tag: str, value: Any) -> None:
        self.tag, self.value = tag, value

    def __repr__(self) -> str:
        return f"{self.tag} {self.value!r}"


class Dumper(yaml.SafeDumper):
    """Writes tags, and a merge key as one."""


def _tagged(dumper: yaml.SafeDumper, data: Tagged) -> yaml.Node:
    node = dumper.represent_data(data.value)
    node.tag = data.tag
    return node


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
    if data == "<<":
        return dumper.represent_scalar("tag:yaml.org,2002:merge", data)
    return dumper.represent_scalar("tag:yaml.org,2002:str", data)


Dumper.add_representer(Tagged, _tagged)
Dumper.add_representer(str, _text)


def written(files: Files) -> dict[str, str]:
    """The files as texts."""
    return {
        path: body if isinstance(body, str) else yaml.dump(body, Dumper=Dumper, sort_keys=False)
        for path, body in files.items()
    }


def _some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _few(*values: Any, least: int = 1) -> st.SearchStrategy[list[Any]]:
    return st.lists(_some(*values), min_size=least, max_size=3, unique_by=lambda v: json.dumps(v, sort_keys=True))


def _maps(names: tuple[str, ...], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(_some(*names), values, min_size=1, max_size=3)


TEXTS = _some(
    "one",
    "two",
    "${SET}",
    "$SET",
    "${UNSET:-three}",
    "${UNSET-}",
    "${SET:+other}",
    "${EMPTY:-four}",
    "${EMPTY-five}",
    "a$$b",
    "$${SET}",
    "${UNSET:-${SET}}",
    "${UNSET:-${NOPE:-six}}",
    "${SET}-${SET}",
    "${EMPTY+seven}",
    "${SET:?needed}",
    "${UNSET}",
    "x=y",
    "a b",
    "é",
    "${INNER:-outer}",
    "${NESTED}",
)
_NAMES = ("A", "B", "SET", "C.d")


def _pairs(null: bool = True) -> st.SearchStrategy[Any]:
    values = TEXTS | _some(1, True, *((None,) if null else ()))
    listed = st.lists(st.tuples(_some(*_NAMES), TEXTS), min_size=1, max_size=3).map(
        lambda pairs: [f"{name}={text}" for name, text in pairs]
    )
    return _maps(_NAMES, TEXTS | values) | listed | (_few("A", "B=1") if null else listed)


_HOSTS = _few(
    "a:192.0.2.1", "a=192.0.2.2", "b=::1", "b:[::1]", "a=192.0.2.1", "b=2001:db8::1", "${SET}:192.0.2.9"
) | _maps(("a", "b"), _some("192.0.2.3", "::1", "[::1]", ["192.0.2.4", "::2"], "${UNSET:-192.0.2.7}"))
_PORTS = _few(
    "80",
    81,
    "8080:80",
    "8080:80/tcp",
    "8080:80/udp",
    "127.0.0.1:8080:80",
    "[::1]:8080:80",
    "::1:8081:81",
    "8080-8082:80-82",
    "8081:81",
    "8000-8005:80",
    "90-92",
    "0.0.0.0:8080:80",
    "127.0.0.1::80",
    "${PORT:-8080}:80",
    "${HOST:-127.0.0.1}:${PORT:-9090}:${INSIDE:-90}/${KIND:-udp}",
    "8080:80/TCP",
    {"target": 80},
    {"target": 80, "published": "8080"},
    {"target": 80, "published": 8080},
    {"target": 80, "published": "8080", "host_ip": "127.0.0.1", "mode": "host"},
    {"target": 82, "published": "8082", "protocol": "tcp", "name": "web", "app_protocol": "http"},
    {"target": 80, "published": "8080-8090", "protocol": "udp"},
)
_VOLUMES = _few(
    "/anonymous",
    "data:/data",
    "data:/data:ro",
    "cache:/data",
    "./here:/srv",
    "../up:/srv:ro",
    "/host:/host:rshared",
    "~/home:/root/home",
    "./a/../b:/srv/",
    "data:/data/",
    "${WHERE:-./here}:/var",
    "./z:/z:Z",
    "cache:/c:nocopy",
    {"type": "volume", "source": "data", "target": "/data"},
    {"type": "tmpfs", "target": "/run", "tmpfs": {"size": 1024}},
    {"type": "bind", "source": "./here", "target": "/srv", "read_only": True, "bind": {"propagation": "rslave"}},
    {"type": "bind", "source": "./there", "target": "/there", "bind": {"create_host_path": False, "selinux": "z"}},
    {"type": "volume", "source": "cache", "target": "/c", "volume": {"nocopy": True, "subpath": "s"}},
    {"type": "image", "source": "acme/data:1", "target": "/image", "image": {"subpath": "p"}},
    {"type": "volume", "target": "/anonymous"},
)
_MOUNTED = {
    "source": _some("key", "cert"),
    "target": _some("/run/secrets/key", "other", "/etc/key"),
    "uid": _some("1"),
    "mode": _some(0o440, "0440"),
}


def _mounted(*names: str) -> st.SearchStrategy[Any]:
    long = st.fixed_dictionaries(
        {"source": _some(*names)}, optional={k: v for k, v in _MOUNTED.items() if k != "source"}
    )
    return st.lists(_some(*names) | long, min_size=1, max_size=2)


def _command() -> st.SearchStrategy[Any]:
    return (
        _some("serve --all", "sh -c 'a b'", "", "${SET} x") | st.lists(TEXTS, min_size=1, max_size=2) | _some(None, [])
    )


_NETWORK = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "aliases": _few("x", "y", "z"),
        "priority": _some(1, 2),
        "ipv4_address": _some("192.0.2.5"),
        "driver_opts": _maps(("o",), TEXTS),
        "link_local_ips": _few("192.0.2.6", "192.0.2.7"),
        "mac_address": _some("02:42:ac:11:00:01"),
        "gw_priority": _some(1),
        "interface_name": _some("eth7"),
    },
)
_BUILD = _some(".", "./app", "../beside", "https://example.org/a.git#main", "${UNSET:-./app}") | st.fixed_dictionaries(
    {},
    optional={
        "context": _some(".", "./app", "${UNSET:-./app}"),
        "dockerfile": _some("Other.Dockerfile"),
        "target": TEXTS,
        "args": _pairs(),
        "labels": _pairs(null=False),
        "cache_from": _few("a", "b"),
        "cache_to": _few("c"),
        "tags": _few("acme/a:1", "acme/a:2"),
        "platforms": _few("linux/amd64", "linux/arm64"),
        "network": _some("host"),
        "secrets": _mounted("key", "cert"),
        "ssh": _some(["default"]),
        "additional_contexts": _some(
            ["x=./x"], {"y": "docker-image://acme/b:1", "x": "../x2"}, ["z=https://example.org/z"]
        ),
        "extra_hosts": _HOSTS,
        "shm_size": _some("1048576"),
        "no_cache": st.booleans(),
        "pull": st.booleans(),
        "privileged": st.booleans(),
        "isolation": _some("default"),
        "ulimits": _some({"nofile": 10}, {"nofile": {"soft": 1, "hard": 2}}),
        "provenance": _some(True, "mode=max"),
        "sbom": _some(True),
        "entitlements": _few("network.host"),
    },
)
_DEPLOY = st.fixed_dictionaries(
    {},
    optional={
        "mode": _some("replicated"),
        "replicas": _some(1, 2, "${COPIES:-3}"),
        "labels": _pairs(null=False),
        "endpoint_mode": _some("vip"),
        "placement": _some({"constraints": ["a==b"]}, {"constraints": ["c==d"], "max_replicas_per_node": 1}),
        "restart_policy": _some({"condition": "on-failure"}, {"max_attempts": 3, "delay": "5s"}),
        "update_config": _some({"parallelism": 2}, {"order": "start-first"}),
        "resources": _some(
            {"limits": {"cpus": "0.5"}},
            {"limits": {"memory": "1048576"}},
            {"reservations": {"memory": "524288"}},
            {"limits": {"pids": 5}},
            {"reservations": {"devices": [{"capabilities": ["gpu"], "count": 1}]}},
            {"reservations": {"devices": [{"capabilities": ["gpu"], "driver": "nvidia", "device_ids": ["0"]}]}},
        ),
    },
)
_HEALTH = st.fixed_dictionaries(
    {},
    optional={
        "test": _some("curl -f localhost", ["CMD", "a"], ["CMD-SHELL", "b c"], ["NONE"]),
        "disable": st.booleans(),
        "interval": _some("10s", "1m30s"),
        "timeout": _some("5s"),
        "retries": _some(3, "${TRIES:-4}"),
        "start_period": _some("1s"),
        "start_interval": _some("2s"),
    },
)
_LOGGING = st.fixed_dictionaries(
    {},
    optional={
        "driver": _some("local", "json-file"),
        "options": _maps(("max-size", "max-file"), _some("1m", 3, "${SET}")),
    },
)
_HOOKS = _few({"command": "a b"}, {"command": ["a"], "user": "root"}, {"command": ["a"], "environment": {"A": "1"}})
_WATCH = _few(
    {"path": "./src", "action": "sync", "target": "/src"},
    {"path": "pkg", "action": "rebuild", "ignore": ["x"]},
    {"path": "./conf", "action": "sync+restart", "target": "/c", "include": "*.py"},
)


def dependencies(names: tuple[str, ...]) -> st.SearchStrategy[Any]:
    long: st.SearchStrategy[dict[str, Any]] = (
        st.fixed_dictionaries(
            {"condition": _some("service_started", "service_healthy", "service_completed_successfully")},
            optional={"restart": st.booleans(), "required": st.booleans()},
        )
        | st.fixed_dictionaries({"restart": st.booleans()})
        | st.just({})
    )
    return _few(*names) | st.dictionaries(_some(*names), long, min_size=1)


KEYS: Mapping[str, st.SearchStrategy[Any]] = {
    "annotations": _pairs(null=False),
    "blkio_config": _some({"weight": 10}, {"weight_device": [{"path": "/dev/a", "weight": 1}]}),
    "build": _BUILD,
    "cap_add": _few("NET_ADMIN", "SYS_TIME"),
    "cap_drop": _few("ALL", "CHOWN"),
    "cgroup": _some("host", "private"),
    "cgroup_parent": TEXTS,
    "command": _command(),
    "configs": _mounted("conf", "more"),
    "cpu_shares": _some(10),
    "cpuset": _some("0,1"),
    "cpus": _some("0.5"),
    "deploy": _DEPLOY,
    "develop": st.fixed_dictionaries({"watch": _WATCH}),
    "device_cgroup_rules": _few("c 1:3 mr", "a 7:* rmw"),
    "devices": _few(
        "/dev/a",
        "/dev/a:/dev/b",
        "/dev/a:/dev/b:r",
        "/dev/c:/dev/a",
        {"source": "/dev/x", "target": "/dev/b", "permissions": "rw"},
    ),
    "dns": _some("192.0.2.1", "", ["192.0.2.1", "192.0.2.2"], ["192.0.2.3"]),
    "dns_opt": _few("a", "b:1"),
    "dns_search": _some("a.example", ["b.example"], ["a.example"]),
    "domainname": TEXTS,
    "entrypoint": _command(),
    "env_file": _some(
        "one.env",
        ["one.env", "two.env"],
        ["./one.env"],
        [{"path": "two.env", "required": False}],
        [{"path": "one.env", "format": "raw"}, "two.env"],
        ["${UNSET:-one.env}"],
    ),
    "environment": _pairs(),
    "expose": _few("80", "81", 80, "82-84"),
    "extra_hosts": _HOSTS,
    "gpus": _some("all", [{"driver": "nvidia"}], [{"count": 2, "capabilities": ["gpu"]}]),
    "group_add": _few("audio", "video", 12),
    "healthcheck": _HEALTH,
    "hostname": TEXTS,
    "init": st.booleans(),
    "ipc": _some("host", "shareable"),
    "isolation": _some("default"),
    "labels": _pairs(null=False),
    "logging": _LOGGING,
    "mac_address": _some("02:42:ac:11:00:02"),
    "mem_limit": _some("1048576"),
    "mem_swappiness": _some(10),
    "models": _some(["llm"], {"llm": {"endpoint_var": "E"}}, {"llm": {"model_var": "M"}}),
    "networks": _few("front", "back", "default")
    | st.dictionaries(_some("front", "back", "default"), _NETWORK, min_size=1),
    "oom_kill_disable": st.booleans(),
    "oom_score_adj": _some(5),
    "pid": _some("host"),
    "pids_limit": _some(5),
    "platform": _some("linux/amd64"),
    "ports": _PORTS,
    "post_start": _HOOKS,
    "pre_stop": _HOOKS,
    "privileged": st.booleans() | _some("${FLAG:-true}", "${FLAG:-false}"),
    "profiles": _few("dev", "ops"),
    "pull_policy": _some("always", "missing"),
    "read_only": st.booleans(),
    "restart": _some("always", "no", "on-failure:3"),
    "runtime": TEXTS,
    "scale": _some(1),
    "secrets": _mounted("key", "cert"),
    "security_opt": _few("no-new-privileges:true", "seccomp=unconfined", "label:${SET}"),
    "shm_size": _some("1048576"),
    "stdin_open": st.booleans(),
    "stop_grace_period": _some("10s", "1m0s"),
    "stop_signal": _some("SIGINT", "SIGTERM"),
    "storage_opt": _some({"size": "1G"}, {"other": "x"}),
    "sysctls": _some(["net.core.somaxconn=1", "a=${SET}"], {"net.core.somaxconn": 2, "b": "0"}),
    "tmpfs": _some("/run", ["/run", "/tmp:size=1m"], ["/tmp"]),
    "tty": st.booleans(),
    "ulimits": _maps(("nproc", "nofile"), _some(10, "${LIMIT:-20}", {"soft": 1, "hard": 2})),
    "use_api_socket": st.booleans(),
    "user": _some("0", "1000:1000", "${SET}"),
    "userns_mode": _some("host"),
    "uts": _some("host"),
    "volumes": _VOLUMES,
    "working_dir": _some("/a", "${UNSET:-/b}"),
    "attach": st.booleans(),
}
"""Every key of a service: its values in every spelling."""
