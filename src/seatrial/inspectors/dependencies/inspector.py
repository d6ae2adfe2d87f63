"""
Dependencies: what is known of their flaws, whether they are pinned, given up, or under a licence that is not wanted.

The trap of this field is the false green. What has no version, no data or no answer is not measured, says so, and
lowers the coverage; only what was looked up counts as clean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from seatrial.domain import Answer, Confidence, Finding, Severity, Tool
from seatrial.domain.extent import Extent, ExtentPart
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.path_roles import weighed
from seatrial.inspectors.rules import Rules
from seatrial.system.extras import Extra
from seatrial.text.wording import counted, listed
from seatrial.verdict import catalogue

from .access import asked
from .model import Package, PackageKey
from .reading import DeclaredPackages, declares, read, unopened
from .rules import KEPT, LICENCES, PINNED, RULES, VULNERABLE

ABSENT = "no manifest of dependencies in the tree"
TELLING = "npm, pnpm and Composer"
_SILENT = "its lock file does not say whether it is abandoned"


class Dependencies:
    """Manifests and locks."""

    name = "dependencies"
    rules = Rules("dependencies", "osv", "safety", make=lambda: RULES)
    per_file_inputs = None
    live = False
    checks = (VULNERABLE, PINNED, KEPT, LICENCES)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """Where the knowledge comes from."""
        chosen = context.settings
        return (
            Tool("OSV", chosen.vuln_db or chosen.osv_url or "off"),
            Tool("safety", Extra.SAFETY.version if asked(chosen.safety_db) else "not asked"),
        )

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a manifest."""
        return unless(declares(context.tree), unopened(context.tree), ABSENT)

    def inspect(self, context: Context) -> Iterator[Answer]:
        """What needs no network first."""
        read_ = read(context.tree)
        evidence = f"{counted(len(read_.listed), 'manifest')}, {counted(len(read_.packages), 'package')}"
        if not read_.packages and not read_.open and not read_.unmeasured and not read_.problems:
            yield from (Answer.na(check, f"no dependency in {evidence}") for check in self.checks)
            return
        basis = rulebook.of_files((one.path for one in read_.listed), one="manifest")
        pinned = rulebook.attributed(map(weighed, _pinned(read_)), basis.subjects, names=rulebook.whole_file)
        yield Answer.of_extent(PINNED, read_.manifests, pinned, absent=ABSENT, evidence=evidence, basis=basis)
        yield _upkeep(read_, evidence)
        yield _licences(context, read_, evidence)
        yield _vulnerabilities(context, read_, evidence)


def _pinned(read: DeclaredPackages) -> Iterator[Finding]:
    """Once for a file: what has no version, and what has no hash where others have one."""
    for one in read.listed:
        if one.open:
            named = _names(o.name for o in one.open)
            yield Finding(
                rule="dependencies/unpinned", severity=Severity.LOW, confidence=Confidence.HIGH,
                location=one.open[0].at, message=f"version not pinned: {named}",
                related=tuple(o.at for o in one.open[1:20]),
                remedy="pin every dependency, best by a lock file", anchor="unpinned",
            )  # fmt: skip
        if one.unhashed and len(one.unhashed) < len(one.packages):
            yield Finding(
                rule="dependencies/unhashed", severity=Severity.MEDIUM, confidence=Confidence.HIGH,
                location=one.unhashed[0].at,
                message=f"no hash, and others have one: {_names(p.name for p in one.unhashed)}",
                remedy="pip refuses the file, or installs them unchecked: give every line its hash", anchor="unhashed",
            )  # fmt: skip


def _names(names_: Iterable[str]) -> str:
    return listed(dict.fromkeys(names_))


def _upkeep(read: DeclaredPackages, evidence: str) -> Answer:
    """
    Asked of the registries whose locks say what was given up.

    Of all other packages nothing is known, so they are not measured. Where none is measured, no database was asked.
    """
    telling = [one for one in read.listed if one.tells_upkeep]
    kept = [p for one in telling for p in one.packages]
    problems = read.problems_of(lambda one: one.tells_upkeep or not one)
    if not kept and not problems:
        return Answer.skip(KEPT, f"no lock file marks abandoned packages; those of {TELLING} do")
    known = {p.key for p in kept}
    silent = [p for p in read.packages if p.key not in known]
    extent = _unique(kept) + _unique(silent, dict.fromkeys((p.key for p in silent), _SILENT)) + problems
    basis = _packages(kept)
    found = rulebook.attributed(_given_up(kept), basis.subjects)
    return Answer.of_extent(KEPT, extent, found, absent=ABSENT, evidence=evidence, basis=basis)


