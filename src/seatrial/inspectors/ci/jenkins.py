"""
Jenkins: the stages of a declarative pipeline, and the shell steps of any Jenkinsfile.

A Jenkinsfile does not say which branches build it; a multibranch project builds changes too, unless a stage says that
it wants a branch. Source: https://www.jenkins.io/doc/book/pipeline/syntax/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Location

from . import commands
from .model import CiFile, CiSystem, PipelineJob, Trigger

SYSTEM = CiSystem.JENKINS
PATHS = re.compile(r"^(?:[^/]+/){0,2}Jenkinsfile(?:[._-][^/]*)?$|^(?:[^/]+/){0,2}[^/]+\.jenkinsfile$")
YAML = False
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"\w])//[^\n]*", re.DOTALL)
_STAGE = re.compile(r"\bstage\s*\(\s*(['\"])(?P<name>[^'\"\n]*)\1\s*\)")
_STEP = re.compile(
    r"\b(?:sh|bat|powershell|pwsh)\s*\(?\s*(?:script\s*:\s*)?"
    r"(?:'''(?P<a>.*?)'''|\"\"\"(?P<b>.*?)\"\"\"|'(?P<c>[^'\n]*)'|\"(?P<d>(?:\\.|[^\"\\\n])*)\")",
    re.DOTALL,
)
_PLUGINS = re.compile(
    r"\b(?:dependencyCheck|snykSecurity|withSonarQubeEnv|aquaMicroscanner|junit|kubernetesDeploy|deploy)\b"
)
_BRANCH = re.compile(r"\bwhen\s*\{(?:[^{}]|\{[^{}]*\}){0,600}?\b(?:branch|buildingTag|tag)\b")


def jobs(file: CiFile) -> Iterator[PipelineJob]:
    """One for each stage; one for a file without stages."""
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), file.text)
    stages = list(_STAGE.finditer(text))
    always = Trigger.PULL_REQUEST | Trigger.ANY_PUSH
    if re.search(r"\bcron\s*\(", text):
        always |= Trigger.SCHEDULE
    for index, stage in enumerate(stages):
        end = stages[index + 1].start() if index + 1 < len(stages) else len(text)
        part = text[stage.start() : end]
        narrow = _BRANCH.search(part) and "changeRequest" not in part
        triggers = always & ~(Trigger.PULL_REQUEST | Trigger.ANY_PUSH) | Trigger.PUSH if narrow else always
        yield _job(file, stage["name"], text.count("\n", 0, stage.start()) + 1, part, triggers)
    if not stages:
        yield _job(file, "pipeline", 1, text, always)


def _job(file: CiFile, name: str, line: int, part: str, triggers: Trigger) -> PipelineJob:
    scripts = (next((text for text in match.groups() if text is not None), "") for match in _STEP.finditer(part))
    text = "\n".join(scripts).replace("\\n", "\n")
    used = tuple(dict.fromkeys(one.lower() for one in _PLUGINS.findall(part)))
    return PipelineJob(SYSTEM, Location(file.path, line, 1), name, triggers, commands.expanded(file.whole, text), used)
