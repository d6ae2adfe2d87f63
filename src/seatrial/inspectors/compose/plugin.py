"""
What Docker's own Compose says of a project, where its plugin is installed: the second opinion on the schema check.

The plugin needs no engine for this. It is kept from fetching anything; a complaint that is only due to this machine
(an unset variable, an uncommitted file) is not a difference.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from seatrial.system import process
from seatrial.system.source import Tree
from seatrial.text import redact

from .project import ComposeProject

_TIMEOUT = 20.0
_OFFLINE = {"COMPOSE_EXPERIMENTAL_GIT_REMOTE": "false", "COMPOSE_EXPERIMENTAL_OCI_REMOTE": "false"}
_ENVIRONMENT = re.compile(
    r"required variable|is missing a value|env file .* not found|no such file or directory|not found: .*env"
    r"|failed to read|couldn't find env file|interpolat|invalid (?:containerPort|hostPort|start port|proto|IP)",
    re.IGNORECASE,
)
_DATED = re.compile(r"\bvalidating \S+|additional propert|conflicts with imported resource", re.IGNORECASE)
"""Complaints of a plugin about its own schema, and about an include that later plugins merge."""


class Opinion(enum.Enum):
    """What the plugin says."""

    ACCEPTS = "accepts"
    REJECTS = "rejects"
    CANNOT_TELL = "cannot tell"
    """What it complains of is this machine, or something remote."""
    FAILED = "failed"
    """It took too long, or could not be started."""


@dataclass(frozen=True, slots=True)
class PluginAnswer:
    """An opinion with its reason."""

    opinion: Opinion
    reason: str = ""
    """One line, without any quoted text of the file."""
    dated: bool = False
    """
    Whether a newer plugin may accept what this one rejects: its own schema, or an include that is merged today.

    If our schema, which is kept at the current specification, has nothing against the file, the plugin is too old.
    """


def version(tree: Tree) -> str:
    """The plugin's version; empty if there is none."""
    if process.find("docker") is None:
        return ""
    try:
        done = process.run(("docker", "compose", "version", "--short"), cwd=tree.root, timeout=_TIMEOUT)
    except process.ProcessError:
        return ""
    return done.stdout.decode(errors="replace").strip()[:40] if done.returncode == 0 else ""


def ask(tree: Tree, project: ComposeProject) -> PluginAnswer:
    """The plugin's verdict on a project."""
    if project.notes:  # something remote is included
        return PluginAnswer(Opinion.CANNOT_TELL)
    files = [word for path in project.files for word in ("-f", str(tree.root / path))]
    command = ("docker", "compose", "--project-name", "seatrial-config", *files, "--profile", "*", "config", "--quiet")
    try:
        done = process.run(command, cwd=tree.root, timeout=_TIMEOUT, env=_OFFLINE)
    except process.ProcessError as error:
        return PluginAnswer(Opinion.FAILED, str(error))
    if done.returncode == 0:
        return PluginAnswer(Opinion.ACCEPTS)
    complaint = _masked(done.complaint.replace(f"{tree.root}/", ""))
    if _ENVIRONMENT.search(done.complaint):
        return PluginAnswer(Opinion.CANNOT_TELL, complaint)
    return PluginAnswer(Opinion.REJECTS, complaint, dated=_DATED.search(done.complaint) is not None)


def _masked(complaint: str) -> str:
    """A complaint without quoted text; the apostrophe of `can't` is not a quote."""
    marked = re.sub(r"(?<=[a-z])'(?=(?:t|s|re|ve|ll)\b)", "\N{RIGHT SINGLE QUOTATION MARK}", complaint)
    return redact.masked_line(marked).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
