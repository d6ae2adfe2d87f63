"""Every rule of hadolint, zizmor and actionlint has a page of its own, with the severity that its findings have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from seatrial.app import explain
from seatrial.domain import Severity
from seatrial.domain.errors import UsageError
from seatrial.inspectors.base import Context
from seatrial.inspectors.dockerfile import hadolint
from seatrial.inspectors.dockerfile.inspector import Dockerfiles
from seatrial.inspectors.workflows import actionlint, zizmor
from seatrial.inspectors.workflows.actionlint_rules import SECTIONS
from seatrial.settings import Settings
from seatrial.system.process import program_of_package
from seatrial.system.source import open_tree

TOOLS = {"hadolint": hadolint, "zizmor": zizmor, "actionlint": actionlint}
WEAK = """FROM debian:latest AS scratch
MAINTAINER me
WORKDIR app
EXPOSE 70000
RUN sudo apt install curl && cd /tmp && cat x | grep y && echo $HOME/*
RUN apt-get update && apt-get install curl
RUN pip install flask && npm install left-pad && gem install rack && apk add curl
ADD a b c
ENV A=1 B=$A
COPY --from=scratch / /
CMD run
CMD run again
ENTRYPOINT a
ENTRYPOINT b
USER root
"""


def names(tool: ModuleType) -> set[str]:
    return {rule.id.partition("/")[2] for rule in tool.rules()}


def binary(tool: str) -> bytes:
    program = program_of_package(tool)
    assert program is not None
    return Path(program).read_bytes()


def audits() -> Iterator[str]:
    """The modules of audits that zizmor's program names."""
    for found in re.findall(rb"audit/([a-z_]+)\.rs", binary("zizmor")):
        if found != b"mod":
            yield found.decode().replace("_", "-")


@pytest.mark.parametrize(
    ("tool", "known"),
    [
        ("hadolint", lambda: {found.decode() for found in re.findall(rb"\bDL\d{4}\b", binary("hadolint"))}),
        ("zizmor", lambda: set(audits())),
    ],
)
def test_the_installed_tool_reports_nothing_without_a_row(tool: str, known: Callable[[], set[str]]) -> None:
    reported = known()
    assert len(reported) > 35
    assert reported <= names(TOOLS[tool])


def test_the_sections_of_actionlint_are_those_of_its_kinds() -> None:
    assert SECTIONS.keys() == names(actionlint) - {"*"}


@pytest.mark.parametrize("tool", TOOLS)
def test_each_row_has_an_address_of_its_own_and_a_page(tool: str) -> None:
    rules = [rule for rule in TOOLS[tool].rules() if not rule.id.endswith("/*")]
    assert len({rule.source for rule in rules}) == len(rules)
    assert len({rule.title for rule in rules}) == len(rules)
    for rule in rules:
        assert explain.page(rule.id).startswith(f"# {rule.id}: {rule.title}\n")
        assert explain.rule_page(rule.id) == rule.page, "reports have the same page"


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("hadolint/dl3008", "# hadolint/DL3008: "),
        ("zizmor/Template-Injection", "# zizmor/template-injection: "),
        ("hadolint/DL9999", "# hadolint/*: "),
        ("hadolint/SC2999", "# hadolint/*: "),
        ("zizmor/of-a-newer-version", "# zizmor/*: "),
        ("actionlint/newer", "# actionlint/*: "),
    ],
)
def test_what_a_newer_version_reports_is_explained_by_its_family(name: str, page: str) -> None:
    assert explain.page(name).startswith(page)


@pytest.mark.parametrize("name", ["hadolinter/DL3008", "hadolint/", "hadolint"])
def test_other_names_are_not_explained(name: str) -> None:
    with pytest.raises(UsageError, match="there is no rule or check"):
        explain.page(name)


def test_a_finding_of_hadolint_has_the_severity_of_its_page(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(WEAK, "utf-8")
    context = Context(open_tree(tmp_path), Settings(), tmp_path)
    found = [f for answer in Dockerfiles().inspect(context) for f in answer.findings if f.rule.startswith("hadolint/")]
    known = {rule.id: rule.severity for rule in hadolint.rules()}
    seen = {finding.rule: finding.severity for finding in found}
    assert len(seen) > 12
    assert seen == {rule: known[rule] for rule in seen}


@pytest.mark.parametrize(("tool", "graded"), [("hadolint", hadolint._WORSE), ("zizmor", zizmor._MILDER)])
def test_the_grades_of_seatrial_are_those_of_the_pages(tool: str, graded: dict[str, Severity]) -> None:
    pages = {rule.id.partition("/")[2]: rule.severity for rule in TOOLS[tool].rules()}
    assert graded.items() <= pages.items()


def test_the_mild_kinds_of_actionlint_are_low() -> None:
    low = {rule.id.partition("/")[2] for rule in actionlint.rules() if rule.severity is Severity.LOW}
    assert low == actionlint._MILD
