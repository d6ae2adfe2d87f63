"""
Safety as a second source for Python packages: by its API key, or by its database in a directory.

Without one of them it is not asked: its maker gives the data to accounts only. Source of the formats and
addresses: safety 3.8.1, which is what is run (see `safety_worker`).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seatrial.domain.errors import InspectorError, UsageError
from seatrial.system import process
from seatrial.system.extras import Extra
from seatrial.text.redact import Secret

from . import access
from .advisories import Advisory
from .database import STALE
from .model import Package
from .osv import Unreachable

_ADDRESS = "SAFETY_DATA_API_BASE_URL"  # Safety's own variable
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
_TIMEOUT = 180.0  # seconds; the database has some tens of megabytes
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}"), re.compile(r"[A-Za-z0-9.!+_-]{1,100}")
_FAILED: Mapping[str, str] = {
    "credential": f"does not accept {access.KEY}",
    "server": "has a server that fails",
    "busy": "reached the rate limit of this key",
    "database": "has no database there that it can read",
}


@dataclass(frozen=True, slots=True)
class SafetyClient:
    """One of the two ways to ask."""

    database: Path | None
    key: Secret | None

    def ask(
        self, packages: Sequence[Package]
    ) -> tuple[list[tuple[Package, Advisory]], frozenset[tuple[str, str, str]]]:
        """
        What Safety knows of packages, and the keys of those that were looked up; only Python's are.

        Raises:
            Unreachable: its server did not answer.
            InspectorError: it refused, or its answer is not understood.
        """
        mine = {p.key: p for p in packages if p.ecosystem == "PyPI" and _plain(p)}
        if not mine:
            return [], frozenset()
        asked = {
            "packages": [list(key[1:]) for key in mine],
            "database": str(self.database.resolve()) if self.database else "",
            "key": self.key.reveal() if self.key else "",
        }
        answer = _run(asked)
        if failed := answer.get("failed"):
            if failed == "unreachable":
                raise Unreachable("Safety's server does not answer")
            raise InspectorError(f"Safety {_FAILED.get(str(failed), 'failed')} ({answer.get('detail')})")
        try:
            odd = {("PyPI", str(name), str(version)) for name, version in answer["odd"]}
            found = [(mine[key], advisory) for one in answer["found"] for key, advisory in _read(one) if key in mine]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InspectorError("Safety's answer has an unexpected form") from None
        return found, frozenset(mine.keys() - odd)


def chosen(database: str) -> SafetyClient | None:
    """
    How Safety is to be asked; None if it is not.

    Args:
        database: a directory with its database; it goes before a key.

    Raises:
        UsageError: there is no database in the directory.
        InspectorError: Safety is wanted, and not installed.
    """
    if access.asked(database) and (missing := Extra.SAFETY.missing):
        raise InspectorError(f"Safety is not installed: {missing}")
    if database:
        path = Path(database)
        if not (path / "insecure.json").is_file() or not (path / "insecure_full.json").is_file():
            remedy = "a directory with Safety's insecure.json and insecure_full.json, schema 2.0.0"
            raise UsageError("is not a Safety database", where=database, remedy=remedy)
        return SafetyClient(path, None)
    return SafetyClient(None, Secret(key)) if (key := access.key()) else None


def stale(database: Path, now: dt.datetime) -> str:
    """Why a database says too little of what is known; empty if it is fresh enough."""
    try:
        meta = json.loads((database / "insecure.json").read_text("utf-8")).get("meta") or {}
        when = dt.datetime.fromtimestamp(float(meta["timestamp"]), dt.UTC)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        when = dt.datetime.fromtimestamp((database / "insecure.json").stat().st_mtime, dt.UTC)
    days = (now - when).total_seconds() / 86_400
    return f"Safety's database is {days:.0f} days old, and does not have later advisories" if days > STALE else ""


def _plain(package: Package) -> bool:
    name, version = _PLAIN
    return bool(name.fullmatch(package.key[1]) and version.fullmatch(package.version))


def _run(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    passed = {name: os.environ[name] for name in (*_PROXIES, _ADDRESS) if name in os.environ}
    command = process.python_module("seatrial.inspectors.dependencies.safety_worker")
    with tempfile.TemporaryDirectory(prefix="seatrial-safety-") as home:  # it keeps settings and caches at home
        done = process.run(
            command, cwd=Path(home), timeout=_TIMEOUT, env={"HOME": home, **passed}, stdin=json.dumps(asked).encode()
        )
    if done.returncode:
        raise InspectorError(f"Safety failed with {done.returncode}: {done.complaint}")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise InspectorError("Safety's answer is not JSON") from None
    if not isinstance(answer, dict):
        raise InspectorError("Safety's answer has an unexpected form")
    return answer


def _read(one: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], Advisory]]:
    cve, own = str(one["cve"]), f"SAFETY-{one['id']}"
    yield (
        ("PyPI", str(one["name"]), str(one["version"])),
        Advisory(
            cve or own,
            frozenset({own, *([cve] if cve else [])}),
            " ".join(str(one["advisory"]).split())[:160],
            None if one["score"] is None else min(float(one["score"]), 10.0),
            tuple(map(str, one["fixed"])),
            source="safety",
            url=_address(str(one["url"])),
        ),
    )


def _address(url: str) -> str:
    return url if re.fullmatch(r"https://[\w.-]+/[\w./-]{0,200}", url) else ""
