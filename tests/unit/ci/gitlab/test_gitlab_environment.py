"""What a job's variables say, whoever set them."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.ci.gitlab import environment, host
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
    made = GitLab(REQUEST | different)
    assert made.job.fork
    assert made.job.token == ""
    assert not made.change.own_code
    assert not made.change.by_maintainer


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


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(("engine", "there"), [({"DOCKER_HOST": "tcp://docker:2375"}, True), ({}, False)])
def test_the_trial_runs_by_itself_only_on_own_code_and_where_the_job_has_an_engine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: dict[str, str], there: bool, own: bool
) -> None:
    monkeypatch.setattr(host, "ENGINE", tmp_path / "docker.sock")
    fork = {} if own else {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43"}
    assert GitLab(REQUEST | engine | fork).may_try is (there and own)


def test_a_mounted_socket_is_an_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(host, "ENGINE", tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        assert GitLab(REQUEST).may_try
    (tmp_path / "s").unlink()
    (tmp_path / "s").write_text("no socket")
    assert not GitLab(REQUEST).may_try


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
    made = GitLab(REQUEST | {"CI_MERGE_REQUEST_PROJECT_URL": text, "CI_API_V4_URL": text, "CI_JOB_URL": text})
    assert made.remote is None
    assert (made.job.api_url, made.job.job_url) == ("", "")


def test_missing_commits_come_from_where_the_request_is_open_with_the_runners_token(tmp_path: Path) -> None:
    certificates = tmp_path / "ca.pem"
    certificates.write_text("x")
    remote = GitLab(REQUEST | {"CI_SERVER_TLS_CA_FILE": str(certificates)}).remote
    assert remote is not None
    assert remote.url == "https://gitlab.example/g/p.git"
    assert (remote.user, remote.token) == ("gitlab-ci-token", "job-secret")
    assert remote.settings["http.sslCAInfo"] == str(certificates)


@pytest.mark.parametrize("path", ["/no/such/file", "\0", "x" * 5000, "/"])
def test_certificates_that_are_not_there_are_not_used(path: str) -> None:
    assert environment.of({"CI_SERVER_TLS_CA_FILE": path}).ca_file == ""


def test_our_own_token_comes_first_and_no_secret_is_shown() -> None:
    job = environment.of(REQUEST | {"SEATRIAL_GITLAB_TOKEN": "own-secret"})
    assert job.token == "own-secret"
    assert "secret" not in repr(job)
    assert "secret" not in repr(GitLab(REQUEST).remote)


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60)))
def test_no_variable_is_an_exception(variables: dict[str, str]) -> None:
    made = GitLab(variables)
    assert made.change.origin in Origin
    assert not made.job.fork or made.job.token == ""
    assert made.remote is None or made.remote.url.startswith(("http://", "https://"))
    assert made.folder(Path()) == ""
