"""Woodpecker CI."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import containers
from .model import CiFile, CiSystem, PipelineJob

SYSTEM = CiSystem.WOODPECKER
PATHS = re.compile(r"^\.woodpecker(?:\.ya?ml|/.+\.ya?ml)$")
YAML = True


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """Every step."""
    return containers.jobs(SYSTEM, file, "when")
