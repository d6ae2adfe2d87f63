"""Which paths hold tests, documentation and samples: a credential there is shown, but is seldom a live one."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.files import paths
from seatrial.inspectors.test_paths import is_test_path

_DOCUMENTATION = re.compile(
    r"""
    (?:^|/)(?:
        (?:docs?|documentation|examples?|samples?|demos?|tutorials?|mocks?|__mocks__|stubs?|cassettes?|snippets)/
      | (?:readme|changelog|changes|contributing|history|news)(?:[.\-_][^/]*)?$
      | [^/]*\.(?:md|mdx|markdown|rst|adoc|asciidoc|snap)$
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_example_path(path: str) -> bool:
    """Whether a path is of tests, documentation or samples (`.env.example`, `config.dist.yml`)."""
    return is_test_path(path) or _DOCUMENTATION.search(path) is not None or paths.is_sample(path)


_NOTE = re.compile(r"\.(?:md|mdx|markdown|rst|adoc|asciidoc)$", re.IGNORECASE)
_NOT_OURS = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|mocks?|__mocks__|stubs?|cassettes?|snippets)/", re.IGNORECASE
)


def is_note(path: str) -> bool:
    """Whether a path is of prose that people of the project write: neither a test nor a sample."""
    return _NOTE.search(path) is not None and not (
        is_test_path(path) or _NOT_OURS.search(path) or paths.is_sample(path)
    )
