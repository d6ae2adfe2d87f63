"""One comment, whatever GitHub, the network and other jobs do."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import description
import pytest
from hypothesis import given
from hypothesis import strategies as st
from server import ACCOUNTS, JOB, OTHER_APP, PERSON, READ_ONLY, Account, Fault, Hub, running

from seatrial.ci.comments import marker
from seatrial.ci.github import comments, pulls
from seatrial.ci.github.client import GitHubApi
from seatrial.ci.github.environment import Event, GitHubEnvironment, PullRequest, WorkflowRun
from seatrial.ci.results import Ambiguous, ApiError, Posted, PostedAction
from seatrial.settings import Comment

KEY = "pr-gate/readiness"
CREATE, LIST = "/issues/{issue_number}/comments", "/issues/{issue_number}/comments"
EDIT = "/issues/comments/{comment_id}"


def environment(hub: Hub, *, run: int = 100, token: str = JOB, **more: Any) -> GitHubEnvironment:
    pull = PullRequest(
        number=7,
        head_sha="a" * 40,
        head_ref="change",
        head_repository="o/r",
        base_sha="b" * 40,
        base_ref="main",
        author="u",
    )
    made = GitHubEnvironment(
        event=Event.PULL_REQUEST, event_name="pull_request", repository="o/r", sha="c" * 40, ref="refs/pull/7/merge",
        head_sha="a" * 40, pull_request=pull, api_url=hub.url, token=token, run_id=str(run), run_attempt="1",
    )  # fmt: skip
    return replace(made, **more)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def api(hub: Hub, clock: Clock | None = None, **more: Any) -> GitHubApi:
    clock = clock or Clock()
    return GitHubApi(environment(hub, **more), rate_limit_wait=60, sleep=clock.sleep, now=lambda: clock.time)


def post(
    to: GitHubApi, text: str = "### verdict", when: Comment = Comment.ALWAYS, *, closed: bool = True, worth: bool = True
) -> Posted:
    return comments.publish(to, 7, KEY, text, when, closed=closed, worth_telling=worth)


def test_it_is_created_then_edited_in_place_then_left_alone(hub: Hub) -> None:
    made = post(api(hub), "one", Comment.AUTO)
    assert (made.action, made.notice) == (PostedAction.CREATED, "")
    assert made.url.endswith(f"#issuecomment-{hub.comments[7][0]['id']}")
    assert post(api(hub, run=101), "two", Comment.AUTO).action == PostedAction.EDITED
    assert post(api(hub, run=102), "two", Comment.AUTO).action == PostedAction.UNCHANGED
    [body] = hub.bodies(7)
    first, second, *rest = body.split("\n")
    assert first == marker(KEY)
    assert json.loads(second.removeprefix("<!-- seatrial:run ").removesuffix(" -->"))["run"] == "101"
    assert rest == ["two"]


def test_it_is_found_on_the_third_page(hub: Hub) -> None:
    for n in range(230):
        hub.comment(7, Account("octocat"), f"chat {n}")
    post(api(hub), "one")
    for n in range(30):
        hub.comment(7, Account("octocat"), f"more chat {n}")
    assert post(api(hub), "two").action == PostedAction.EDITED
    assert sum(body.startswith(marker(KEY)) for body in hub.bodies(7)) == 1


@pytest.mark.parametrize("author", [Account("mallory"), Account("octocat")])
def test_somebody_elses_comment_with_our_marker_is_neither_touched_nor_in_the_way(hub: Hub, author: Account) -> None:
    theirs = hub.comment(7, author, f"{marker(KEY)}\nmine!")
    assert post(api(hub)).action == PostedAction.CREATED
    assert theirs["body"].endswith("mine!")
    assert len(hub.comments[7]) == 2


def test_a_token_that_knows_itself_takes_only_its_own(hub: Hub) -> None:
    hub.comment(7, ACCOUNTS[JOB], f"{marker(KEY)}\nthe bot's")
    assert post(api(hub, token=PERSON)).action == PostedAction.CREATED
    assert post(api(hub, token=PERSON), "again").action == PostedAction.EDITED
    assert "the bot's" in hub.bodies(7)[0]


def test_an_app_finds_its_own_comment_again(hub: Hub) -> None:
    assert post(api(hub, token=OTHER_APP)).action == PostedAction.CREATED
    assert post(api(hub, token=OTHER_APP), "again").action == PostedAction.EDITED
    assert len(hub.comments[7]) == 1


WELCOME = Account("welcome[bot]", "Bot")


@pytest.mark.parametrize("token", [JOB, OTHER_APP])
@pytest.mark.parametrize("second", ["hello", '<!-- seatrial:run {"run": "99999999999999"} -->'])
@pytest.mark.parametrize("before", [True, False])
def test_another_bots_comment_with_our_marker_is_neither_touched_nor_in_the_way(
    hub: Hub, token: str, second: str, before: bool
) -> None:
    if before:
        post(api(hub, token=token))
    theirs = hub.comment(7, WELCOME, f"{marker(KEY)}\n{second}")
    assert post(api(hub, token=token), "new").action == (PostedAction.EDITED if before else PostedAction.CREATED)
    assert theirs in hub.comments[7]
    assert theirs["body"].endswith(second)
    assert len(hub.comments[7]) == 2


def test_an_app_without_graphql_still_has_one_comment(hub: Hub) -> None:
    hub.graphql_off = True
    post(api(hub, token=OTHER_APP), "one")
    post(api(hub, token=OTHER_APP), "two")
    [only] = hub.bodies(7)
    assert "two" in only


def test_several_of_ours_become_one(hub: Hub) -> None:
    for n in range(3):
        hub.comment(7, ACCOUNTS[JOB], f"{marker(KEY)}\nold {n}")
    hub.comment(7, ACCOUNTS[JOB], f"{marker('other')}\nanother run's")
    assert post(api(hub)).action == PostedAction.EDITED
    assert [body.split("\n")[0] for body in hub.bodies(7)] == [marker(KEY), marker("other")]
    assert "### verdict" in hub.bodies(7)[0]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(502, after=True),
        Fault(500, after=True),
        Fault(201, after=True, cut=True),
        Fault(201, after=True, reset=True),
    ],
)
def test_a_creation_of_which_nobody_knows_makes_one_comment(hub: Hub, fault: Fault, times: int) -> None:
    hub.fail("POST", CREATE, fault)
    if times == 2:  # and the question whether it is there fails as well, once
        hub.fail("GET", LIST, Fault(200), Fault(502))
        hub.faults[("GET", LIST)].pop(0)
    assert post(api(hub)).action in (PostedAction.EDITED, PostedAction.UNCHANGED, PostedAction.CREATED)
    assert len(hub.comments[7]) == 1


def test_a_creation_that_failed_is_tried_again(hub: Hub) -> None:
    hub.fail("POST", CREATE, Fault(502), Fault(503))
    assert post(api(hub)).action == PostedAction.CREATED
    assert len(hub.comments[7]) == 1
    assert [m for m, _ in hub.writes()] == ["POST"] * 3


def test_a_creation_that_never_succeeds_ends(hub: Hub) -> None:
    hub.fail("POST", CREATE, *[Fault(502)] * 9)
    with pytest.raises(Ambiguous, match="could not create the comment: GitHub answered 502"):
        post(api(hub))
    assert len(hub.writes()) == 3


@pytest.mark.parametrize(
    "fault", [Fault(502), Fault(500), Fault(200, cut=True), Fault(429, headers={"Retry-After": "7"})]
)
def test_an_edit_is_repeated(hub: Hub, fault: Fault) -> None:
    clock = Clock()
    post(api(hub), "one")
    hub.fail("PATCH", EDIT, fault, fault)
    assert post(api(hub, clock), "two").action == PostedAction.EDITED
    assert hub.bodies(7)[0].endswith("two")
    assert len(clock.slept) == 2


def test_a_rate_limit_is_waited_for_within_the_bound(hub: Hub) -> None:
    clock = Clock()
    limited = Fault(
        403, "API rate limit exceeded for installation", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1000030"}
    )
    hub.fail("GET", LIST, limited)
    assert post(api(hub, clock)).action == PostedAction.CREATED
    assert clock.slept == [31.0]


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "3600"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1003000"}]
)
def test_a_rate_limit_beyond_the_bound_ends_at_once(hub: Hub, headers: dict[str, str]) -> None:
    clock = Clock()
    hub.fail("GET", LIST, Fault(403, "You have exceeded a secondary rate limit", headers))
    with pytest.raises(ApiError, match=r"rate limit; it ends in 3\d\d\d s, longer than rate_limit_wait allows"):
        post(api(hub, clock))
    assert clock.slept == []


def test_waits_add_up_to_the_bound(hub: Hub) -> None:
    clock = Clock()
    hub.fail("GET", LIST, *[Fault(429, "slow down", {"Retry-After": "25"})] * 3)
    with pytest.raises(ApiError, match="rate limit"):
        post(api(hub, clock))
    assert clock.slept == [25.0, 25.0]


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ({}, "add `pull-requests: write`"),
        ({"fork": True}, "a pull request from a fork has a read-only token"),
        ({"dependabot": True}, "a pull request by Dependabot has a read-only token"),
    ],
)
def test_a_read_only_token_is_explained(hub: Hub, more: dict[str, Any], advice: str) -> None:
    with pytest.raises(ApiError, match=advice) as problem:
        post(api(hub, token=READ_ONLY, **more))
    assert READ_ONLY not in str(problem.value)
    assert hub.comments[7] == []
    assert len(hub.writes()) == 1


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (Fault(404, "Not Found"), "not found"),
        (Fault(422, "Validation Failed"), "GitHub answered 422: Validation Failed"),
        (Fault(410, "Gone"), "GitHub answered 410"),
    ],
)
def test_an_answer_that_stays_is_one_line(fault: Fault, advice: str) -> None:
    with running() as hub:  # bodies of these statuses are GitHub's own; the description asks for more than we send
        hub.open_pull(7, "a" * 40)
        hub.fail("POST", CREATE, *[fault] * 9)
        with pytest.raises(ApiError, match=advice) as problem:
            post(api(hub))
        assert "\n" not in str(problem.value)
        assert len(hub.writes()) == 1


def test_a_bad_token_and_no_server_are_one_line(hub: Hub) -> None:
    with pytest.raises(ApiError, match=r"does not accept the token \(401\)"):
        post(api(hub, token="wrong"))
    nowhere = Hub(url="http://127.0.0.1:9")
    with pytest.raises(ApiError, match="no connection to GitHub"):
        post(api(nowhere))


def test_an_older_run_that_ends_last_does_not_speak(hub: Hub) -> None:
    post(api(hub, run=200), "new")
    late = post(api(hub, run=199), "old")
    assert late.action == PostedAction.UNCHANGED
    assert "newer run" in late.notice
    assert hub.bodies(7)[0].endswith("new")
    assert post(api(hub, run=200, run_attempt="2"), "again").action == PostedAction.EDITED


def test_two_jobs_that_create_at_once_leave_one_comment(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = api(hub, run=1)
    ask = slow.ask

    def between(what: str, call: Callable[[], Any], *, repeatable: bool = True) -> Any:
        if what == "create the comment":  # the other job has looked too, and is faster
            assert post(api(hub, run=2), "second").action == PostedAction.CREATED
        return ask(what, call, repeatable=repeatable)

    monkeypatch.setattr(slow, "ask", between)
    assert post(slow, "first").action == PostedAction.CREATED
    assert len(hub.comments[7]) == 1
    assert hub.bodies(7)[0].endswith("second")


@pytest.mark.parametrize(
    ("when", "closed", "worth", "created"),
    [
        (Comment.OFF, True, True, False),
        (Comment.AUTO, False, False, False),
        (Comment.AUTO, False, True, True),
        (Comment.ON_FAILURE, False, True, False),
        (Comment.ON_FAILURE, True, True, True),
        (Comment.ON_CHANGE, False, False, True),
        (Comment.ALWAYS, False, False, True),
    ],
)
def test_when_it_is_created(hub: Hub, when: Comment, closed: bool, worth: bool, created: bool) -> None:
    assert post(api(hub), "x", when, closed=closed, worth=worth).action == (
        PostedAction.CREATED if created else PostedAction.NONE
    )
    assert len(hub.comments[7]) == created


def test_a_leg_of_the_same_run_does_not_hide_that_another_is_not_ready(hub: Hub) -> None:
    post(api(hub), "not ready")
    left = post(api(hub), "ready", closed=False)
    assert left.action == PostedAction.UNCHANGED
    assert "Another leg of this run" in left.notice
    assert hub.bodies(7)[0].endswith("\nnot ready")


@pytest.mark.parametrize("when", [Comment.AUTO, Comment.ON_FAILURE, Comment.ON_CHANGE])
def test_one_that_is_there_never_tells_an_old_story(hub: Hub, when: Comment) -> None:
    post(api(hub), "not ready")
    assert post(api(hub, run=101), "ready", when, closed=False, worth=False).action == PostedAction.EDITED
    assert hub.bodies(7)[0].endswith("\nready")


def test_a_comment_that_github_would_refuse_is_not_sent(hub: Hub) -> None:
    with pytest.raises(ValueError, match="bytes"):
        post(api(hub), "é" * 40_000)
    assert hub.writes() == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_markers_are_comments_and_tell_keys_apart(one: str, other: str) -> None:
    text = marker(one)
    assert "--" not in text[4:-3]
    assert text.count(">") == 1
    assert "\n" not in text
    assert (marker(one) == marker(other)) == (one == other)


def find(hub: Hub, **more: Any) -> tuple[int | None, str]:
    return pulls.find(api(hub, pull_request=None, **more))


def test_the_pull_request_of_a_push_is_the_open_one_with_that_commit(hub: Hub) -> None:
    push: dict[str, Any] = {"event": Event.PUSH, "ref": "refs/heads/change"}
    assert find(hub, **push) == (7, "")
    assert find(hub, **push, head_sha="f" * 40) == (None, "")
    assert find(hub, event=Event.SCHEDULE) == (None, "")
    assert hub.writes() == []


def workflow_run(repository: str = "fork/r", sha: str = "d" * 40) -> dict[str, Any]:
    run = WorkflowRun(
        id=1, event="pull_request", head_sha=sha, head_branch="change", head_repository=repository, conclusion="success"
    )
    return {"event": Event.WORKFLOW_RUN, "workflow_run": run}


def test_a_second_stage_takes_the_pull_request_from_github(hub: Hub) -> None:
    hub.open_pull(8, "d" * 40, repository="fork/r")
    assert find(hub, **workflow_run()) == (8, "")
    number, reason = find(hub, **workflow_run(sha="e" * 40))
    assert (number, "no open pull request has eeeeeee" in reason) == (None, True)


def test_a_fork_with_the_same_branch_and_commit_is_not_mistaken(hub: Hub) -> None:
    hub.open_pull(8, "d" * 40, repository="fork/other")
    hub.pulls[8]["head"]["label"] = "fork:change"
    assert find(hub, **workflow_run())[0] is None
    hub.open_pull(9, "d" * 40, repository=None)  # deleted since
    hub.pulls[9]["head"]["label"] = "fork:change"
    assert find(hub, **workflow_run())[0] is None
    [known] = hub.violations  # GitHub answers so, and its description does not say it
    assert known.endswith("1/head/repo: None is not of type 'object'")
    hub.violations.clear()


@pytest.mark.parametrize(
    "break_it",
    [
        lambda hub: _send(hub, "/repos/o/r/issues/7/comments", b'{"text": "no body"}'),
        lambda hub: _send(hub, "/repos/o/r/issues/7/comments?colour=red"),
        lambda hub: _send(hub, "/repos/o/r/unknown"),
        lambda hub: (hub.comments[7].append({"id": "no number"}), _send(hub, "/repos/o/r/issues/7/comments")),
    ],
)
def test_the_judge_bites(break_it: Callable[[Hub], object]) -> None:
    with running() as hub:
        hub.open_pull(7, "a" * 40)
        break_it(hub)
        assert hub.violations


def _send(hub: Hub, path: str, body: bytes | None = None) -> bool:
    request = urllib.request.Request(hub.url + path, data=body, headers={"Authorization": f"token {JOB}"})
    with contextlib.suppress(urllib.error.URLError, ConnectionError):
        urllib.request.urlopen(request).close()
    return True


def test_samples_of_the_description_are_valid() -> None:
    for name in ("issue-comment", "full-repository", "issue", "pull-request-simple", "commit", "status", "public-user"):
        assert list(description.complaints({"$ref": f"#/components/schemas/{name}"}, description.instance(name))) == []
