"""
Every option, once: a field of `Settings`.

The command line's flags, the Action's inputs, the keys of `.seatrial.yml` and the documented tables derive from these
fields. A new option is one field and nothing else; a test adds one to a copy.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.domain.ci_systems import System
from seatrial.domain.kinds import RepositoryKind

from .words import AcceptInChange, Colour, Comment, FailOn, Profile, TrialMode, Weights


class Where(enum.Flag):
    """Where an option can be given."""

    FLAG = enum.auto()
    INPUT = enum.auto()
    FILE = enum.auto()
    ANY = FLAG | INPUT | FILE
    CALLER = FLAG | INPUT
    """Not in the repository's own file: it says how to run, not what the repository promises."""


class RunStage(enum.Enum):
    """What an option decides."""

    TREE = enum.auto()
    """Which files are read, and how; `seatrial plan` and `seatrial fix` take these too."""
    SURVEY = enum.auto()
    """What is asked, and how; `seatrial plan` takes these too."""
    VERDICT = enum.auto()
    """What the answers come to."""
    REPORT = enum.auto()
    """How it is shown."""
    COMMENT = enum.auto()
    """The comment on a pull request. `seatrial comment` takes these too."""


FACTS = "option"
"""Where a field keeps the `OptionFacts` of its option."""


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """What the declaration of an option says besides its name, type and default."""

    help: str
    where: Where
    stage: RunStage
    unit: str
    """Of a number: `seconds`, `bytes`; empty if it has none."""
    bounds: tuple[float, float]
    """The least and the greatest number."""


