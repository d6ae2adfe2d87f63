"""
Accepted findings. A waiver opens the gate and lifts the cap; it never adds points, and it ends.

Pure: `today` is a parameter, and reading waivers from a file is `settings/config.py`'s work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from seatrial.text.globs import Globs

from . import Finding, Severity
from .errors import UsageError

LONGEST = dt.timedelta(days=90)
LONGEST_CRITICAL = dt.timedelta(days=30)
"""For a critical finding."""
NOTICE = dt.timedelta(days=14)
"""How long before its end a waiver is pointed out."""
SHORTEST_REASON = 20
"""Characters. Less says nothing to a reader in three months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """
    One acceptance, of one finding by its fingerprint, or of all that a rule finds under a path.

    Raises:
        UsageError: it accepts nothing or too much, says too little, or runs too long.
    """

    reason: str
    """Why it is acceptable, for now."""
    owner: str
    """The owner, who is responsible for it."""
    created: dt.date
    """From this day on."""
    expires: dt.date
    """The last day on which it holds."""
    fingerprint: str = ""
    rule: str = ""
    """A rule as findings spell it, `compose/privileged`."""
    path: str = ""
    """A glob as in `.gitignore`; with `rule`."""
    approved_by: str = ""
    ticket: str = ""
    where: str = field(default="", compare=False)
    """The place in the configuration, for messages."""

    def __post_init__(self) -> None:
        """Refuse a waiver that could not be kept."""
        for wrong, text in (
            (bool(self.fingerprint) == bool(self.rule), "a waiver names either a fingerprint or a rule with a path"),
            (bool(self.rule) != bool(self.path.strip()), "rule and path belong together; the path ** is everywhere"),
            (len(self.reason.strip()) < SHORTEST_REASON, f"the reason has fewer than {SHORTEST_REASON} characters"),
            (not self.owner.strip(), "the owner is missing"),
            (self.expires < self.created, "it expires before it was created"),
            (self.length > LONGEST, f"it runs for {self.length.days} days; at most {LONGEST.days} are possible"),
        ):
            if wrong:
                raise UsageError(f"waiver of {self.target}: {text}", where=self.where)

    @property
    def target(self) -> str:
        """What it accepts, in a word."""
        return self.fingerprint or f"{self.rule or '(nothing)'} in {self.path or '(nowhere)'}"

    @property
    def length(self) -> dt.timedelta:
        """From the first day to the last."""
        return self.expires - self.created

    def expired(self, today: dt.date) -> bool:
        """Whether its last day is over."""
        return today > self.expires

    def in_force(self, today: dt.date) -> bool:
        """Whether it holds today. One from the future does not: else dates ahead would make it last for years."""
        return self.created <= today <= self.expires


@dataclass(frozen=True, slots=True)
class WaiverMatch:
    """A waiver in force, and what it accepts here."""

    waiver: Waiver
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Waived:
    """What some waivers come to on one day for some findings."""

    fingerprints: frozenset[str] = frozenset()
    """Of the findings that no longer cap or block."""
    matches: tuple[WaiverMatch, ...] = ()
    expired: tuple[Waiver, ...] = ()
    """Over, while what they accepted is still there: they close the gate until they are decided again."""
    expiring: tuple[Waiver, ...] = ()
    """In force for at most another 14 days, soonest first."""
    unused: tuple[Waiver, ...] = ()
    """They match nothing that this run found."""
    early: tuple[Waiver, ...] = ()
    """Their first day is yet to come."""
    too_long: tuple[Waiver, ...] = ()
    """They match a critical finding and run for longer than a critical one can be waived; they do not cover it."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the policy's author should tidy up, a sentence each."""
        unused = (f"The waiver of {w.target} matches nothing that was found; delete it when done." for w in self.unused)
        early = (f"The waiver of {w.target} begins only on {w.created}." for w in self.early)
        too_long = (
            f"The waiver of {w.target} covers no critical finding: its {w.length.days} days are more than "
            f"{LONGEST_CRITICAL.days}."
            for w in self.too_long
        )
        return (*too_long, *early, *unused)

    @property
    def notices(self) -> tuple[str, ...]:
        """What ends soon, a sentence each."""
        return tuple(f"The waiver of {w.target} ends after {w.expires}; its owner is {w.owner}." for w in self.expiring)


def apply(waivers: Iterable[Waiver], findings: Iterable[Finding], today: dt.date) -> Waived:
    """
    Match waivers with findings.

    A finding that any waiver in force covers is waived. A waiver that has expired counts as expired only while it
    matches something that no other waiver covers: one whose finding was fixed is merely unused.
    """
    found = tuple(findings)
    ordered = sorted(waivers, key=lambda w: (w.expires, w.target, w.created))
    matched = {index: _matching(waiver, found) for index, waiver in enumerate(ordered)}
    matches, too_long = [], []
    for index, waiver in enumerate(ordered):
        covered = tuple(f for f in matched[index] if _may_cover(waiver, f))
        if waiver.in_force(today) and covered:
            matches.append(WaiverMatch(waiver, covered))
        if waiver.in_force(today) and len(covered) < len(matched[index]):
            too_long.append(waiver)
    fingerprints = frozenset(f.fingerprint for match in matches for f in match.findings)
    used = [(waiver, matched[index]) for index, waiver in enumerate(ordered) if matched[index]]
    return Waived(
        fingerprints=fingerprints,
        matches=tuple(matches),
        expired=tuple(w for w, fs in used if w.expired(today) and any(f.fingerprint not in fingerprints for f in fs)),
        expiring=tuple(match.waiver for match in matches if match.waiver.expires - today <= NOTICE),
        unused=tuple(waiver for index, waiver in enumerate(ordered) if not matched[index]),
        early=tuple(waiver for waiver, _ in used if waiver.created > today),
        too_long=tuple(too_long),
    )


def _matching(waiver: Waiver, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    if waiver.fingerprint:
        return tuple(f for f in findings if f.fingerprint == waiver.fingerprint)
    glob = Globs([waiver.path])
    return tuple(f for f in findings if f.rule == waiver.rule and glob.match(f.location.path))


def _may_cover(waiver: Waiver, finding: Finding) -> bool:
    return finding.severity is not Severity.CRITICAL or waiver.length <= LONGEST_CRITICAL
