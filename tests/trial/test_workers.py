"""Workers that nobody can ask, beside real brokers: one that hangs is found, one that comes back is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import test_stores
import yaml
from conftest import Tried, Try

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]
HERE = Path(__file__).parent
PASSWORD = "f3Zq81LxTd0pWm6Ko2"
STORES: dict[str, dict[str, Any]] = {
    "redis": {
        "image": "storefront/store:1.0.0",
        "entrypoint": ["valkey-server", "--protected-mode", "no", "--dir", "/data"],
        "healthcheck": {"test": ["CMD", "valkey-cli", "ping"], "interval": "1s", "retries": 30},
    },
    "rabbitmq": {
        "image": "seatrial-tests/rabbitmq:1",
        "environment": {"RABBITMQ_DEFAULT_USER": "shop", "RABBITMQ_DEFAULT_PASS_FILE": "/run/secrets/password"},
        "healthcheck": {
            "test": ["CMD", "/usr/lib/rabbitmq/bin/rabbitmq-diagnostics", "-q", "check_port_connectivity"],
            "interval": "5s", "timeout": "20s", "retries": 30,
        },
    },
    "postgres": {
        "image": "seatrial-tests/postgres:1",
        "environment": {
            "POSTGRES_USER": "shop", "POSTGRES_DB": "shop", "POSTGRES_PASSWORD": PASSWORD,
        },
        "healthcheck": {"test": ["CMD", "pg_isready", "-U", "shop"], "interval": "1s", "retries": 30},
    },
}  # fmt: skip
STORES["streams"] = STORES["redis"]
BUILT = {"rabbitmq": "stores/rabbitmq", "postgres": "stores/postgres"}


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    """The image in which the workers run."""
    test_stores.build("programs")


def lay_out(where: Path, broker: str, role: str, *, fed: bool = True, **chaos: object) -> Path:
    """A broker, a worker, and whoever feeds it."""
    if broker in BUILT:
        test_stores.build(broker)
    where.mkdir()
    (where / "work.py").write_text((HERE / "workers" / "work.py").read_text("utf-8"), "utf-8")
    (where / "work.py").chmod(0o644)
    (where / "password").write_text(PASSWORD, "utf-8")
    (where / "password").chmod(0o644)
    store = {**STORES[broker], "restart": "unless-stopped", "secrets": ["password"], "hostname": "broker"}
    services = {"broker": store, "worker": _program(broker, role)}
    if fed:
        services["producer"] = _program(broker, "producer")
    document = {"services": services, "secrets": {"password": {"file": "./password"}}}
    (where / "compose.yaml").write_text(yaml.safe_dump(document), "utf-8")
    (where / ".seatrial.yml").write_text(yaml.safe_dump({"version": 1, "chaos": chaos}), "utf-8")
    return where


def _program(broker: str, role: str) -> dict[str, Any]:
    return {
        "image": "seatrial-tests/programs:1",
        "command": ["python3", "-u", "/work.py"],
        "environment": {"ROLE": role.partition(" ")[0], "BROKER": broker, "POLLS": "yes" if "polls" in role else "no"},
        "volumes": ["./work.py:/work.py:ro"],
        "restart": "unless-stopped",
        "stop_grace_period": "1s",
        "depends_on": {"broker": {"condition": "service_healthy"}},
    }


EACH = [pytest.param(name, marks=() if name == "redis" else pytest.mark.nightly) for name in sorted(STORES)]
"""A trial takes more than a minute, so only one broker is tried on every push."""


def notes(tried: Tried) -> str:
    return "\n".join(note for name in ("recovery", "outage") for note in tried.check(name)["notes"])


@pytest.mark.parametrize("broker", EACH)
def test_a_worker_that_hangs_after_its_broker_was_away_is_found(attempt: Try, tmp_path: Path, broker: str) -> None:
    tried = attempt(lay_out(tmp_path / "stack", broker, "hanging", experiments=[{"restart": "broker"}]))
    assert {f for f in tried.findings if f[0] == "recovery"} == {("recovery", "worker")}, tried.out


@pytest.mark.parametrize("broker", EACH)
def test_a_worker_that_comes_back_passes_and_is_measured(attempt: Try, tmp_path: Path, broker: str) -> None:
    tried = attempt(lay_out(tmp_path / "stack", broker, "worker", experiments=[{"restart": "broker"}]))
    assert not {f for f in tried.findings if f[0] == "recovery"}, tried.out
    assert "effect on worker is not measured" not in notes(tried)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("broker", "role"), [("redis", "deaf"), ("rabbitmq", "deaf"), ("redis", "hanging polls"), ("redis", "worker polls")]
)
def test_the_ways_in_which_workers_wait_make_no_difference(
    attempt: Try, tmp_path: Path, broker: str, role: str
) -> None:
    tried = attempt(lay_out(tmp_path / "stack", broker, role, experiments=[{"flap": "broker"}]))
    expected = set() if role.startswith("worker") else {("recovery", "worker")}
    assert {f for f in tried.findings if f[0] == "recovery"} == expected, tried.out


@pytest.mark.parametrize("broker", ["redis", pytest.param("rabbitmq", marks=pytest.mark.nightly)])
def test_a_worker_with_nothing_to_do_is_not_measured(attempt: Try, tmp_path: Path, broker: str) -> None:
    tried = attempt(lay_out(tmp_path / "stack", broker, "worker", fed=False, experiments=[{"restart": "broker"}]))
    assert not {f for f in tried.findings if f[0] == "recovery"}, tried.out
    assert "effect on worker is not measured" in notes(tried)
    assert "jobs:" in notes(tried)


@pytest.mark.nightly
@pytest.mark.parametrize("broker", ["redis", "rabbitmq"])
def test_a_worker_that_hangs_with_nothing_to_do_is_found(attempt: Try, tmp_path: Path, broker: str) -> None:
    tried = attempt(lay_out(tmp_path / "stack", broker, "hanging", fed=False, experiments=[{"restart": "broker"}]))
    assert {f for f in tried.findings if f[0] == "recovery"} == {("recovery", "worker")}, tried.out


MARKED = {
    "put": "RUN broker valkey-cli -e RPUSH jobs {marker}",
    "done": "RUN broker valkey-cli -e LRANGE done 0 -1",
}


@pytest.mark.parametrize("role", ["worker", pytest.param("hanging", marks=pytest.mark.nightly)])
def test_jobs_of_the_repository_s_own_measure_a_worker_with_nothing_to_do(
    attempt: Try, tmp_path: Path, role: str
) -> None:
    chaos: dict[str, Any] = {"experiments": [{"restart": "broker"}], "jobs": {"worker": MARKED}}
    tried = attempt(lay_out(tmp_path / "stack", "redis", role, fed=False, **chaos))
    expected = set() if role == "worker" else {("recovery", "worker")}
    assert {f for f in tried.findings if f[0] == "recovery"} == expected, tried.out
    assert "effect on worker is not measured" not in notes(tried)
    [restart] = tried.check("recovery")["experiments"]
    figures = {m["name"]: m["value"] for m in restart["measurements"]}
    assert figures["worker jobs given"] > 3
    if role == "worker":
        assert figures["worker jobs done"] > 3
    else:
        assert " jobs are not done" in " ".join(restart["complaints"])


@pytest.mark.nightly
def test_a_command_is_an_operation(attempt: Try, tmp_path: Path) -> None:
    line = "RUN worker python3 -c 'import redis; redis.Redis(\"broker\").ping()'"
    root = lay_out(tmp_path / "stack", "redis", "worker", operations=[line], experiments=[{"stop": "broker"}])
    tried = attempt(root)
    assert not {f for f in tried.findings if f[0] == "recovery"}, tried.out
    [stop] = tried.check("outage")["experiments"]
    figures = {m["name"]: m["value"] for m in stop["measurements"] if m["name"].startswith("worker operation RUN ")}
    assert {name.rpartition(" ")[2] for name in figures} >= {"success", "recovery"}
    assert next(value for name, value in figures.items() if name.endswith(" success")) < 50
