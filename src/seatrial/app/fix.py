"""`seatrial fix`: find the fixes, then write them or show them."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from seatrial.app.runner import Prepared
from seatrial.domain.errors import UsageError
from seatrial.domain.patches import Fixes, FixSafety, Patch
from seatrial.fixing.registry import FIXERS
from seatrial.fixing.rounds import Rounds
from seatrial.report.text import printable
from seatrial.system.sinks import UNFINISHED, give_to_owner_of
from seatrial.text.vault import VAULT
from seatrial.text.wording import counted


@dataclass(frozen=True, slots=True)
class FixRequest:
    """What the user asks for."""

    rules: tuple[str, ...] = ()
    unsafe: bool = False
    dry: bool = False
    """Show the patches, write nothing."""


def run(prepared: Prepared, wanted: FixRequest) -> Iterator[str]:
    """
    Fix the tree; yields lines for people.

    Raises:
        UsageError: a rule has no fix, or a file cannot be written.
    """
    _known(wanted.rules)
    kinds = frozenset(FixSafety) if wanted.unsafe else frozenset({FixSafety.SAFE})
    rounds = Rounds(prepared.context, prepared.catalogue, prepared.config.disabled, wanted=kinds, rules=wanted.rules)
    fixes = rounds.find()
    for patch in fixes.patches:
        if wanted.dry:
            yield from _shown(patch)
        else:
            _write(prepared.context.tree.root, patch)
    if wanted.dry and fixes.patches:
        yield ""
    yield from _told(fixes, wanted)


def _shown(patch: Patch) -> Iterator[str]:
    """
    A patch in unified format. Values of secrets are masked in every line, also in those around a change.

    A short password is in no vault, because masking it everywhere would make texts unreadable; its name gives it away.
    """
    shown = VAULT.masker.text(patch.masked.diff)
    yield shown.rstrip("\n")
    if shown != patch.diff:
        yield printable(
            f"# {patch.path}: secrets are masked, so `git apply` refuses this patch; `seatrial fix` makes it."
        )


def _known(rules: Collection[str]) -> None:
    for name in rules:
        if not any(rule == name or rule.startswith(f"{name.rstrip('/')}/") for rule in FIXERS):
            raise UsageError(
                f"no fix is known for {name!r}", where="--rule", remedy=f"known: {', '.join(sorted(FIXERS))}"
            )


def _told(fixes: Fixes, wanted: FixRequest) -> Iterator[str]:
    for patch in fixes.patches:
        yield printable(f"{patch.path}:" if patch.before is not None else f"{patch.path} (new):")
        for fix in patch.fixes:
            mark = "" if fix.safety is FixSafety.SAFE else " (unsafe)"
            yield VAULT.masker.text(printable(f"  {fix.finding.rule:<30} {fix.sentence}{mark}"))
    number = len(fixes.fixed)
    done = "can be fixed" if wanted.dry else "fixed"
    files = f" in {counted(len(fixes.patches), 'file')}" if number else ""
    yield f"{counted(number, 'finding')} {done}{files}."
    if fixes.withheld:
        yield f"{counted(len(fixes.withheld), 'more fix', 'more fixes')} may change what works: add --unsafe-fixes."


def _write(root: Path, patch: Patch) -> None:
    """
    Write a file whole or not at all; it keeps its permissions.

    Raises:
        UsageError: it has changed meanwhile, or cannot be written.
    """
    path = root / patch.path
    start, end = UNFINISHED
    try:
        mode = _mode(path, patch)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{start}{path.name}.", suffix=end)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(patch.after.encode())
                os.fchmod(file.fileno(), mode)
                give_to_owner_of(path.parent, file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(path)) from error


def _mode(path: Path, patch: Patch) -> int:
    if patch.before is None:
        if path.is_symlink() or path.exists():
            raise UsageError("was made meanwhile", where=str(path), remedy="run `seatrial fix` again")
        return 0o644
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or path.read_bytes() != patch.before.encode():
        raise UsageError("has changed meanwhile", where=str(path), remedy="run `seatrial fix` again")
    return stat.S_IMODE(status.st_mode)
