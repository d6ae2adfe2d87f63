"""
Dependencies: what is known of their flaws, whether they are pinned, given up, or under a licence that is not wanted.

The trap of this field is the false green. What has no version, no data or no answer is not measured, says so, and
lowers the coverage; only what was looked up counts as clean.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from seatrial.domain import Answer, Confidence, Finding, Measurement, Severity, Status, Tool
from seatrial.errors import InspectorError, UsageError
from seatrial.inspectors.base import Context, Reason
from seatrial.inspectors.test_paths import is_test_path
from seatrial.source import Tree
from seatrial.wording import counted

from . import advisories
from .advisories import Advisory
from .database import STALE, Database
from .files import LOCKS, PARSERS, Parser
from .model import Listed, Open, Package
from .osv import Osv, Unreachable, names

VULNERABLE, PINNED, KEPT, LICENCES = (
    "dependencies/vulnerabilities", "dependencies/pinned", "dependencies/maintained", "dependencies/licences",
)  # fmt: skip
SIZE_LIMIT = 32 * 1024 * 1024
_NAMED = 8  # in one message


@dataclass
class _Read:
    """What was read."""

    listed: list[Listed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def packages(self) -> list[Package]:
        return [p for one in self.listed for p in one.packages]

    @property
    def open(self) -> list[Open]:
        return [o for one in self.listed for o in one.open]


class Dependencies:
    """Manifests and locks."""

    name = "dependencies"
    judges_by = None
    live = False
    checks = (VULNERABLE, PINNED, KEPT, LICENCES)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """Where the knowledge comes from."""
        chosen = context.settings
        return (Tool("OSV", chosen.vuln_db or chosen.osv_url or "off"),)

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a manifest."""
        there = any(True for _ in _manifests(context.tree))
        return None if there else Reason(Status.NA, "no manifest of dependencies in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """What needs no network first."""
        read = _read(context.tree)
        evidence = f"{counted(len(read.listed), 'manifest')}, {counted(len(read.packages), 'package')}"
        if not read.packages and not read.open:
            yield from (Answer.na(check, f"no dependency in {evidence}") for check in self.checks)
            return
        yield Answer.of_findings(PINNED, _pinned(read), evidence=evidence, notes=read.notes)
        yield Answer.of_findings(KEPT, _given_up(read), evidence=evidence)
        yield _licences(context, read, evidence)
        yield _vulnerabilities(context, read, evidence)


def _manifests(tree: Tree) -> Iterator[tuple[str, Parser]]:
    for file in tree.files:
        parser = next((p for pattern, p in PARSERS if pattern.search(file.path)), None)
        if parser is not None and not _locked(tree, file.path):
            yield file.path, parser


def _locked(tree: Tree, path: str) -> bool:
    """Whether a lock says more exactly what a manifest says; locks of a workspace lie above."""
    name, folder = posixpath.basename(path), posixpath.dirname(path)
    if name.endswith(".in") and path.removesuffix(".in") + ".txt" in tree.paths:
        return True
    locks = LOCKS.get(name, ())
    while locks:
        if any(posixpath.join(folder, lock) in tree.paths for lock in locks):
            return True
        if not folder:
            return False
        folder = posixpath.dirname(folder)
    return False


def _read(tree: Tree) -> _Read:
    read = _Read()
    for path, parser in _manifests(tree):
        try:
            text = tree.text(path)
            if text is None or len(text) > SIZE_LIMIT:
                raise ValueError("is no text" if text is None else "is larger than 32 MiB")
            listed = parser(path, text)
        except OSError as error:
            read.notes.append(f"{path}: not measured: {error.strerror}")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            reason = " ".join(str(error).split())[:120] or type(error).__name__
            read.notes.append(f"{path}: not measured: it cannot be read: {reason}")
            read.listed.append(Listed(path, problem=reason))
        else:
            read.listed.append(listed)
    return read


def _pinned(read: _Read) -> Iterator[Finding]:
    """Once for a file: what has no version, and what has no hash where others have one."""
    for one in read.listed:
        sure = Confidence.LOW if is_test_path(one.path) else Confidence.HIGH
        if one.open:
            named = _names(o.name for o in one.open)
            yield Finding(
                rule="dependencies/unpinned", severity=Severity.LOW, confidence=sure, location=one.open[0].at,
                message=f"no version that can be known: {named}", related=tuple(o.at for o in one.open[1:20]),
                remedy="pin every dependency, best by a lock file", anchor="unpinned",
            )  # fmt: skip
        if one.unhashed and len(one.unhashed) < len(one.packages):
            yield Finding(
                rule="dependencies/unhashed", severity=Severity.MEDIUM, confidence=sure, location=one.unhashed[0].at,
                message=f"no hash, and others have one: {_names(p.name for p in one.unhashed)}",
                remedy="pip refuses the file, or installs them unchecked: give every line its hash", anchor="unhashed",
            )  # fmt: skip


def _names(names_: Iterable[str]) -> str:
    every = list(dict.fromkeys(names_))
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more


def _given_up(read: _Read) -> Iterator[Finding]:
    for package in read.packages:
        if package.abandoned:
            yield Finding(
                rule="dependencies/abandoned", severity=Severity.LOW, confidence=Confidence.HIGH, location=package.at,
                message=f"{package.name} {package.version} was given up by its makers", subject=package.name,
                remedy=package.abandoned[:200], anchor=f"{package.ecosystem}/{package.name}",
            )  # fmt: skip


def _licences(context: Context, read: _Read, evidence: str) -> Answer:
    denied = {name.lower() for name in context.denied_licences}
    if not denied:
        return Answer.na(LICENCES, "no licence is denied by `licenses.deny`")
    known = [p for p in read.packages if p.licence]
    if not known:
        return Answer.skip(LICENCES, "no manifest tells licences; those of npm and Composer do")
    found = (
        Finding(
            rule="dependencies/licence", severity=Severity.MEDIUM, confidence=Confidence.HIGH, location=p.at,
            message=f"{p.name} {p.version} is under {p.licence[:60]}, which is denied", subject=p.name,
            anchor=f"{p.ecosystem}/{p.name}",
        )
        for p in known if not any(choice.lower() not in denied for choice in _choices(p.licence))
    )  # fmt: skip
    return Answer.of_findings(LICENCES, found, share=Fraction(len(known), len(read.packages)), evidence=evidence)


def _choices(expression: str) -> list[str]:
    """The licences that one may choose from."""
    return [part.strip(" ()") for part in expression.split(" OR ")]


@dataclass
class _Known:
    """What is known of the packages, and which could be looked up."""

    found: list[tuple[Package, Advisory]] = field(default_factory=list)
    looked_up: int = 0
    notes: list[str] = field(default_factory=list)


def _vulnerabilities(context: Context, read: _Read, evidence: str) -> Answer:
    everything = len({p.key for p in read.packages}) + len(read.open) + sum(bool(one.problem) for one in read.listed)
    try:
        readable = [p for p in read.packages if advisories.parsed(p.ecosystem, p.version) is not None]
        known = _look_up(context, readable)
    except Unreachable as error:
        reason = f"{error}: nothing was looked up; a database on disk does without a network: --vuln-db"
        return replace(Answer.skip(VULNERABLE, reason), notes=tuple(read.notes))
    except (InspectorError, UsageError) as error:
        return Answer.error(VULNERABLE, str(error), notes=read.notes)
    notes = [*read.notes, *known.notes]
    strange = {p.key for p in read.packages} - {p.key for p in readable}
    if strange:
        named = _names(f"{name} {version}" for _, name, version in sorted(strange))
        notes.append(f"versions that cannot be compared: not measured: {named}")
    if read.open:
        notes.append(f"{counted(len(read.open), 'dependency', 'dependencies')} without a version: not measured")
    if not known.looked_up:
        reason = known.notes[0] if known.notes else "no dependency has a version that is known"
        return replace(Answer.skip(VULNERABLE, reason), notes=tuple(notes))
    measured = Measurement("packages looked up", known.looked_up, "{package}")
    share = Fraction(known.looked_up, max(everything, known.looked_up))
    findings = _findings(known.found)
    return Answer.of_findings(
        VULNERABLE, findings, share=share, evidence=evidence, measurements=(measured,), notes=notes
    )


def _look_up(context: Context, packages: list[Package]) -> _Known:
    chosen = context.settings
    if chosen.vuln_db:
        return _offline(Path(chosen.vuln_db), packages)
    if chosen.osv_url in ("", "off"):
        return _Known(notes=["nothing was looked up: `osv_url` is off, and there is no `vuln_db`"])
    if not packages:
        return _Known()
    answers = Osv(chosen.osv_url, context.cache).ask(packages)
    known = _Known(looked_up=len({p.key for p in packages}))
    for package, documents in answers.items():
        known.found += _about(package, documents)
    return known


def _offline(path: Path, packages: list[Package]) -> _Known:
    database = Database(path)
    age = database.age(dt.datetime.now(dt.UTC))
    if age > STALE:
        return _Known(notes=[f"the vulnerability database is {age:.0f} days old, and says nothing of what came since"])
    by_name, ecosystems = database.read(names(packages))
    known = _Known(notes=[f"vulnerability database of {max(age, 0):.0f} days ago"])
    for missing in sorted({p.ecosystem for p in packages} - ecosystems):
        known.notes.append(f"the vulnerability database has nothing of {missing}: not measured")
    there = [p for p in packages if p.ecosystem in ecosystems]
    known.looked_up = len({p.key for p in there})
    for package in there:
        known.found += _about(package, by_name.get(package.key[:2], ()))
    return known


def _about(package: Package, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Package, Advisory]]:
    try:
        affecting = [a for d in documents if (a := advisories.of(d, package)) is not None]
    except ValueError as error:
        raise InspectorError(f"an advisory about {package.name} {error}") from None
    return ((package, one) for one in advisories.merged(affecting))


def _findings(found: Iterable[tuple[Package, Advisory]]) -> Iterator[Finding]:
    """One for each flaw of each package, at its first place; a flaw is one cause wherever it is."""
    places: dict[tuple[tuple[str, str, str], str], list[Package]] = {}
    told: dict[tuple[tuple[str, str, str], str], Advisory] = {}
    for package, advisory in found:
        places.setdefault((package.key, advisory.id), []).append(package)
        told[package.key, advisory.id] = advisory
    for (key, identity), same in sorted(places.items()):
        advisory = told[key, identity]
        first = sorted(same, key=lambda p: (is_test_path(p.at.path), p.at))
        fixed = f"upgrade {key[1]} to {advisory.fixed[0]}" if advisory.fixed else "no version fixes it yet"
        others = sorted(advisory.names - {identity})
        also = f" ({', '.join(others[:3])})" if others else ""
        number = f", CVSS {advisory.score:.1f}" if advisory.score is not None else ""
        yield Finding(
            rule=f"osv/{identity}",
            severity=advisory.severity,
            confidence=Confidence.LOW if is_test_path(first[0].at.path) else Confidence.HIGH,
            message=f"{first[0].name} {key[2]}: {identity}{also}{number}: {advisory.summary}".rstrip(": "),
            location=first[0].at,
            remedy=f"{fixed}; https://osv.dev/vulnerability/{identity}",
            related=tuple(p.at for p in first[1:10]),
            subject=first[0].name,
            anchor=f"{key[0]}/{key[1]}",
            cause=f"{identity} {key[0]}/{key[1]}",
        )
