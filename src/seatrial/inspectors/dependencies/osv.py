"""
OSV's API: what is known of packages, asked in batches, with retries, and a cache of the advisories themselves.

An error is said and never taken for "nothing is known". Source: https://google.github.io/osv.dev/api/
"""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from seatrial import __version__
from seatrial.domain.errors import InspectorError
from seatrial.text.numerals import whole

from .model import Package, normal

BATCH = 500
"""Packages of one question; the service takes 1,000."""
_PAGES = 20
_ATTEMPTS = 4
_TIMEOUT = (5.0, 30.0)  # seconds to connect, and between two bytes
_BACKOFF = 0.5  # seconds before the second attempt; doubled for each further one
_PATIENCE = 30.0  # seconds that a Retry-After may ask for
_LIMIT = 32 * 1024 * 1024
_ID = re.compile(r"[A-Za-z0-9][\w.:-]{2,80}")


class OsvError(InspectorError):
    """The service did not answer, or not what it should. One line."""


class Unreachable(OsvError):  # noqa: N818 - it says what is the case
    """There is no way to the service: no network, or none to it."""


class Osv:
    """One connection."""

    def __init__(self, url: str, cache: Path, sleep: Callable[[float], None] = time.sleep) -> None:
        self._url, self._cache, self._sleep = url.rstrip("/"), cache / "osv", sleep
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"seatrial/{__version__}"

    def ask(self, packages: Sequence[Package]) -> Mapping[Package, tuple[Mapping[str, Any], ...]]:
        """
        The advisories about each package at its version.

        Raises:
            OsvError: an answer is missing.
        """
        by_key: dict[tuple[str, str, str], list[Package]] = {}
        for one in packages:
            by_key.setdefault(one.key, []).append(one)
        keys = sorted(by_key)
        known: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
        for first in range(0, len(keys), BATCH):
            known |= self._batch(keys[first : first + BATCH])
        wanted = {identity: modified for found in known.values() for identity, modified in found}
        with ThreadPoolExecutor(max_workers=8) as pool:
            documents = dict(zip(wanted, pool.map(self._advisory, wanted, wanted.values()), strict=True))
        return {
            one: tuple(documents[identity] for identity, _ in known[key])
            for key, same in by_key.items()
            for one in same
        }

    def _batch(self, keys: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
        found: dict[tuple[str, str, str], list[tuple[str, str]]] = {key: [] for key in keys}
        pending: list[tuple[tuple[str, str, str], str]] = [(key, "") for key in keys]
        for _ in range(_PAGES):
            answer = self._json("POST", "/v1/querybatch", {"queries": [_query(key, token) for key, token in pending]})
            results = answer.get("results")
            if not isinstance(results, list) or len(results) != len(pending):
                raise OsvError("OSV answered for other packages than it was asked about")
            following = []
            for (key, _), result in zip(pending, results, strict=True):
                for one in (result or {}).get("vulns") or ():
                    found[key].append((str(one["id"]), str(one.get("modified", ""))))
                if token := (result or {}).get("next_page_token"):
                    following.append((key, str(token)))
            pending = following
            if not pending:
                return found
        raise OsvError(f"OSV has more than {_PAGES} pages about one package")

    def _advisory(self, identity: str, modified: str) -> Mapping[str, Any]:
        if not _ID.fullmatch(identity):
            raise OsvError("OSV returned a malformed advisory id")
        file = self._cache / f"{identity.replace(':', '_')}.json"
        kept = _kept(file)
        if kept.get("modified") == modified and modified and isinstance(kept.get("document"), dict):
            document: Mapping[str, Any] = kept["document"]
            return document
        etag = str(kept.get("etag", ""))
        response = self._send("GET", f"/v1/vulns/{identity}", headers={"If-None-Match": etag} if etag else {})
        if response.status_code == 304 and isinstance(kept.get("document"), dict):
            document = kept["document"]
        else:
            document = _object(response)
        with contextlib.suppress(OSError):
            self._cache.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"modified": modified, "etag": response.headers.get("ETag", etag), "document": document})
            scratch = file.with_suffix(f".{id(response)}.part")
            scratch.write_text(text, "utf-8")
            scratch.replace(file)
        return document

    def _json(self, method: str, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return _object(self._send(method, path, body=body))

    def _send(
        self, method: str, path: str, *, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                response = self._session.request(
                    method, self._url + path, json=body, headers=dict(headers or {}), timeout=_TIMEOUT,
                    allow_redirects=False,
                )  # fmt: skip
            except requests.ConnectionError as error:
                # A name that does not resolve will not do so in a second either.
                if last or "resolve" in str(error) or "Name or service" in str(error):
                    raise Unreachable(f"OSV cannot be reached at {self._url}") from None
                self._sleep(_BACKOFF * 2**attempt)
                continue
            except requests.RequestException as error:
                if last:
                    raise OsvError(f"OSV did not answer: {type(error).__name__}") from None
                self._sleep(_BACKOFF * 2**attempt)
                continue
            if response.status_code in (200, 304):
                return response
            if response.status_code != 429 and response.status_code < 500:
                raise OsvError(f"OSV answered {response.status_code}")
            wait = whole(response.headers.get("Retry-After"))
            seconds = _BACKOFF * 2**attempt if wait is None else float(wait)
            if last or seconds > _PATIENCE:
                raise OsvError(f"OSV answered {response.status_code}, also when asked again")
            self._sleep(seconds)
        raise AssertionError("unreachable")  # pragma: no cover


def _query(key: tuple[str, str, str], token: str) -> dict[str, Any]:
    ecosystem, name, version = key
    query: dict[str, Any] = {"package": {"ecosystem": ecosystem, "name": name}, "version": version}
    return query | ({"page_token": token} if token else {})


def _object(response: requests.Response) -> Mapping[str, Any]:
    if len(response.content) > _LIMIT:
        raise OsvError("OSV answered with more than 32 MiB")
    try:
        document = response.json()
    except ValueError:
        raise OsvError("OSV's answer is not JSON") from None
    if not isinstance(document, dict):
        raise OsvError("OSV's answer is not a JSON object")
    return document


def _kept(file: Path) -> Mapping[str, Any]:
    try:
        kept = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def names(packages: Iterable[Package]) -> frozenset[tuple[str, str]]:
    """What a database is searched for."""
    return frozenset((p.ecosystem, normal(p.ecosystem, p.name)) for p in packages)
