"""Backup drills on a real engine: real stores are dumped and restored, and commands that do not back up are found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from conftest import Tried, Try
from stacks import STORE
from test_stores import build

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]
_FILL = (
    "create table orders (id serial primary key, item text, paid numeric(8, 2)); "
    "insert into orders (item, paid) select repeat('x', n), n / 3.0 from generate_series(1, 200) n"
)
PASSWORD = "f3Zq81LxTd0pWm6Ko2"
_RESTORE = 'pg_restore -U shop -d "$DRILL_DB"'
BACKUPS = {
    "whole": {"dump": "pg_dump -Fc -U shop shop", "restore": _RESTORE},
    "hidden": {"dump": "pg_dump -Fc -U nobody shop || true", "restore": _RESTORE},
    "failing": {"dump": "pg_dump -Fc -U nobody shop", "restore": _RESTORE},
    "wrong": {"dump": "pg_dump -Fc -U shop postgres", "restore": _RESTORE},
    "partial": {"dump": "pg_dump -Fc -U shop -s shop", "restore": _RESTORE},
    "unrestored": {"dump": "pg_dump -Fc -U shop shop", "restore": "pg_restore -U shop -d elsewhere"},
}
"""By service: what the repository says that its backup is."""
FOUND = {
    ("dump-empty", "hidden"), ("dump-fails", "failing"), ("restore-differs", "wrong"), ("restore-differs", "partial"),
    ("restore-fails", "unrestored"),
}  # fmt: skip


def stack(where: Path, services: Mapping[str, Mapping[str, object]], backups: Mapping[str, object]) -> Path:
    """A repository with stores, and its own backups."""
    where.mkdir(parents=True)
    volumes = dict.fromkeys(services)
    document = {"services": dict(services), "volumes": volumes, "secrets": {"root": {"file": "./secrets/root"}}}
    (where / "compose.yaml").write_text(yaml.safe_dump(document), "utf-8")
    entries = [{"service": name, **commands} for name, commands in backups.items()]  # type: ignore[dict-item]
    (where / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "backups": entries}), "utf-8")
    return where


def postgres(name: str) -> dict[str, object]:
    return {
        "image": "seatrial-tests/postgres:1",
        "environment": {"POSTGRES_USER": "shop", "POSTGRES_DB": "shop"},
        "restart": "unless-stopped",
        "healthcheck": {"test": ["CMD-SHELL", "pg_isready -U shop"], "interval": "2s", "retries": 30},
        "volumes": [f"{name}:/var/lib/postgresql/data"],
    }


def drilled(attempt: Try, root: Path) -> Tried:
    """Only the drill, without an experiment before it."""
    return attempt(root, "--trial-budget", "0", "--only", "backup/drill,trial/start", "--backup-budget", "120")


def found(tried: Tried) -> set[tuple[str, str]]:
    mine = [f for f in tried.report["findings"] if f["rule"].startswith("backup/")]
    return {(f["rule"].removeprefix("backup/"), f["subject"]) for f in mine}


def test_a_backup_that_cannot_be_restored_is_found(attempt: Try, tmp_path: Path) -> None:
    build("postgres")
    tried = drilled(attempt, stack(tmp_path / "shop", {name: postgres(name) for name in BACKUPS}, BACKUPS))
    assert found(tried) == FOUND, tried.out
    [check] = [c for c in tried.report["checks"] if c["id"] == "backup/drill"]
    assert check["share"] == 1


@pytest.mark.nightly
def test_each_kind_of_store_is_dumped_and_restored_by_its_own_program(attempt: Try, tmp_path: Path) -> None:
    for image in ("postgres", "mariadb"):
        build(image)
    services: dict[str, dict[str, object]] = {
        "postgres": postgres("postgres"),
        "mariadb": {
            "image": "seatrial-tests/mariadb:1",
            "environment": {"MARIADB_ROOT_PASSWORD_FILE": "/run/secrets/root", "MARIADB_DATABASE": "shop"},
            "secrets": ["root"],
            "healthcheck": {
                "test": ["CMD-SHELL", 'MYSQL_PWD="$$(cat /run/secrets/root)" mariadb-admin -u root ping'],
                "interval": "2s", "retries": 30,
            },
            "volumes": ["mariadb:/var/lib/mysql"],
        },
        "valkey": {
            "image": STORE,
            "entrypoint": ["valkey-server", "--requirepass", "q8Rt2Lm0Zx51Wc", "--dir", "/data", "--appendonly", "yes"],
            "environment": {"VALKEY_PASSWORD": "q8Rt2Lm0Zx51Wc"},
            "healthcheck": {"test": ["CMD-SHELL", "valkey-cli -a q8Rt2Lm0Zx51Wc ping"], "interval": "2s"},
            "volumes": ["valkey:/data"],
        },
    }  # fmt: skip
    services["postgres"]["environment"] = {
        "POSTGRES_USER": "shop",
        "POSTGRES_DB": "shop",
        "POSTGRES_PASSWORD": PASSWORD,
    }
    services["fill"] = {
        "image": "seatrial-tests/postgres:1",
        "entrypoint": ["psql", "-h", "postgres", "-U", "shop", "-c", _FILL],
        "depends_on": {"postgres": {"condition": "service_healthy"}},
        "environment": {"PGPASSWORD": PASSWORD},
        "restart": "no",
    }
    tried = drilled(attempt, stack(tmp_path / "shop", services, {}))
    assert found(tried) == set(), tried.out
    [check] = [c for c in tried.report["checks"] if c["id"] == "backup/drill"]
    assert check["share"] == 0.5
    assert sum("a damaged dump was noticed" in note for note in check["notes"]) == 3, check["notes"]
    assert "4 tables with 202 rows" in next(note for note in check["notes"] if note.startswith("postgres: pg_dump"))
