"""
Applications of four frameworks whose health endpoint answers without the database that every request needs.

Nothing is configured: the questions come from an OpenAPI document or from the code. Of the four, FastAPI and Django run
from Debian's packages, Express from npm, and Gin from Go's modules, as a single file in an empty image.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import test_stores
import yaml
from conftest import Tried, Try

pytestmark = [pytest.mark.docker, pytest.mark.nightly, pytest.mark.timeout(900)]
HERE = Path(__file__).parent / "frameworks"
PASSWORD = "f3Zq81LxTd0pWm6Ko2"
QUESTIONS = {
    "fastapi": "/api/v1/items",
    "django": "/catalog/products/",
    "express": "/products",
    "gin": "/api/v1/stock",
}


@pytest.fixture(scope="module", autouse=True)
def images() -> None:
    for name in ("programs", "postgres"):
        test_stores.build(name)


@functools.cache
def prepared(name: str) -> Path:
    """The application's directory, with what its own package manager adds."""
    where, steps = HERE / name, {"express": ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]}
    steps["gin"] = ["go", "build", "-o", "shop", "."]
    if name in steps:
        if shutil.which(steps[name][0]) is None:
            pytest.skip(f"{steps[name][0]} is not installed")
        done = subprocess.run(
            steps[name], cwd=where, env={**os.environ, "CGO_ENABLED": "0"}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return where


def lay_out(where: Path, name: str, *, weak: bool, **chaos: object) -> Path:
    """A repository with the application and its database."""
    shutil.copytree(prepared(name), where)
    address = f"postgres://shop:{PASSWORD}@db:5432/shop"
    api: dict[str, Any] = {
        "build": ".",
        "environment": {"DATABASE_URL": address, "WEAK": "yes" if weak else ""},
        "ports": ["127.0.0.1:18000:8000"],
        "restart": "unless-stopped",
        "depends_on": {"db": {"condition": "service_healthy"}},
    }
    database = {
        "image": "seatrial-tests/postgres:1",
        "environment": {"POSTGRES_USER": "shop", "POSTGRES_DB": "shop", "POSTGRES_PASSWORD": PASSWORD},
        "restart": "unless-stopped",
        "healthcheck": {"test": ["CMD", "pg_isready", "-U", "shop"], "interval": "2s", "retries": 30},
        "volumes": ["data:/var/lib/postgresql/data"],
    }
    document = {"services": {"api": api, "db": database}, "volumes": {"data": None}}
    (where / "compose.yaml").write_text(yaml.safe_dump(document), "utf-8")
    (where / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "chaos": chaos}), "utf-8")
    return where


def recoveries(tried: Tried) -> set[tuple[str, str]]:
    return {f for f in tried.findings if f[0] == "recovery"}


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_lost_connection_behind_a_health_endpoint_that_lies_is_found(attempt: Try, tmp_path: Path, name: str) -> None:
    tried = attempt(lay_out(tmp_path / name, name, weak=True, experiments=[{"restart": "db"}]))
    assert recoveries(tried) == {("recovery", "api")}, tried.out
    asked = " ".join(tried.check("start")["notes"])
    assert f"api is asked by GET :8000{QUESTIONS[name]}" in asked


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_one_that_connects_anew_passes_and_is_measured(attempt: Try, tmp_path: Path, name: str) -> None:
    tried = attempt(lay_out(tmp_path / name, name, weak=False, experiments=[{"restart": "db"}]))
    assert recoveries(tried) == set(), tried.out
    assert "is not measured" not in " ".join(tried.check("recovery")["notes"])


def test_where_no_question_reaches_the_database_the_report_says_what_would(attempt: Try, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "stack", "fastapi", weak=True, experiments=[{"restart": "db"}])
    code = (root / "main.py").read_text("utf-8").replace("FastAPI()", "FastAPI(openapi_url=None)")
    (root / "main.py").write_text(code.replace('"/items"', '"/items/of/{shop}"'), "utf-8")
    tried = attempt(root)
    said = " ".join(tried.check("recovery")["notes"])
    assert recoveries(tried) == set(), tried.out
    assert "restart db: its effect on api is not measured" in said
    assert "`operations: [GET http://api:8000/PATH]`" in said

    config = {"experiments": [{"restart": "db"}], "operations": ["GET http://api:8000/api/v1/items/of/tea?q=a"]}
    (root / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "chaos": config}), "utf-8")
    again = attempt(root)
    assert recoveries(again) == {("recovery", "api")}, again.out
