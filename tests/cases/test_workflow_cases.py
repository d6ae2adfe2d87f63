"""Workflows that were judged wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
from surveying import Survey, Surveyed

TREE = dict[str, str | bytes]
INJECTION = """\
on: pull_request_target
permissions:
  contents: write
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - id: title
        env:
          TITLE: ${{ github.event.pull_request.title }}
        run: echo "title=$TITLE" >> "$GITHUB_OUTPUT"
      - run: echo "${{ steps.title.outputs.title }}"
"""
GOOD = """\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make test
"""


def surveyed(survey: Survey, root: Path, files: TREE) -> Surveyed:
    for name, content in files.items():
        path = root / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return survey(root / "tree", only=["workflows"])


def workflow(text: str) -> TREE:
    return {".github/workflows/ci.yml": text}


@pytest.mark.parametrize(
    "case",
    [
        "action-checked-out-under-dot-folder", "action-other", "boolean-output-is-not-text", "pr-review-not-privileged",
        "wf-background", "wf-docs-format",
    ],
)  # fmt: skip
def test_well_formed_workflows_raise_no_alarm(survey: Survey, case: str) -> None:
    done = survey(case, only=["workflows"])
    assert [f for f in done.findings if f["severity"] in ("high", "critical") and f["confidence"] != "low"] == []
    assert done.code == 0


def test_the_stronger_verdict_on_an_injection_stays(survey: Survey, tmp_path: Path) -> None:
    done = surveyed(survey, tmp_path, workflow(INJECTION))
    assert [(f["severity"], f["confidence"]) for f in done.of("workflow/injection")] == [("high", "high")]
    assert done.of("zizmor/template-injection") == []
    assert done.code == 1


def test_one_malformed_uses_costs_no_audit_of_the_rest(survey: Survey) -> None:
    done = survey("one-bad-uses-hides-audits", only=["workflows"])
    assert done.of("workflow/uses")
    assert {"workflow/unsecure-commands", "zizmor/insecure-commands"} & done.rules
    assert {"workflow/unpinned", "zizmor/unpinned-uses"} & done.rules
    assert done.check("workflows/zizmor")["status"] == "fail"


def test_an_action_below_the_workflows_is_read(survey: Survey) -> None:
    done = survey("action-nested", only=["workflows"])
    assert [f["severity"] for f in done.of("workflow/syntax")] == ["high"]


def test_a_merge_key_is_refused_where_it_is(survey: Survey) -> None:
    done = survey("wf-mergekey", only=["workflows"])
    assert any("merge key" in f["message"] for f in done.of("workflow/syntax"))


def test_an_alias_is_reported_once(survey: Survey) -> None:
    done = survey("wf-anchor2", only=["workflows"])
    places = [(f["rule"], f["location"]["line"], f["location"]["column"]) for f in done.findings]
    assert len(places) == len(set(places))


def test_a_key_that_is_not_known_is_a_guess(survey: Survey, tmp_path: Path) -> None:
    text = GOOD.replace("      - run: make test", "      - run: make test\n        from-the-future: true")
    done = surveyed(survey, tmp_path, workflow(text))
    assert {f["confidence"] for f in done.of("workflow/syntax")} == {"low"}


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        "a: [",
        "",
        "- a\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        GOOD.replace("on: push", "<<<<<<< a\non: push\n=======\non: pull_request\n>>>>>>> b"),
        b"\0\1\2\3",
        "a" * 100,
    ],
)
def test_a_broken_workflow_is_a_finding_or_named(
    survey: Survey, tmp_path: Path, content: str | bytes, beside: bool
) -> None:
    files: TREE = {".github/workflows/broken.yml": content}
    if beside:
        files[".github/workflows/ci.yml"] = GOOD
    done = surveyed(survey, tmp_path, files)
    assert "internal error" not in str(done.report)
    assert any(f["location"]["path"].endswith("broken.yml") for f in done.findings)
    for check in (c for c in done.report["checks"] if c["id"].startswith("workflows/")):
        assert check["status"] != "na"
        assert check["status"] != "pass" or check["share"] < 1, check


def test_a_workflow_that_was_cut_off_is_a_finding(survey: Survey, tmp_path: Path) -> None:
    done = surveyed(survey, tmp_path, workflow(GOOD[:-30]))
    assert done.of("workflow/syntax")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
def test_a_workflow_in_any_unicode_encoding_is_judged(survey: Survey, tmp_path: Path, encoding: str) -> None:
    done = surveyed(survey, tmp_path, {".github/workflows/ci.yml": INJECTION.encode(encoding)})
    assert done.of("workflow/injection") or done.of("workflow/syntax")


@pytest.mark.parametrize("event", ["pull_request_target", "issue_comment", "workflow_run", "issues"])
def test_privileged_events_are(survey: Survey, tmp_path: Path, event: str) -> None:
    source = {"issue_comment": "comment.body", "issues": "issue.title", "workflow_run": "workflow_run.head_branch"}
    expression = f"github.event.{source.get(event, 'pull_request.title')}"
    script = f"      - run: echo ${{{{ {expression} }}}}\n"
    text = f"on: {event}\npermissions: {{}}\njobs:\n  a:\n    runs-on: x\n    steps:\n{script}"
    done = surveyed(survey, tmp_path, workflow(text))
    found = [*done.of("workflow/injection"), *done.of("zizmor/template-injection")]
    assert [(f["severity"], f["confidence"]) for f in found] == [("high", "high")]


@pytest.mark.parametrize(
    "expression", ["(" * 20_000, "a" + ".b" * 20_000, "!" * 20_000 + "a", "'" + "''" * 20_000, "a || " * 20_000]
)
def test_a_hostile_expression_costs_its_file_and_no_more(survey: Survey, tmp_path: Path, expression: str) -> None:
    text = GOOD.replace("make test", "echo ${{ " + expression + " }}")
    done = surveyed(survey, tmp_path, workflow(text) | {".github/workflows/ok.yml": GOOD})
    assert "internal error" not in str(done.report)
