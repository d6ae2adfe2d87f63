"""A fresh store has the first one's settings, and neither its data, its network nor scripts that fill it."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.lab.backup import fresh
from seatrial.lab.backup.drill import difference, verify
from seatrial.lab.backup.seen import DrillRequest, OwnBackup
from seatrial.lab.backup.tools import Table
from seatrial.lab.engine import LabError
from seatrial.lab.model import Service, Stack


def attributes(*mounts: dict[str, Any]) -> dict[str, Any]:
    return {
        "Image": "sha256:1",
        "Config": {"Env": ["POSTGRES_DB=shop"], "Cmd": ["postgres"], "Entrypoint": ["/start.sh"], "User": "postgres"},
        "HostConfig": {"Memory": 1 << 28, "ReadonlyRootfs": True, "NetworkMode": "shop", "Privileged": True},
        "Mounts": list(mounts),
    }


def test_it_has_no_network_no_restart_and_carries_the_runs_label() -> None:
    body = fresh.body(attributes(), "seatrial-1")
    host = body["HostConfig"]
    assert (host["NetworkMode"], host["RestartPolicy"], host["Memory"]) == ("none", {"Name": "no"}, 1 << 28)
    assert not host.keys() & {"Privileged", "ReadonlyRootfs", "Binds", "PortBindings"}
    assert body["Labels"]["io.seatrial.run"] == "seatrial-1"
    assert body["Env"] == ["POSTGRES_DB=shop"]


def test_a_store_that_reads_the_dump_when_it_starts_has_its_own_entry_point() -> None:
    body = fresh.body(attributes(), "seatrial-1", ["sh", "-c", "serve"])
    assert (body["Entrypoint"], body["Cmd"]) == (["sh", "-c", "serve"], [])


def test_data_is_empty_and_configuration_is_read_only() -> None:
    mounts = (
        {"Type": "volume", "Name": "data", "Destination": "/var/lib/postgresql/data", "RW": True},
        {"Type": "bind", "Source": "/srv/data", "Destination": "/var/lib/mysql", "RW": True},
        {"Type": "bind", "Source": "/srv/pg.conf", "Destination": "/etc/pg.conf", "RW": True},
        {"Type": "bind", "Source": "/srv/password", "Destination": "/run/secrets/password", "RW": False},
        {"Type": "bind", "Source": "/srv/init", "Destination": "/docker-entrypoint-initdb.d/1.sql", "RW": False},
        {"Type": "volume", "Name": "certificates", "Destination": "/certificates", "RW": False},
    )
    assert list(fresh.mounts(attributes(*mounts))) == [
        {"Type": "volume", "Target": "/var/lib/postgresql/data"},
        {"Type": "volume", "Target": "/var/lib/mysql"},
        {"Type": "bind", "Source": "/srv/pg.conf", "Target": "/etc/pg.conf", "ReadOnly": True},
        {"Type": "bind", "Source": "/srv/password", "Target": "/run/secrets/password", "ReadOnly": True},
        {"Type": "volume", "Source": "certificates", "Target": "/certificates", "ReadOnly": True},
    ]


def test_a_difference_names_the_tables() -> None:
    wanted = {"orders": Table(12, "a"), "users": Table(3, "b"), "items": Table(1, "c")}
    assert difference(wanted, wanted) == ""
    got = {"orders": Table(10, "a"), "users": Table(3, "x"), "more": Table(1, "c")}
    assert difference(wanted, got) == (
        "1 of 3 tables missing: items; orders has 10 rows instead of 12; users has other content"
    )
    assert difference(wanted, {**wanted, "more": Table(1, "c")}) == "", "a restore may have more"


@pytest.mark.parametrize("own", [{"service": "dv"}, {"service": "db", "runs_in": "backup"}])
def test_a_service_that_the_stack_does_not_have_is_an_error(own: dict[str, str]) -> None:
    stack = Stack(services={"db": Service(name="db", image="postgres")})
    request = DrillRequest(own=(OwnBackup(dump="x", restore="y", **own),))
    with pytest.raises(LabError, match=r"unknown service '(dv|backup)'; the stack has db"):
        verify(stack, request)
    verify(stack, DrillRequest(own=(OwnBackup(service="db", dump="x", restore="y"),)))
