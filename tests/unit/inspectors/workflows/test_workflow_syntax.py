"""The shape of workflows: steps side by side, merge keys, unknown keys, and local actions."""

from __future__ import annotations

import pytest
from making import job, workflow

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.workflows.rules import syntax, uses


def found(text: str) -> list[Finding]:
    return list(syntax.RULE.find(workflow(text)))


def messages(steps: str) -> list[str]:
    return [f.message for f in found(job(steps, on="push"))]


@pytest.mark.parametrize(
    "steps",
    [
        "- {id: a, run: make, background: true}\n- wait: a", "- {id: a, run: make, background: true}\n- wait: [a]",
        "- {id: A, run: make, background: true}\n- cancel: a", "- {run: make, background: true}\n- wait-all:",
        "- {run: make, background: true}\n- wait-all: true", "- {name: x, wait-all: null, continue-on-error: true}",
        "- parallel:\n    - run: a\n    - uses: owner/name@v1",
        "- {id: a, uses: owner/name@v1, background: '${{ inputs.x }}'}",
        "- {id: a, run: make, background: true}\n- {id: w, name: wait, wait: a}",
    ],
)  # fmt: skip
def test_steps_side_by_side(steps: str) -> None:
    assert messages(steps) == []


@pytest.mark.parametrize(
    ("steps", "part"),
    [
        ("- {id: a, run: make}\n- wait: a", "no earlier step with the id 'a'"),
        ("- wait: a\n- {id: a, run: make, background: true}", "no earlier step with the id 'a'"),
        ("- {id: a, run: make, background: true}\n- cancel: b", "no earlier step with the id 'b'"),
        ("- {id: a, run: make, background: true}\n- wait: [a, b]", "no earlier step with the id 'b'"),
        ("- {id: a, run: make, wait-all: true}", "`wait-all` beside `run`"),
        ("- parallel:\n    - wait-all:", "`parallel` group"),
        ("- parallel:\n    - {run: a, background: true}", "`parallel` group"),
        ("- name: nothing", "neither `run` nor `uses`"),
    ],
)
def test_steps_that_github_refuses(steps: str, part: str) -> None:
    assert part in " ".join(messages(steps))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("env: &e {A: b}\n" + job("- run: make\n  env:\n    <<: *e\n    C: d", on="push"), 9, 11),
        ("env: &e {A: b}\n" + job("- {run: make, env: {<<: *e, C: d}}", on="push"), 7, 27),
        ("env: &e {A: b}\n" + job("- {run: make, env: {<<: [*e, *e]}}", on="push"), 7, 27),
        ("x: &e {run: make}\n" + job("- <<: *e\n  name: a", on="push"), 7, 9),
    ],
)
def test_merge_keys_are_refused_at_their_place(text: str, line: int, column: int) -> None:
    at = [f.location for f in found(text) if "merge key" in f.message]
    assert [(one.line, one.column) for one in at] == [(line, column)]


@pytest.mark.parametrize(
    "text",
    [
        "env: &e {A: b}\n" + job("- run: make\n  env: *e", on="push"),
        job("- &s {run: make}\n- *s", on="push"),
        job("- run: make\n  env: {'<<': b}", on="push"),
        job("- run: cat <<EOF", on="push"),
    ],
)
def test_anchors_and_quoted_keys_are_taken(text: str) -> None:
    assert [f.message for f in found(text) if "merge" in f.message] == []


@pytest.mark.parametrize(
    "text",
    [
        "future: 1\n" + job("- run: make", on="push"), job("- {run: make, future: 1}", on="push"),
        job("- run: make", on="push", head="future: 1"),
        job("- run: make", on="push", head="concurrency: {group: a, future: 1}"),
        job("- run: make", on="push", head="strategy: {matrix: {a: [1]}, future: 1}"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_a_guess(text: str) -> None:
    [one] = found(text)
    assert one.confidence is Confidence.LOW
    assert one.severity < Severity.HIGH


CHECKOUT = "- {uses: actions/checkout@v6, with: {repository: owner/tool, path: %s}}\n- uses: %s"


@pytest.mark.parametrize(
    ("folder", "used"),
    [
        (".github/actions/tool", "./.github/actions/tool"), ("./.github/actions/tool", "./.github/actions/tool/sub"),
        (".github/actions", "./.github/actions/tool"), (".actions/", "./.actions/tool"), ("tool", "./tool"),
        ("'${{ env.FOLDER }}'", "./anything"), ("..hidden", "./..hidden/x"), (".", "./tool"),
    ],
)  # fmt: skip
def test_an_action_that_is_checked_out_exists(folder: str, used: str) -> None:
    assert list(uses.RULE.find(workflow(job(CHECKOUT % (folder, used), on="push")))) == []


@pytest.mark.parametrize(
    ("folder", "used"),
    [
        (".github/actions/tool", "./.github/actions/other"), (".github/actions/tool", "./github/actions/tool"),
        ("tool", "./.tool"), ("tool", "./toolbox"), (".tool", "./tool"),
    ],
)  # fmt: skip
def test_an_action_elsewhere_does_not(folder: str, used: str) -> None:
    [one] = uses.RULE.find(workflow(job(CHECKOUT % (folder, used), on="push")))
    assert "there is no action in" in one.message
