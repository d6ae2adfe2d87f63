"""What is wrong in a build stage is not in the image that is shipped, and is worth less."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.dockerfile.syntax import BuildStage, Dockerfile


def in_stage(file: Dockerfile, stage: BuildStage, severity: Severity) -> tuple[Severity, str]:
    """The severity in a stage, and what the message says of it: nothing if the stage is shipped."""
    if file.is_shipped(stage):
        return severity, ""
    return min(severity, Severity.LOW), " (in a build stage)"
