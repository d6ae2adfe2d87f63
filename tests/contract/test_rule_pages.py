"""A rule that an inspector can report has a page: the rules are read from the code, not from the pages."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from seatrial.app import explain
from seatrial.inspectors import registry
from seatrial.inspectors.registry import INSPECTORS
from seatrial.inspectors.rules import Rule
from seatrial.verdict import catalogue

INSPECTORS_FOLDER = Path(registry.__file__).parent
MAKERS = frozenset({"Finding", "found", "grouped", "_found", "_finding"})
"""Calls that make a finding; their first argument, or `rule`, is the rule's id."""
OTHERS = frozenset({"safety"})
"""Databases whose entries have addresses of their own."""


def modules() -> list[Path]:
    return sorted(INSPECTORS_FOLDER.rglob("*.py"))


def _ids(path: Path) -> Iterator[tuple[int, str]]:
    """Ids of rules in calls that make findings, and the `RULE` of modules that are one, each with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    name = ".".join(("seatrial.inspectors", *path.relative_to(INSPECTORS_FOLDER).with_suffix("").parts))
    module = importlib.import_module(name.removesuffix(".__init__"))
    prefixes = dict(_prefixes(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            made = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [k.value for k in node.keywords if k.arg == "rule"] or node.args[:1]
            if made in prefixes and given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
                yield node.lineno, f"{prefixes[made]}{given[0].value}"
            elif made in MAKERS and given:
                yield from ((node.lineno, rule) for rule in _resolved(given[0], module))
    if isinstance(rule := getattr(module, "RULE", None), Rule):
        yield 1, rule.id


def _prefixes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Functions that put a family before the rule's own name: `found(f"kubernetes/{rule}", ...)`."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            match call.args[:1]:
                case [ast.JoinedStr(values=[ast.Constant(value=str(prefix)), ast.FormattedValue()])] if prefix.endswith(
                    "/"
                ):
                    yield function.name, prefix


def _resolved(value: ast.expr, module: object) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)) if "/" in text:
            yield text
        case ast.Name(id=name):
            yield from _text(getattr(module, name, None))
        case ast.Attribute(value=ast.Name(id=outer), attr=name):
            yield from _text(getattr(getattr(module, outer, None), name, None))
        case ast.IfExp(body=one, orelse=other):
            yield from _resolved(one, module)
            yield from _resolved(other, module)


def _text(value: object) -> Iterator[str]:
    if isinstance(value, str) and "/" in value:
        yield value


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(INSPECTORS_FOLDER)))
def test_every_rule_that_the_code_reports_has_a_page(path: Path) -> None:
    pages = explain.rule_pages().keys()
    lacking = [f"{path.name}:{line}: {rule}" for line, rule in _ids(path) if rule not in pages]
    assert [one for one in lacking if one.rpartition(": ")[2].partition("/")[0] not in OTHERS] == []


def test_the_code_is_read() -> None:
    """Or the test above would hold for nothing."""
    found = {rule for path in modules() for _, rule in _ids(path)}
    assert {"kubernetes/root", "dependencies/unpinned", "compose/privileged", "dockerfile/secret"} <= found
    unseen = {rule for rule in explain.rule_pages() if rule not in found}
    tools = (
        "bandit",
        "secrets",
        "osv",
        "safety",
        "trial",
        "deployment",
        "load",
        "backup",
        "hadolint",
        "zizmor",
        "actionlint",
    )
    others = {rule for rule in unseen if rule.partition("/")[0] not in tools}
    assert others == {"kubernetes/drop-capabilities", "kubernetes/read-only-root", "kubernetes/seccomp"}  # of a table


def test_every_inspector_explains_its_rules_and_no_family_has_two_inspectors() -> None:
    families = [family for one in INSPECTORS for family in one.rules.families]
    assert len(families) == len(set(families))
    for one in INSPECTORS:
        assert len(one.rules) > 0, one.name
        assert {rule.family for rule in one.rules.values()} <= set(one.rules.families), one.name


def test_every_family_of_a_check_is_explained_by_the_inspector_that_answers_it() -> None:
    """A check that fails without a finding of its own is explained as a check; its rules are explained as rules."""
    for check in catalogue.load().checks:
        assert len(explain.page(check.id)) > 100, check.id
