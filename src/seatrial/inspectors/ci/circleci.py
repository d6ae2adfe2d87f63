"""
CircleCI.

It builds every push to every branch, and shows that at the pull request. Source: https://circleci.com/docs/configuration-reference/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.yaml_view import YamlView

from . import commands, parsing
from .model import CiFile, CiSystem, PipelineJob, Trigger

SYSTEM = CiSystem.CIRCLECI
PATHS = re.compile(r"^\.circleci/(?:config|continue-?config)\.ya?ml$")
YAML = True
_ALWAYS = Trigger.PULL_REQUEST | Trigger.ANY_PUSH
_DEPTH = 4


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """Every job that a workflow runs; without workflows, `build`."""
    root = file.root
    wanted = list(_wanted(root))
    for name, settings, scheduled in wanted:
        view = root["jobs"][name]
        triggers = Trigger.SCHEDULE if scheduled else _triggers(settings)
        text, used = _steps(root, view["steps"], _DEPTH)
        if not view:
            used = (name.lower(), *used)
        at = root["jobs"].key_at(name) if view else root.key_at("workflows")
        yield PipelineJob(SYSTEM, at, name, triggers, commands.expanded(file.whole, text), used)


def _wanted(root: YamlView) -> Iterator[tuple[str, YamlView, bool]]:
    """Names of jobs, what their workflow says of each, and whether only the clock starts it."""
    none = YamlView(root.path, None)
    if not root["workflows"]:
        yield from ((name, none, False) for name in root["jobs"].entries)
        return
    for _, workflow in root["workflows"].entries.values():
        scheduled = any("schedule" in one for one in workflow["triggers"].items)
        for item in workflow["jobs"].items if workflow["jobs"].is_list else ():
            if item.is_map:
                yield from ((name, settings, scheduled) for name, (_, settings) in item.entries.items())
            else:
                yield item.text, none, scheduled


def _triggers(settings: YamlView) -> Trigger:
    if settings["type"].text == "approval":
        return Trigger.MANUAL
    filters = settings["filters"]
    if filters["branches"]["only"]:
        return Trigger.PUSH
    if filters["tags"]["only"] and filters["branches"]["ignore"]:
        return Trigger.TAG
    return _ALWAYS


def _steps(root: YamlView, steps: YamlView, depth: int) -> tuple[str, tuple[str, ...]]:
    texts: list[str] = []
    used: list[str] = []
    for step in steps.items if steps.is_list else ():
        names = step.entries if step.is_map else {step.text: (None, step)}
        for name in names:
            value = step[name] if step.is_map else step
            if name == "run":
                texts.append(value["command"].text or value.text)
            elif name in ("when", "unless") or (root["commands"][name] and depth):
                inner = value["steps"] if name in ("when", "unless") else root["commands"][name]["steps"]
                text, more = _steps(root, inner, depth - 1)
                texts.append(text)
                used += more
            else:
                used.append(name.lower())
                texts += [one.text for one in parsing.flat(value["script"])] if value.is_map else []
    return "\n".join(texts), tuple(used)
