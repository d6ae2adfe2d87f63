"""Small stacks for the lab: one entry point that needs one store, as they should be or with one weakness."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent
APP, STORE = "storefront/app:1.0.0", "storefront/store:1.0.0"
PERSISTENT = ["--appendonly", "yes", "--appendfsync", "always"]


CRASH_API, CRASH_STORE = {"crash": "api"}, {"crash": "store"}
PARTITION = {"partition": {"service": "store", "duration": "4s"}}


@dataclass(frozen=True)
class Weakness:
    """One thing that is wrong with the stack, and who must say so."""

    name: str
    rule: str
    service: str
    experiments: tuple[object, ...] = (CRASH_API,)
    volume: bool = True
    persistent: bool = True
    code: str = ""
    """What `weak.py` does wrong."""

    def __str__(self) -> str:
        return self.name

    def lay_out(self, where: Path) -> Path:
        """A repository with it."""
        stack = small(self.code, volume=self.volume, persistent=self.persistent)
        return lay_out(where, stack, self.experiments)


def _coded(name: str, rule: str, *experiments: object, code: str = "") -> Weakness:
    return Weakness(name, rule, "api", experiments or (CRASH_API,), code=code or name)


WEAKNESSES = (
    Weakness("store without volume", "data-loss", "store", ({"recreate": "store"},), volume=False),
    Weakness("store without persistence", "data-loss", "store", (CRASH_STORE,), persistent=False),
    _coded("no reconnect", "recovery", {"flap": "store"}),
    _coded("keeps the address", "recovery", {"recreate": "store"}),
    _coded("no reconnect behind a static health", "recovery", {"flap": "store"}),
    _coded("no time-out", "hangs", PARTITION),
    _coded("one worker", "hangs", PARTITION, code="1 worker"),
    _coded("two workers", "hangs", PARTITION, code="2 workers"),
    _coded("liveness needs the store", "availability", PARTITION),
    _coded("slow start", "availability"),
    _coded("crash loop", "start"),
    _coded("deaf to SIGTERM", "stop"),
    _coded("secret in the log", "log-secrets"),
    _coded("secret in the environment", "environment-secrets"),
    _coded("errors in the log", "log-errors"),
    _coded("root", "container-user"),
    _coded("debugger", "listens"),
    _coded("unserved port", "listens"),
    _coded("no readiness", "endpoints"),
    _coded("slow endpoint", "endpoints"),
    Weakness(
        "slower than asked for", "recovery", "api", ({"crash": {"service": "api", "expect": {"recovery": "1ms"}}},)
    ),
)
"""Each is caught by one check, and nothing else is found; `make context-trial` prints the same as a table."""
OUT_OF_MEMORY = frozenset({"out-of-memory", "restart-loop", "availability", "steady"})
"""What a leak may be told by: it depends on who notices it first."""


def small(
    weakness: str = "", *, volume: bool = True, persistent: bool = True, restart: str = "unless-stopped",
    anonymous: bool = False,
) -> str:  # fmt: skip
    """The Compose file; without a volume of its own the store keeps its data beside or in the image's anonymous one."""
    folder = "/data" if volume or anonymous else "/tmp"
    store_command = ["valkey-server", "--protected-mode", "no", "--dir", folder, "--save", ""]
    document = {
        "services": {
            "api": {
                "image": APP,
                "entrypoint": ["python3", "/weak.py"],
                "environment": {"WEAKNESS": weakness, **_given(weakness)},
                "secrets": ["token"],
                "volumes": ["./weak.py:/weak.py:ro"],
                "ports": ["127.0.0.1:18080:8080", *(["127.0.0.1:19090:9090"] if weakness == "unserved port" else [])],
                "user": "0" if weakness == "root" else None,
                "restart": restart,
                "stop_grace_period": "2s",
                "mem_limit": "96m",
                "depends_on": {"store": {"condition": "service_healthy"}},
                "healthcheck": None
                if weakness in ("crash loop", "no page at the root", "only errors")
                else _health("/healthz"),
            },
            "store": {
                "image": STORE,
                "entrypoint": [*store_command, *(PERSISTENT if persistent else ["--appendonly", "no"])],
                "restart": restart,
                "mem_limit": "96m",
                "volumes": ["data:/data"] if volume else [],
                "healthcheck": {"test": ["CMD", "valkey-cli", "ping"], "interval": "5s", "retries": 5},
            },
        },
        "volumes": {"data": None} if volume else {},
        "secrets": {"token": {"file": "./secrets/token"}},
    }
    services: dict[str, dict[str, object]] = document["services"]  # type: ignore[assignment]
    document["services"] = {name: {k: v for k, v in body.items() if v is not None} for name, body in services.items()}
    return yaml.safe_dump(document)


def shared(weakness: str) -> str:
    """Two services that share a store of 40 connections: an entry point with a weakness, and the core behind it."""
    document = yaml.safe_load(small(weakness))
    api, store = (document["services"][name] for name in ("api", "store"))
    store["entrypoint"] += ["--maxclients", "40"]
    core = {**api, "environment": {"WEAKNESS": ""}}
    del core["ports"]
    document["services"]["core"] = core
    return yaml.safe_dump(document)


def _given(weakness: str) -> dict[str, str]:
    return {"API_TOKEN": "f3Zq81LxTd0pWm6Ko2"} if weakness == "secret in the environment" else {}


def _health(path: str) -> dict[str, object]:
    script = f"import urllib.request as u; u.urlopen('http://127.0.0.1:8080{path}', timeout=2)"
    return {"test": ["CMD", "python3", "-c", script], "interval": "5s", "timeout": "3s", "retries": 3}


def lay_out(where: Path, compose: str, chaos: Iterable[object] = (), **more: object) -> Path:
    """A repository with the stack, and with experiments if there are any, and more of the section `chaos`."""
    where.mkdir(parents=True, exist_ok=True)
    (where / "compose.yaml").write_text(compose, "utf-8")
    shutil.copy(HERE / "weak.py", where / "weak.py")
    (where / "weak.py").chmod(0o644)
    experiments = list(chaos)
    if experiments:
        (where / ".seatrial.yml").write_text(
            yaml.safe_dump({"version": 1, "chaos": {"experiments": experiments, **more}}), "utf-8"
        )
    return where


def fresh_clone(where: Path) -> Path:
    """A stack whose settings are not committed, with a task that nobody waits for."""
    document = yaml.safe_load(small())
    services = document["services"]
    services["api"] |= {"env_file": ".env", "depends_on": {"store": {"condition": "service_started"}}}
    services["api"]["entrypoint"] = ["sh", "-c", 'test -n "$$STORE_PASSWORD" && exec python3 /weak.py']
    services["store"]["entrypoint"] += ["--requirepass", "${STORE_PASSWORD}"]
    services["store"]["environment"] = {"REDIS_PASSWORD": "${STORE_PASSWORD}"}
    built = {"dockerfile_inline": f'FROM {STORE}\nENTRYPOINT ["sleep", "15"]'}
    services["task"] = {"build": built, "depends_on": ["store"]}
    root = lay_out(where, yaml.safe_dump(document), [{"crash": "store"}])
    (root / ".env.example").write_text("STORE_PASSWORD=\nNAME=shop\n", "utf-8")
    return root
