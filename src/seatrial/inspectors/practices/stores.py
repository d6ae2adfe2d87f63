"""What a service keeps: datastores of Compose and Kubernetes, files in volumes, SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatrial.domain import Confidence, Location
from seatrial.domain.stores import PATHS
from seatrial.inspectors.compose.mounts import mounts
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import DATASTORES, ServiceConfig
from seatrial.inspectors.yaml_view import YamlView
from seatrial.text import images

from .repository import Repository
from .signals import ALERTING_IMAGES, LOG_IMAGES, MONITORING_IMAGES

_TRANSIENT = frozenset({
    "memcached", "zookeeper", "kafka", "nats", "rabbitmq", "pgbouncer", "consul", "etcd",
})  # fmt: skip
"""Datastores whose content is rebuilt, or on its way: a queue of yesterday is not restored."""
_CACHES = frozenset({"redis", "valkey", "keydb", "dragonfly"})
_TITLES = {
    "postgres": "PostgreSQL", "postgresql": "PostgreSQL", "postgis": "PostgreSQL", "pgvector": "PostgreSQL",
    "timescaledb": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB", "percona": "MySQL", "mongo": "MongoDB",
    "mongodb": "MongoDB", "redis": "Redis", "valkey": "Valkey", "mssql": "SQL Server", "elasticsearch": "Elasticsearch",
    "opensearch": "OpenSearch", "clickhouse": "ClickHouse", "influxdb": "InfluxDB", "qdrant": "Qdrant",
    "minio": "MinIO", "sqlite": "SQLite", "neo4j": "Neo4j", "cassandra": "Cassandra", "couchdb": "CouchDB",
    "files": "files",
}  # fmt: skip
FAMILIES = {
    **dict.fromkeys(("postgresql", "postgis", "pgvector", "timescaledb"), "postgres"),
    **dict.fromkeys(("mariadb", "percona"), "mysql"),
    **dict.fromkeys(("valkey", "keydb", "dragonfly"), "redis"),
    "mongodb": "mongo",
    "opensearch": "elasticsearch",
}
"""Kinds that the same tools back up."""
_PRECIOUS = re.compile(r"data|upload|media|storage|files|db|database|attachments|content|vault|library", re.IGNORECASE)
_CHEAP = re.compile(
    r"cache|tmp|temp|node_modules|log|socket|run$|cert|acme|letsencrypt|config|static|dist|build", re.IGNORECASE
)
_HELPERS = re.compile(
    r"backup|dump|restic|borg|duplic|caddy|traefik|nginx|grafana|ollama|portainer|watchtower", re.IGNORECASE
)
_SQLITE = re.compile(
    r"sqlite3\.connect\((?!\s*[\"']:memory:)|sqlite(?:\+\w+)?:///(?!:memory:)\w*|better-sqlite3|new\s+sqlite3\.Database"
    r"|modernc\.org/sqlite|driver/sqlite|mattn/go-sqlite3|Connection::open\(|backends\.sqlite3|\"sqlite3\"|\bbun:sqlite"
)
_CODE_OF_OTHERS = re.compile(
    r"psycopg|asyncpg|pymysql|mysqlclient|['\"]pg['\"]|mysql2|jackc/pgx|lib/pq|mongodb['\"]|pymongo"
)
_OPERATED = {
    ("postgresql.cnpg.io", "Cluster"): "postgres",
    ("acid.zalan.do", "postgresql"): "postgres",
    ("postgres-operator.crunchydata.com", "PostgresCluster"): "postgres",
    ("pxc.percona.com", "PerconaXtraDBCluster"): "mysql",
    ("k8s.mariadb.com", "MariaDB"): "mysql",
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity"): "mongo",
    ("psmdb.percona.com", "PerconaServerMongoDB"): "mongo",
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): "elasticsearch",
}
"""Resources by which an operator runs a store: API group and kind."""


@dataclass(frozen=True)
class KeptStore:
    """Something whose content would be missed."""

    name: str
    kind: str
    """Of which family, as tools tell them apart: `postgres`."""
    at: Location
    title: str
    volumes: tuple[str, ...] = ()
    confidence: Confidence = Confidence.HIGH
    resource: YamlView | None = field(default=None, compare=False, repr=False)
    """The resource by which an operator runs it."""

    def __str__(self) -> str:
        """`db` (PostgreSQL, volume `pg`)."""
        volume = f", volume `{self.volumes[0]}`" if self.volumes else ""
        return f"`{self.name}` ({self.title}{volume})"


def find(repository: Repository) -> tuple[KeptStore, ...]:
    """Every store of the service, each once."""
    found: dict[tuple[str, str], KeptStore] = {}
    for store in (*_composed(repository), *_deployed(repository)):
        found.setdefault((store.name, store.kind), store)
    if not found:
        found = {(store.name, store.kind): store for store in (*_files(repository), *_sqlite(repository))}
    return tuple(found.values())


def family(kind: str) -> str:
    """The kind that tools know it by."""
    return FAMILIES.get(kind, kind)


def _composed(repository: Repository) -> Iterator[KeptStore]:
    for project in repository.whole.projects:
        for service in project.services:
            kind = service.datastore
            if not kind or kind in _TRANSIENT or service.profiles or service.one_shot:
                continue
            volumes = _volumes(service, PATHS.get(kind, ("/data",)))
            if kind in _CACHES and not volumes and "appendonly" not in _started(service):
                continue
            yield KeptStore(service.name, family(kind), service.at, _TITLES.get(kind, kind), volumes)


def _started(service: ServiceConfig) -> str:
    return " ".join(text.text for text in service.texts("command"))


def _volumes(service: ServiceConfig, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The sources of what is mounted where it keeps its data."""
    kept = (m for m in mounts(service) if m.source and not m.tmpfs)
    return tuple(
        m.source for m in kept if any(path.startswith(m.target) or m.target.startswith(path) for path in paths)
    )


