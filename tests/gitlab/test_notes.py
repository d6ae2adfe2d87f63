"""One note, whatever GitLab, the network and other jobs do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import gitlab_server
import pytest
from gitlab_server import (
    ACCOUNTS,
    BODY_LIMIT,
    IID,
    JOB,
    OUTSIDER,
    PERSONAL,
    PROJECT,
    PROJECT_TOKEN,
    READ_ONLY,
    Account,
    Fault,
    Server,
    too_many,
)
from hypothesis import given
from hypothesis import strategies as st

from seatrial.ci.comments import marker
from seatrial.ci.gitlab import notes
from seatrial.ci.gitlab.client import GitLabApi
from seatrial.ci.gitlab.environment import Environment, MergeRequest, PipelineSource
from seatrial.ci.gitlab.notes import harmless
from seatrial.ci.results import Ambiguous, ApiError, Posted, PostedAction, TokenRefused
from seatrial.settings import Comment

KEY = "readiness"
REQUEST = MergeRequest(
    iid=IID, project=PROJECT, source_project=PROJECT, project_url="https://gitlab.example/g/p", base_sha="b" * 40
)
JOB_OF = Environment(
    source=PipelineSource.MERGE_REQUEST, project=PROJECT, merge_request=REQUEST, sha="a" * 40, job="readiness",
    job_id="1000", pipeline_id="100", token=PROJECT_TOKEN,
)  # fmt: skip


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def api(server: Server, clock: Clock | None = None, *, wait: float = 60, **more: Any) -> GitLabApi:
    environment = replace(JOB_OF, api_url=f"{server.url}/api/v4", **more)
    return GitLabApi(environment, rate_limit_wait=wait, sleep=(clock or Clock()).sleep)


def post(
    to: GitLabApi, text: str = "### verdict", when: Comment = Comment.ALWAYS, *, closed: bool = True, key: str = KEY
) -> Posted:
    return notes.publish(to, REQUEST, key, text, when, closed=closed, worth_telling=True)


def test_it_is_created_then_edited_in_place_then_left_alone(server: Server) -> None:
    made = post(api(server), "one", Comment.AUTO)
    assert (made.action, made.notice) == (PostedAction.CREATED, "")
    assert made.url == f"https://gitlab.example/g/p/-/merge_requests/{IID}#note_{server.notes[0]['id']}"
    assert post(api(server, pipeline_id="101", job_id="1010"), "two", Comment.AUTO).action == PostedAction.EDITED
    assert post(api(server, pipeline_id="102", job_id="1020"), "two", Comment.AUTO).action == PostedAction.UNCHANGED
    [body] = server.bodies()
    first, second, *rest = body.split("\n")
    assert first == marker(KEY)
    assert json.loads(second.removeprefix("<!-- seatrial:run ").removesuffix(" -->"))["run"] == "101"
    assert rest == ["two"]


def test_it_is_found_on_the_third_page(server: Server) -> None:
    for n in range(230):
        server.note(ACCOUNTS[PERSONAL], f"chat {n}")
    post(api(server), "one")
    assert post(api(server), "two").action == PostedAction.EDITED
    assert sum(body.startswith(marker(KEY)) for body in server.bodies()) == 1


def test_a_next_page_at_another_address_is_not_followed(server: Server) -> None:
    with gitlab_server.running() as other:
        for n in range(230):
            server.note(ACCOUNTS[PERSONAL], f"chat {n}")
        server.elsewhere = f"{other.url}/api/v4/projects/{PROJECT}/merge_requests/{IID}/notes?page=2"
        post(api(server), "one")
        assert other.log == []


def test_a_redirect_to_another_address_is_not_followed(server: Server) -> None:
    with gitlab_server.running() as other:
        there = f"{other.url}/api/v4/projects/{PROJECT}/merge_requests/{IID}/notes"
        server.fail("GET", Fault(302, {}, {"Location": there}))
        with pytest.raises(ApiError, match="redirects to another address"):
            post(api(server))
        assert other.log == []


@pytest.mark.parametrize("author", [ACCOUNTS[PERSONAL], ACCOUNTS[OUTSIDER], Account(903, "project_42_bot_9")])
def test_a_note_of_another_account_with_our_marker_is_neither_touched_nor_in_the_way(
    server: Server, author: Account
) -> None:
    theirs = server.note(author, f"{marker(KEY)}\nmine!")
    assert post(api(server)).action == PostedAction.CREATED
    assert theirs["body"].endswith("mine!")
    assert len(server.notes) == 2


def test_a_system_note_is_not_taken_for_ours(server: Server) -> None:
    theirs = server.note(ACCOUNTS[PROJECT_TOKEN], f"{marker(KEY)}\nmentioned", system=True)
    assert post(api(server)).action == PostedAction.CREATED
    assert theirs["body"].endswith("mentioned")


def test_two_jobs_of_one_pipeline_keep_a_note_each(server: Server) -> None:
    post(api(server), "one", key="readiness: [api]")
    post(api(server, job="readiness: [web]", job_id="1001"), "two", key="readiness: [web]", closed=False)
    assert [body.split("\n")[2] for body in server.bodies()] == ["one", "two"]


@pytest.mark.parametrize(("first", "second"), [("1000", "1001"), ("1001", "1000")])
def test_a_ready_job_does_not_hide_another_one_that_shares_its_note(server: Server, first: str, second: str) -> None:
    post(api(server, job="api", job_id=first), "not ready", closed=True)
    posted = post(api(server, job="web", job_id=second), "ready", closed=False)
    assert posted.action == PostedAction.UNCHANGED
    assert "comment_id" in posted.notice
    assert server.bodies()[0].endswith("not ready")


def test_a_job_that_is_repeated_replaces_its_own_result(server: Server) -> None:
    post(api(server, job_id="1000"), "not ready", closed=True)
    assert post(api(server, job_id="1001"), "ready", closed=False).action == PostedAction.EDITED


@pytest.mark.parametrize(("run", "attempt"), [("99", "2000"), ("100", "999")])
def test_an_older_job_leaves_the_note_of_a_newer_one_alone(server: Server, run: str, attempt: str) -> None:
    post(api(server), "new")
    posted = post(api(server, pipeline_id=run, job_id=attempt), "old")
    assert (posted.action, "newer run" in posted.notice) == (PostedAction.UNCHANGED, True)


def test_notes_that_were_doubled_become_one(server: Server) -> None:
    for n in range(3):
        server.note(ACCOUNTS[PROJECT_TOKEN], f"{marker(KEY)}\nold {n}")
    server.note(ACCOUNTS[PROJECT_TOKEN], f"{marker('other')}\nanother job's")
    assert post(api(server)).action == PostedAction.EDITED
    assert [body.split("\n")[0] for body in server.bodies()] == [marker(KEY), marker("other")]


@pytest.mark.parametrize(
    ("when", "closed", "writes"),
    [(Comment.OFF, True, 0), (Comment.ON_FAILURE, False, 0), (Comment.ON_FAILURE, True, 1)],
)
def test_it_is_created_when_it_is_asked_for(server: Server, when: Comment, closed: bool, writes: int) -> None:
    post(api(server), when=when, closed=closed)
    assert len(server.writes()) == writes


@pytest.mark.parametrize("fault", [Fault(502), Fault(503), Fault(409, {"message": "409 Conflict"}), Fault(reset=True)])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_may_be_repeated_is(server: Server, method: str, fault: Fault) -> None:
    for n in range(2):
        server.note(ACCOUNTS[PROJECT_TOKEN], f"{marker(KEY)}\nold {n}")
    server.fail(method, fault)
    clock = Clock()
    assert post(api(server, clock)).action == PostedAction.EDITED
    assert clock.slept == [1.0]
    assert len(server.notes) == 1


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize(
    "fault", [Fault(500, {"message": "500"}), Fault(502), Fault(reset=True), Fault(cut=True, after=True)]
)
def test_a_creation_that_may_have_worked_makes_one_note(server: Server, fault: Fault, after: bool) -> None:
    server.fail("POST", replace(fault, after=after or fault.after))
    assert post(api(server)).action in (PostedAction.CREATED, PostedAction.EDITED, PostedAction.UNCHANGED)
    assert len(server.notes) == 1


def test_a_creation_in_conflict_is_repeated(server: Server) -> None:
    server.fail("POST", Fault(409, {"message": "409 Conflict"}))
    assert post(api(server)).action == PostedAction.CREATED
    assert len(server.notes) == 1


def test_a_creation_that_never_answers_is_given_up(server: Server) -> None:
    server.fail("POST", *[Fault(502)] * 3)
    with pytest.raises(Ambiguous):
        post(api(server))
    assert server.writes() == ["POST"] * 3


@pytest.mark.parametrize(("after", "slept"), [("17", [17.0]), (None, [60.0]), ("soon", [60.0])])
def test_a_rate_limit_is_waited_for(server: Server, after: str | None, slept: list[float]) -> None:
    server.fail("POST", too_many(after))
    clock = Clock()
    assert post(api(server, clock)).action == PostedAction.CREATED
    assert clock.slept == slept


@pytest.mark.parametrize("after", ["61", "999999"])
def test_a_rate_limit_that_takes_too_long_is_given_up(server: Server, after: str) -> None:
    server.fail("POST", too_many(after))
    clock = Clock()
    with pytest.raises(ApiError, match="longer than rate_limit_wait allows"):
        post(api(server, clock))
    assert clock.slept == []


def test_all_waits_together_are_bounded(server: Server) -> None:
    server.fail("GET", too_many("25"), too_many("25"), too_many("25"))
    clock = Clock()
    with pytest.raises(ApiError, match="rate limit"):
        post(api(server, clock))
    assert clock.slept == [25.0, 25.0]


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("unknown", r"\(401\)"),
        (JOB, r"\(401\)"),
        (READ_ONLY, r"insufficient_scope \(403\); it needs the scope `api` and the role Reporter"),
        (OUTSIDER, r"\(404\): the token cannot see it"),
    ],
)
def test_a_token_that_may_not_is_one_clear_line(server: Server, token: str, says: str) -> None:
    with pytest.raises(TokenRefused, match=says) as caught:
        post(api(server, token=token))
    assert "\n" not in str(caught.value)
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault(413, "<html>413 Request Entity Too Large</html>"), "no request of this size"),
        (Fault(400, {"message": {"note": ["is too long"]}}), "is too long"),
        (Fault(400, {"message": "\x1b[31m::error::x\u202e"}), r"GitLab answered 400: "),
        (Fault(400, []), "GitLab answered 400"),
        (Fault(422, "no JSON"), "GitLab answered 422"),
    ],
)
def test_what_gitlab_refuses_is_one_clear_line(server: Server, fault: Fault, says: str) -> None:
    server.fail("POST", fault)
    with pytest.raises(ApiError, match=says) as caught:
        post(api(server))
    assert str(caught.value).isprintable()
    assert server.notes == []


@pytest.mark.parametrize("answer", [{}, [], {"id": "7"}, {"id": True}, None])
def test_an_answer_without_a_number_is_one_clear_line(server: Server, answer: object) -> None:
    server.fail("POST", Fault(201, answer if answer is not None else "null"))
    with pytest.raises(ApiError, match="has no `id`"):
        post(api(server))


def test_a_text_that_gitlab_cannot_take_is_not_sent(server: Server) -> None:
    with pytest.raises(ValueError, match="characters"):
        post(api(server), "x" * BODY_LIMIT)
    assert server.log == []


@pytest.mark.parametrize("url", ["", "https://gitlab.example", "https://gitlab.example/api/v3"])
def test_an_address_that_is_no_api_is_one_clear_line(url: str) -> None:
    with pytest.raises(ApiError, match="CI_API_V4_URL"):
        GitLabApi(replace(JOB_OF, api_url=url), rate_limit_wait=0)


ORDERS = st.sampled_from(["/close", "/merge", "/label ~bug", "/assign @root", " /close", "\t/close", "\r/close", "x"])


@given(st.lists(ORDERS, max_size=8), st.sampled_from(["\n", "\r\n", "\n\n", "\n```\n", "\n`\n", "\n>>>\n"]))
def test_no_line_begins_with_a_slash(lines: list[str], between: str) -> None:
    said = harmless(between.join(lines))
    assert not any(line.lstrip().startswith("/") for line in said.split("\n"))
    assert said.replace("\u2060", "") == between.join(lines).replace("\r", "")


def test_a_quoted_order_is_not_executed(server: Server) -> None:
    post(api(server), "### verdict\n/close\n```\ncode\n```\n/merge\r\n/label ~bug")
    assert server.orders == []
    assert "/merge" in server.bodies()[0]
