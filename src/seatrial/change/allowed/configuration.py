"""
The files of the repository that tell a scanner what not to report.

Sources: https://bandit.readthedocs.io/en/latest/config.html, https://github.com/hadolint/hadolint#configure,
https://docs.zizmor.sh/configuration/, https://github.com/rhysd/actionlint/blob/main/docs/config.md,
https://github.com/koalaman/shellcheck/blob/master/shellcheck.1.md#rc-files.
"""

from __future__ import annotations

import posixpath

_BY_NAME = {
    ".bandit": "python", "bandit.yaml": "python", "bandit.yml": "python", "bandit.toml": "python",
    ".hadolint.yaml": "dockerfile", ".hadolint.yml": "dockerfile", "hadolint.yaml": "dockerfile",
    "hadolint.yml": "dockerfile",
    "zizmor.yml": "workflows", "zizmor.yaml": "workflows", "actionlint.yml": "workflows",
    "actionlint.yaml": "workflows", ".shellcheckrc": "workflows", "shellcheckrc": "workflows",
}  # fmt: skip
_SHARED = frozenset({"pyproject.toml", "setup.cfg", "tox.ini"})
"""Of these only bandit's section is such a configuration."""


def inspector_of(path: str) -> str:
    """The name of the inspector whose scanner may read a file as its configuration; empty if none does."""
    name = posixpath.basename(path)
    return "python" if name in _SHARED else _BY_NAME.get(name, "")


def is_about(path: str, *contents: bytes | None) -> bool:
    """Whether any of a file's contents configures the scanner; a file that several tools share may not."""
    return posixpath.basename(path) not in _SHARED or any(b"bandit" in data.lower() for data in contents if data)
