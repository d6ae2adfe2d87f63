"""GitHub Actions as a host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import ClassVar

from seatrial.ci.host import Change, FirstStage, Origin, PrintLine
from seatrial.ci.plain import Plain
from seatrial.ci.results import PublishResult
from seatrial.domain.ci_systems import System
from seatrial.domain.errors import UsageError
from seatrial.report import Outcome
from seatrial.settings import Settings
from seatrial.system.base.store import FullHistory, Remote

from . import commands, environment
from .environment import Event, GitHubEnvironment

_PROPOSALS = (Event.PULL_REQUEST, Event.PULL_REQUEST_TARGET, Event.MERGE_GROUP)
"""Events in which an author asks for a change that is not in yet."""


class GitHub(Plain):
    """One job of GitHub Actions, or of a system that runs its workflows."""

    system = System.GITHUB
    second_stage_job = "a job of GitHub Actions that `workflow_run` starts"
    starter: ClassVar[Mapping[str, str]] = {".github/workflows/seatrial.yml": "workflow.yml"}
    full_history = FullHistory("`fetch-depth: 0`", "give actions/checkout `fetch-depth: 0`")

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        self.job: GitHubEnvironment = environment.of(environ)

    @classmethod
    def is_here(cls, environ: Mapping[str, str]) -> bool:
        """By the variable that every job has."""
        return environ.get("GITHUB_ACTIONS") == "true"

    @property
    def change(self) -> Change:
        """What the event and its payload say."""
        job = self.job
        return Change(
            origin=_origin(job.event),
            event=job.event_name,
            base=job.base_sha,
            base_ref=job.base_ref,
            head=job.head_sha,
            default_branch=job.default_branch,
            own_code=job.own_code,
            by_maintainer=job.by_maintainer,
        )

    @property
    def may_try(self) -> bool:
        """Whether the code is the repository's own; the runner gives every container action its engine."""
        return self.job.own_code

    @property
    def remote(self) -> Remote | None:
        """The job's own repository, with the job's token."""
        if not self.job.repository:
            return None
        return Remote(f"{self.job.server_url.rstrip('/')}/{self.job.repository}", self.job.token, user="x-access-token")

    @property
    def debug(self) -> bool:
        """Whether the run was started with debug logging."""
        return self.job.debug

    @property
    def workspace(self) -> Path:
        """The checkout."""
        return self.job.workspace

    def hush(self, say: PrintLine) -> None:
        """As the Action, have the runner take no line for a command."""
        commands.stop(self._environ, say)

    def mask(self, say: PrintLine) -> None:
        """The runner knows its own tokens, but not one of a vault's."""
        if not self.job.token.startswith("ghs_"):
            commands.speak(commands.mask(self.job.token), say)

    def group(self, title: str, say: PrintLine) -> AbstractContextManager[None]:
        """A group of the job's log."""
        return _group(title, say)

    def complain(self, message: str, remedy: str, say: PrintLine) -> None:
        """An annotation."""
        from .annotations import of_error

        workspace = self._environ.get("GITHUB_WORKSPACE", "")
        commands.speak([of_error(message, remedy, workspace=workspace)], say)

    def publish(self, outcome: Outcome, written: Mapping[str, Path], say: PrintLine) -> PublishResult:
        """One comment, a commit status, a check run, the job's summary, annotations, the outputs."""
        from . import publish

        result = publish.run(outcome, self.job, written)
        commands.speak(result.lines, say)
        return result

    def second_stage(self, chosen: Settings) -> FirstStage | None:
        """The run that a `workflow_run` event names."""
        if self.job.event is not Event.WORKFLOW_RUN:
            return None
        if not self.job.token:
            raise UsageError("is empty: without a token there is no account to comment as", where="github_token")
        for name in ("commit_status", "check_run"):
            if getattr(chosen, name):
                raise UsageError("is not made from a report that a fork's run made", where=name)
        ended = self.job.workflow_run.conclusion if self.job.workflow_run is not None else ""
        return FirstStage(ended == "success", ended)

    def comment_on(self, outcome: Outcome, chosen: Settings, say: PrintLine) -> PublishResult:
        """One comment, on the pull request that GitHub names."""
        from . import publish

        result = publish.comment_on(outcome, chosen, self.job)
        commands.speak(result.lines, say)
        return result


def _origin(event: Event) -> Origin:
    if event in _PROPOSALS:
        return Origin.PROPOSAL
    return Origin.PUSH if event is Event.PUSH else Origin.OTHER


@contextmanager
def _group(title: str, say: PrintLine) -> Iterator[None]:
    commands.speak([f"::group::{title}"], say)
    try:
        yield
    finally:
        commands.speak(["::endgroup::"], say)
