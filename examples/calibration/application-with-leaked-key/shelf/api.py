"""The HTTP interface."""

from __future__ import annotations

from fastapi import FastAPI, HTTPException, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

from shelf import store

app = FastAPI(title="Shelf")
SAVED = Counter("shelf_bookmarks_saved_total", "Bookmarks that were saved.")
FAILED = Counter("shelf_store_failures_total", "Requests that the database did not answer.")


@app.get("/healthz")
def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@app.get("/readyz")
def readyz() -> dict[str, str]:
    """The database answers."""
    if not store.reachable():
        FAILED.inc()
        raise HTTPException(503, "the database does not answer")
    return {"status": "ready"}


@app.get("/metrics")
def metrics() -> Response:
    """What Prometheus reads."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@app.post("/bookmarks", status_code=201)
def save(url: str, title: str) -> dict[str, int]:
    """Keep a bookmark."""
    if not url.startswith(("http://", "https://")):
        raise HTTPException(422, "only http and https")
    SAVED.inc()
    return {"id": store.save(url, title)}
