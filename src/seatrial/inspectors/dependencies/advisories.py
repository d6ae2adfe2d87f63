"""
Advisories in OSV's format, and whether a version is affected by one. Pure.

Source: https://ossf.github.io/osv-schema/, its evaluation algorithm included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from univers import versions

from seatrial.domain import Severity

from .model import Package, normal

_VERSION: Mapping[str, type[versions.Version]] = {
    "PyPI": versions.PypiVersion,
    "npm": versions.SemverVersion,
    "Go": versions.SemverVersion,
    "crates.io": versions.SemverVersion,
    "Maven": versions.MavenVersion,
    "RubyGems": versions.RubygemsVersion,
    "Packagist": versions.ComposerVersion,
    "NuGet": versions.NugetVersion,
}
ECOSYSTEMS = tuple(_VERSION)
_WORDS = {"CRITICAL": 9.5, "HIGH": 8.0, "MODERATE": 5.0, "MEDIUM": 5.0, "LOW": 2.0}
_PREFERRED = ("CVE-", "GHSA-", "PYSEC-", "GO-", "RUSTSEC-")


@dataclass(frozen=True, slots=True)
class Advisory:
    """What an advisory says of one package."""

    id: str
    names: frozenset[str]
    """Its id and its aliases: two advisories that share one are about the same flaw."""
    summary: str
    score: float | None
    """CVSS base score, 0 to 10; None if the advisory has none."""
    fixed: tuple[str, ...]
    """Versions in which it is fixed, lowest first."""
    malware: bool = False
    source: str = "osv"
    """Who tells it: `osv` or `safety`."""
    url: str = ""
    """Where more is to be read, if it is not OSV."""

    @property
    def severity(self) -> Severity:
        """By CVSS' own bands; of an unknown score the middle."""
        if self.malware:
            return Severity.CRITICAL
        score = 5.0 if self.score is None else self.score
        bands = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
        return next((severity for least, severity in bands if score >= least), Severity.LOW)


def of(document: Mapping[str, Any], package: Package) -> Advisory | None:
    """
    The advisory if it affects a package at its version; None if not, or if it was withdrawn.

    Raises:
        ValueError: it is not an advisory.
    """
    try:
        if document.get("withdrawn"):
            return None
        mine = [a for a in document.get("affected") or () if _about(a, package)]
        hit = [a for a in mine if _affected(a, package)]
        if not hit:
            return None
        identity = str(document["id"])
        return Advisory(
            identity,
            frozenset({identity, *map(str, document.get("aliases") or ())}),
            " ".join(str(document.get("summary") or document.get("details") or "").split())[:160],
            _score(document, hit),
            tuple(dict.fromkeys(f for a in hit for f in _fixes(a, package))),
            identity.startswith("MAL-"),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"is not an OSV advisory: {type(error).__name__}") from None


def _about(affected: Mapping[str, Any], package: Package) -> bool:
    named = affected.get("package") or {}
    ecosystem = str(named.get("ecosystem", "")).partition(":")[0]
    same = normal(ecosystem, str(named.get("name", ""))) == normal(package.ecosystem, package.name)
    return ecosystem == package.ecosystem and same


def _affected(affected: Mapping[str, Any], package: Package) -> bool:
    if package.version in (affected.get("versions") or ()):
        return True
    version = parsed(package.ecosystem, package.version)
    if version is None:
        return False
    ranges = (r for r in affected.get("ranges") or () if r.get("type") in ("ECOSYSTEM", "SEMVER"))
    return any(_within(r.get("events") or (), package.ecosystem, version) for r in ranges)


def _within(events: Iterable[Mapping[str, str]], ecosystem: str, version: versions.Version) -> bool:
    """OSV's algorithm: walk the events from the lowest version up to ours."""
    placed = []
    for event in events:
        for kind, text in event.items():
            at = None if text == "0" else parsed(ecosystem, text)
            if text == "0" or at is not None:
                placed.append((kind, at))
    placed.sort(key=lambda pair: _VersionKey(pair[1]))
    vulnerable = False
    for kind, at in placed:
        if kind == "introduced" and (at is None or at <= version):
            vulnerable = True
        elif at is not None and ((kind == "fixed" and at <= version) or (kind == "last_affected" and at < version)):
            vulnerable = False
    return vulnerable


class _VersionKey:
    """Versions in order, "0" before all."""

    def __init__(self, version: versions.Version | None) -> None:
        self._version = version

    def __lt__(self, other: _VersionKey) -> bool:
        if self._version is None or other._version is None:
            return self._version is None and other._version is not None
        return bool(self._version < other._version)


def parsed(ecosystem: str, text: str) -> versions.Version | None:
    """A version as its ecosystem orders it; None if it is none."""
    kind = _VERSION.get(ecosystem)
    try:
        return kind(text.removeprefix("v")) if kind is not None else None
    except (versions.InvalidVersion, ValueError, TypeError, AttributeError):
        return None


def _fixes(affected: Mapping[str, Any], package: Package) -> Iterator[str]:
    own = parsed(package.ecosystem, package.version)
    for one in affected.get("ranges") or ():
        for event in one.get("events") or ():
            fixed = event.get("fixed")
            later = parsed(package.ecosystem, fixed) if fixed else None
            if fixed and (own is None or later is None or own < later):
                yield str(fixed)


def _score(document: Mapping[str, Any], affected: Iterable[Mapping[str, Any]]) -> float | None:
    """The worst of its CVSS vectors; else GitHub's own word for it."""
    entries = [*(document.get("severity") or ()), *(s for a in affected for s in a.get("severity") or ())]
    scores = [s for entry in entries if (s := cvss_score(str(entry.get("score", "")))) is not None]
    if scores:
        return max(scores)
    specific = [document, *affected]
    words = (str((d.get("database_specific") or {}).get("severity", "")).upper() for d in specific)
    return next((_WORDS[word] for word in words if word in _WORDS), None)


def cvss_score(vector: str) -> float | None:
    """The base score of a CVSS vector of version 2, 3 or 4; None if it is none."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    kind = CVSS4 if vector.startswith("CVSS:4") else CVSS3 if vector.startswith("CVSS:3") else CVSS2
    try:
        if re.fullmatch(r"\d+(?:\.\d+)?", vector):
            return min(float(vector), 10.0)
        return float(kind(vector).base_score)
    except (CVSSError, ValueError, TypeError, KeyError, IndexError):
        return None


def merged(advisories: Iterable[Advisory]) -> tuple[Advisory, ...]:
    """One for each flaw: those that share a name become one, under the best known of its names."""
    groups: list[list[Advisory]] = []
    for one in advisories:
        together = [group for group in groups if any(one.names & other.names for other in group)]
        groups = [group for group in groups if group not in together]
        groups.append([one, *(other for group in together for other in group)])
    return tuple(sorted((_together(group) for group in groups), key=lambda a: a.id))


def _together(group: list[Advisory]) -> Advisory:
    names = frozenset(name for one in group for name in one.names)
    scores = [one.score for one in group if one.score is not None]
    return Advisory(
        min(names, key=lambda n: (next((i for i, p in enumerate(_PREFERRED) if n.startswith(p)), 99), n)),
        names,
        next((one.summary for one in sorted(group, key=lambda a: a.id) if one.summary), ""),
        max(scores) if scores else None,
        tuple(dict.fromkeys(f for one in group for f in one.fixed)),
        any(one.malware for one in group),
        "osv" if any(one.source == "osv" for one in group) else group[0].source,
        next((one.url for one in group if one.url), ""),
    )