def _deployed(repository: Repository) -> Iterator[KeptStore]:
    documents = repository.whole.manifests
    for one in documents.workloads:
        for container in one.containers if one.kind in ("StatefulSet", "Deployment") else ():
            kind = images.known(images.program(container["image"].text), DATASTORES)
            if kind and kind not in _TRANSIENT and (one.kind == "StatefulSet" or kind not in _CACHES):
                yield KeptStore(one.name, family(kind), container.at, _TITLES.get(kind, kind))
    for view in documents.objects:
        group = view["apiVersion"].text.partition("/")[0]
        kind = _OPERATED.get((group, view["kind"].text), "")
        if kind:
            name = view["metadata"]["name"].text
            yield KeptStore(name, kind, view.at, _TITLES[kind], resource=view)


def _files(repository: Repository) -> Iterator[KeptStore]:
    """Volumes of services that are no datastore, where the service or the volume sounds like data."""
    for project in repository.whole.projects:
        named = _named_volumes(project)
        for service in project.services:
            if (
                service.datastore
                or _HELPERS.search(service.name)
                or _HELPERS.search(service.program)
                or _watches(service)
            ):
                continue
            for mount in mounts(service):
                words = f"{mount.source} {mount.target}"
                kept = mount.source in named or (mount.bind and mount.source.startswith("./"))
                if (
                    kept
                    and not mount.tmpfs
                    and not mount.read_only
                    and _PRECIOUS.search(words)
                    and not _CHEAP.search(words)
                ):
                    yield KeptStore(service.name, "files", service.at, "files", (mount.source,))
                    break


def _watches(service: ServiceConfig) -> bool:
    return any(one.match(service.program) for one in (MONITORING_IMAGES, ALERTING_IMAGES, LOG_IMAGES))


def _named_volumes(project: ComposeProject) -> frozenset[str]:
    section = project.section("volumes")
    return frozenset(section.entries) if section else frozenset()


def _sqlite(repository: Repository) -> Iterator[KeptStore]:
    whole = repository.whole
    path = whole.first(whole.code, _SQLITE)
    if path:
        other = any(_CODE_OF_OTHERS.search(whole.live(one)) for one in whole.code)
        confidence = Confidence.LOW if other else Confidence.HIGH
        match = _SQLITE.search(whole.text(path))
        line = whole.text(path).count("\n", 0, match.start()) + 1 if match else 1
        yield KeptStore(path, "sqlite", Location(path, line, 1), "SQLite", confidence=confidence)
