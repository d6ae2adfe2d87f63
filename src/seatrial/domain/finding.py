"""A finding: one thing that is wrong, and where. Its fingerprint survives a move to another line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from seatrial.domain.grading import Grade
from seatrial.domain.severity import Confidence, Severity


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the repository. Lines and columns count from 1, as report formats want them; 0 means none."""

    path: str
    """Relative to the surveyed tree, with `/`."""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    folder: str = field(default="", compare=False, repr=False)
    """The surveyed directory's path in the repository; empty for the repository itself, and until it is known."""

    @property
    def repository_path(self) -> str:
        """The path as git names it. What readers see; identity hangs on `path`."""
        return f"{self.folder}/{self.path}" if self.folder else self.path

    def __str__(self) -> str:
        """`path:line:column` from the repository's root, as far as known: terminals make it a link."""
        return ":".join([self.repository_path, *(str(n) for n in (self.line, self.column) if n)])


ABSENT = "absent"
"""The anchor of a practice's finding that is about the repository, and not about one thing in it."""
_OF_THE_WHOLE = "practices/"
"""Rules of this family alone leave the path out: the anchor of another rule can be text of a hostile file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. There are no findings that say something is fine."""

    rule: str
    """`family/name`, for instance `bandit/B602`, `compose/privileged`, `secrets/github-pat`."""
    severity: Severity
    confidence: Confidence
    message: str
    """One sentence: what is wrong here. Never holds a secret."""
    location: Location
    remedy: str = ""
    """What to do, as text or as a snippet to paste."""
    related: tuple[Location, ...] = ()
    subject: str = ""
    """The thing inside the file that it is about: a Compose service, a workflow's job."""
    anchor: str = field(default="", repr=False)
    """
    What identifies this occurrence: normalised source text or a structural path, already redacted.
    Line numbers move when unrelated text does, so identity hangs on this instead.
    """
    occurrence: int = 1
    """The n-th finding with this rule, path and anchor, from the top of the file."""
    cause: str = ""
    """Findings with one cause have one fix; empty: this finding is its own cause."""
    commit: str = ""
    """The commit that holds it, if it is no longer in the tree (history scans)."""
    about: tuple[str, ...] = field(default=(), repr=False)
    """The keys of the subjects that it makes wrong (grading.Judged); empty: all that its check is about."""
    joined: tuple[Finding, ...] = field(default=(), compare=False, repr=False)
    """What inspectors reported of the same fact, this one included; empty if only one did. Not in any report."""

    @property
    def is_nowhere(self) -> bool:
        """
        Whether it is about something that the whole repository lacks. Its path is only a place to show it.

        The path is then the first file that shows what the repository is. A new file with an earlier name takes its
        place, and the finding is the same one.
        """
        return self.anchor == ABSENT and self.rule.startswith(_OF_THE_WHOLE)

    @property
    def fingerprint(self) -> str:
        """An identity that survives a move to another line and changes with the code; 32 hex digits."""
        text = "\0".join((*_kin(self), str(self.occurrence)))
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]

    def placed(self, folder: str) -> Finding:
        """The same finding, in a directory of the repository that was surveyed by itself."""
        related = tuple(replace(at, folder=folder) for at in self.related)
        return replace(self, location=replace(self.location, folder=folder), related=related)

    @property
    def counts_as(self) -> Severity:
        """The severity that it counts as: a guess counts as low."""
        return Severity.LOW if self.confidence is Confidence.LOW else self.severity

    @property
    def grade(self) -> Grade:
        """What it counts as: its severity, or a guess."""
        return Grade.of(self)

    @property
    def root(self) -> str:
        """The root cause that this finding belongs to."""
        return self.cause or self.fingerprint


def numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in a stable order, with `occurrence` counted from the top of each file."""
    seen: Counter[tuple[str, str, str]] = Counter()
    result = []
    for finding in sorted(findings, key=_position):
        key = _kin(finding)
        seen[key] += 1
        result.append(replace(finding, occurrence=seen[key]))
    return tuple(sorted(result, key=in_order))


def _kin(finding: Finding) -> tuple[str, str, str]:
    """Rule, path and anchor: what only its occurrence tells it apart from."""
    path = "" if finding.is_nowhere else finding.location.path
    return finding.rule, path, " ".join(finding.anchor.split())


def _position(finding: Finding) -> tuple[object, ...]:
    return (
        finding.location, finding.rule, finding.commit, finding.subject, finding.message, finding.anchor,
        finding.severity, finding.confidence, finding.cause, finding.remedy, finding.related, finding.about,
    )  # fmt: skip


def worst_first(finding: Finding) -> tuple[int, bool, int]:
    """The key by which findings are shown: by what they count as, guesses last, then by what a guess would be."""
    return -finding.counts_as, finding.confidence is Confidence.LOW, -finding.severity


def in_order(finding: Finding) -> tuple[object, ...]:
    """The key of the one order of findings: worst first, then rule and place."""
    return (*worst_first(finding), finding.rule, *_position(finding))
