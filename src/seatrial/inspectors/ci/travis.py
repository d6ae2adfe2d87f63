"""
Travis CI: it builds pull requests and pushes, unless a condition says otherwise.

Source: https://docs.travis-ci.com/user/job-lifecycle/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import commands, parsing
from .model import CiFile, CiSystem, PipelineJob, Trigger

SYSTEM = CiSystem.TRAVIS
PATHS = re.compile(r"^\.travis\.ya?ml$")
YAML = True
_PHASES = ("before_install", "install", "before_script", "script", "after_success", "deploy")


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """The job of the file, and those of its matrix."""
    for one in parsing.mappings(file.root):
        text = "\n".join(parsing.lines(one[phase]) for phase in _PHASES)
        if text.strip():
            narrow = re.search(r"\b(?:branch|tag)\s*(?:=|IS)", one["if"].text)
            triggers = Trigger.PUSH if narrow else Trigger.PULL_REQUEST | Trigger.ANY_PUSH
            yield PipelineJob(SYSTEM, one.at, one["name"].text or "job", triggers, commands.expanded(file.whole, text))
