"""Items of a shop; one connection, made at the first request and kept for ever."""

import os
from typing import Any

import psycopg2
from fastapi import APIRouter, FastAPI, Query

app = FastAPI()
router = APIRouter(prefix="/api/v1")
kept: Any = None


def cursor() -> Any:
    """Of the connection; without the weakness, of a new one if the last one is broken."""
    global kept
    if kept is not None and not os.environ.get("WEAK"):
        try:
            kept.cursor().execute("select 1")
        except psycopg2.Error:
            kept = None
    if kept is None:
        kept = psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=5)
        kept.autocommit = True
    return kept.cursor()


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/items/{number}")
def item(number: int = 0, q: str = Query("tea", example="tea")) -> dict[str, object]:
    found = cursor()
    found.execute("select %s::int, %s", (number, q))
    return {"item": found.fetchone()}


@router.get("/items")
def items(q: str = Query(..., example="tea")) -> dict[str, object]:
    found = cursor()
    found.execute("select %s", (q,))
    return {"items": found.fetchall()}


@router.delete("/items")
def clear() -> None:
    raise SystemExit(1)


app.include_router(router)
