"""A service of a merged project, with the questions that rules ask of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.domain import Location
from seatrial.text import images

from .ports import Port, parse_port
from .values import ComposeText, List, Map, Value

DATASTORES: Mapping[str, int] = {
    "postgres": 5432, "postgresql": 5432, "postgis": 5432, "pgvector": 5432, "timescaledb": 5432, "pgbouncer": 6432,
    "mysql": 3306, "mariadb": 3306, "percona": 3306, "mssql": 1433, "oracle": 1521, "cockroach": 26257,
    "redis": 6379, "valkey": 6379, "keydb": 6379, "dragonfly": 6379, "memcached": 11211,
    "mongo": 27017, "mongodb": 27017, "couchdb": 5984, "couchbase": 8091, "cassandra": 9042, "scylla": 9042,
    "elasticsearch": 9200, "opensearch": 9200, "solr": 8983, "meilisearch": 7700, "typesense": 8108, "qdrant": 6333,
    "rabbitmq": 5672, "kafka": 9092, "nats": 4222, "zookeeper": 2181, "etcd": 2379, "consul": 8500,
    "influxdb": 8086, "clickhouse": 8123, "neo4j": 7687, "rethinkdb": 28015, "arangodb": 8529, "minio": 9000,
}  # fmt: skip
"""Programs that keep data, and the port each listens on by default (their own documentation)."""

_DATASTORE_PORTS = frozenset(DATASTORES.values()) - {9000, 8080}
_ROUTED = re.compile(r"^(?:traefik\.|caddy(?:$|[._])|VIRTUAL_HOST|VIRTUAL_PORT)")
"""Labels and variables by which Traefik, caddy-docker-proxy and nginx-proxy send requests to a service."""


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """One service after merging. Absent means: neither its file nor any that it builds on says so."""

    name: str
    at: Location
    """Its name in the file that declares it last."""
    body: Map
    one_shot: bool = False
    """Whether another service waits for it to finish: then it is a task, not a server."""
    built_check: bool = False
    """Whether the Dockerfile that it is built from, if the repository has it, gives the image a health check."""

    def get(self, *path: str) -> Value | None:
        """The value at a path of keys."""
        return self.body.get(*path)

    def text(self, *path: str) -> str | None:
        """The text at a path of keys."""
        return self.body.text(*path)

    def place(self, *path: str) -> Location:
        """Where the value at a path is; the innermost that exists, or the service's name."""
        place = self.at
        value: Value = self.body
        for name in path:
            if not isinstance(value, Map) or name not in value.entries:
                break
            place, value = value.entries[name].key_at, value.entries[name].value
        return place

    def items(self, *path: str) -> tuple[Value, ...]:
        """The items of the list at a path; a single text counts as a list of one."""
        value = self.get(*path)
        if isinstance(value, List):
            return value.items
        return (value,) if isinstance(value, ComposeText) and value.value is not None else ()

    def texts(self, *path: str) -> Iterator[ComposeText]:
        """The single values of the list at a path."""
        return (item for item in self.items(*path) if isinstance(item, ComposeText))

    @property
    def complete(self) -> bool:
        """Whether it can be started: a fragment without image and build is not judged by what it lacks."""
        return any(key in self.body.entries for key in ("image", "build", "provider"))

    @property
    def profiles(self) -> frozenset[str]:
        """The profiles that it needs; empty: it always runs."""
        return frozenset(item.text for item in self.texts("profiles"))

    @property
    def ports(self) -> tuple[Port, ...]:
        """What it publishes on the host."""
        return tuple(port for item in self.items("ports") if (port := parse_port(item)) is not None)

    @property
    def program(self) -> str:
        """The name of its image without registry, tag and digest; empty if it is built."""
        return images.program(self.text("image") or "")

    @property
    def datastore(self) -> str:
        """The kind of datastore that it is, by its image; by its own name if it is built here. Empty: none."""
        return images.known(self.program or (self.name.lower() if self.get("build") else ""), DATASTORES)

    @property
    def reachable(self) -> bool:
        """Whether other machines can speak to it: by a published port, through a proxy, or on the host's network."""
        if self.text("network_mode") == "host" or any(port.everywhere for port in self.ports):
            return True
        if len(self.items("ports")) > len(self.ports):
            return True  # a variable hides which
        words = (self.get("labels"), self.get("environment"))
        return any(_ROUTED.search(name) for value in words for name in _names(value))

    def serves_data(self, port: Port) -> bool:
        """Whether a published port leads to a datastore: by the program, or by a port that only they use."""
        if self.datastore:
            return True
        return not self.program and port.target in _DATASTORE_PORTS


def _names(value: Value | None) -> Iterator[str]:
    """The names of a mapping, or of a list of `NAME=value`."""
    if isinstance(value, Map):
        yield from value.entries
    elif isinstance(value, List):
        yield from (item.text.partition("=")[0] for item in value.items if isinstance(item, ComposeText))
