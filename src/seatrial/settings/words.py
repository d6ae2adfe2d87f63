"""The words that options take: one enum an option."""

from __future__ import annotations

import enum


class Weights(enum.StrEnum):
    """How the points are shared among the checks."""

    CATEGORY = "category"
    """By the catalogue: category weight, then check weight."""
    EQUAL = "equal"
    """One point a check: 10 * passed / (passed + failed)."""


class Colour(enum.StrEnum):
    """Whether the console report is coloured."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Profile(enum.StrEnum):
    """A named set of defaults for the gate."""

    PULL_REQUEST = "pull-request"
    RELEASE = "release"


class FailOn(enum.StrEnum):
    """What closes the gate. With none of them does a failed run of ours open it."""

    SCORE = "score"
    """The score, open critical causes, and the other conditions."""
    NEW = "new"
    """What this change brings in, compared with the base: old sins do not close the gate."""
    LOW = "severity:low"
    MEDIUM = "severity:medium"
    HIGH = "severity:high"
    CRITICAL = "severity:critical"
    """Any finding of at least this severity that is neither a guess nor waived; the score does not count."""
    NEVER = "never"
    """Nothing: the verdict is shown and not enforced."""


class Comment(enum.StrEnum):
    """When the pull request gets its comment."""

    AUTO = "auto"
    """Once there is something to tell; from then on whenever it changes."""
    ALWAYS = "always"
    ON_CHANGE = "on_change"
    ON_FAILURE = "on_failure"
    """Once the gate is not open; from then on whenever it changes, so that it never tells an old story."""
    OFF = "off"


class AcceptInChange(enum.StrEnum):
    """Whose change may allow findings by itself, before the base has its comments."""

    NEVER = "never"
    MAINTAINERS = "maintainers"
    """Who may write to the repository: its owner, members of its organisation, collaborators."""
    ANYONE = "anyone"


class TrialMode(enum.StrEnum):
    """Whether the Compose stack is started, and broken on purpose."""

    AUTO = "auto"
    """As the Action, where the event says that the code is the repository's own; elsewhere not."""
    ON = "on"
    OFF = "off"
