"""
Azure Pipelines.

Without `pr:` every pull request is built, without `trigger:` every branch.
Source: https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from seatrial.inspectors.whole import Whole
from seatrial.inspectors.yaml_view import YamlView

from . import commands, parsing
from .model import CiFile, CiSystem, PipelineJob, Trigger

SYSTEM = CiSystem.AZURE
PATHS = re.compile(
    r"^(?:\.?azure-?pipelines[\w.-]*\.ya?ml|\.(?:azure|azuredevops|azure-pipelines|pipelines)/[^/]+\.ya?ml)$"
)
YAML = True
_SCRIPTS = ("script", "bash", "pwsh", "powershell")
_DEPTH = 5


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """Every job of every stage; the steps at the top are one."""
    root = file.root
    if not any(key in root for key in ("steps", "jobs", "stages", "extends")):
        return
    triggers = _triggers(root)
    found = [one for one in parsing.mappings(root) if one["steps"] or one["template"]["steps"]]
    named = [one for one in found if one["job"] or one["deployment"]] or [root]
    for one in named:
        texts, used, unseen = _collected(file.whole, one, _DEPTH)
        name = one["job"].text or one["deployment"].text or "pipeline"
        text = commands.expanded(file.whole, "\n".join(texts))
        place = one["environment"].text or one["environment"]["name"].text
        yield PipelineJob(SYSTEM, one.at, name, triggers, text, tuple(used), tuple(unseen), place)


def _triggers(root: YamlView) -> Trigger:
    found = Trigger.NONE
    if root["pr"].text != "none":
        found |= Trigger.PULL_REQUEST
    if root["trigger"].text != "none":
        found |= Trigger.PUSH if root["trigger"] else Trigger.ANY_PUSH
    return found | (Trigger.SCHEDULE if root["schedules"] else Trigger.NONE)


def _collected(whole: Whole, view: YamlView, depth: int) -> tuple[list[str], list[str], list[str]]:
    """Scripts, tasks, and templates that lie elsewhere."""
    texts: list[str] = []
    used: list[str] = []
    unseen: list[str] = []
    for one in parsing.mappings(view):
        texts += [one[key].text for key in _SCRIPTS if one[key].text]
        if task := one["task"].text:
            used.append(task.partition("@")[0].lower())
            texts += [f"{task.partition('@')[0]} {text.text}" for text in one["inputs"].texts()]
        template = one["template"].text
        if template and "@" in template:
            unseen.append(template)
        elif template and depth:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(one.path), template))
            for root in parsing.load(whole, template.lstrip("/") if template.startswith("/") else path):
                for mine, more in zip((texts, used, unseen), _collected(whole, root, depth - 1), strict=True):
                    mine += more
    return texts, used, unseen
