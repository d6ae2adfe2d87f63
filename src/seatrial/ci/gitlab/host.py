"""GitLab CI/CD as a host."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from seatrial.ci import comments
from seatrial.ci.comments import Leg
from seatrial.ci.host import Change, Origin, PrintLine
from seatrial.ci.news import worth_telling
from seatrial.ci.plain import Plain
from seatrial.ci.results import NO_COMMENT, Attempts, Posted, PostedAction, PublishResult
from seatrial.domain.ci_systems import System
from seatrial.report import Outcome, markdown
from seatrial.report.text import printable
from seatrial.settings import Comment
from seatrial.system.base.store import FullHistory, Remote

from . import environment, reports
from .environment import Environment, MergeRequest, PipelineSource

ENGINE = Path("/var/run/docker.sock")
"""Where a runner mounts its engine, if it is configured to."""
_MISSING = (
    "There is no note: the job has no `SEATRIAL_GITLAB_TOKEN`. "
    "GitLab passes a protected variable to protected branches only."
)
_FORK = (
    "There is no note: the merge request comes from a fork, so no token is used. The result is in this log and in the "
    "reports."
)


class GitLab(Plain):
    """One job of GitLab CI/CD."""

    system = System.GITLAB
    full_history = FullHistory("`GIT_DEPTH: 0`", "set the variable `GIT_DEPTH: 0`")

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        self.job: Environment = environment.of(environ)

    @classmethod
    def is_here(cls, environ: Mapping[str, str]) -> bool:
        """By the variable that every job has."""
        return environ.get("GITLAB_CI") == "true"

    @property
    def change(self) -> Change:
        """What the variables say of the merge request or the push."""
        job, request = self.job, self.job.merge_request
        if request is not None:
            return Change(
                origin=Origin.PROPOSAL,
                event=job.source_name,
                base=request.base_sha,
                base_ref=request.target,
                head=request.head_sha or job.sha,
                default_branch=job.default_branch,
                own_code=job.own_code,
                by_maintainer=not job.fork,  # a branch of the project: pushing one takes the role Developer
            )
        return Change(
            origin=Origin.PUSH if job.source is PipelineSource.PUSH else Origin.OTHER,
            event=job.source_name,
            base=job.before_sha,
            base_ref=job.branch,
            head=job.sha,
            default_branch=job.default_branch,
            own_code=job.own_code,
        )

    @property
    def may_try(self) -> bool:
        """Whether the code is the project's own and the job was given an engine: by default a runner gives none."""
        return self.job.own_code and (bool(self._environ.get("DOCKER_HOST")) or ENGINE.is_socket())

    @property
    def remote(self) -> Remote | None:
        """The project that the merge request is open in, or the job's own; with the runner's own token."""
        request = self.job.merge_request
        url = request.project_url if request is not None else self.job.project_url
        if not url:
            return None
        return Remote(f"{url}.git", self.job.job_token, user="gitlab-ci-token", ca_file=self.job.ca_file)

    @property
    def debug(self) -> bool:
        """Whether debug logging is on."""
        return self.job.debug

    @property
    def workspace(self) -> Path | None:
        """The checkout."""
        return self.job.workspace

    def group(self, title: str, say: PrintLine) -> AbstractContextManager[None]:
        """A section of the job's log, collapsed."""
        return _section(title, say)

    def reports(self, outcome: Outcome) -> Mapping[str, Callable[[], str]]:
        """What GitLab reads as `artifacts:reports`, besides junit.xml."""
        return {
            "codequality.json": lambda: reports.code_quality(outcome),
            "outputs.env": lambda: reports.dotenv(outcome),
        }

    def publish(self, outcome: Outcome, written: Mapping[str, Path], say: PrintLine) -> PublishResult:
        """One note. GitLab itself shows the reports, and the job as the commit's status."""
        del written  # GitLab takes the files by `artifacts:reports`
        attempts = Attempts()
        posted = NO_COMMENT
        if not outcome.report.interrupted:
            posted = attempts.attempt("the note", lambda: self._note(outcome), NO_COMMENT)
        attempts.add(posted.notice)
        for name in ("commit_status", "check_run"):
            if getattr(outcome.settings, name):
                attempts.add(f"`{name}` has no effect here: GitLab shows the job itself as the commit's status.")
        result = attempts.result(posted, (), lambda problem: f"seatrial: {printable(problem, limit=600)}")
        for line in result.lines:
            say(line)
        return result

    def _note(self, outcome: Outcome) -> Posted:
        job, request, settings = self.job, self.job.merge_request, outcome.settings
        if settings.comment is Comment.OFF or request is None:
            return NO_COMMENT
        if job.fork:
            return Posted(PostedAction.NONE, notice=_FORK)
        if not job.token:
            return Posted(PostedAction.NONE, notice=_MISSING)
        return self._written(outcome, request)

    def _written(self, outcome: Outcome, request: MergeRequest) -> Posted:
        from . import notes
        from .client import GitLabApi

        settings = outcome.settings
        leg = Leg(self.folder(settings.path), settings.config)
        text = markdown.render(outcome, budget=markdown.COMMENT_BUDGET, run_url=self.job.job_url, leg=leg.label)
        return notes.publish(
            GitLabApi(self.job, rate_limit_wait=settings.rate_limit_wait),
            request,
            comments.key_of(self.job.job, settings.comment_id, leg),
            text,
            settings.comment,
            closed=not outcome.verdict.passed,
            worth_telling=worth_telling(outcome),
        )


@contextmanager
def _section(title: str, say: PrintLine, now: Callable[[], float] = time.time) -> Iterator[None]:
    """Source: https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections."""
    name = "seatrial_" + re.sub(r"[^a-z0-9]+", "_", title.lower())
    say(f"\x1b[0Ksection_start:{now():.0f}:{name}[collapsed=true]\r\x1b[0K{printable(title)}")
    try:
        yield
    finally:
        say(f"\x1b[0Ksection_end:{now():.0f}:{name}\r\x1b[0K")
