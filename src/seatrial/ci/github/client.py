"""
The way to GitHub's REST API: PyGithub, with retries of our own.

PyGithub retries a POST after a 5xx, which can make two comments, and never a PATCH; and it sleeps for as long as a rate
limit lasts. So its retries are off. Every request goes through `ask`, which knows whether it may be repeated and how
long it may wait.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import github
from github import GithubException
from github.Repository import Repository

from seatrial import __version__
from seatrial.ci.results import ApiError, TokenRefused
from seatrial.ci.retries import NETWORK, TIMEOUT, FailedAttempt, Retries, unreachable
from seatrial.report.text import printable
from seatrial.text.numerals import whole

from .environment import GitHubEnvironment

T = TypeVar("T")


class GitHubApi:
    """
    One job's access to its repository.

    Args:
        environment: the job; its token is used and never shown.
        rate_limit_wait: seconds to wait for rate limits, altogether.
        sleep: for tests.
        now: the time in seconds since 1970; rate limits end at such a time.
    """

    def __init__(
        self,
        environment: GitHubEnvironment,
        *,
        rate_limit_wait: float,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        address = urlsplit(environment.api_url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ApiError(
                "GITHUB_API_URL is not an address of GitHub's API; expected something like https://api.github.com"
            )
        logging.getLogger("github").setLevel(logging.CRITICAL)  # its lines would quote what it sends
        self.environment = environment
        self._retries, self._now = Retries(rate_limit_wait, sleep), now
        self.hub = github.Github(
            auth=github.Auth.Token(environment.token or "none"),
            base_url=environment.api_url.rstrip("/"),
            timeout=TIMEOUT,
            user_agent=f"seatrial/{__version__}",
            per_page=100,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
            lazy=True,
        )

    @property
    def repository(self) -> Repository:
        """The job's repository; nothing is asked for it."""
        return self.hub.get_repo(self.environment.repository)

    def ask(
        self, what: str, call: Callable[[], T], *, repeatable: bool = True, permission: str = "pull-requests: write"
    ) -> T:
        """
        Do something by the API.

        Args:
            what: in a message, after "could not": `read the comments`.
            call: the request or requests.
            repeatable: whether a second time would do no harm.
            permission: what the job's token needs for it.

        Raises:
            Ambiguous: it is not repeatable, and may have taken effect.
            ApiError: it failed for good.
        """

        def explain(error: Exception) -> FailedAttempt:
            if isinstance(error, GithubException):
                return self._failure(what, error, permission)
            return unreachable(what, "GitHub", error)

        return self._retries.ask(call, (GithubException, *NETWORK), explain, repeatable=repeatable)

    def wait(self, attempt: int) -> None:
        """Wait as before another attempt, counted from 1."""
        self._retries.wait(attempt)

    def _failure(self, what: str, error: GithubException, permission: str) -> FailedAttempt:
        limit, crashed = self._until_allowed(error), error.status >= 500
        kind = TokenRefused if error.status in (401, 403, 404) and limit is None else ApiError
        made = kind(f"could not {what}: {self._reason(error, permission)}")
        return FailedAttempt(made, lost=crashed, passing=crashed, limit=limit)

    def _until_allowed(self, error: GithubException) -> float | None:
        """
        Seconds until a rate limit ends; None: it is none.

        Source: GitHub's documentation, "Rate limits for the REST API": `Retry-After`, else the time of the reset if
        nothing remains, else at least a minute.
        """
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        text = str(error.data).lower()
        if error.status != 429 and not (error.status == 403 and ("rate limit" in text or "abuse" in text)):
            return None
        if (after := whole(headers.get("retry-after"))) is not None:
            return float(after)
        reset = whole(headers.get("x-ratelimit-reset"))
        if headers.get("x-ratelimit-remaining") == "0" and reset is not None:
            return max(0.0, reset - self._now()) + 1
        return 60.0

    def _reason(self, error: GithubException, permission: str) -> str:
        message = printable(_message(error), limit=200)
        wait = self._until_allowed(error)
        if wait is not None:
            return f"GitHub's rate limit; it ends in {wait:.0f} s, longer than rate_limit_wait allows"
        if error.status == 401:
            return "GitHub does not accept the token (401)"
        if error.status in (403, 404) and self.environment.read_only:
            who = "from a fork" if self.environment.fork else "by Dependabot"
            return (
                f"a run for a pull request {who} has a read-only token, as GitHub intends; the result is in the job's "
                "summary"
            )
        if error.status == 403:
            return f"the token may not: {message} (403); add `{permission}` to the job's `permissions`"
        if error.status == 404:
            return "not found (404): the token cannot see it, or it is gone"
        return f"GitHub answered {error.status}" + (f": {message}" if message else "")


def _message(error: GithubException) -> str:
    data = error.data
    return str(data.get("message", "")) if isinstance(data, dict) else ""
