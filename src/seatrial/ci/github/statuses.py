"""A commit status with the verdict, for branch rules that ask for one by name."""

from __future__ import annotations

from seatrial.report import Outcome, explained
from seatrial.report.text import shortened
from seatrial.verdict.decision import Decision

from .client import GitHubApi

DESCRIPTION_LIMIT = 140
"""Characters that GitHub takes."""
_STATE = {Decision.PASSED: "success", Decision.CLOSED: "failure", Decision.INCONCLUSIVE: "error"}


def publish(api: GitHubApi, outcome: Outcome, context: str) -> None:
    """
    Set the status of the change's own last commit.

    Raises:
        ApiError: GitHub did not take it.
    """
    environment = api.environment
    commit = environment.head_sha or environment.sha
    decision = outcome.verdict.decision
    state = "success" if not outcome.verdict.enforced and decision is Decision.CLOSED else _STATE[decision]
    text = shortened(f"{explained.number(outcome)}, {explained.gate(outcome)}", DESCRIPTION_LIMIT)
    api.ask(
        "set the commit status",
        lambda: api.repository.get_commit(commit).create_status(
            state=state,
            description=text,
            context=context,
            **({"target_url": environment.run_url} if environment.run_url else {}),
        ),
        permission="statuses: write",
    )
