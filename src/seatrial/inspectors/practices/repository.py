"""What the practices are asked of, and what an answer is made of."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from seatrial.domain import Confidence, Location, Severity
from seatrial.domain.kinds import Identity, RepositoryKind
from seatrial.inspectors import ci
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import ComposeText
from seatrial.inspectors.rules import Page, Rule
from seatrial.inspectors.whole import Whole


@dataclass(frozen=True)
class Repository:
    """A repository, with what it is and what its pipelines do."""

    whole: Whole
    identity: Identity

    @cached_property
    def pipelines(self) -> ci.Pipelines:
        """Every pipeline."""
        return ci.read(self.whole)

    @cached_property
    def commands(self) -> tuple[tuple[str, Location], ...]:
        """What pipelines run, with the place of each job."""
        return tuple((job.commands, job.at) for job in self.pipelines.jobs)

    @cached_property
    def doing(self) -> tuple[str, ...]:
        """Files that do something by themselves or when they are called: programs, scripts, recipes, timetables."""
        whole = self.whole
        return tuple(dict.fromkeys((*whole.scripts, *whole.code, *whole.named(_RECIPES))))

    @cached_property
    def unseen_programs(self) -> frozenset[str]:
        """Folders of other repositories that a service is built from, or that a pipeline works in."""
        services = (service for project in self.whole.projects for service in project.services)
        built = {context for service in services if (context := _build_context(service))}
        commands = "\n".join(text for text, _ in self.commands)
        return frozenset(
            path
            for path in self.whole.tree.others
            if any(f"{context}/".startswith(f"{path}/") for context in built)
            or re.search(rf"(?<![\w./-])(?:\./)?{re.escape(path)}(?![\w-])", commands)
        )

    @property
    def anywhere(self) -> Location:
        """Where a finding is shown that is about something that is nowhere."""
        path = self.identity.path or next(iter(self.whole.paths), ".")
        return Location(path, 1, 1)

    def images(self) -> Iterator[tuple[str, Location]]:
        """The names of images that Compose services and Kubernetes' containers run, without registry and tag."""
        for project in self.whole.projects:
            for service in project.services:
                if service.program:
                    yield service.program, service.at
        for one in self.whole.manifests.workloads:
            for container in one.all_containers:
                name = container["image"].text.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
                yield name, container.at


def _build_context(service: ServiceConfig) -> str:
    """The folder that a Compose service is built from, from the top of the tree; empty if it is built from none."""
    context = service.get("build", "context")
    if not isinstance(context, ComposeText):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(context.at.path), context.text))


_RECIPES = (
    r"(?:^|/)(?:makefile|gnumakefile|justfile|taskfile\.ya?ml|crontab|tasks\.py|noxfile\.py)$|\.(?:cron|timer|service|mk)$"
    r"|(?:^|/)cron(?:\.\w+|tabs?)?/|(?:^|/)(?:ansible|playbooks|roles)/.*\.ya?ml$"
)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that is not there."""

    message: str
    remedy: str
    at: Location | None = None
    """Where to show it; None: nowhere in particular."""
    subject: str = ""
    """The thing that lacks it, where the practice is about several."""
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True)
class PracticeResult:
    """What one practice came to. Build it with the functions below."""

    evidence: str = ""
    """What shows that it is followed, or how much of it."""
    lacking: tuple[Lacking, ...] = ()
    needless: str = ""
    """Why this repository does not need it."""
    needed_by: Callable[[str], object] | None = None
    """Where it is needless: whether a path that cannot be read could show that it is needed."""
    unseen: str = ""
    """Why it cannot be judged."""
    subjects: tuple[PracticeSubject, ...] = ()
    """Where it is about several things: all of them."""


@dataclass(frozen=True, slots=True)
class PracticeSubject:
    """One of the things that a practice is about: a store."""

    name: str
    at: Location


def holds(evidence: str) -> PracticeResult:
    """It is followed, and this shows it."""
    return PracticeResult(evidence=evidence)


def needless(reason: str, unless: Callable[[str], object] | None = None) -> PracticeResult:
    """
    The repository does not need it.

    Args:
        reason: why.
        unless: says of a path that cannot be read whether it could be what needs the practice. None: the reason is
            something that was found.
    """
    return PracticeResult(needless=reason, needed_by=unless)


def unseen(reason: str) -> PracticeResult:
    """It may be followed where we cannot look."""
    return PracticeResult(unseen=reason)


def lacks(
    message: str, remedy: str, *, at: Location | None = None, confidence: Confidence = Confidence.HIGH
) -> PracticeResult:
    """It is not followed."""
    return PracticeResult(lacking=(Lacking(message, remedy, at, confidence=confidence),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice(Rule[Repository]):
    """A rule about the repository as a whole: something that a kind of repository must have. It is a check, too."""

    kinds: frozenset[RepositoryKind]
    """The kinds that need it."""
    evidence: re.Pattern[str]
    """The paths of files that could show it: if one of them cannot be read, nothing is said to be missing."""
    judge: Callable[[Repository], PracticeResult]
    """Whether it is followed."""
    subject: str = "repository"
    """What it is about: one of several things, or the repository."""
    above: bool = False
    """Whether it may lie above the surveyed folder, where that is a part of a repository."""


def practice(
    doc: str | None,
    *,
    id: str,  # noqa: A002 - the name of the field
    severity: Severity,
    kinds: frozenset[RepositoryKind],
    evidence: re.Pattern[str],
    judge: Callable[[Repository], PracticeResult],
    subject: str = "repository",
    above: bool = False,
) -> Practice:
    """A practice whose page is a docstring; for the arguments see `Rule.of` and the fields."""
    page = Page.of(id, doc)
    return Practice(
        id=id, checks=(id,), severity=severity, title=page.title, what=page.what, why=page.why, fix=page.fix,
        source=page.source, unsampled="what a repository lacks is in none of its files", kinds=kinds,
        evidence=evidence, judge=judge, subject=subject, above=above,
    )  # fmt: skip


EVERY = frozenset(RepositoryKind) - {RepositoryKind.EMPTY, RepositoryKind.MONOREPO}
"""All kinds that hold something."""
PROGRAMS = frozenset({RepositoryKind.SERVICE, RepositoryKind.LIBRARY, RepositoryKind.CLI, RepositoryKind.ACTION})
DEPLOYED = frozenset({RepositoryKind.SERVICE, RepositoryKind.INFRASTRUCTURE})
SERVICES = frozenset({RepositoryKind.SERVICE})
ANY_CODE = re.compile(r"\.(?:py|[cm]?[jt]sx?|go|rs|java|kt|scala|rb|php|cs|swift|dart|exs?|c|cpp|sh)$|/$")
"""Unread files that may be programs, and unread directories."""
PIPELINE = re.compile("|".join(f"(?:{reader.PATHS.pattern})" for reader in ci.READERS) + "|/$")
"""Unread files of pipelines, and unread directories."""
CONFIGURATION = re.compile(r"\.(?:ya?ml|toml|json|conf|tf|hcl|ini)$|(?:^|/)Dockerfile|/$")


def is_own_code(repository: Repository) -> str:
    """Why there is nothing of one's own to test; empty if there is."""
    if repository.whole.code or repository.whole.scripts or RepositoryKind.INFRASTRUCTURE in repository.identity.kinds:
        return ""
    return "no program of its own"
