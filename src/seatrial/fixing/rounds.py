"""
Fix, survey, and fix again, on a copy of the tree, until nothing more can be fixed.

Fixes whose edits collide wait for the next round, as Ruff does it. What a round brings in that was not found before
is charged to the fixes of that file: they are then tried one by one, and the guilty one is not offered.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seatrial.change.allowed.view import lay_out
from seatrial.domain import Answer, Confidence, Finding, Severity, Status
from seatrial.domain.patches import Fixed, Fixes, FixSafety, Patch
from seatrial.inspectors import plan
from seatrial.inspectors.base import Context
from seatrial.inspectors.registry import INSPECTORS
from seatrial.inspectors.survey import survey
from seatrial.system.source import Tree
from seatrial.verdict.catalogue import Catalogue

from . import zizmor_fixes
from .edits import applied
from .model import FixSources
from .works import Work, proposal_for

_ROUNDS = 12
"""More rounds than any file needs whose fixes are tried together; where one by one, the rest stays unfixed."""
_SURVEYED = ("compose", "dockerfile", "workflows", "environment")
"""The inspectors whose findings programs can fix."""

_FixKey = tuple[str, str, str]
"""Rule, file, and thing inside the file."""


@dataclass
class _RoundState:
    """What has been learned so far."""

    one_by_one: set[str] = field(default_factory=set)
    """Files in which some fix brings something new in."""
    refused: set[_FixKey] = field(default_factory=set)
    """Fixes that do."""


class Rounds:
    """
    The fixes of one tree.

    Args:
        context: of the survey.
        catalogue: the model.
        disabled: checks that the configuration turns off.
        wanted: the kinds of fixes to make.
        rules: only these, if any are named: rules, or families of rules.
    """

    def __init__(
        self,
        context: Context,
        catalogue: Catalogue,
        disabled: Mapping[str, str],
        *,
        wanted: Collection[FixSafety],
        rules: Collection[str] = (),
    ) -> None:
        self._context, self._catalogue, self._disabled = context, catalogue, disabled
        self._wanted, self._rules = wanted, rules

    def find(self) -> Fixes:
        """
        All fixes that hold.

        Raises:
            InspectorError: the copy cannot be written.
        """
        with tempfile.TemporaryDirectory(prefix="seatrial-fix-") as directory:
            return self._find(Path(directory))

    def _find(self, folder: Path) -> Fixes:
        state = _RoundState()
        tree = self._context.tree
        answers: Sequence[Answer] = self._survey(tree)
        contents: dict[str, str] = {}
        done: dict[str, list[Fixed]] = {}
        withheld: dict[_FixKey, Fixed] = {}
        if not self._rules or any(name.startswith("zizmor") for name in self._rules):
            tree, answers, contents, done = self._by_zizmor(folder, tree, answers)
        for number in range(_ROUNDS):
            works, unsafe = self._propose(tree, answers, state)
            withheld |= unsafe
            if not works:
                break
            made = {path: applied(work.before, work.edits) for path, work in works.items()}
            copy = self._copied(folder / str(number), contents | made)
            after = self._survey(copy)
            worse = _worse(answers, after, works)
            if worse:
                self._blame(worse, works, state)
                continue
            tree, answers, contents = copy, after, contents | made
            for path, work in works.items():
                done.setdefault(path, []).extend(work.fixes)
        return self._fixes(contents, done, tuple(withheld.values()), answers)

    def _by_zizmor(
        self, folder: Path, tree: Tree, answers: Sequence[Answer]
    ) -> tuple[Tree, Sequence[Answer], dict[str, str], dict[str, list[Fixed]]]:
        """What zizmor fixes by itself; nothing of it, if that brings anything new in."""
        safety = FixSafety.UNSAFE if FixSafety.UNSAFE in self._wanted else FixSafety.SAFE
        made = dict(zizmor_fixes.of(tree, self._context.settings, folder / "zizmor", safety))
        if not made:
            return tree, answers, {}, {}
        copy = self._copied(folder / "after-zizmor", made)
        after = self._survey(copy)
        if _worse(answers, after, dict.fromkeys(made, Work("", exists=True))):
            return tree, answers, {}, {}
        here = {_key(f) for a in after for f in a.findings}
        done: dict[str, list[Fixed]] = {path: [] for path in made}
        for finding in (f for a in answers for f in a.findings if f.location.path in made):
            if _key(finding) not in here:
                path = finding.location.path
                done[path].append(Fixed(finding, "change what zizmor proposes", safety, path))
        return copy, after, made, done

    def _fixes(
        self,
        contents: Mapping[str, str],
        done: Mapping[str, Sequence[Fixed]],
        withheld: tuple[Fixed, ...],
        answers: Sequence[Answer],
    ) -> Fixes:
        original = FixSources(self._context.tree)
        patches = tuple(Patch(path, original.text(path), contents[path], tuple(done[path])) for path in sorted(done))
        left = sorted((f for a in answers for f in a.findings), key=lambda f: (-f.severity, f.location, f.rule))
        return Fixes(patches, withheld, tuple(left))

    def _survey(self, tree: Tree) -> tuple[Answer, ...]:
        context = replace(self._context, tree=tree, settings=replace(self._context.settings, path=tree.root))
        chosen = [one for one in INSPECTORS if one.name in _SURVEYED]
        checks = {check for one in chosen for check in one.checks}
        planned = plan.make(self._catalogue, chosen, context, self._disabled)
        steps = tuple(step for step in planned.steps if step.check in checks)
        return survey(plan.SurveyPlan(steps), self._catalogue, context)

    def _copied(self, target: Path, contents: Mapping[str, str]) -> Tree:
        target.mkdir()
        return lay_out(self._context.tree, target, {path: text.encode() for path, text in contents.items()})

    def _propose(
        self, tree: Tree, answers: Sequence[Answer], state: _RoundState
    ) -> tuple[Mapping[str, Work], Mapping[_FixKey, Fixed]]:
        sources = FixSources(tree)
        works: dict[str, Work] = {}
        withheld: dict[_FixKey, Fixed] = {}
        for finding in (f for a in answers for f in a.findings if self._is_wanted(f)):
            if _key(finding) in state.refused:
                continue
            proposal, fix = proposal_for(finding, sources)
            if proposal is None or fix is None:
                continue
            if fix.safety not in self._wanted:
                withheld[_key(finding)] = fix
                continue
            existing = sources.text(fix.path)
            if existing is None and fix.path in tree.paths:
                continue
            work = works.get(fix.path) or Work(existing or "", existing is not None)
            if fix.path in state.one_by_one and work.fixes:
                continue
            if work.take(proposal, fix):
                works[fix.path] = work
        return works, withheld

    def _is_wanted(self, finding: Finding) -> bool:
        if finding.confidence is Confidence.LOW or finding.commit:
            return False
        return not self._rules or any(
            name == finding.rule or finding.rule.startswith(f"{name.rstrip('/')}/") for name in self._rules
        )

    @staticmethod
    def _blame(worse: Collection[str], works: Mapping[str, Work], state: _RoundState) -> None:
        for path in worse:
            for fix in works[path].fixes if len(works[path].fixes) == 1 else ():
                state.refused.add(_key(fix.finding))
            state.one_by_one.add(path)


def _key(finding: Finding) -> _FixKey:
    return finding.rule, finding.location.path, finding.subject or finding.anchor


def _worse(before: Sequence[Answer], after: Sequence[Answer], works: Mapping[str, Work]) -> frozenset[str]:
    """
    The changed files in which something new is found; all of them, where it is elsewhere, or a check now fails.

    What is left of something worse is not new: a port on loopback that was open to everybody.
    """
    there, here = Counter(_occurrences(before)), Counter(_occurrences(after))
    gone: dict[tuple[str, str], Severity] = {}
    for one in there - here:
        gone[one.path, one.name] = max(one.severity, gone.get((one.path, one.name), one.severity))
    new = {one.path for one in here - there if one.severity >= gone.get((one.path, one.name), Severity.LOW)}
    if _failed(after) - _failed(before) or new - works.keys():
        return frozenset(works)
    return frozenset(new)


def _failed(answers: Sequence[Answer]) -> frozenset[str]:
    return frozenset(answer.check for answer in answers if answer.status is Status.ERROR)


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """A finding about one thing of a file."""

    rule: str
    path: str
    name: str
    severity: Severity


def _occurrences(answers: Sequence[Answer]) -> Iterator[_Occurrence]:
    """Each finding once for each thing that it names: one that lists four services is four."""
    for answer in answers:
        for finding in answer.findings:
            for name in finding.subject.split(", "):
                yield _Occurrence(finding.rule, finding.location.path, name, finding.severity)
