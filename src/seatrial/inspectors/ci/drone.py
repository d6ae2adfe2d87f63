"""Drone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import containers
from .model import CiFile, CiSystem, PipelineJob

SYSTEM = CiSystem.DRONE
PATHS = re.compile(r"^\.drone\.ya?ml$")
YAML = True


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """Every step of every pipeline."""
    return containers.jobs(SYSTEM, file, "trigger")
