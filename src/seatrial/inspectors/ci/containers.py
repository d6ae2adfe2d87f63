"""
Systems whose steps are containers with commands: Woodpecker, and Drone, which it comes from.

Without conditions a step runs for every event, pull requests included; `branch` is then the branch to merge into.
Sources: https://woodpecker-ci.org/docs/usage/workflow-syntax and https://docs.drone.io/pipeline/triggers/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.inspectors.yaml_view import YamlView

from . import commands, parsing
from .model import CiFile, CiSystem, PipelineJob, Trigger

_ALWAYS = Trigger.PULL_REQUEST | Trigger.ANY_PUSH
_EVENTS = {
    "pull_request": Trigger.PULL_REQUEST,
    "push": Trigger.PUSH,
    "tag": Trigger.TAG,
    "release": Trigger.TAG,
    "cron": Trigger.SCHEDULE,
    "manual": Trigger.MANUAL,
    "custom": Trigger.MANUAL,
    "deployment": Trigger.MANUAL,
    "promote": Trigger.MANUAL,
}


def jobs(system: CiSystem, file: CiFile, key: str) -> Iterator[PipelineJob]:
    """
    Every step.

    Args:
        system: whose file it is.
        file: the file.
        key: where the pipeline's own conditions are: `when` or `trigger`.
    """
    for root in file.documents:
        outer = _triggers(root[key], _ALWAYS)
        steps = root["steps"] or root["pipeline"]
        named = [(name, value) for name, (_, value) in steps.entries.items()] if steps.is_map else []
        for name, step in named or [(item["name"].text, item) for item in steps.items]:
            image = step["image"].text.partition(":")[0].lower()
            text = commands.expanded(file.whole, parsing.lines(step["commands"]))
            inner = _triggers(step["when"], outer)
            yield PipelineJob(system, step.at, name or "step", inner, text, (image,) if image else ())


def _triggers(conditions: YamlView, outer: Trigger) -> Trigger:
    """What the conditions leave of the events; several sets of conditions are alternatives."""
    found = Trigger.NONE
    for one in conditions.items if conditions.is_list else (conditions,):
        event = one["event"]
        names = {item.text for item in (event["include"] if event.is_map else event).items}
        wanted = Trigger.NONE
        for name in names:
            wanted |= _EVENTS.get(name, Trigger.NONE)
        found |= wanted if names else outer
    return found
