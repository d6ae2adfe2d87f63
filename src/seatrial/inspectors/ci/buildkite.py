"""
Buildkite. Which events build a pipeline is set on its pages, where pull requests are built by default.

Source: https://buildkite.com/docs/pipelines/configure/step-types/command-step
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.yaml_view import YamlView

from . import commands, parsing
from .model import CiFile, CiSystem, PipelineJob, Trigger

SYSTEM = CiSystem.BUILDKITE
PATHS = re.compile(r"^\.?buildkite/(?:.*/)?[^/]*pipeline[^/]*\.ya?ml$|^buildkite\.ya?ml$")
YAML = True


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """Every step, those of groups too."""
    steps = file.root["steps"] or file.root
    for step in parsing.mappings(steps):
        text = "\n".join(parsing.lines(step[key]) for key in ("command", "commands"))
        used = tuple(_plugins(step["plugins"]))
        if text.strip() or used:
            narrow = step["branches"] or re.search(r"build\.branch\s*==|build\.tag", step["if"].text)
            triggers = Trigger.PUSH if narrow else Trigger.PULL_REQUEST | Trigger.ANY_PUSH
            name = step["label"].text or step["key"].text or "step"
            yield PipelineJob(SYSTEM, step.at, name, triggers, commands.expanded(file.whole, text), used)


def _plugins(plugins: YamlView) -> Iterator[str]:
    for one in plugins.items if plugins.is_list else (plugins,):
        for name in one.entries if one.is_map else filter(None, (one.text,)):
            yield name.partition("#")[0].lower()
