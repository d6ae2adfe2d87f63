"""`na` means that the tree has nothing for a check. It is said in few places, and never where a file is only unread."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import seatrial
from seatrial.domain import Status
from seatrial.inspectors import plan
from seatrial.inspectors.base import Context
from seatrial.inspectors.registry import INSPECTORS
from seatrial.settings import Settings, TrialMode
from seatrial.system.source import Tree
from seatrial.verdict import catalogue

SOURCE = Path(seatrial.__file__).parent
NAMED = {
    ("domain/answer.py", "Answer.of_extent"): "only for an empty list of parts, which names what was not read",
    ("inspectors/base.py", "unless"): "only without anything unread",
    ("inspectors/dependencies/inspector.py", "Dependencies.inspect"): "manifests were read whole, and declare nothing",
    ("inspectors/dependencies/inspector.py", "_licences"): "no licence is denied: the policy asks nothing",
    ("inspectors/prometheus/inspector.py", "_alerts"): "only for an empty list of parts",
    ("inspectors/prometheus/inspector.py", "_metrics"): "only if all was read",
    ("inspectors/practices/inspector.py", "_answer"): "what the repository is makes the question pointless",
    ("inspectors/trial/answers.py", "Answers._logs"): "the running stack was given no secret",
    ("inspectors/trial/backup.py", "BackupAnswer.answer"): "the running stack has no datastore that keeps data",
    ("inspectors/trial/configured.py", "ConfigurationAnswers._of"): "no mutant was left out, and every one was seen",
    ("inspectors/trial/load.py", "Loading._radius"): "the running stack has no bystander",
    ("inspectors/trial/load.py", "Loading._workers"): "the configuration declares no groups of workers",
    ("inspectors/trial/load.py", "Loading.all"): "the running stack has no entry point that can be loaded",
    ("inspectors/trial/runtime.py", "Looking._listens"): "the running stack has no such service",
    ("inspectors/trial/runtime.py", "Looking._endpoints"): "the running stack has no such service",
}
"""Every place that says `na`, with the reason why nothing can be unread there."""


def _places() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        for scope, node in _scoped(ast.parse(path.read_text("utf-8")), ""):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="Answer" | "cls"), attr="na")):
                    yield name, scope
                case ast.Call(func=ast.Name(id="Reason" | "Answer"), args=args, keywords=keywords):
                    given = [*args, *(keyword.value for keyword in keywords)]
                    if any(isinstance(one, ast.Attribute) and one.attr == "NA" for one in given):
                        yield name, scope


def _scoped(node: ast.AST, scope: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        yield scope, child
        inner = scope
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inner = f"{scope}.{child.name}".lstrip(".")
        yield from _scoped(child, inner)


def test_every_place_that_says_na_has_its_reason_here() -> None:
    assert set(_places()) == NAMED.keys()


def _context(tree: Tree, cache: Path) -> Context:
    return Context(tree, Settings(path=tree.root, trial=TrialMode.ON, osv_url="off"), cache)


ALWAYS = frozenset({"practices"})
"""Inspectors for which something missing is an answer, so they are asked of every tree."""
FILES = (
    "app.py", "Dockerfile", "compose.yaml", "docker-compose.override.yml", ".github/workflows/ci.yml", "action.yml",
    ".env", ".env.example", "package-lock.json", "requirements.txt", "pom.xml", "go.mod", "k8s/pod.yaml",
    "grafana/board.json", "prometheus/rules.yml", "notes.txt",
)  # fmt: skip
WANTED = {
    "app.py": ("python", "secrets"),
    "Dockerfile": ("dockerfile", "environment", "secrets"),
    "compose.yaml": ("compose", "environment", "trial", "secrets"),
    "docker-compose.override.yml": ("compose", "environment", "trial", "secrets"),
    ".github/workflows/ci.yml": ("workflows", "secrets"),
    "action.yml": ("workflows", "secrets"),
    ".env": ("environment", "secrets"),
    ".env.example": ("environment", "secrets"),
    "package-lock.json": ("dependencies", "secrets"),
    "requirements.txt": ("dependencies", "secrets"),
    "pom.xml": ("dependencies", "secrets"),
    "go.mod": ("dependencies", "secrets"),
    "k8s/pod.yaml": ("kubernetes", "prometheus", "secrets"),
    "grafana/board.json": ("prometheus", "secrets"),
    "prometheus/rules.yml": ("kubernetes", "prometheus", "secrets"),
    "notes.txt": ("secrets",),
}


@pytest.mark.parametrize("path", FILES)
def test_an_inspector_whose_only_file_is_unread_has_something_to_do(tmp_path: Path, cache: Path, path: str) -> None:
    """The live one too, which no other contract test asks."""
    tree = Tree(tmp_path, (), unread={path: "unreadable (Permission denied)"})
    context = _context(tree, cache)
    reasons = {one.name: one.applies(context) for one in INSPECTORS}
    silent = [name for name in WANTED[path] if (told := reasons[name]) is not None and told.status is Status.NA]
    assert silent == []
    steps = plan.make(catalogue.load(), INSPECTORS, context, {}).steps
    for step in steps:
        if step.inspector is not None and step.inspector.name in WANTED[path] and step.reason is not None:
            assert path in step.reason.text, step.check


def test_every_inspector_is_asked_for_an_unread_file() -> None:
    asked = {name for names in WANTED.values() for name in names}
    assert asked | ALWAYS == {one.name for one in INSPECTORS}


def test_without_anything_every_inspector_says_na(tmp_path: Path, cache: Path) -> None:
    context = _context(Tree(tmp_path, ()), cache)
    told = {one.name: reason and reason.status for one in INSPECTORS for reason in [one.applies(context)]}
    assert told == {one.name: None if one.name in ALWAYS else Status.NA for one in INSPECTORS}
