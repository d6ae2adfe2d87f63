"""One connection, made at the first request and kept for ever."""

import os
from typing import Any

import psycopg2
from django.http import HttpRequest, JsonResponse

kept: Any = None


def rows(statement: str) -> Any:
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
    cursor = kept.cursor()
    cursor.execute(statement)
    return cursor.fetchall()


def health(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def products(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"products": rows("select 'tea'")})


def product(request: HttpRequest, number: int) -> JsonResponse:
    return JsonResponse({"product": rows(f"select {number}")})
