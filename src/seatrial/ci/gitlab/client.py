"""
The way to GitLab's REST API: python-gitlab, with retries of our own.

Its retries repeat a POST after a 5xx, which can make two notes. They also sleep for a whole rate limit. So they
are off. Every request goes through `ask`, which knows whether it may be repeated and how long it may wait. Nothing
is followed to another address: neither a redirect nor a link to the next page, because the token would go with it.
Sources: https://docs.gitlab.com/api/rest/, https://docs.gitlab.com/api/rest/troubleshooting/#status-codes,
https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import gitlab
import requests
from gitlab.exceptions import GitlabError

from seatrial import __version__
from seatrial.ci.results import ApiError, TokenRefused
from seatrial.ci.retries import NETWORK, TIMEOUT, FailedAttempt, Retries, unreachable
from seatrial.report.text import printable
from seatrial.text.numerals import whole

from .environment import Environment

T = TypeVar("T")

PER_PAGE = 100
_PAGES = 200
"""Of one list: a merge request holds far fewer notes."""
_CONFLICT = 409
"""Two requests changed the same thing: the later one was refused, and may be repeated."""
_ROOT = "/api/v4"


class GitLabApi:
    """
    One job's access to its project.

    Args:
        environment: the job; its token is used and never shown.
        rate_limit_wait: seconds to wait for rate limits, altogether.
        sleep: for tests.

    Raises:
        ApiError: the job has no address of the API.
    """

    def __init__(
        self, environment: Environment, *, rate_limit_wait: float, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        if not environment.api_url.endswith(_ROOT):
            raise ApiError(
                "CI_API_V4_URL is not an address of GitLab's API; expected something like https://gitlab.com/api/v4"
            )
        logging.getLogger("gitlab").setLevel(logging.CRITICAL)  # its lines would quote what it sends
        self.environment = environment
        self._retries = Retries(rate_limit_wait, sleep)
        self._headers: Mapping[str, str] = {}
        session = requests.Session()
        session.max_redirects = 0
        session.hooks["response"].append(self._note)
        self._server = gitlab.Gitlab(
            environment.api_url.removesuffix(_ROOT),
            private_token=environment.token,
            ssl_verify=environment.ca_file or True,
            timeout=TIMEOUT,
            user_agent=f"seatrial/{__version__}",
            session=session,
        )

    def get(self, what: str, path: str) -> Any:
        """One thing, as JSON; `what` as for `ask`."""
        return self.ask(what, lambda: self._request("get", path).json())

    def pages(self, what: str, path: str, query: Mapping[str, str]) -> Iterator[Any]:
        """The things of a list, over all pages."""
        page = 1
        for _ in range(_PAGES):
            asked = {**query, "per_page": PER_PAGE, "page": page}
            things, following = self.ask(what, lambda asked=asked: self._page(path, asked))  # type: ignore[misc]
            yield from things
            if following is None or following <= page:
                return
            page = following

    def post(self, what: str, path: str, data: Mapping[str, str]) -> Any:
        """Make something. It is not repeated if it may have taken effect."""
        return self.ask(what, lambda: self._request("post", path, data).json(), repeatable=False)

    def put(self, what: str, path: str, data: Mapping[str, str]) -> Any:
        """Change something."""
        return self.ask(what, lambda: self._request("put", path, data).json())

    def delete(self, what: str, path: str) -> None:
        """Remove something; if it is gone already, that is as it should be."""
        self.ask(what, lambda: self._removed(path))

    def ask(self, what: str, call: Callable[[], T], *, repeatable: bool = True) -> T:
        """
        Do something by the API.

        Args:
            what: in a message, after "could not": `read the notes`.
            call: the request.
            repeatable: whether a second time would do no harm.

        Raises:
            Ambiguous: it is not repeatable, and it is unknown whether it took effect.
            ApiError: it failed for good.
        """

        def explain(error: Exception) -> FailedAttempt:
            if isinstance(error, GitlabError):
                return self._failure(what, error)
            if isinstance(error, requests.TooManyRedirects):
                said = "GitLab redirects to another address; set CI_API_V4_URL to the final one"
                return FailedAttempt(ApiError(f"could not {what}: {said}"), lost=True)
            return unreachable(what, "GitLab", error)

        return self._retries.ask(call, (GitlabError, *NETWORK), explain, repeatable=repeatable)

    def wait(self, attempt: int) -> None:
        """Wait as before another attempt, counted from 1."""
        self._retries.wait(attempt)

    def _note(self, response: requests.Response, *_args: object, **_kwargs: object) -> None:
        """Remember the headers of the last answer: python-gitlab's errors leave them out."""
        self._headers = response.headers

    def _request(self, verb: str, path: str, data: Mapping[str, Any] | None = None, **query: Any) -> requests.Response:
        self._headers = {}
        body = dict(data) if data is not None else None
        return self._server.http_request(
            verb, path, query_data=query, post_data=body, obey_rate_limit=False, retry_transient_errors=False
        )

    def _page(self, path: str, query: Mapping[str, Any]) -> tuple[list[Any], int | None]:
        """A page's things and the next page's number, which GitLab has in a header."""
        answer = self._request("get", path, None, **query)
        things = answer.json()
        return (things if isinstance(things, list) else []), whole(answer.headers.get("X-Next-Page"))

    def _removed(self, path: str) -> None:
        try:
            self._request("delete", path)
        except GitlabError as error:
            if error.response_code != 404:
                raise

    def _until_allowed(self, status: int) -> float | None:
        """Seconds until a rate limit ends; None: it is none. Without `Retry-After`, GitLab's limits last a minute."""
        if status != 429:
            return None
        after = whole(self._headers.get("Retry-After"))
        return 60.0 if after is None else float(after)

    def _failure(self, what: str, error: GitlabError) -> FailedAttempt:
        status = error.response_code or 0
        kind = TokenRefused if status in (401, 403, 404) else ApiError
        made = kind(f"could not {what}: {self._reason(status, error)}")
        crashed = status >= 500
        limit = self._until_allowed(status)
        return FailedAttempt(made, lost=crashed or not status, passing=crashed or status == _CONFLICT, limit=limit)

    def _reason(self, status: int, error: GitlabError) -> str:
        message = printable(_message(error), limit=200)
        match status:
            case 429:
                wait = self._until_allowed(status)
                return f"GitLab's rate limit; it ends in {wait:.0f} s, longer than rate_limit_wait allows"
            case 401:
                return "GitLab does not accept the token (401)"
            case 403:
                return f"the token may not: {message} (403); it needs the scope `api` and the role Reporter"
            case 404:
                return "not found (404): the token cannot see it, or it is gone"
            case 413:
                return "GitLab accepts no request of this size (413)"
            case _:
                return f"GitLab answered {status}" + (f": {message}" if message else "")


def _message(error: GitlabError) -> str:
    """What GitLab says: a text, or texts by field."""
    said: object = error.error_message
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
