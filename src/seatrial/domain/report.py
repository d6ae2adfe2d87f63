"""A report: everything that one run established."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .answer import Answer
from .finding import Finding, in_order


@dataclass(frozen=True, slots=True)
class Subject:
    """What was surveyed."""

    name: str
    """The directory's or repository's name, for people."""
    commit: str = ""
    """Full object name of HEAD; empty outside git and before the first commit."""
    folder: str = field(default="", kw_only=True)
    """The surveyed directory's path in its repository, with `/`; empty for the repository itself."""
    dirty: bool = False
    """Whether the tree differs from `commit`."""
    digest: str = ""
    """SHA-256 over the surveyed paths and contents."""
    files: int = 0
    size: int = 0
    """Bytes of the surveyed files."""
    notes: tuple[str, ...] = ()
    """What of the tree was left out, and why."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that took part, with the version that the answers depend on."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one run established. The same tree, tools and settings give an equal report."""

    subject: Subject
    answers: tuple[Answer, ...]
    tools: tuple[Tool, ...] = ()
    seed: int = 0
    interrupted: bool = False
    started: str = field(default="", compare=False)
    """RFC 3339, UTC; volatile."""
    duration: float = field(default=0.0, compare=False)
    """Seconds; volatile."""

    def __post_init__(self) -> None:
        """Sort, so that equal reports are equal byte for byte; and say where in the repository each finding is."""
        folder = self.subject.folder
        answers = (
            a if not folder else replace(a, findings=tuple(f.placed(folder) for f in a.findings)) for a in self.answers
        )
        object.__setattr__(self, "answers", tuple(sorted(answers, key=lambda a: a.check)))
        object.__setattr__(self, "tools", tuple(sorted(self.tools, key=lambda t: t.name)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, worst first; what several checks ask about is listed once."""
        return tuple(sorted(dict.fromkeys(f for a in self.answers for f in a.findings), key=in_order))

    def __iter__(self) -> Iterator[Answer]:
        """The answers, by check."""
        return iter(self.answers)
