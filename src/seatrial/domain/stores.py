"""
Where datastores keep their data, by kind: a word of their image's name.

Source: each official image's page on Docker Hub. PostgreSQL moved its directory with version 18.
"""

from __future__ import annotations

from collections.abc import Mapping

PATHS: Mapping[str, tuple[str, ...]] = {
    "postgres": ("/var/lib/postgresql/data", "/var/lib/postgresql"),
    "postgresql": ("/var/lib/postgresql/data", "/bitnami/postgresql"),
    "postgis": ("/var/lib/postgresql/data", "/var/lib/postgresql"),
    "pgvector": ("/var/lib/postgresql/data", "/var/lib/postgresql"),
    "timescaledb": ("/var/lib/postgresql/data", "/home/postgres/pgdata"),
    "mysql": ("/var/lib/mysql", "/bitnami/mysql"),
    "mariadb": ("/var/lib/mysql", "/bitnami/mariadb", "/config"),
    "percona": ("/var/lib/mysql", "/data/db"),
    "mssql": ("/var/opt/mssql",),
    "redis": ("/data", "/bitnami/redis", "/var/lib/redis"),
    "valkey": ("/data", "/bitnami/valkey"),
    "keydb": ("/data",),
    "dragonfly": ("/data",),
    "mongo": ("/data/db",),
    "mongodb": ("/data/db", "/bitnami/mongodb"),
    "couchdb": ("/opt/couchdb/data",),
    "cassandra": ("/var/lib/cassandra",),
    "elasticsearch": ("/usr/share/elasticsearch/data", "/bitnami/elasticsearch"),
    "opensearch": ("/usr/share/opensearch/data",),
    "solr": ("/var/solr",),
    "meilisearch": ("/meili_data", "/data.ms"),
    "typesense": ("/data",),
    "qdrant": ("/qdrant/storage",),
    "rabbitmq": ("/var/lib/rabbitmq",),
    "influxdb": ("/var/lib/influxdb", "/var/lib/influxdb2"),
    "clickhouse": ("/var/lib/clickhouse",),
    "neo4j": ("/data",),
    "arangodb": ("/var/lib/arangodb3",),
}
"""Any of them will do; the first is named in remedies."""
