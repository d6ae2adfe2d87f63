"""The rights of events: each row of the table, with GitHub's documentation as the source."""

from __future__ import annotations

import pytest

from seatrial.inspectors.workflows.privileges import RIGHTS, Code, Starter, Token, privileged, public
from seatrial.inspectors.workflows.rules.events import TYPES

FORK = (Starter.ANYONE, Token.READ, False, Code.MERGE)
DEFAULT = (Starter.ANYONE, Token.WRITE, True, Code.BASE)
WRITER = (Starter.WRITER, Token.WRITE, True, Code.REF)
EXPECTED = {
    "pull_request": FORK,
    "pull_request_review": FORK,
    "pull_request_review_comment": FORK,
    "pull_request_target": DEFAULT,
    "workflow_run": DEFAULT,
    "issue_comment": DEFAULT,
    "issues": DEFAULT,
    "discussion": DEFAULT,
    "discussion_comment": DEFAULT,
    "fork": DEFAULT,
    "watch": DEFAULT,
    "gollum": DEFAULT,
    "push": WRITER,
    "create": WRITER,
    "delete": WRITER,
    "release": WRITER,
    "schedule": WRITER,
    "workflow_dispatch": WRITER,
    "repository_dispatch": WRITER,
    "merge_group": WRITER,
    "deployment_status": WRITER,
    "check_run": WRITER,
}


@pytest.mark.parametrize("event", EXPECTED)
def test_the_rights_of_a_fork(event: str) -> None:
    row = RIGHTS[event]
    assert (row.starter, row.fork_token, row.fork_secrets, row.code) == EXPECTED[event]
    assert privileged(event) == (EXPECTED[event] == DEFAULT)
    assert public(event) == (EXPECTED[event] != WRITER)


@pytest.mark.parametrize("event", RIGHTS)
def test_the_repositorys_own_branches_have_all_rights(event: str) -> None:
    assert (RIGHTS[event].own_token, RIGHTS[event].own_secrets) == (Token.WRITE, True)


def test_every_event_has_its_row() -> None:
    assert set(RIGHTS) == set(TYPES)


def test_an_unknown_event_has_no_privilege() -> None:
    assert not privileged("made_up")
    assert RIGHTS["workflow_call"].starter is Starter.CALLER
