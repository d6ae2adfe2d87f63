"""Workflows and actions from texts, for tests of what judges them."""

from __future__ import annotations

from seatrial.inspectors.workflows.model import Action, Workflow, WorkflowFiles
from seatrial.inspectors.yaml_view import YamlView
from seatrial.text import lines
from seatrial.text.yaml_tree import load_all


def view(text: str, path: str) -> YamlView:
    [node] = load_all(text)
    return YamlView(path, node, tuple(lines.split(text)))


def workflow(text: str, path: str = ".github/workflows/ci.yml", project: WorkflowFiles | None = None) -> Workflow:
    """A workflow, known to its project."""
    project = project or WorkflowFiles()
    project.workflows[path] = Workflow(path, view(text, path), frozenset({path}), project)
    return project.workflows[path]


def action(text: str, path: str, project: WorkflowFiles) -> Action:
    """An action, known to its project."""
    made = Action(path, view(text, path), frozenset({path}), project)
    project.actions[made.folder] = made
    return made


def job(steps: str, *, on: str = "pull_request_target", head: str = "") -> str:
    """A workflow of one job; `steps` and `head` (of the job) are indented as the caller likes."""
    return f"on: {on}\njobs:\n  a:\n    runs-on: x\n{_at(head, 4)}    steps:\n{_at(steps, 6)}"


def _at(text: str, columns: int) -> str:
    rows = [row for row in lines.split(text) if row.strip()]
    least = min((len(row) - len(row.lstrip()) for row in rows), default=0)
    return "".join(" " * columns + row[least:] + "\n" for row in rows)
