"""Fixes of the list of variables that a deployment has to set."""

from __future__ import annotations

import re
from collections.abc import Sequence

from seatrial.domain.patches import FixSafety
from seatrial.inspectors.environment.inspector import needed

from .edits import Edit
from .model import Fixer, FixTarget, Proposal

_NEW = ".env.example"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _documented(target: FixTarget) -> Proposal | None:
    """A line for the variable, without a value: what it is for, only its author knows."""
    path, _, line = target.finding.remedy.partition(":\n")
    text = target.sources.text(path)
    if text is None or not _NAME.fullmatch(line.removesuffix("=")):
        return None
    gap = "" if not text or text.endswith("\n") else "\n"
    return Proposal((Edit(len(text), len(text), f"{gap}{line}\n", line),), path=path)


def _example(target: FixTarget) -> Proposal | None:
    names: Sequence[str] = [name for name in needed(target.sources.tree) if _NAME.fullmatch(name)]
    if not names or _NEW in target.sources.tree.paths:
        return None
    lines = ["# What has to be set before the application runs.", *(f"{name}=" for name in names)]
    return Proposal((Edit(0, 0, "".join(f"{line}\n" for line in lines)),), path=_NEW)


FIXERS: tuple[Fixer, ...] = (
    Fixer("environment/undocumented", "document the variable", FixSafety.SAFE, _documented),
    Fixer("environment/no-example", "write an example of the environment", FixSafety.SAFE, _example),
)
