"""
Healthchecks of well-known images: a command that the official image itself brings.

Source: the images' own documentation, https://hub.docker.com/_/postgres and its like
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seatrial.text import images

_POSTGRES = ("CMD-SHELL", "pg_isready -U $${POSTGRES_USER:-postgres} -d $${POSTGRES_DB:-$${POSTGRES_USER:-postgres}}")
_CHECKS: Mapping[str, Sequence[str]] = {
    "postgres": _POSTGRES,
    "postgis": _POSTGRES,
    "pgvector": _POSTGRES,
    "timescaledb": _POSTGRES,
    "mariadb": ("CMD", "healthcheck.sh", "--connect", "--innodb_initialized"),
    "mysql": ("CMD", "mysqladmin", "ping", "-h", "127.0.0.1", "--silent"),
    "percona": ("CMD", "mysqladmin", "ping", "-h", "127.0.0.1", "--silent"),
    "redis": ("CMD", "redis-cli", "ping"),
    "valkey": ("CMD", "valkey-cli", "ping"),
    "keydb": ("CMD", "keydb-cli", "ping"),
    "mongo": ("CMD", "mongosh", "--quiet", "--eval", "db.adminCommand('ping').ok || quit(1)"),
    "rabbitmq": ("CMD", "rabbitmq-diagnostics", "-q", "ping"),
    "clickhouse": ("CMD", "clickhouse-client", "--query", "SELECT 1"),
    "etcd": ("CMD", "etcdctl", "endpoint", "health"),
    "minio": ("CMD", "mc", "ready", "local"),
}
"""By the program's name in the image's name."""
_EXACT: Mapping[str, Sequence[str]] = {
    "prometheus": ("CMD", "wget", "-q", "--spider", "http://localhost:9090/-/healthy"),
    "alertmanager": ("CMD", "wget", "-q", "--spider", "http://localhost:9093/-/healthy"),
    "grafana": ("CMD", "wget", "-q", "--spider", "http://localhost:3000/api/health"),
    "consul": ("CMD", "consul", "members"),
}
"""By the image's whole name: a longer one is another program (`grafana-agent`)."""


def of_image(image: str) -> Mapping[str, object] | None:
    """A healthcheck for Compose; None if the image is not known to bring a program that can ask."""
    program = images.program(image)
    test = _EXACT.get(program) or _CHECKS.get(images.known(program, _CHECKS))
    if test is None:
        return None
    return {"test": list(test), "interval": "10s", "timeout": "5s", "retries": 5, "start_period": "30s"}
