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


TWO_JOBS = """\
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: someone/anything@v1
      - run: make test
  b:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: "é ${{ github.event.pull_request.title }}"
"""
MERGED = """\
      - run: make
        env: &e {A: b}
      - run: make test
        env:
          <<: *e
          C: d"""
REFUSED = {
    "a step without a version": ("      - run: make test", "      - run: make test\n      - uses: someone/thing", 1),
    "a called workflow without a version": ("  b:", "  c:\n    uses: someone/thing\n  b:", 1),
    "a merge key": ("      - run: make test", MERGED, 1),
    "an empty uses": ("      - run: make test", "      - run: make test\n      - uses: ''", 1),
    "a job without a runner": ("  b:", "  c:\n    steps:\n      - run: make\n  b:", 2 / 3),
    "steps as text": ("  b:", "  c:\n    runs-on: x\n    steps: none\n  b:", 2 / 3),
    "a limit as text": ("  b:", "  c:\n    runs-on: x\n    timeout-minutes: soon\n    steps: []\n  b:", 2 / 3),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_zizmor_refuses_hides_nothing_else(survey: Survey, tmp_path: Path, case: str) -> None:
    old, new, share = REFUSED[case]
    done = surveyed(survey, tmp_path, workflow(TWO_JOBS.replace(old, new, 1)))
    assert done.of("workflow/uses") or done.of("workflow/syntax")
    [unpinned] = [*done.of("zizmor/unpinned-uses"), *done.of("workflow/unpinned")]
    assert unpinned["location"]["line"] == 8
    [injection] = [*done.of("zizmor/template-injection"), *done.of("workflow/injection")]
    assert (injection["severity"], injection["location"]["column"]) == ("high", 21)
    check = done.check("workflows/zizmor")
    assert check["share"] == pytest.approx(share, abs=0.01)
    assert (share == 1) or any(".github/workflows/ci.yml" in note for note in check["notes"])


def test_the_repositorys_settings_hold_for_a_repaired_copy(survey: Survey, tmp_path: Path) -> None:
    text = TWO_JOBS.replace("- run: make test", "- uses: someone/thing")
    settings = "rules:\n  unpinned-uses:\n    disable: true\n"
    done = surveyed(survey, tmp_path, {**workflow(text), ".github/zizmor.yml": settings})
    assert done.of("zizmor/unpinned-uses") == []


@pytest.mark.parametrize("target", ["../../elsewhere.yml", "../../../outside.yml", "nowhere.yml"])
def test_a_workflow_that_is_a_link_is_named(survey: Survey, tmp_path: Path, target: str) -> None:
    folder = tmp_path / "tree" / ".github" / "workflows"
    folder.mkdir(parents=True)
    (tmp_path / "tree" / "elsewhere.yml").write_text(GOOD)
    (tmp_path / "outside.yml").write_text(GOOD)
    (folder / "ci.yml").symlink_to(target)
    done = surveyed(survey, tmp_path, {"README": "text"})
    check = done.check("workflows/valid")
    assert check["status"] == "error"
    assert ".github/workflows/ci.yml" in check["reason"]


def test_dependabots_settings_alone_are_audited(survey: Survey, tmp_path: Path) -> None:
    done = surveyed(survey, tmp_path, {".github/dependabot.yml": "version: 2\nupdates: []\n"})
    assert done.check("workflows/zizmor")["status"] == "pass"
    assert done.check("workflows/valid")["status"] == "na"


WELL_WRITTEN = {
    "results of a fork's run as data": """\
name: comment
on: {workflow_run: {workflows: [ci], types: [completed]}}
permissions: {}
jobs:
  comment:
    if: github.event.workflow_run.event == 'pull_request' && github.event.workflow_run.conclusion == 'success'
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {actions: read, pull-requests: write}
    steps:
      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c
        with:
          path: ${{ runner.temp }}/artifact
          run-id: ${{ github.event.workflow_run.id }}
          github-token: ${{ github.token }}
      - run: gh pr comment "$(grep -oE '^[0-9]+$' "$FOLDER/number")" --body-file "$FOLDER/body"
        env:
          FOLDER: ${{ runner.temp }}/artifact
          GH_TOKEN: ${{ github.token }}
          GH_REPO: ${{ github.repository }}
""",
    "labels by path": """\
on: pull_request_target
permissions: {}
jobs:
  label:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {contents: read, pull-requests: write}
    steps:
      - uses: actions/labeler@8558fd74291d67161a8a78ce36a881fa63b766a9
""",
    "a review starts the tests": """\
on: {pull_request_review: {types: [submitted]}}
permissions: {}
jobs:
  test:
    if: github.event.review.state == 'approved'
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd
        with: {ref: "${{ github.event.pull_request.head.sha }}", persist-credentials: false}
      - run: make test
""",
    "texts by the environment": """\
on: {issues: {types: [opened]}}
permissions: {}
jobs:
  triage:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {issues: write}
    steps:
      - run: |
          if [[ "$TITLE" == *crash* ]]; then
            echo "label=bug" >> "$GITHUB_OUTPUT"
          fi
        id: title
        env:
          TITLE: ${{ github.event.issue.title }}
      - run: gh issue edit "$NUMBER" --add-label "${{ steps.title.outputs.label }}"
        env:
          GH_TOKEN: ${{ github.token }}
          NUMBER: ${{ github.event.issue.number }}
""",
    "changes of the repository itself": """\
on: pull_request_target
permissions: {}
jobs:
  preview:
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd
        with: {ref: "${{ github.event.pull_request.head.sha }}", persist-credentials: false}
      - run: make test
""",
    "steps side by side": """\
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - id: db
        run: ./start-database
        background: true
      - id: build
        run: make
        background: true
      - wait: [build]
      - parallel:
          - run: make test
          - run: make lint
      - cancel: db
      - wait-all:
""",
}


@pytest.mark.parametrize("name", WELL_WRITTEN)
def test_well_written_patterns_stop_no_merge(survey: Survey, tmp_path: Path, name: str) -> None:
    done = surveyed(survey, tmp_path, workflow(WELL_WRITTEN[name]))
    assert [(f["rule"], f["message"]) for f in done.findings if f["severity"] in ("high", "critical")] == []
    assert done.code == 0
