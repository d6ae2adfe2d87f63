"""
Dependencies: what is known of their flaws, whether they are pinned, given up, or under a licence that is not wanted.

The trap of this field is the false green. What has no version, no data or no answer is not measured, says so, and
lowers the coverage; only what was looked up counts as clean.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib import metadata

from seatrial.domain import Answer, Confidence, Finding, Severity, Status, Tool
from seatrial.inspectors.base import Context, Reason
from seatrial.inspectors.test_paths import is_test_path
from seatrial.measured import Measurement
from seatrial.source import Tree
from seatrial.wording import counted

from .access import asked
from .files import LOCKS, PARSERS, Parser
from .model import Listed, Open, Package

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
        return (
            Tool("OSV", chosen.vuln_db or chosen.osv_url or "off"),
            Tool("safety", metadata.version("safety") if asked(chosen.safety_db) else "not asked"),
        )

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


def _vulnerabilities(context: Context, read: _Read, evidence: str) -> Answer:
    from . import advisories  # with requests and univers, which take longer to load than most surveys of a small tree
    from .lookup import findings, look_up

    everything = len({p.key for p in read.packages}) + len(read.open) + sum(bool(one.problem) for one in read.listed)
    readable = [p for p in read.packages if advisories.parsed(p.ecosystem, p.version) is not None]
    known = look_up(context, readable)
    notes = [*read.notes, *known.notes]
    strange = {p.key for p in read.packages} - {p.key for p in readable}
    if strange:
        named = _names(f"{name} {version}" for _, name, version in sorted(strange))
        notes.append(f"versions that cannot be compared: not measured: {named}")
    if read.open:
        notes.append(f"{counted(len(read.open), 'dependency', 'dependencies')} without a version: not measured")
    if known.problem:
        return Answer.error(VULNERABLE, known.problem, findings=findings(known.found), notes=notes)
    if not known.looked_up:
        reason = known.notes[0] if known.notes else "no dependency has a version that is known"
        return replace(Answer.skip(VULNERABLE, reason), notes=tuple(notes))
    count = len(known.looked_up)
    return Answer.of_findings(
        VULNERABLE,
        findings(known.found),
        share=Fraction(count, max(everything, count)),
        evidence=evidence,
        measurements=(Measurement("packages looked up", count, "{package}"),),
        notes=notes,
    )
