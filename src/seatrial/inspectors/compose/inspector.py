"""The Compose files of a tree: read, put together, judged by the rules, and compared with Docker's own verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from seatrial.domain import Answer, Finding, Location, Measurement, Severity, Status, Tool
from seatrial.inspectors.base import Context, Reason
from seatrial.wording import counted

from . import plugin, schema
from .project import PATTERNS, Problem, Project, Survey, survey
from .rules import RULES, valid
from .rules.base import Rule

_ASKED = 25
"""Projects about which the plugin is asked; each costs about 60 ms."""


class Compose:
    """Docker Compose files."""

    name = "compose"
    judges_by = None
    live = False
    checks = (valid.ID, *(rule.ID for rule in RULES))

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """The schema's origin, and Docker's plugin if it is here."""
        found = plugin.version(context.tree)
        return (Tool("docker compose", found),) if found else ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a Compose file."""
        return None if context.tree.matching(PATTERNS) else Reason(Status.NA, "no Compose file in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """The schema check first, then each rule over all projects."""
        files = survey(context.tree)
        services = sum(len(p.services) for p in files.projects)
        evidence = f"{counted(files.files, 'Compose file')}, {counted(services, 'service')}"
        yield _schema_answer(context, files, evidence)
        for rule in RULES:
            yield _rule_answer(rule, files, evidence)


def _schema_answer(context: Context, files: Survey, evidence: str) -> Answer:
    problems = [*files.problems, *(p for d in files.documents.values() for p in schema.problems(d))]
    notes = [note for project in files.projects for note in project.notes]
    compared = _compare(context, files, problems)
    return Answer.of_findings(
        valid.ID,
        valid.findings(iter([*problems, *compared.problems])),
        evidence=evidence,
        measurements=(Measurement("compose files", files.files, "{file}"),),
        notes=(*dict.fromkeys(notes), *compared.notes),
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """Where Docker's verdict differs from ours."""

    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def _compare(context: Context, files: Survey, ours: Iterable[Problem]) -> _Compared:
    whole = [p for p in files.projects if p.whole]
    if not whole or not plugin.version(context.tree):
        return _Compared()
    faulty = {problem.at.path for problem in ours}
    problems: list[Problem] = []
    notes: list[str] = []
    for project in whole[:_ASKED]:
        verdict = plugin.ask(context.tree, project)
        known = bool(faulty & set(project.files)) or any(p.kind == "reference" for p in project.problems)
        known = known or any(True for _ in _undefined(project))
        if verdict.opinion is plugin.Opinion.REJECTS and not known:
            at = Location(project.files[-1], 1, 1)
            problems.append(Problem("syntax", at, f"docker compose rejects it: {verdict.reason}"))
        elif verdict.opinion is plugin.Opinion.ACCEPTS and faulty & set(project.files):
            notes.append(f"{project.files[-1]}: docker compose accepts the file in spite of what is reported here")
    if len(whole) > _ASKED:
        notes.append(f"docker compose was asked about {_ASKED} of {len(whole)} projects")
    return _Compared(tuple(problems), tuple(notes))


def _undefined(project: Project) -> Iterator[Finding]:
    """What the rule about references reports; Docker rejects a project for the same."""
    return next(rule.check(project) for rule in RULES if rule.ID == "compose/undefined-reference")


def _rule_answer(rule: Rule, files: Survey, evidence: str) -> Answer:
    if not files.documents:
        return Answer.blocked(rule.ID, "no Compose file could be read; see compose/schema")
    asked = [project for project in files.projects if rule.applies(project)]
    if not asked and not files.problems:
        return Answer.na(rule.ID, f"{rule.NOTHING} in {evidence}")
    once: dict[tuple[str, Location, Severity], Finding] = {}
    for project in asked:
        for finding in rule.check(project):
            once.setdefault((finding.rule, finding.location, finding.severity), finding)
    unread = tuple(f"{p.at.path}: not measured, it could not be read" for p in files.problems)
    share = Fraction(len(files.documents), files.files)
    return Answer.of_findings(rule.ID, once.values(), share=min(share, Fraction(1)), evidence=evidence, notes=unread)
