"""The HTTP interface."""

from __future__ import annotations

from fastapi import FastAPI, HTTPException

from shelf import store

app = FastAPI(title="Shelf")


@app.get("/healthz")
def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@app.get("/readyz")
def readyz() -> dict[str, str]:
    """The database answers."""
    if not store.reachable():
        raise HTTPException(503, "the database does not answer")
    return {"status": "ready"}


@app.post("/bookmarks", status_code=201)
def save(url: str, title: str) -> dict[str, int]:
    """Keep a bookmark."""
    if not url.startswith(("http://", "https://")):
        raise HTTPException(422, "only http and https")
    return {"id": store.save(url, title)}
