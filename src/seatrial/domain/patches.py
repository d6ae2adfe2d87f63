"""What the fixes of a tree come to: a patch for each file, and the fixes that it holds."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from seatrial.text.lines import split
from seatrial.text.redact import masked_lines

from . import Finding


class FixSafety(enum.StrEnum):
    """Whether a fix may be applied without a look at it, as Ruff defines it."""

    SAFE = "safe"
    """A working deployment works as before; only what happens in a failure changes."""
    UNSAFE = "unsafe"
    """It may change what works: a limit may be too low, a program may need what it loses."""


_NO_END = "\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class Fixed:
    """One fix: the finding that it removes, and how."""

    finding: Finding
    title: str
    safety: FixSafety
    path: str
    """The file that it changes."""

    names: tuple[str, ...] = ()
    """The services or jobs that it changes, where there are such."""

    @property
    def sentence(self) -> str:
        """`add a healthcheck: db, cache`."""
        about = ", ".join(self.names) or self.finding.subject
        return f"{self.title}: {about}" if about else self.title


@dataclass(frozen=True, slots=True)
class Patch:
    """What changes in one file."""

    path: str
    before: str | None
    """None: the file is new."""
    after: str
    fixes: tuple[Fixed, ...]

    @property
    def safe(self) -> bool:
        """Whether all its fixes are safe."""
        return all(fix.safety is FixSafety.SAFE for fix in self.fixes)

    @property
    def diff(self) -> str:
        """In unified format, as `git apply` takes it."""
        return self.unified()

    @property
    def masked(self) -> Patch:
        """The same without values of secrets, for people: it does not apply where the file holds one."""
        before = None if self.before is None else _masked(self.before)
        return replace(self, before=before, after=_masked(self.after))

    def unified(self, context: int = 3) -> str:
        """The same with more or fewer unchanged lines around each change."""
        old = "/dev/null" if self.before is None else f"a/{self.path}"
        before, after = split(self.before or "", keep_ends=True), split(self.after, keep_ends=True)
        return "".join(_ended(difflib.unified_diff(before, after, old, f"b/{self.path}", n=context)))


def _masked(text: str) -> str:
    return "".join(masked_lines(split(text, keep_ends=True)))


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}"


@dataclass(frozen=True, slots=True)
class Fixes:
    """Everything that can be fixed in a tree, and what is left."""

    patches: tuple[Patch, ...] = ()
    withheld: tuple[Fixed, ...] = ()
    """Unsafe fixes, where only safe ones were wanted."""
    left: tuple[Finding, ...] = ()
    """What is found in the tree once all patches are applied, worst first; withheld ones among them."""

    @property
    def fixed(self) -> Sequence[Fixed]:
        """All fixes of all patches."""
        return [fix for patch in self.patches for fix in patch.fixes]
