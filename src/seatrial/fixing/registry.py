"""Every rule that a program can fix."""

from __future__ import annotations

from collections.abc import Mapping

from . import compose, dockerfile, variables, workflow
from .model import Fixer

FIXERS: Mapping[str, Fixer] = {
    fixer.rule: fixer for fixer in (*compose.FIXERS, *dockerfile.FIXERS, *workflow.FIXERS, *variables.FIXERS)
}
"""By rule."""
