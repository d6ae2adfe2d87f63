"""
Bitbucket Pipelines: `default` builds every branch without a section of its own.

Source: https://support.atlassian.com/bitbucket-cloud/docs/pipeline-start-conditions/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import commands, parsing
from .model import CiFile, CiSystem, PipelineJob, Trigger

SYSTEM = CiSystem.BITBUCKET
PATHS = re.compile(r"^bitbucket-pipelines\.ya?ml$")
YAML = True
_SECTIONS = {
    "default": Trigger.PULL_REQUEST | Trigger.ANY_PUSH,
    "pull-requests": Trigger.PULL_REQUEST,
    "branches": Trigger.PUSH,
    "tags": Trigger.TAG,
    "custom": Trigger.MANUAL,
}


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """Every step of every section."""
    for section, triggers in _SECTIONS.items():
        for step in parsing.mappings(file.root["pipelines"][section]):
            script = step["script"]
            if not script:
                continue
            used = tuple(one["pipe"].text.partition(":")[0].lower() for one in script.items if one["pipe"])
            text = "\n".join(one.text for one in script.texts())
            at, name = step.at, step["name"].text or section
            ran = commands.expanded(file.whole, text)
            yield PipelineJob(SYSTEM, at, name, triggers, ran, used, environment=step["deployment"].text)