def _option(
    default: Any,
    help_: str,
    where: Where = Where.ANY,
    *,
    stage: RunStage = RunStage.SURVEY,
    unit: str = "",
    bounds: tuple[float, float] = (float("-inf"), float("inf")),
) -> Any:
    return field(default=default, metadata={FACTS: OptionFacts(help_, where, stage, unit, bounds)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one run was asked to do."""

    path: Path = _option(Path(), "The repository to survey.", Where.CALLER)
    config: str = _option(
        "", "The configuration file; default: .seatrial.yml of the repository.", Where.CALLER, stage=RunStage.TREE
    )
    profile: Profile = _option(
        Profile.PULL_REQUEST,
        "pull-request, or release: a release needs 90 % coverage and counts every unanswered check as a closed gate.",
        stage=RunStage.VERDICT,
    )
    fail_below: float = _option(
        80.0, "The least score, 0 to 100, that opens the gate.", stage=RunStage.VERDICT, bounds=(0, 100)
    )
    min_coverage: float | None = _option(
        None,
        "The least share of the points, in percent, that must have been measured; default: 0, release: 90.",
        stage=RunStage.VERDICT,
        bounds=(0, 100),
    )
    min_category: float = _option(
        0.0,
        "The least score, 0 to 10, that every measured category must reach.",
        stage=RunStage.VERDICT,
        bounds=(0, 10),
    )
    weights: Weights = _option(
        Weights.CATEGORY, "category: points by the catalogue; equal: one point a check.", stage=RunStage.VERDICT
    )
    report_dir: Path = _option(
        Path("seatrial-report"), "Where the reports go; relative to the current directory.", Where.CALLER
    )
    fail_on: FailOn = _option(
        FailOn.SCORE,
        "What closes the gate: score, new (only what the change brings in), severity:LEVEL (low, medium, high or "
        "critical), or never.",
        stage=RunStage.VERDICT,
    )
    accept_in_change: AcceptInChange = _option(
        AcceptInChange.NEVER,
        "Whose pull request may allow its own findings by comments and scanner configuration: never, maintainers or "
        "anyone. What is not accepted counts as open.",
        stage=RunStage.VERDICT,
    )
    base: str = _option(
        "auto",
        "What to compare with: auto (what the pull request, merge group or push is based on), a git revision, "
        "a report.json, or none.",
        Where.CALLER,
    )
    only: tuple[str, ...] = _option((), "Ask only these checks or families (comma-separated); the others are skipped.")
    skip: tuple[str, ...] = _option((), "Do not ask these checks or families (comma-separated).")
    paths: tuple[str, ...] = _option(
        (), "Survey only the files that match these globs (comma-separated).", stage=RunStage.TREE
    )
    kind: tuple[RepositoryKind, ...] = _option(
        (),
        "What the repository is, if we are wrong: service, library, cli, action, infrastructure, documentation or "
        "monorepo (comma-separated); default: found by its files.",
    )
    exclude: tuple[str, ...] = _option(
        (), "Do not survey the files that match these globs (comma-separated).", stage=RunStage.TREE
    )
    history: str = _option(
        "auto",
        "Commits to search for secrets: all, none, a revision range, or auto (a pull request's own commits).",
    )
    vuln_db: str = _option(
        "",
        "OSV's vulnerability database on disk (a directory or a zip), to use instead of asking OSV; "
        "`seatrial vuln-db update DIR` makes one.",
        Where.CALLER,
    )
    safety_db: str = _option(
        "",
        "Safety's database on disk (a directory), as a second source for Python's packages; with SAFETY_API_KEY in the "
        "environment it is fetched instead.",
        Where.CALLER,
    )
    osv_url: str = _option(
        "https://api.osv.dev",
        "URL of the OSV API for known vulnerabilities (receives names and versions); off disables the lookup.",
        Where.CALLER,
    )
    trial: TrialMode = _option(
        TrialMode.AUTO,
        "Start the Compose stack and break it on purpose: on, off, or auto (as the Action, for the repository's own "
        "code).",
        Where.CALLER,
    )
    trial_budget: float = _option(
        180.0, "The time that the trial's experiments may take altogether.", unit="seconds", bounds=(0, 7200)
    )
    load_budget: float = _option(
        45.0,
        "The time that the trial's load may take altogether; longer profiles are shortened. 0: no load.",
        unit="seconds",
        bounds=(0, 7200),
    )
    config_budget: float = _option(
        60.0,
        "The time that copies of the services with wrong settings may take altogether; 0: none.",
        unit="seconds",
        bounds=(0, 3600),
    )
    deploy_budget: float = _option(
        60.0,
        "The time that the update from the base to the head and the rollback may take altogether; 0: neither.",
        unit="seconds",
        bounds=(0, 3600),
    )
    backup_budget: float = _option(
        30.0,
        "The time that dumping and restoring the datastores may take altogether; 0: no backup drill.",
        unit="seconds",
        bounds=(0, 3600),
    )
    trial_image: str = _option(
        "", "The image of the trial's sidecars; default: that of this version, or the one that we run in.", Where.CALLER
    )
    trial_unsafe: bool = _option(
        False,
        "Try stacks too that ask for privileged containers, the host's network or the Docker socket.",
        Where.CALLER,
    )
    seed: int = _option(
        1,
        "Decides between experiments that would tell equally much; the same seed, the same plan.",
        bounds=(0, 1 << 31),
    )
    max_file_size: int = _option(
        10 * 1024 * 1024, "Larger files are not surveyed.", unit="bytes", bounds=(1, 1 << 32), stage=RunStage.TREE
    )
    max_files: int = _option(
        100_000, "Files beyond this number are not surveyed.", bounds=(1, 10_000_000), stage=RunStage.TREE
    )
    timeout: float = _option(
        600.0, "The time one inspector may take.", unit="seconds", bounds=(1, 86_400), stage=RunStage.TREE
    )
    jobs: int = _option(0, "Processors to use; 0: all.", Where.CALLER, bounds=(0, 1024), stage=RunStage.TREE)
    cache_dir: str = _option("", "Where compiled patterns are kept; default: the user's cache directory.", Where.CALLER)
    comment: Comment = _option(
        Comment.AUTO,
        "When to comment on the pull or merge request: auto, always, on_change, on_failure or off.",
        Where.CALLER,
        stage=RunStage.COMMENT,
    )
    comment_id: str = _option(
        "",
        "Distinguishes the comments of several runs in one repository; default: workflow and job.",
        Where.CALLER,
        stage=RunStage.COMMENT,
    )
    annotations: bool = _option(True, "Annotate the changed files, if the CI system can.", Where.CALLER)
    summary: bool = _option(
        True, "Fill the job's summary, if the CI system has one.", Where.CALLER, stage=RunStage.REPORT
    )
    commit_status: bool = _option(
        False,
        "Set a commit status with the verdict, if the CI system can; needs `statuses: write`.",
        Where.CALLER,
        stage=RunStage.REPORT,
    )
    check_run: bool = _option(
        False,
        "Make a check run with every annotation, if the CI system can; needs `checks: write`.",
        Where.CALLER,
        stage=RunStage.REPORT,
    )
    rate_limit_wait: float = _option(
        60.0,
        "How long to wait for the API's rate limit before giving up the comment.",
        Where.CALLER,
        unit="seconds",
        stage=RunStage.COMMENT,
        bounds=(0, 3600),
    )
    ci: System = _option(
        System.AUTO,
        "The CI system to publish on: auto (the one that the environment shows), a system, or plain (none).",
        Where.CALLER,
        stage=RunStage.REPORT,
    )
    colour: Colour = _option(
        Colour.AUTO, "Colours on the console: auto, always or never.", Where.CALLER, stage=RunStage.REPORT
    )
    verbose: bool = _option(False, "Show every finding on the console.", Where.CALLER, stage=RunStage.REPORT)
    quiet: bool = _option(False, "Show only the verdict on the console.", Where.CALLER, stage=RunStage.REPORT)

    @property
    def least_coverage(self) -> float:
        """`min_coverage`, or what the profile asks for."""
        if self.min_coverage is not None:
            return self.min_coverage
        return 90.0 if self.profile is Profile.RELEASE else 0.0

    def asks_for(self, check: str) -> bool:
        """Whether `only` asks for a check; without `only`, all are asked for."""
        return not self.only or any(covers(name, check) for name in self.only)

    def skips(self, check: str) -> bool:
        """Whether `skip` turns a check off."""
        return any(covers(name, check) for name in self.skip)

    def wants(self, check: str) -> bool:
        """Whether a check is asked for and not turned off."""
        return self.asks_for(check) and not self.skips(check)


def covers(name: str, check: str) -> bool:
    """Whether a name given by the user means the check: its id, or its family (`compose`)."""
    return name == check or check.startswith(name.rstrip("/") + "/")
