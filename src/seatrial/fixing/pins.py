"""
Commits of versions of actions: those that the repository itself names elsewhere, and some of the most used ones.

Each commit of the table is the one that the action's own repository has under the tag; a commit never changes, so an
entry can only become old, not wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

KNOWN: Mapping[str, tuple[str, str]] = {
    "codecov/codecov-action": ("v5.4.3", "18283e04ce6e62d37312384ff67231eb8fd56d24"),
    "docker/build-push-action": ("v6.18.0", "263435318d21b8e681c14492fe198d362a7d2c83"),
    "docker/login-action": ("v3.6.0", "5e57cd118135c172c3672efd75eb46360885c0ef"),
    "docker/metadata-action": ("v5.7.0", "902fa8ec7d6ecbf8d84d538b9b233a880e428804"),
    "docker/setup-buildx-action": ("v3.11.1", "e468171a9de216ec08956ac3ada2f0791b6bd435"),
    "docker/setup-qemu-action": ("v3.6.0", "29109295f81e9208d7d86ff1c6c12d2833863392"),
    "peter-evans/create-pull-request": ("v7.0.8", "271a8d0340265f705b14b6d32b9829c1cb33d45e"),
    "pypa/gh-action-pypi-publish": ("v1.12.4", "76f52bc884231f62b9a034ebfe128415bbaabdfc"),
    "softprops/action-gh-release": ("v2.2.2", "da05d552573ad5aba039eaac05058a918a7bf631"),
}
"""Version and commit by action."""
_PINNED = re.compile(
    r"uses:\s*[\"']?(?P<action>[\w.-]+/[\w.-]+)(?P<below>(?:/[\w.-]+)*)@(?P<commit>[0-9a-f]{40})[\"']?"
    r"\s+#\s*(?:version:?\s*|tag=)?(?P<version>v?\d+\.\d+\.\d+)\b"
)


@dataclass(frozen=True, slots=True)
class Pin:
    """A version of an action, and its commit."""

    version: str
    commit: str
    exact: bool
    """Whether the reference named just this version; otherwise it named a line of versions, such as `v4`."""


def written(text: str) -> Iterator[tuple[str, str, str]]:
    """Action, version and commit of every pinned `uses` of a workflow that names its version in a comment."""
    for match in _PINNED.finditer(text):
        yield match["action"].lower(), match["version"], match["commit"]


def find(action: str, reference: str, own: Mapping[str, tuple[str, str]]) -> Pin | None:
    """
    The pin of a reference; None if no version is known that it may mean.

    Args:
        action: `owner/repository`, or a path below it.
        reference: a tag, `v4` or `v4.2.2`.
        own: version and commit by action, from the repository's own workflows; they count first.
    """
    name = "/".join(action.lower().split("/")[:2])
    for version, commit in (one for one in (own.get(name), KNOWN.get(name)) if one is not None):
        wanted, there = reference.removeprefix("v"), version.removeprefix("v")
        if re.fullmatch(r"\d+(?:\.\d+){0,2}", wanted) and f"{there}.".startswith(f"{wanted}."):
            return Pin(version, commit, exact=wanted == there)
    return None
