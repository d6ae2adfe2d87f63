"""Where bookmarks are kept."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg


def connect() -> psycopg.Connection[tuple[object, ...]]:
    """A connection that gives up after three seconds."""
    secret = Path(os.environ["DB_PASSWORD_FILE"]).read_text("utf-8").strip()
    return psycopg.connect(host=os.environ["DB_HOST"], user="shelf", dbname="shelf", password=secret, connect_timeout=3)


def reachable() -> bool:
    """Whether the database answers."""
    try:
        with connect() as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def save(url: str, title: str) -> int:
    """Keep a bookmark; its number."""
    with connect() as connection:
        row = connection.execute(
            "INSERT INTO bookmarks (url, title) VALUES (%s, %s) RETURNING id", (url, title)
        ).fetchone()
    if row is None:
        raise RuntimeError("the database gave no number")
    return int(str(row[0]))
