"""A finding that is hidden, and what hides it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from . import Location, Severity


class AllowanceKind(enum.StrEnum):
    """What hides a finding, in the words that people type."""

    SEATRIAL = "seatrial: allow"
    NOSEC = "nosec"
    HADOLINT = "hadolint ignore"
    SHELLCHECK = "shellcheck disable"
    ZIZMOR = "zizmor: ignore"
    GITLEAKS = "gitleaks:allow"
    PRAGMA = "pragma: allowlist secret"
    CONFIGURATION = "scanner configuration"
    """A file such as `.bandit` or `.hadolint.yaml`."""
    SIZE = "file size"
    """The file is larger than `max_file_size`."""
    NUMBER = "number of files"
    """There are more files than `max_files`."""
    EXCLUDED = "excluded path"
    """The file moved to where nothing is surveyed."""
    WEAKENED = "path of tests or examples"
    """The file moved to where findings weigh less."""
    IGNORED = "ignored path"
    """A `.gitignore` covers the file, and git no longer tracks it."""
    LINK = "symbolic link"
    """A link has the file's place."""
    SUBMODULE = "submodule"
    """Another repository has the folder's place."""
    RENAMED = "renamed file"
    """Only the case of its name is another: some file systems take it for the same."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """One finding that the tree hides."""

    kind: AllowanceKind
    rule: str
    severity: Severity
    location: Location
    reason: str = ""
    """What the comment's line says after its word, or what took a file out of the survey. Empty for configuration."""
    by_change: bool = False
    """Whether the change under survey hides it: the base does not."""
    counts: bool = False
    """Whether it is an open finding of the report all the same."""


@dataclass(frozen=True, slots=True, order=True)
class Unjudged:
    """A file that the change took out of the survey, and whose content could not be judged."""

    path: str
    """From the repository's top level."""
    reason: str
    """`Git LFS pointer`, `binary`, `a submodule in its place`."""


def counted_by_kind(allowed: Iterable[Allowed]) -> str:
    """`9 nosec, 3 seatrial: allow`, the most frequent first."""
    numbers = Counter(one.kind for one in allowed)
    return ", ".join(f"{number} {kind}" for kind, number in sorted(numbers.items(), key=lambda p: (-p[1], p[0])))
