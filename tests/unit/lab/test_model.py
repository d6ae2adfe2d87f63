"""What the Compose model says of services: what they need, and what may forget."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.lab.model import Mount, Service, Stack, read


def service(**body: Any) -> Service:
    return read({"services": {"a": {"image": "redis:7", **body}}}).services["a"]


@pytest.mark.parametrize(
    ("environment", "needed"),
    [
        ({"POSTGRES_DB": "shop"}, False),
        ({"MYSQL_DATABASE": "shop"}, False),
        ({"COMPOSE_PROFILES": "shop"}, False),
        ({"POSTGRES_USER": "shop"}, False),
        ({"DATABASE_URL": "postgres://app:pw@elsewhere:5432/shop"}, False),
        ({"DATABASE_URL": "postgres://shop:pw@elsewhere/x"}, False),
        ({"DSN": "host=elsewhere dbname=shop user=shop"}, False),
        ({"OTEL_SERVICE_NAME": "shop"}, False),
        ({"CACHE": "shop"}, False),
        ({"CACHE_TYPE": "shop"}, False),
        ({"GREETING": "ask shop now"}, False),
        ({"APP_THEME": "shop"}, False),
        ({"SERVER_NAME": "shop"}, False),
        ({"DB_IMAGE": "shop:16"}, False),
        ({"PATHS": "/srv/shop:/data"}, False),
        ({"SHOP_HOST": "shop"}, True),
        ({"SHOP": "shop"}, True),
        ({"KAFKA_BOOTSTRAP_SERVERS": "other,shop"}, True),
        ({"MONGO": "mongodb://other,shop/x"}, True),
        ({"DSN": "root:pw@tcp(shop:3306)/x"}, True),
        ({"WAIT_FOR": "other shop"}, True),
        ({"DB_HOST_NAME": "shop"}, True),
        ({"UPSTREAM": "shop"}, True),
        ({"URL": "http://shop:8000/a"}, True),
        ({"URL": "http://user:pw@shop/a"}, True),
        ({"BROKERS": "other:9092,shop:9092"}, True),
        ({"DSN": "host=shop dbname=x"}, True),
    ],
)
def test_a_name_of_a_service_is_needed_only_where_it_is_a_host(environment: dict[str, str], needed: bool) -> None:
    stack = Stack({"shop": Service(name="shop"), "a": Service(name="a", environment=environment)})
    assert ("shop" in stack.needs("a")) is needed


@pytest.mark.parametrize(
    ("command", "needed"),
    [("wait-for-it shop:5432 -- serve", True), ("serve --db redis://shop/0", True), ("serve --theme shop", False)],
)
def test_a_command_names_hosts_too(command: str, needed: bool) -> None:
    stack = Stack({"shop": Service(name="shop"), "a": Service(name="a", command=command)})
    assert ("shop" in stack.needs("a")) is needed


def test_code_and_connections_tell_who_is_needed() -> None:
    services = {name: Service(name=name) for name in ("a", "b", "c")}
    stack = Stack(services, coded={"a": frozenset({"b", "github.com"})}, seen={"b": frozenset({"c", "b"})})
    assert [set(stack.needs(name)) for name in "ab"] == [{"b"}, {"c"}]
    assert stack.dependents("c") == {"a", "b"}


@pytest.mark.parametrize(
    ("body", "cache"),
    [
        ({"command": ["redis-server", "--save", "", "--appendonly", "no"]}, True),
        ({"command": 'redis-server --save "" --appendonly no --maxmemory-policy allkeys-lru'}, True),
        ({"command": ["redis-server", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lfu"]}, True),
        ({"environment": {"REDIS_ARGS": "--save '' --appendonly no"}}, True),
        ({"entrypoint": ["redis-server", "--save", ""], "image": "valkey/valkey:8"}, True),
        ({"command": ["redis-server", "--save", ""], "volumes": [{"type": "volume", "source": "d"}]}, False),
        ({"command": ["redis-server", "--save", ""], "volumes": [{"type": "bind", "read_only": True}]}, True),
        ({}, False),
        ({"command": ["redis-server", "--appendonly", "yes"]}, False),
        ({"command": ["redis-server", "--save", "60", "1"]}, False),
        ({"command": ["redis-server", "--maxmemory-policy", "allkeys-lru", "--appendonly", "yes"]}, False),
        ({"command": ["redis-server", "--maxmemory-policy", "noeviction"]}, False),
        ({"image": "postgres:16", "command": ["--save", ""]}, False),
    ],
)
def test_a_cache_says_so_by_its_arguments(body: dict[str, Any], cache: bool) -> None:
    assert service(**body).is_cache is cache


def test_a_cache_says_so_by_its_own_settings_unless_a_volume_is_to_keep_its_data() -> None:
    kept = (Mount("volume", "data", "/data"),)
    services = {"a": Service(name="a"), "b": Service(name="b", mounts=kept), "c": Service(name="c")}
    stack = Stack(services, caches=frozenset({"a", "b"}))
    assert [name for name in ("a", "b", "c", "nobody") if stack.may_forget(name)] == ["a"]


@pytest.mark.parametrize(
    ("body", "store"),
    [
        ({"image": "postgres:16", "entrypoint": ["psql", "-h", "postgres", "-U", "postgres", "-f", "/seed.sql"]}, ""),
        ({"image": "postgres:16", "command": "sh -c 'until pg_isready -h db; do :; done; psql -f /x'"}, ""),
        ({"image": "postgres:16", "command": ["sh", "-c", "while true; do pg_dump -h db shop; sleep 86400; done"]}, ""),
        ({"image": "mongo:7", "entrypoint": "/bin/bash -c 'sleep 5 && mongosh --host mongo --eval rs.initiate()'"}, ""),
        ({"image": "minio/mc", "entrypoint": "/bin/sh -c 'mc alias set m http://minio:9000 a b; mc mb m/x'"}, ""),
        ({"image": "redis:7", "command": "redis-cli -h redis SET a 1"}, ""),
        ({"image": "mysql:8", "command": ["mysql", "-h", "mysql", "-e", "create database x"]}, ""),
        ({"image": "postgres:16"}, "postgres"),
        ({"image": "postgres:16", "command": "postgres -c max_connections=200"}, "postgres"),
        ({"image": "postgres:16", "command": ["-c", "shared_buffers=256MB"]}, "postgres"),
        ({"image": "redis:7", "command": "redis-server --requirepass psql"}, "redis"),
        ({"image": "redis:7", "command": ["sh", "-c", "redis-server & sleep 1; redis-cli ping; wait"]}, "redis"),
        ({"image": "mongo:7", "command": ["--replSet", "rs0", "--bind_ip_all"]}, "mongo"),
        ({"image": "mysql:8", "command": "mysqld --user mysql --default-time-zone=+00:00"}, "mysql"),
        ({"image": "postgres:16", "entrypoint": "/bin/sh -c 'psql -V; exec docker-entrypoint.sh x'"}, "postgres"),
        ({"image": "minio/minio", "command": "server /data --console-address :9001"}, "minio"),
    ],
)  # fmt: skip
def test_a_client_in_a_stores_image_is_no_store(body: dict[str, Any], store: str) -> None:
    assert service(**body).store == store
