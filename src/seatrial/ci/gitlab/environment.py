"""
What GitLab's predefined variables say about this job, read once into frozen values.

The author of `.gitlab-ci.yml` can set every variable to another value, and names of branches are free text. So the
kind of each value is checked. One that is missing or odd is empty, never a crash. Source:
https://docs.gitlab.com/ci/variables/predefined_variables/.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from seatrial.ci import commits
from seatrial.text.numerals import whole

TOKENS = ("SEATRIAL_GITLAB_TOKEN", "GITLAB_TOKEN")
"""Variables that may hold an access token for notes. The job's own `CI_JOB_TOKEN` cannot write them."""
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/\[\]%+-]{1,2000}")
_REQUEST_REFS = "refs/merge-requests/"


class PipelineSource(enum.StrEnum):
    """What started the pipeline; those that are treated alike are OTHER."""

    PUSH = "push"
    WEB = "web"
    WEB_IDE = "webide"
    SCHEDULE = "schedule"
    API = "api"
    TRIGGER = "trigger"
    PIPELINE = "pipeline"
    """Another project's pipeline."""
    PARENT = "parent_pipeline"
    MERGE_REQUEST = "merge_request_event"
    OTHER = "other"


_OWN = frozenset(PipelineSource) - {PipelineSource.MERGE_REQUEST, PipelineSource.OTHER}
"""Sources whose pipelines run for a branch or tag of the project itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRequest:
    """The merge request that the pipeline runs for."""

    iid: int
    project: int
    """Where it is open."""
    source_project: int
    """Where its commits come from."""
    project_url: str = ""
    base_sha: str = ""
    """What its changes are compared with."""
    head_sha: str = ""
    """The last commit of its branch, in a pipeline for the merged result."""
    target: str = ""
    """The name of the target branch."""

    @property
    def url(self) -> str:
        """Its page; empty if unknown."""
        return f"{self.project_url}/-/merge_requests/{self.iid}" if self.project_url else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One job's surroundings."""

    source: PipelineSource
    source_name: str = ""
    project: int = 0
    project_url: str = ""
    merge_request: MergeRequest | None = None
    sha: str = ""
    before_sha: str = ""
    """What a push replaced; empty for a new branch."""
    branch: str = ""
    default_branch: str = ""
    ref: str = ""
    api_url: str = ""
    job: str = ""
    """The job's name, with its place in a matrix or a parallel set."""
    job_id: str = ""
    job_url: str = ""
    pipeline_id: str = ""
    workspace: Path | None = None
    ca_file: str = ""
    """The certificates that the server's own one is checked with; empty: those of the system."""
    debug: bool = False
    token: str = field(default="", repr=False)
    """For the API; empty for a fork's merge request, even if the variables hold one."""
    job_token: str = field(default="", repr=False)
    """For git: what the runner clones with."""

    @property
    def fork(self) -> bool:
        """
        Whether the merge request's commits come from another project than the one it is open in.

        Such a pipeline runs in the fork, or in the parent project if a member starts it there. What is unknown counts.
        Source: https://docs.gitlab.com/ci/pipelines/merge_request_pipelines/#use-with-forked-projects
        """
        request = self.merge_request
        return request is not None and not (self.project and self.project == request.project == request.source_project)

    @property
    def own_code(self) -> bool:
        """Whether the variables say that the code is the project's own, so that it may be run without being asked."""
        if self.merge_request is not None:
            return not self.fork
        return self.source in _OWN and not self.ref.startswith(_REQUEST_REFS)


def of(environ: Mapping[str, str]) -> Environment:
    """The surroundings as far as the variables say."""
    name = environ.get("CI_PIPELINE_SOURCE", "")
    made = Environment(
        source=PipelineSource(name) if name in set(PipelineSource) else PipelineSource.OTHER,
        source_name=name,
        project=_number(environ, "CI_PROJECT_ID"),
        project_url=_address(environ, "CI_PROJECT_URL"),
        merge_request=_merge_request(environ),
        sha=commits.name(environ.get("CI_COMMIT_SHA")),
        before_sha=commits.name(environ.get("CI_COMMIT_BEFORE_SHA")),
        branch=environ.get("CI_COMMIT_BRANCH", ""),
        default_branch=environ.get("CI_DEFAULT_BRANCH", ""),
        ref=environ.get("CI_COMMIT_REF_NAME", ""),
        api_url=_address(environ, "CI_API_V4_URL"),
        job=environ.get("CI_JOB_NAME", ""),
        job_id=str(_number(environ, "CI_JOB_ID") or ""),
        job_url=_address(environ, "CI_JOB_URL"),
        pipeline_id=str(_number(environ, "CI_PIPELINE_ID") or ""),
        workspace=Path(environ["CI_PROJECT_DIR"]) if environ.get("CI_PROJECT_DIR") else None,
        ca_file=_file(environ, "CI_SERVER_TLS_CA_FILE"),
        debug=environ.get("CI_DEBUG_TRACE") == "true",
        job_token=environ.get("CI_JOB_TOKEN", ""),
    )
    if made.fork:
        return made
    return replace(made, token=next((environ[name] for name in TOKENS if environ.get(name)), ""))


def _merge_request(environ: Mapping[str, str]) -> MergeRequest | None:
    """By its number, which child pipelines have as well; a pipeline for one that lacks its number is a fork's."""
    iid = _number(environ, "CI_MERGE_REQUEST_IID")
    if not iid and environ.get("CI_PIPELINE_SOURCE") != PipelineSource.MERGE_REQUEST:
        return None
    return MergeRequest(
        iid=iid,
        project=_number(environ, "CI_MERGE_REQUEST_PROJECT_ID"),
        source_project=_number(environ, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID"),
        project_url=_address(environ, "CI_MERGE_REQUEST_PROJECT_URL"),
        base_sha=commits.name(environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")),
        head_sha=commits.name(environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")),
        target=environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""),
    )


def _number(environ: Mapping[str, str], name: str) -> int:
    """A whole number above zero; anything else is 0."""
    return whole(environ.get(name)) or 0


def _file(environ: Mapping[str, str], name: str) -> str:
    """The path of a file that is there."""
    text = environ.get(name, "")
    try:
        return text if text and Path(text).is_file() else ""
    except (OSError, ValueError):
        return ""


def _address(environ: Mapping[str, str], name: str) -> str:
    """A plain address without credentials, query or fragment, and without a slash at the end."""
    text = environ.get(name, "").rstrip("/")
    if not _ADDRESS.fullmatch(text):
        return ""
    try:
        return text if urlsplit(text).hostname else ""
    except ValueError:
        return ""
