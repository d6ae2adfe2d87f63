"""
What a path is for: production, tests, development, examples or documentation, each with the reason.

The classification looks at the path below the surveyed directory only. A survey of `examples/shop` itself therefore
takes `compose.yaml` there for a production file. What a production file uses has production's weight, see
`production_use.py`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from seatrial.domain import Finding, Severity
from seatrial.inspectors.secrets.files import paths


class PathRole(enum.Enum):
    """What a file is for."""

    PRODUCTION = "production"
    """Also everything that no rule below knows."""
    TEST = "test"
    DEVELOPMENT = "development"
    """A developer's machine or a pipeline: `.devcontainer/`, `compose.dev.yaml`, `Dockerfile.test`."""
    EXAMPLE = "example"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A file's role, and why."""

    role: PathRole
    reason: str = ""
    """For people, in fixed words: a path may hold anything."""

    @property
    def production(self) -> bool:
        """Whether the file has production's weight."""
        return self.role is PathRole.PRODUCTION


_TEST = re.compile(
    r"""
    (?:^|/)(?:
        (?:tests?|testing|specs?|__tests__|testdata|test[-_]data|testsuites?|(?:\w{1,40}[-_])?fixtures?|e2e|molecule|devstack|zuul\.d|conftest\.py$|[^/]*[-_.]tests?)/
      | conftest\.py$
      | \.?zuul\.ya?ml$            # jobs of OpenStack's pipelines
      | tests?[^/]*\.py$           # pytest and unittest: test_*.py, tests.py
      | [^/]*_tests?\.[a-z]+$      # Go, Python, C++: *_test.go
      | [^/]*[.](?:test|spec|tests|specs)\.[a-z]+$   # JavaScript: *.test.js
      | [^/]*(?:Tests?|Spec|IT)\.[a-z]+$             # Java, C#, Scala: *Test.java
      | test_[^/]*\.[a-z]+$
    )
    """,
    re.VERBOSE,
)
_STAGES = r"dev|devel|develop|development|debug|tests?|testing|ci|e2e|integration|local|localhost|override|demo|example"
_FOLDERS_OF_STAGES = r"dev|devel|development|local|sandbox|ci"
_DEVELOPMENT = re.compile(
    rf"""
    (?P<container>(?:^|/)\.(?:devcontainer|gitpod|codespaces|vagrant|idea|vscode)/|(?:^|/)\.devcontainer\.json$
      |(?:^|/)\.gitpod\.[^/]*$)
  | (?P<compose>(?:^|/)(?:docker-)?compose(?:[-_.][^/]*)?[-_.](?:{_STAGES})(?:[-_.][^/]*)?\.ya?ml$
      |(?:^|/)(?:{_STAGES})[-_.](?:docker-)?compose(?:[-_.][^/]*)?\.ya?ml$)
  | (?P<dockerfile>(?:^|/)(?:docker|container)file[-_.](?:[^/]*[-_.])?(?:{_STAGES})(?:[-_.][^/]*)?$
      |(?:^|/)(?:[^/]*[-_.])?(?:{_STAGES})[-_.](?:docker|container)file$)
  | (?P<folder>(?:^|/)(?:{_FOLDERS_OF_STAGES})/(?:[^/]*[-_.])?(?:(?:docker-)?compose|(?:docker|container)file)
      (?:[-_.][^/]*)?$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LIVE = re.compile(r"(?:^|[-_.])(?:prod|production|live|staging|release)(?:[-_.]|$)", re.IGNORECASE)
"""In a name that says both (`compose.prod.local.yaml`): the stage that matters."""
_EXAMPLES = re.compile(
    r"(?:^|/)(?:(?:\w{1,40}[-_])?examples?(?:[-_][\w-]{1,40})?|(?:samples?|demos?|tutorials?)(?:[-_](?:apps?|projects?|sites?|configs?|code))?|mocks?|__mocks__|stubs?|cassettes?|snippets|playground)/",
    re.IGNORECASE,
)
_DOCUMENTS = re.compile(
    r"""
    (?:^|/)(?:
        (?:docs?|documentation)/
      | (?:readme|changelog|changes|contributing|history|news)(?:[.\-_][^/]*)?$
      | [^/]*\.(?:md|mdx|markdown|rst|adoc|asciidoc|snap)$
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOTE = re.compile(r"\.(?:md|mdx|markdown|rst|adoc|asciidoc)$", re.IGNORECASE)
_RUNS_HERE = (".github/workflows/", ".github/actions/")
"""GitHub runs what is there under any name: `.github/workflows/test_and_deploy.yml` is not test data."""
_WHY_DEVELOPMENT = {
    "container": "settings of a development environment",
    "compose": "a Compose file named for development or tests",
    "dockerfile": "a Dockerfile named for development or tests",
    "folder": "a folder for development",
}


@lru_cache(maxsize=4096)
def purpose(path: str) -> Purpose:
    """
    What a file is for.

    Args:
        path: relative to the surveyed directory, with `/`.
    """
    return next(_purposes(path), Purpose(PathRole.PRODUCTION))


def _purposes(path: str) -> Iterator[Purpose]:
    """Every role that a path has, the most telling first."""
    if path.startswith(_RUNS_HERE):
        return
    if _TEST.search(path):
        yield Purpose(PathRole.TEST, "a path of tests")
    if _EXAMPLES.search(path):
        yield Purpose(PathRole.EXAMPLE, "a folder of examples")
    if _DOCUMENTS.search(path):
        yield Purpose(PathRole.DOCUMENTATION, "documentation")
    if paths.is_sample(path):
        yield Purpose(PathRole.EXAMPLE, "a sample to copy")
    if (match := _DEVELOPMENT.search(path)) and not _LIVE.search(path.rpartition("/")[2]):
        yield Purpose(PathRole.DEVELOPMENT, _WHY_DEVELOPMENT[match.lastgroup or "folder"])


def is_test_path(path: str) -> bool:
    """Whether a path names test code or test data (pytest, unittest, JUnit, Go, Jest, RSpec conventions)."""
    return purpose(path).role is PathRole.TEST


def is_example_path(path: str) -> bool:
    """Whether a path is of tests, documentation or samples (`.env.example`, `config.dist.yml`)."""
    return purpose(path).role in (PathRole.TEST, PathRole.EXAMPLE, PathRole.DOCUMENTATION)


def is_note(path: str) -> bool:
    """Whether a path is of prose that people of the project write: neither a test nor a sample."""
    return _NOTE.search(path) is not None and purpose(path).role is PathRole.DOCUMENTATION and not paths.is_sample(path)


def weighs_less(path: str, other: str) -> bool:
    """
    Whether a finding in a file weighs less if the file is at another path.

    Args:
        path: where it weighs more, or as much.
        other: the other path.
    """
    lowered = purpose(path).production and not purpose(other).production
    return lowered or (is_example_path(other) and not is_example_path(path))


PREFIX = "development only: "


def weighed(finding: Finding, used: frozenset[str] = frozenset()) -> Finding:
    """
    A finding with the weight of its file: low where no production file uses it.

    Args:
        finding: as the rule reports it.
        used: development-only paths that a production file uses, see `production_use.py`.
    """
    found = purpose(finding.location.path)
    if found.production or finding.location.path in used or finding.message.startswith(PREFIX):
        return finding
    return replace(finding, severity=Severity.LOW, message=f"{PREFIX}{finding.message} ({found.reason})")
