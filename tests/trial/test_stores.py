"""Real databases (MongoDB: its protocol): markers go in and come out, and what a missing volume loses is seen."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import Try
from stacks import lay_out

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]
HERE = Path(__file__).parent / "stores"
DATA = {
    "postgres": "/var/lib/postgresql/data",
    "mariadb": "/var/lib/mysql",
    "rabbitmq": "/var/lib/rabbitmq",
    "mongodb": "/data/db",
}


def compose(store: str, *, volume: bool, hostname: str | None = "db") -> str:
    by_store = {
        "postgres": {"POSTGRES_USER": "shop", "POSTGRES_DB": "shop"},
        "mariadb": {"MARIADB_ROOT_PASSWORD_FILE": "/run/secrets/root", "MARIADB_DATABASE": "shop"},
        "rabbitmq": {"RABBITMQ_DEFAULT_USER": "shop", "RABBITMQ_DEFAULT_PASS_FILE": "/run/secrets/root"},
        "mongodb": {"MONGO_INITDB_ROOT_USERNAME": "shop", "MONGO_INITDB_ROOT_PASSWORD_FILE": "/run/secrets/root"},
    }
    checks = {
        "postgres": "pg_isready -U shop",
        "mariadb": 'MYSQL_PWD="$$(cat /run/secrets/root)" mariadb-admin -u root ping',
        "rabbitmq": "/usr/lib/rabbitmq/bin/rabbitmq-diagnostics -q check_port_connectivity",
        "mongodb": "python3 -c \"import socket; socket.create_connection(('127.0.0.1', 27017), 1)\"",
    }
    service = {
        "image": f"seatrial-tests/{store}:1",
        "environment": by_store[store],
        "secrets": ["root"],
        "restart": "unless-stopped",
        "hostname": hostname,
        "healthcheck": {"test": ["CMD-SHELL", checks[store]], "interval": "2s", "retries": 30},
        "volumes": [f"data:{DATA[store]}"] if volume else [],
    }
    service = {key: value for key, value in service.items() if value is not None}
    return yaml.safe_dump(
        {
            "services": {"db": service},
            "volumes": {"data": None} if volume else {},
            "secrets": {"root": {"file": "./secrets/root"}},
        }
    )


def build(name: str) -> None:
    """The image of a store."""
    words = ["docker", "build", "--quiet", "--network", "host", "--tag", f"seatrial-tests/{name}:1", str(HERE / name)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", params=sorted(DATA))
def store(request: pytest.FixtureRequest) -> str:
    """The name of a store whose image is here."""
    build(str(request.param))
    return str(request.param)


def test_a_store_with_a_volume_keeps_what_it_acknowledged(attempt: Try, tmp_path: Path, store: str) -> None:
    root = lay_out(tmp_path / store, compose(store, volume=True), [{"crash": "db"}, {"recreate": "db"}])
    tried = attempt(root)
    notes = tried.check("recovery")["notes"]
    assert [n for n in notes if " 0 of " in n and "acknowledged writes lost" in n] == notes, tried.out
    assert len(notes) == 2
    assert "data-loss" not in {rule for rule, _ in tried.findings}


def test_a_store_without_a_volume_loses_them(attempt: Try, tmp_path: Path, store: str) -> None:
    tried = attempt(lay_out(tmp_path / store, compose(store, volume=False), [{"recreate": "db"}]))
    assert ("data-loss", "db") in tried.findings, tried.out


def test_a_broker_without_a_fixed_name_loses_them_although_it_has_a_volume(attempt: Try, tmp_path: Path) -> None:
    """RabbitMQ keeps its data under the name of its host, which is another one for every container."""
    build("rabbitmq")
    stack = compose("rabbitmq", volume=True, hostname=None)
    tried = attempt(lay_out(tmp_path / "rabbitmq", stack, [{"recreate": "db"}]))
    assert ("data-loss", "db") in tried.findings, tried.out