def _packages(packages: Iterable[Package]) -> WeightedShare:
    every = dict.fromkeys((p.name, p.at.path) for p in packages)
    return WeightedShare(tuple(GradedSubject(name, path) for name, path in every), "dependency", "dependencies")


def _given_up(packages: Iterable[Package]) -> Iterator[Finding]:
    for package in packages:
        if package.abandoned:
            yield Finding(
                rule="dependencies/abandoned", severity=Severity.LOW, confidence=Confidence.HIGH, location=package.at,
                message=f"{package.name} {package.version} is abandoned by its maintainers", subject=package.name,
                remedy=package.abandoned[:200], anchor=f"{package.ecosystem}/{package.name}",
            )  # fmt: skip


def _unique(packages: Iterable[Package], reasons: Mapping[PackageKey, str] | None = None) -> Extent:
    """A part for each package at each version; those with a reason are not judged."""
    reasons = reasons or {}
    shown = {p.key: f"{p.name} {p.version}" for p in packages}
    judged = (name for key, name in shown.items() if key not in reasons)
    left_out = ((name, reasons[key]) for key, name in shown.items() if key in reasons)
    parts = (*map(ExtentPart, judged), *(ExtentPart(name, Fraction(0), reason) for name, reason in left_out))
    return Extent(parts, "package")


def _unknown(read: DeclaredPackages) -> Extent:
    """What is declared and has no version to ask about, and what could not be read."""
    parts = dict.fromkeys(
        (
            *(ExtentPart(o.name, Fraction(0), "no single version") for o in read.open),
            *(ExtentPart(u.name, Fraction(0), u.reason) for u in read.unmeasured),
        )
    )
    return Extent(tuple(parts), "package") + read.problems


def _licences(context: Context, read: DeclaredPackages, evidence: str) -> Answer:
    denied = {name.lower() for name in context.denied_licences}
    if not denied:
        return Answer.na(LICENCES, "no licence is denied by `licenses.deny`")
    known = [p for p in read.packages if p.licence]
    if not known and not read.problems:
        return Answer.skip(LICENCES, "no manifest states licences; lock files of npm and Composer do")
    found = (
        Finding(
            rule="dependencies/licence", severity=Severity.MEDIUM, confidence=Confidence.HIGH, location=p.at,
            message=f"{p.name} {p.version} is under {p.licence[:60]}, which is denied", subject=p.name,
            anchor=f"{p.ecosystem}/{p.name}",
        )
        for p in known if not any(choice.lower() not in denied for choice in _choices(p.licence))
    )  # fmt: skip
    without = {p.key for p in read.packages} - {p.key for p in known}
    extent = _unique(read.packages, dict.fromkeys(without, "no licence in its manifest")) + _unknown(read)
    basis = _packages(known)
    told = rulebook.attributed(found, basis.subjects)
    return Answer.of_extent(LICENCES, extent, told, absent=ABSENT, evidence=evidence, basis=basis)


def _choices(expression: str) -> list[str]:
    """The licences that one may choose from."""
    return [part.strip(" ()") for part in expression.split(" OR ")]


def _vulnerabilities(context: Context, read: DeclaredPackages, evidence: str) -> Answer:
    from . import advisories  # with requests and univers, which take longer to load than most surveys of a small tree
    from .lookup import findings, look_up

    readable = [p for p in read.packages if advisories.parsed(p.ecosystem, p.version) is not None]
    known = look_up(context, readable)
    strange = {p.key for p in read.packages} - {p.key for p in readable}
    reasons = dict.fromkeys({p.key for p in readable} - known.looked_up, "not looked up")
    extent = _unique(read.packages, reasons | dict.fromkeys(strange, "a version that cannot be compared"))
    extent += _unknown(read)
    if known.problem:
        notes = (*extent.notes, *known.notes)
        return Answer.error(VULNERABLE, known.problem, findings=findings(known.found), notes=notes)
    if not known.looked_up and not (read.problems and not readable):
        reason = known.notes[0] if known.notes else "no dependency has a version that is known"
        return replace(Answer.skip(VULNERABLE, reason), notes=tuple(dict.fromkeys((*extent.notes, *known.notes))))
    return Answer.of_extent(
        VULNERABLE,
        extent,
        findings(known.found),
        absent=ABSENT,
        evidence=evidence,
        measurements=(Measurement("packages looked up", len(known.looked_up), MeasureUnit.PACKAGES),),
        notes=known.notes,
        basis=catalogue.load().density(VULNERABLE, len(known.looked_up)),
    )
