"""
OSV's database on disk, for use without a network: its own export format, one zip of JSON files for each ecosystem.

`seatrial vuln-db update DIR` writes `ECOSYSTEM.zip` and `fetched.json`; a directory or a zip that was exported by other
means is read as well: any `*.zip` and `*.json`, `ECOSYSTEM/all.zip` included. A database that is old, or has nothing
of an ecosystem, measures nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from seatrial.domain.errors import InspectorError, UsageError

from .advisories import ECOSYSTEMS

STALE = 30
"""Days after which a database says too little of what is known."""
EXPORT = "https://osv-vulnerabilities.storage.googleapis.com"
_FETCHED = "fetched.json"
_ENTRY_LIMIT, _COUNT_LIMIT = 8 * 1024 * 1024, 2_000_000
_ECOSYSTEM = re.compile(rb'"ecosystem"\s*:\s*"([A-Za-z.]+)')
_NAME = re.compile(rb'"name"\s*:\s*"((?:[^"\\]|\\.){1,250})"')


class Database:
    """A database, opened."""

    def __init__(self, path: Path) -> None:
        """
        Find the files.

        Raises:
            UsageError: there is no database at the path.
        """
        self._path = path
        if path.is_dir():
            self._zips = sorted(path.rglob("*.zip"))
            self._files = sorted(f for f in path.rglob("*.json") if f.name != _FETCHED)
        else:
            self._zips, self._files = ([path] if path.suffix == ".zip" and path.is_file() else []), []
        if not self._zips and not self._files:
            remedy = "`seatrial vuln-db update DIR` makes one; OSV's export (all.zip) will do as well"
            raise UsageError("is not an OSV database", where=str(path), remedy=remedy)

    def age(self, now: dt.datetime) -> float:
        """Days since it was fetched; if that was not noted, since its newest file was written."""
        noted = self._path / _FETCHED
        try:
            when = dt.datetime.fromisoformat(json.loads(noted.read_text("utf-8"))["fetched"])
        except (OSError, ValueError, KeyError, TypeError):
            newest = max(f.stat().st_mtime for f in (*self._zips, *self._files))
            when = dt.datetime.fromtimestamp(newest, dt.UTC)
        return (now - when).total_seconds() / 86_400

    def read(
        self, wanted: frozenset[tuple[str, str]]
    ) -> tuple[Mapping[tuple[str, str], list[Mapping[str, Any]]], frozenset[str]]:
        """
        The advisories about packages, by ecosystem and name; and the ecosystems that it has anything of.

        Raises:
            InspectorError: a file is broken.
        """
        from .model import normal

        texts = frozenset(_squeezed(name.encode()) for _, name in wanted)
        found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        seen: set[str] = set()
        for ecosystem, data in self._entries():
            seen |= {ecosystem} if ecosystem else {e.decode() for e in _ECOSYSTEM.findall(data)}
            if not any(_squeezed(name) in texts for name in set(_NAME.findall(data))):
                continue  # JSON is read only where a name of ours stands: most advisories are about others
            try:
                document = json.loads(data)
                affected = document.get("affected") or ()
            except (ValueError, AttributeError):
                raise InspectorError("a file of the vulnerability database is broken; fetch it again") from None
            for one in affected:
                named = one.get("package") or {}
                key = (str(named.get("ecosystem", "")).partition(":")[0], str(named.get("name", "")))
                key = (key[0], normal(*key))
                seen.add(key[0])
                if key in wanted and document not in found.setdefault(key, []):
                    found[key].append(document)
        return found, frozenset(seen)

    def _entries(self) -> Iterator[tuple[str, bytes]]:
        """Each advisory's bytes, and the ecosystem if its file's place tells it."""
        for file in self._files:
            yield "", file.read_bytes()
        for file in self._zips:
            ecosystem = next((e for e in ECOSYSTEMS if e in (file.stem, file.parent.name)), "")
            try:
                with zipfile.ZipFile(file) as archive:
                    entries = [e for e in archive.infolist() if e.filename.endswith(".json")]
                    if len(entries) > _COUNT_LIMIT or any(e.file_size > _ENTRY_LIMIT for e in entries):
                        limits = f"more than {_COUNT_LIMIT:,} advisories, or one over {_ENTRY_LIMIT // 1024**2} MiB"
                        raise InspectorError(f"{file.name} of the vulnerability database has {limits}: not read")
                    yield from ((ecosystem, archive.read(entry)) for entry in entries)
            except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
                raise InspectorError(f"{file.name} of the vulnerability database is broken; fetch it again") from None


def _squeezed(name: bytes) -> bytes:
    return re.sub(rb"[-_.]+", b"-", name).lower()


def update(
    folder: Path,
    ecosystems: Iterable[str],
    say: Callable[[str], None],
    source: str = EXPORT,
    now: dt.datetime | None = None,
) -> None:
    """
    Fetch OSV's export.

    Args:
        folder: where it goes; made if it is not there.
        ecosystems: which.
        say: receives what is being done.
        source: where OSV publishes it.
        now: the time, which is noted.

    Raises:
        UsageError: an ecosystem does not exist, a file cannot be fetched or written. What was there before stays.
    """
    chosen = tuple(ecosystems) or ECOSYSTEMS
    for name in chosen:
        if name not in ECOSYSTEMS:
            raise UsageError(
                f"there is no ecosystem {name!r}", where="vuln-db", remedy=f"one of {', '.join(ECOSYSTEMS)}"
            )
    folder.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        say(f"fetching {name}")
        part = folder / f"{name}.zip.part"
        try:
            with requests.get(f"{source}/{name}/all.zip", stream=True, timeout=(10, 60)) as answer:
                answer.raise_for_status()
                with part.open("wb") as file:
                    for chunk in answer.iter_content(1 << 20):
                        file.write(chunk)
            if not zipfile.is_zipfile(part):
                raise UsageError(f"what {source} gave for {name} is not a zip archive", where="vuln-db")
            part.replace(folder / f"{name}.zip")
        except requests.RequestException as error:
            raise UsageError(f"{name} could not be fetched: {type(error).__name__}", where="vuln-db") from None
        except OSError as error:
            raise UsageError(f"cannot be written: {error.strerror}", where=str(part)) from None
        finally:
            part.unlink(missing_ok=True)
    noted = {"fetched": (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds"), "ecosystems": list(chosen)}
    (folder / _FETCHED).write_text(json.dumps(noted), "utf-8")
