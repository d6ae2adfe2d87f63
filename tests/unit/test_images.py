"""What an image's name tells."""

from __future__ import annotations

import pytest

from seatrial.text import images


@pytest.mark.parametrize("name", ["migrate", "db-migrations", "init", "minio-create-buckets", "seeder", "Setup_db"])
def test_a_task_is_known_by_its_name(name: str) -> None:
    assert images.sounds_like_a_task(name)


@pytest.mark.parametrize("name", ["api", "worker", "jobs", "tasks", "important", "initiative", "celery", ""])
def test_what_lasts_is_none(name: str) -> None:
    assert not images.sounds_like_a_task(name)


STORES = frozenset({"redis", "postgres", "mongo", "kafka", "mysql", "minio", "elasticsearch"})


@pytest.mark.parametrize(
    ("image", "program"),
    [
        ("redis", "redis"),
        ("registry.example:5000/team/Postgres:17@sha256:00", "postgres"),
        ("localhost:5000/redis", "redis"),
        ("", ""),
    ],
)
def test_the_program_is_the_name_without_registry_tag_and_digest(image: str, program: str) -> None:
    assert images.program(image) == program


@pytest.mark.parametrize("name", ["redis", "redis-stack-server", "my_redis", "redis7", "alpine-redis"])
def test_a_store_is_known_by_a_word_of_its_name(name: str) -> None:
    assert images.known(name, STORES) == "redis"


@pytest.mark.parametrize(
    "name",
    [
        "mongo-express", "redis-exporter", "redis_exporter", "postgres-exporter", "kafka-ui", "redis-commander",
        "postgres-backup-s3", "mysql-router", "redis-sentinel", "kafka-connect", "db-migrate-postgres", "redisson",
        "predis", "elasticsearch-head", "minio-console", "",
    ],
)  # fmt: skip
def test_what_works_with_a_store_is_none(name: str) -> None:
    assert images.known(name, STORES) == ""
