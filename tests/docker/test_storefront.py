"""The example really runs: built, started, used, broken and stopped with a real engine."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from seatrial.inspectors.compose import plugin
from seatrial.inspectors.compose.project import survey
from seatrial.system.source import open_tree

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

EXAMPLES = Path(__file__).parents[2] / "examples"
Compose = Callable[..., subprocess.CompletedProcess[str]]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Compose]:
    """`docker compose` for a project of our own, which is gone afterwards."""
    folder = tmp_path_factory.mktemp("storefront")
    (folder / "password").write_text(secrets.token_hex(16))
    (folder / "password").chmod(0o644)
    override = folder / "override.yaml"
    override.write_text(
        "services:\n" + "".join(f"  {s}: {{build: {{network: host}}}}\n" for s in ("api", "worker", "store"))
    )
    environment = os.environ | {"API_PORT": str(port), "STORE_PASSWORD_FILE": str(folder / "password")}
    project = f"seatrial-test-{secrets.token_hex(4)}"
    files = ["-f", str(EXAMPLES / "storefront" / "compose.yaml"), "-f", str(override)]

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["docker", "compose", "-p", project, *files, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    try:
        call("build")
        call("up", "--detach", "--wait", "--wait-timeout", "60")
        yield call
    finally:
        call("down", "--volumes", "--remove-orphans", "--timeout", "5")


def request(
    port: int, method: str, path: str, body: str | None = None, *, timeout: float = 5
) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, json.load(response)
    finally:
        connection.close()


def until(probe: Callable[[], bool], within: float = 20.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if probe():
                return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def test_an_order_is_shipped_and_survives_a_restart_of_the_store(compose: Compose, port: int) -> None:
    status, order = request(port, "POST", "/orders", '{"item": "kettle"}')
    assert status == 201
    path = f"/orders/{order['id']}"
    assert until(lambda: request(port, "GET", path)[1].get("status") == "shipped")
    compose("restart", "store")
    assert until(lambda: request(port, "GET", "/readyz")[0] == 200)
    assert request(port, "GET", path) == (200, {"id": order["id"], "item": "kettle", "status": "shipped"})


@pytest.mark.parametrize("outage", [("pause", "unpause"), ("stop", "start")], ids=["paused", "stopped"])
def test_without_the_store_the_api_says_so_and_recovers(compose: Compose, port: int, outage: tuple[str, str]) -> None:
    """An API that hangs with its store lets the caller's own time-out run out."""
    hang, back = outage
    compose(hang, "store")
    try:
        for method, path, body in (("GET", "/readyz", None), ("POST", "/orders", '{"item": "kettle"}')):
            assert request(port, method, path, body)[0] == 503
        assert request(port, "GET", "/healthz")[0] == 200
    finally:
        compose(back, "store")
    assert until(lambda: request(port, "GET", "/readyz")[0] == 200)
    order = request(port, "POST", "/orders", '{"item": "kettle"}')[1]
    assert until(lambda: request(port, "GET", f"/orders/{order['id']}")[1].get("status") == "shipped")


def test_many_callers_of_a_hanging_store_are_all_told(compose: Compose, port: int) -> None:
    """Each waits two seconds at most; one after the other they would need thirty, and nobody waits that long here."""
    compose("pause", "store")
    try:
        with ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(lambda _: request(port, "GET", "/readyz", timeout=15)[0], range(30)))
    finally:
        compose("unpause", "store")
    assert answers == [503] * 30
    assert until(lambda: request(port, "GET", "/readyz")[0] == 200)


def test_every_service_stops_by_itself(compose: Compose) -> None:
    compose("stop", "--timeout", "10")
    listing = compose("ps", "--all", "--format", "json").stdout
    exits = {s["Service"]: s["ExitCode"] for s in map(json.loads, listing.splitlines())}
    assert set(exits) == {"api", "worker", "store"}
    assert set(exits.values()) <= {0, 143}, exits


def test_docker_agrees_with_the_survey() -> None:
    for example, opinion in (("storefront", plugin.Opinion.ACCEPTS), ("storefront-leaky", plugin.Opinion.ACCEPTS)):
        tree = open_tree(EXAMPLES / example)
        main = next(p for p in survey(tree).projects if p.files == ("compose.yaml",))
        assert plugin.ask(tree, main).opinion is opinion
    staging = next(p for p in survey(tree).projects if "staging" in p.files[0])
    assert plugin.ask(tree, staging).opinion is plugin.Opinion.REJECTS
