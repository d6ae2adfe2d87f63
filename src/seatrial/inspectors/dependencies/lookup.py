"""What is known of the flaws of packages: by OSV, by its database on disk, by Safety, and by all that there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.domain import Confidence, Finding
from seatrial.domain.errors import InspectorError, UsageError
from seatrial.inspectors.base import Context
from seatrial.inspectors.path_roles import purpose, weighed

from . import advisories, safety
from .advisories import Advisory
from .database import STALE, Database
from .model import Package, PackageKey
from .osv import Osv, Unreachable, names


@dataclass
class LookupResult:
    """What is known of the packages, and which could be looked up."""

    found: list[tuple[Package, Advisory]] = field(default_factory=list)
    looked_up: set[PackageKey] = field(default_factory=set)
    """By at least one source."""
    notes: list[str] = field(default_factory=list)
    problem: str = ""
    """What went wrong, other than that a source cannot be reached."""


def look_up(context: Context, packages: Sequence[Package]) -> LookupResult:
    """Ask every source that there is; one that fails does not take the others' answers away."""
    known = LookupResult()
    for ask, on_disk in ((_osv, "--vuln-db"), (_safety, "--safety-db")):
        try:
            ask(context, packages, known)
        except Unreachable as error:
            known.notes.append(f"{error}: nothing was looked up there; a database on disk ({on_disk}) needs no network")
        except (InspectorError, UsageError) as error:
            known.problem = known.problem or str(error)
    return known


def _osv(context: Context, packages: Sequence[Package], known: LookupResult) -> None:
    chosen = context.settings
    if chosen.vuln_db:
        _offline(Path(chosen.vuln_db), packages, known)
    elif chosen.osv_url in ("", "off"):
        known.notes.append("OSV was not asked: `osv_url` is off, and there is no `vuln_db`")
    elif packages:
        for package, documents in Osv(chosen.osv_url, context.cache).ask(packages).items():
            known.found += _about(package, documents)
        known.looked_up |= {p.key for p in packages}


def _offline(path: Path, packages: Sequence[Package], known: LookupResult) -> None:
    database = Database(path)
    age = database.age(dt.datetime.now(dt.UTC))
    if age > STALE:
        known.notes.append(f"the vulnerability database is {age:.0f} days old, and does not have later advisories")
        return
    by_name, ecosystems = database.read(names(packages))
    known.notes.append(f"vulnerability database of {max(age, 0):.0f} days ago")
    for missing in sorted({p.ecosystem for p in packages} - ecosystems):
        known.notes.append(f"the vulnerability database has nothing of {missing}: not measured")
    there = [p for p in packages if p.ecosystem in ecosystems]
    for package in there:
        known.found += _about(package, by_name.get(package.key[:2], ()))
    known.looked_up |= {p.key for p in there}


def _safety(context: Context, packages: Sequence[Package], known: LookupResult) -> None:
    source = safety.chosen(context.settings.safety_db)
    if source is None:
        return
    if source.database and (why := safety.stale(source.database, dt.datetime.now(dt.UTC))):
        known.notes.append(why)
        return
    found, looked_up = source.ask(packages)
    known.found += found
    known.looked_up |= looked_up
    known.notes.append(f"Safety looked up {len(looked_up)} of Python's packages")


def _about(package: Package, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Package, Advisory]]:
    try:
        affecting = [a for d in documents if (a := advisories.of(d, package)) is not None]
    except ValueError as error:
        raise InspectorError(f"an advisory about {package.name} {error}") from None
    return ((package, one) for one in affecting)


def findings(found: Iterable[tuple[Package, Advisory]]) -> Iterator[Finding]:
    """One for each flaw of each package, at its first place; a flaw is one cause wherever it is, from any source."""
    told: dict[PackageKey, dict[Advisory, None]] = {}
    places: dict[PackageKey, dict[Package, None]] = {}
    for package, advisory in found:
        told.setdefault(package.key, {})[advisory] = None
        places.setdefault(package.key, {})[package] = None
    for key in sorted(told):
        at = sorted(places[key], key=lambda p: (not purpose(p.at.path).production, p.at))
        yield from (weighed(_finding(key, at, advisory)) for advisory in advisories.merged(told[key]))


def _finding(key: PackageKey, at: Sequence[Package], advisory: Advisory) -> Finding:
    ecosystem, name, version = key
    identity = advisory.id
    fixed = f"upgrade {name} to {advisory.fixed[0]}" if advisory.fixed else "no version fixes it yet"
    others = sorted(advisory.names - {identity})
    also = f" ({', '.join(others[:3])})" if others else ""
    number = f", CVSS {advisory.score:.1f}" if advisory.score is not None else ""
    where = advisory.url if advisory.source == "safety" else f"https://osv.dev/vulnerability/{identity}"
    return Finding(
        rule=f"{advisory.source}/{identity}",
        severity=advisory.severity,
        confidence=Confidence.HIGH,
        message=": ".join(filter(None, (f"{at[0].name} {version}", f"{identity}{also}{number}", advisory.summary))),
        location=at[0].at,
        remedy="; ".join(part for part in (fixed, where) if part),
        related=tuple(p.at for p in at[1:10]),
        subject=at[0].name,
        anchor=f"{ecosystem}/{name}",
        cause=f"{identity} {ecosystem}/{name}",
    )
