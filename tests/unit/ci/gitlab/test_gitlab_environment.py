"""What a job's variables say, whoever set them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.ci.gitlab import environment
from seatrial.ci.gitlab.host import GitLab
from seatrial.ci.host import Origin

BASE, HEAD = "b" * 40, "c" * 40
REQUEST = {
    "GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "merge_request_event", "CI_PROJECT_ID": "42",
    "CI_PROJECT_URL": "https://gitlab.example/g/p", "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_PROJECT_ID": "42",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42", "CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.example/g/p",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": BASE, "CI_COMMIT_SHA": HEAD, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_JOB_TOKEN": "job-secret", "GITLAB_TOKEN": "api-secret",
}  # fmt: skip
NAMES = sorted({*REQUEST, "CI_JOB_ID", "CI_PIPELINE_ID", "CI_JOB_URL", "CI_API_V4_URL", "CI_COMMIT_BEFORE_SHA"})


def test_a_merge_request_of_the_project_is_a_proposal_by_a_maintainer() -> None:
    change = GitLab(REQUEST).change
    assert (change.origin, change.base, change.head, change.base_ref) == (Origin.PROPOSAL, BASE, HEAD, "main")
    assert change.own_code
    assert change.by_maintainer


def test_a_merged_result_is_compared_by_the_head_of_the_branch() -> None:
    assert GitLab(REQUEST | {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "d" * 40}).change.head == "d" * 40


@pytest.mark.parametrize(
    "different",
    [
        {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43"},
        {"CI_PROJECT_ID": "43", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43"},
        {"CI_PROJECT_ID": ""},
        {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42 "},
        {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "x"},
        {"CI_MERGE_REQUEST_PROJECT_ID": ""},
        {"CI_PIPELINE_SOURCE": "parent_pipeline", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43"},
    ],
)
def test_a_fork_has_no_token_no_trial_and_no_maintainer(different: dict[str, str]) -> None:
    host = GitLab(REQUEST | different)
    assert host.job.fork
    assert host.job.token == ""
    assert not host.change.own_code
    assert not host.change.by_maintainer


@pytest.mark.parametrize(
    ("source", "own"),
    [
        ("push", True), ("web", True), ("webide", True), ("schedule", True), ("api", True), ("trigger", True),
        ("pipeline", True), ("parent_pipeline", True), ("external_pull_request_event", False), ("external", False),
        ("chat", False), ("ondemand_dast_scan", False), ("", False), ("merge_request_event", False), ("other", False),
    ],
)  # fmt: skip
def test_which_pipelines_run_the_projects_own_code(source: str, own: bool) -> None:
    assert GitLab({"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": source}).change.own_code is own


@pytest.mark.parametrize("source", ["api", "parent_pipeline", "web"])
def test_the_ref_of_a_merge_request_is_not_own_code(source: str) -> None:
    variables = {"CI_PIPELINE_SOURCE": source, "CI_COMMIT_REF_NAME": "refs/merge-requests/7/head"}
    assert not GitLab(variables).change.own_code


def test_a_push_that_makes_a_branch_replaced_nothing() -> None:
    pushed = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": "0" * 40, "CI_COMMIT_SHA": HEAD}
    change = GitLab(pushed).change
    assert (change.origin, change.base) == (Origin.PUSH, "")


@pytest.mark.parametrize("text", ["--upload-pack=x", "HEAD", BASE.upper(), BASE[:39], f"{BASE}\n", "0" * 40, "²" * 40])
def test_only_the_name_of_a_commit_is_one(text: str) -> None:
    assert GitLab(REQUEST | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": text}).change.base == ""


@pytest.mark.parametrize(
    "text",
    ["", "gitlab.example", "ext::sh -c x", "https://", "https://u:p@gitlab.example/g", "https://a b", 'https://a/"x',
     "https://a/\nb", "https://[/", "ssh://a/b", "-u"],
)  # fmt: skip
def test_only_a_plain_address_is_one(text: str) -> None:
    host = GitLab(REQUEST | {"CI_MERGE_REQUEST_PROJECT_URL": text, "CI_API_V4_URL": text, "CI_JOB_URL": text})
    assert host.remote is None
    assert (host.job.api_url, host.job.job_url) == ("", "")


def test_missing_commits_come_from_where_the_request_is_open_with_the_runners_token() -> None:
    remote = GitLab(REQUEST | {"CI_SERVER_TLS_CA_FILE": "/certs/ca.pem"}).remote
    assert remote is not None
    assert remote.url == "https://gitlab.example/g/p.git"
    assert (remote.user, remote.token) == ("gitlab-ci-token", "job-secret")
    assert remote.settings["http.sslCAInfo"] == "/certs/ca.pem"


def test_our_own_token_comes_first_and_no_secret_is_shown() -> None:
    job = environment.of(REQUEST | {"SEATRIAL_GITLAB_TOKEN": "own-secret"})
    assert job.token == "own-secret"
    assert "secret" not in repr(job)
    assert "secret" not in repr(GitLab(REQUEST).remote)


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60)))
def test_no_variable_is_an_exception(variables: dict[str, str]) -> None:
    host = GitLab(variables)
    assert host.change.origin in Origin
    assert not host.job.fork or host.job.token == ""
    assert host.remote is None or host.remote.url.startswith(("http://", "https://"))
    assert host.folder(Path()) == ""
