"""Woodpecker CI."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import containers
from .model import CiFile, CiSystem, Job

SYSTEM = CiSystem.WOODPECKER
PATHS = re.compile(r"^\.woodpecker(?:\.ya?ml|/.+\.ya?ml)$")
YAML = True


def jobs(file: CiFile) -> Iterator[Job]:
    """Every step."""
    return containers.jobs(SYSTEM, file, "when")
