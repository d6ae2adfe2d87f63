"""The CI systems by name, for the option `ci`. Adding one: CONTRIBUTING.md."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class System(enum.StrEnum):
    """Where a run takes place."""

    AUTO = "auto"
    """The one that the environment shows."""
    GITHUB = "github"
    GITLAB = "gitlab"
    PLAIN = "plain"
    """A terminal, or a CI system without an implementation."""


WORKSPACES: Mapping[System, str] = {
    System.GITHUB: "GITHUB_WORKSPACE",
    System.GITLAB: "CI_PROJECT_DIR",
}
"""The variable that holds the checkout. Programs in it are not run: the surveyed tree may bring its own."""
