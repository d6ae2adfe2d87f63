"""Asks every practice of the repository as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from seatrial.domain import ABSENT, Answer, Finding, Tool
from seatrial.domain.extent import Extent
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context, Reason
from seatrial.inspectors.identity import recognise
from seatrial.inspectors.path_roles import PathRole, purpose
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rules
from seatrial.inspectors.whole import CODE, Whole, is_own, suffix
from seatrial.system import git

from .repository import SERVICES, Lacking, Practice, PracticeResult, Repository
from .rules import PRACTICES

_PART = "only a part of the repository is surveyed (`paths`)"
_PICTURES = re.compile(
    r"\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp|tiff?|pdf|mp[34]|mov|webm|ogg|wav|zip|t?gz|bz2|xz|zst|7z|jar|whl)$",
    re.IGNORECASE,
)
_FOLDER = "a folder of a repository is surveyed, and this may be above it"


class Practices:
    """What the kind of the repository asks for."""

    name = "practices"
    rules = Rules("practices", make=lambda: PRACTICES)
    per_file_inputs = None
    live = False
    checks = tuple(practice.id for practice in PRACTICES)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """None but ourselves."""
        del context
        return ()

    def applies(self, context: Context) -> Reason | None:
        """Always: that something is missing is an answer."""
        del context
        return None

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Each practice."""
        whole = Whole(context.tree)
        repository = Repository(whole, recognise(whole, context.settings.kind))
        in_folder = bool(git.prefix(context.tree.root))
        for practice in PRACTICES:
            yield _answer(practice, repository, context, in_folder=in_folder)


def _answer(practice: Practice, repository: Repository, context: Context, *, in_folder: bool) -> Answer:
    identity, check = repository.identity, practice.id
    if identity.empty:
        return Answer.blocked(check, f"there is nothing to judge yet: {identity.sentence}")
    if not identity.any_of(practice.kinds):
        return Answer.na(check, f"not asked of {_listed(repository)}")
    verdict = practice.judge(repository)
    if verdict.needless:
        may_need = _matching(repository, verdict.needed_by) if verdict.needed_by else {}
        return Answer.of_extent(check, Extent.of((), may_need), (), absent=verdict.needless)
    if verdict.unseen:
        return Answer.error(check, verdict.unseen)
    if verdict.lacking and context.settings.paths:
        return Answer.skip(check, _PART)
    if verdict.lacking and practice.above and in_folder:
        return Answer.skip(check, _FOLDER)
    hidden = _hidden(practice, repository) if verdict.lacking else {}
    if hidden:
        return Answer.of_extent(check, Extent.of((), hidden), (), absent="")
    pairs = [(check, finding) for finding in _findings(practice, repository, verdict)]
    kept, allowed = rulebook.without_allowed(context.tree, pairs)
    basis = WeightedShare(tuple(GradedSubject(one.name, one.at.path) for one in verdict.subjects), practice.subject)
    told = rulebook.attributed([finding for _, finding in kept], basis.subjects)
    return Answer.of_findings(check, told, evidence=verdict.evidence, notes=allowed, basis=basis)


def _listed(repository: Repository) -> str:
    return ", ".join(trait.kind.label for trait in repository.identity.traits)


def _hidden(practice: Practice, repository: Repository) -> dict[str, str]:
    """What cannot be read and could show that the practice is followed after all, with reasons."""

    def counts(path: str) -> object:
        test = practice.kinds <= SERVICES and suffix(path) in CODE and not is_own(path)
        return not test and practice.evidence.search(path)

    hidden = _matching(repository, counts)
    if practice.above:
        hidden.update({p: why for p, why in repository.pipelines.unread.items() if counts(p)})
    return hidden


def _matching(repository: Repository, wanted: Callable[[str], object]) -> dict[str, str]:
    """
    What may be something else than it seems, with reasons: not opened, a pointer, a conflict, broken YAML.

    Another repository's folder belongs to it if its name says so, or if a service is built from it: then it
    may hold any program. Other submodules, such as the theme of a site, show no practice.
    """
    whole = repository.whole
    unread = whole.tree.unread.items()
    found = {path: why for path, why in unread if wanted(path) and (path.endswith("/") or _is_text(path))}
    found.update({path: why for path in whole.paths if wanted(path) and _is_text(path) and (why := whole.hidden(path))})
    broken = (*(p.at.path for p in whole.compose.problems), *(f.location.path for f in whole.monitoring.broken))
    found.update({path: "cannot be parsed" for path in broken if wanted(path) and _is_text(path) and path not in found})
    for path in whole.tree.others:
        if wanted(path) or (path in repository.unseen_programs and wanted(f"{path}/program.py")):
            found[path] = _OTHER
    return {path: f"{why}; {_WAY_OUT}" for path, why in found.items()}


_OTHER = "another repository, which is not surveyed with this one"
_WAY_OUT = "fix it, or leave it out with `exclude`"
"""What a reader can do, because a check without an answer may keep the gate inconclusive."""


def _is_text(path: str) -> bool:
    """Whether a file should hold a text of the project's own: no picture of a dashboard, no broken input of a test."""
    role = purpose(path).role
    sample = role is PathRole.EXAMPLE or (role is PathRole.TEST and suffix(path) not in CODE)
    return not sample and not _PICTURES.search(path)


def _findings(practice: Practice, repository: Repository, verdict: PracticeResult) -> list[Finding]:
    return [_finding(practice, repository, one) for one in verdict.lacking]


def _finding(practice: Practice, repository: Repository, one: Lacking) -> Finding:
    where = one.at or repository.anywhere
    anchor = f"{one.subject} {ABSENT}".strip()
    return found(
        practice.id, practice.severity, where, one.message, one.remedy,
        confidence=one.confidence, subject=one.subject, anchor=anchor,
    )  # fmt: skip
