"""What is offered in place of all capabilities: what the image needs to start, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from seatrial.domain import Severity
from seatrial.fixing.works import offered
from seatrial.inspectors.base import Context
from seatrial.inspectors.compose.inspector import ComposeInspector
from seatrial.settings import Settings
from seatrial.system.source import open_tree

AT_ENTRY = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]


def offered_for(root: Path, service: str) -> dict[str, object]:
    """The service as the fix of `compose/cap-drop` leaves it."""
    (root / "compose.yaml").write_text(f"services:\n  one:\n{service}", "utf-8")
    tree = open_tree(root)
    found = [
        f
        for answer in ComposeInspector().inspect(Context(tree, Settings(path=root), root / ".cache"))
        for f in answer.findings
        if f.rule == "compose/cap-drop"
    ]
    assert found
    assert found[0].severity is Severity.LOW
    texts = [patch.after for patch in offered(tree, found)] or [(root / "compose.yaml").read_text("utf-8")]
    made: dict[str, object] = yaml.safe_load(texts[0])["services"]["one"]
    return made


@pytest.mark.parametrize(
    "image",
    [
        "postgres:17", "docker.io/library/postgres:17", "postgis/postgis:17-3.5", "pgvector/pgvector:pg17", "mysql:8.4",
        "mariadb:11", "mongo:8", "redis:7", "valkey/valkey:8", "rabbitmq:4", "public.ecr.aws/docker/library/redis:7",
    ],
)  # fmt: skip
def test_a_store_that_becomes_a_user_at_entry_gets_back_what_that_takes(tmp_path: Path, image: str) -> None:
    made = offered_for(tmp_path, f"    image: {image}\n")
    assert made["cap_drop"] == ["ALL"]
    assert made["cap_add"] == AT_ENTRY


@pytest.mark.parametrize(
    "service",
    [
        "    image: bitnami/postgresql:17\n",
        "    image: registry.example/ours/postgres:17\n",
        "    image: cassandra:5\n",
        "    image: postgres:17\n    cap_add: [CHOWN]\n",
    ],
    ids=["other maker", "own registry", "not in the table", "chosen by hand"],
)
def test_nothing_is_offered_where_nothing_is_known(tmp_path: Path, service: str) -> None:
    assert "cap_drop" not in offered_for(tmp_path, service)


@pytest.mark.parametrize(
    "service",
    ["    image: acme/api:1\n", "    build: .\n", '    image: postgres:17\n    user: "999:999"\n'],
    ids=["image", "build", "store with a user"],
)
def test_others_lose_all(tmp_path: Path, service: str) -> None:
    made = offered_for(tmp_path, service)
    assert made["cap_drop"] == ["ALL"]
    assert "cap_add" not in made


def test_what_is_there_already_is_not_added_twice(tmp_path: Path) -> None:
    made = offered_for(tmp_path, f"    image: redis:7\n    cap_add: [cap_chown, {', '.join(AT_ENTRY[1:])}, KILL]\n")
    assert made["cap_drop"] == ["ALL"]
    assert made["cap_add"] == ["cap_chown", *AT_ENTRY[1:], "KILL"]
