"""Checkouts of strangers' code: by event, by guard, by what is checked out and run."""

from __future__ import annotations

import pytest
from making import job, workflow

from seatrial.inspectors.workflows.rules import untrusted_code

PR = "github.event.pull_request"
RUN = "github.event.workflow_run"
OWN = f"{PR}.head.repo.full_name == github.repository"
CHECKOUT = "- {uses: actions/checkout@v4, with: {ref: '${{ github.event.pull_request.head.sha }}'}}"
BY_COMMENT = "- run: gh pr checkout 1"
OF_RUN = "- {uses: actions/checkout@v4, with: {ref: '${{ github.event.workflow_run.head_sha }}'}}"


def severities(
    *, on: str = "pull_request_target", when: str = "", head: str = "", checkout: str = CHECKOUT,
    then: str = "make test", before: str = "", types: str = "", gate: str = "",
) -> list[str]:  # fmt: skip
    condition = f"if: |-\n  {when}\n" if when else ""
    text = job(f"{before}\n{checkout}\n- run: {then}", on=f"{{{on}: {{{types}}}}}", head=condition + head)
    text = text.replace("jobs:\n", f"jobs:\n{gate}")
    return [f.severity.label for f in untrusted_code.RULE.find(workflow(text)) if f.subject == "a"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("pull_request_target", ["critical"]), ("workflow_run", ["critical"]), ("issue_comment", ["critical"]),
        ("issues", ["critical"]), ("discussion", ["critical"]), ("discussion_comment", ["critical"]),
        ("pull_request", []), ("pull_request_review", []), ("pull_request_review_comment", []), ("push", []),
        ("workflow_dispatch", []), ("schedule", []), ("merge_group", []), ("repository_dispatch", []),
    ],
)  # fmt: skip
def test_only_privileged_events_count(event: str, expected: list[str]) -> None:
    checkout = "- {uses: actions/checkout@v4, with: {ref: 'refs/pull/1/head'}}"
    assert severities(on=event, checkout=checkout) == expected


@pytest.mark.parametrize(
    "condition",
    [
        OWN, f"${{{{ {OWN} }}}}", f"github.repository == {PR}.head.repo.full_name",
        f"{PR}.head.repo.full_name == 'owner/repository'", f"{PR}.head.repo.fork == false", f"!{PR}.head.repo.fork",
        f"${{{{ !{PR}.head.repo.fork }}}}", f"{PR}.head.repo.fork != true",
        f"{PR}.head.repo.owner.login == github.repository_owner", f"{PR}.head.user.login == github.repository_owner",
        f"{PR}.user.login == 'dependabot[bot]'", f"{PR}.author_association == 'OWNER'",
        f"contains(fromJSON('[\"OWNER\", \"MEMBER\"]'), {PR}.author_association)",
        f"{PR}.author_association == 'OWNER' || {PR}.author_association == 'MEMBER'", f"{PR}.merged == true",
        f"{PR}.merged", f"github.event_name == 'push' || {OWN}", f"{OWN} && github.event.action != 'closed'",
        "github.event_name == 'push'", "github.event_name != 'pull_request_target'", "false",
    ],
)  # fmt: skip
def test_a_firm_guard_ends_the_finding(condition: str) -> None:
    assert severities(when=condition) == []


@pytest.mark.parametrize(
    "condition",
    [
        "github.actor == 'dependabot[bot]'", "github.triggering_actor == 'someone'",
        "contains(fromJSON('[\"a\", \"b\"]'), github.actor)", f"contains({PR}.labels.*.name, 'safe to test')",
        "github.event.label.name == 'safe to test'",
    ],
)  # fmt: skip
def test_a_guard_that_a_later_push_passes_lowers_it(condition: str) -> None:
    assert severities(when=condition) == ["medium"]


@pytest.mark.parametrize(
    "condition",
    [
        "github.repository == 'owner/repository'", "github.repository_owner == 'owner'", f"{PR}.head.repo.fork",
        f"{PR}.base.repo.full_name == 'owner/repository'", f"{PR}.head.repo.full_name != github.repository",
        "github.actor != 'dependabot[bot]'", f"{PR}.author_association == 'CONTRIBUTOR'",
        f"contains(fromJSON('[\"OWNER\", \"CONTRIBUTOR\"]'), {PR}.author_association)",
        f"github.event_name == 'pull_request_target' || {OWN}", f"true || {OWN}", f"${{{{ {OWN} }}}} || x", "success()",
        "startsWith(github.head_ref, 'release/')", "github.ref == 'refs/heads/main'", "vars.ENABLED == 'true'",
        f"contains('{OWN}', 'x')", f"'{OWN}'",
    ],
)  # fmt: skip
def test_a_condition_that_strangers_meet_guards_nothing(condition: str) -> None:
    assert severities(when=condition) == ["critical"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("github.event.comment.author_association == 'OWNER'", ["medium"]),
        ("contains(github.event.comment.body, '/test')", ["critical"]),
        ("github.event.issue.author_association == 'OWNER'", []),
    ],
)
def test_a_comment_of_a_maintainer_is_an_approval(condition: str, expected: list[str]) -> None:
    assert severities(on="issue_comment", when=condition, checkout=BY_COMMENT) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (f"{RUN}.event == 'push'", []), (f"{RUN}.event != 'pull_request'", []),
        (f"{RUN}.head_repository.full_name == github.repository", []), (f"{RUN}.head_repository.fork == false", []),
        (f"{RUN}.event == 'pull_request'", ["critical"]), (f"{RUN}.conclusion == 'success'", ["critical"]),
        (f"{RUN}.head_branch == 'main'", ["critical"]),
    ],
)  # fmt: skip
def test_what_started_the_first_workflow_counts(condition: str, expected: list[str]) -> None:
    assert severities(on="workflow_run", when=condition, checkout=OF_RUN) == expected


