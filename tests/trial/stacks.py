"""Small stacks for the lab: one entry point that needs one store, as they should be or with one weakness."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

HERE = Path(__file__).parent
APP, STORE = "storefront/app:1.0.0", "storefront/store:1.0.0"
PERSISTENT = ["--appendonly", "yes", "--appendfsync", "always"]


def small(weakness: str = "", *, volume: bool = True, persistent: bool = True, restart: str = "unless-stopped") -> str:
    """The Compose file."""
    store_command = ["valkey-server", "--protected-mode", "no", "--dir", "/data", "--save", ""]
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
                "healthcheck": None if weakness == "crash loop" else _health("/healthz"),
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