GATES = {
    "a condition": (f"  g:\n    if: {PR}.head.repo.fork == false\n    runs-on: x\n    steps: []\n", []),
    "an environment": ("  g:\n    environment: approval\n    runs-on: x\n    steps: []\n", ["medium"]),
    "a check of rights": (
        "  g:\n    runs-on: x\n    steps:\n      - uses: actions-cool/check-user-permission@v2\n", ["medium"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("gate", GATES)
def test_a_job_that_is_needed_guards(gate: str) -> None:
    text, expected = GATES[gate]
    assert severities(gate=text, head="needs: g") == expected
    assert severities(gate=text, head="needs: [g]") == expected
    assert severities(gate=text) == ["critical"]
    assert severities(gate=text, head="needs: g", when="always()") == ["critical"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"head": "environment: production"}, ["medium"]), ({"head": "environment: {name: production}"}, ["medium"]),
        ({"types": "types: [labeled]"}, ["medium"]), ({"types": "types: [labeled, opened]"}, ["critical"]),
        ({"before": "- {uses: prince-chrismc/check-actor-permissions-action@v3}"}, ["medium"]),
        ({"before": "- run: gh api repos/o/r/collaborators/$U/permission"}, ["medium"]),
        ({"before": f"- {{if: {PR}.head.repo.fork, run: exit 1}}"}, []),
        ({"before": "- {if: github.actor != 'me', run: exit 1}"}, ["medium"]),
        ({"checkout": CHECKOUT[:-1] + f", if: {OWN}}}"}, []),
    ],
)  # fmt: skip
def test_guards_outside_the_jobs_condition(options: dict[str, str], expected: list[str]) -> None:
    assert severities(**options) == expected


@pytest.mark.parametrize(
    ("inputs", "then", "expected"),
    [
        ("ref: '${{ github.head_ref }}'", "make", ["critical"]),
        ("ref: 'refs/pull/${{ github.event.number }}/merge'", "make", ["critical"]),
        ("repository: '${{ github.event.pull_request.head.repo.full_name }}'", "make", ["critical"]),
        ("ref: '${{ github.event.pull_request.base.sha }}'", "make", []),
        ("fetch-depth: 0", "make", []),
        ("ref: '${{ github.event.pull_request.head.sha }}'", "echo done", ["high"]),
        ("ref: '${{ github.event.pull_request.head.sha }}', path: change", "make", ["high"]),
        ("ref: '${{ github.event.pull_request.head.sha }}', path: change", "cd change && make", ["critical"]),
    ],
)
def test_what_is_checked_out_and_whether_it_runs(inputs: str, then: str, expected: list[str]) -> None:
    assert severities(checkout=f"- {{uses: actions/checkout@v4, with: {{{inputs}}}}}", then=then) == expected


@pytest.mark.parametrize(
    "command",
    [
        "gh pr checkout 1", "git fetch origin pull/${{ github.event.number }}/head:pr && git checkout pr",
        "git fetch origin refs/pull/1/merge", 'git checkout "$HEAD_SHA"',
    ],
)  # fmt: skip
def test_commands_check_out_as_well(command: str) -> None:
    assert severities(checkout=f"- run: '{command}'") == ["critical"]


def test_a_called_workflow_has_the_rights_of_its_caller() -> None:
    called = workflow(job(f"{CHECKOUT}\n- run: make", on="workflow_call"), ".github/workflows/called.yml")
    assert list(untrusted_code.RULE.find(called)) == []
    caller = "on: pull_request_target\njobs:\n  a:\n    uses: ./.github/workflows/called.yml\n"
    workflow(caller, project=called.project)
    again = workflow(job(f"{CHECKOUT}\n- run: make", on="workflow_call"), called.path, called.project)
    assert [f.severity.label for f in untrusted_code.RULE.find(again)] == ["critical"]
