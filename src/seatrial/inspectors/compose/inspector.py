"""The Compose files of a tree: read, put together, judged by the rules, and compared with Docker's own verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.domain import Answer, Finding, Location, Severity, Tool
from seatrial.domain.extent import Extent
from seatrial.domain.grading import WeightedShare
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.inspectors import path_roles, production_use, rulebook
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.rules import Rules
from seatrial.system.source import Tree
from seatrial.text.wording import counted

from . import consistency, plugin, schema, subjects
from .documents import FileProblem
from .identity import located
from .project import PATTERNS, ComposeProject, ProjectSurvey, compose_files, survey, unopened
from .rules import RULES, valid

_ASKED = 25
"""Projects about which the plugin is asked; each costs about 60 ms."""


REFUSED = frozenset(
    {
        "compose/limit-conflict",
        "compose/undefined-reference",
        "compose/interpolation",
        "compose/secret-source",
        "compose/depends-on-cycle",
    }
)
"""Rules of ours about what Docker refuses."""
_SHARED = {
    "compose/isolation": "no service",
    "compose/mounts": "no bind mount",
    "compose/network": "no published port",
    "compose/resources": "no server",
    "compose/lifecycle": "no healthcheck",
    "compose/data": "no datastore",
    "compose/images": "no image that is not built here",
    "compose/secrets": "no service",
    "compose/configuration": "no service",
    "compose/observability": "no service",
}
"""Of checks that several rules answer: what there is none of where none of them applies."""


class ComposeInspector:
    """Docker Compose files."""

    name = "compose"
    rules = Rules("compose", make=lambda: RULES)
    per_file_inputs = None
    live = False
    checks = (valid.RULE.id, *dict.fromkeys(rule.check for rule in RULES if rule is not valid.RULE))

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """The schema's origin, and Docker's plugin if it is here."""
        found = plugin.version(context.tree)
        return (Tool("docker compose", found),) if found else ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a Compose file."""
        tree = context.tree
        return unless(compose_files(tree), unopened(tree), "no Compose file in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """The schema check first, then each rule over all projects."""
        files = survey(context.tree)
        services = sum(len(p.services) for p in files.projects)
        evidence = f"{counted(files.files, 'Compose file')}, {counted(services, 'service')}"
        yield _schema_answer(context, files, evidence)
        for check in self.checks[1:]:
            yield _check_answer(context, check, files, evidence)


def _schema_answer(context: Context, files: ProjectSurvey, evidence: str) -> Answer:
    problems = [*files.problems, *files.flaws, *_against_schema(files)]
    problems += dict.fromkeys(p for project in files.projects for p in consistency.problems(project))
    notes = [note for project in files.projects for note in project.notes]
    compared = _compare(context, files, problems)
    used = frozenset(production_use.of_compose(files.projects))
    judged = {*files.documents, *(problem.at.path for problem in files.problems)}
    basis = rulebook.of_files(sorted(judged), one="Compose file")
    return Answer.of_extent(
        valid.RULE.id,
        Extent.of(judged, _unread(context.tree), unit="Compose file"),
        rulebook.attributed(
            (path_roles.weighed(f, used) for f in valid.findings(iter([*problems, *compared.problems]))),
            basis.subjects,
            names=rulebook.whole_file,
        ),
        absent="no Compose file in the tree",
        evidence=evidence,
        measurements=(Measurement("compose files", files.files, MeasureUnit.FILES),),
        notes=(*dict.fromkeys(notes), *compared.notes),
        basis=basis,
    )


def _against_schema(files: ProjectSurvey) -> Iterator[FileProblem]:
    """What in each file, and in what files come to together, is not as the specification wants it."""
    once: set[tuple[str, int | None]] = set()
    for path, document in files.documents.items():
        projects = [p for p in files.projects if path in p.loaded]
        together = {located(stage): stage for p in projects for stage in p.stages}
        whole = not projects or any(path in p.judged for p in projects)
        for problem in schema.problems(document, together.values(), whole=whole):
            once.add((problem.at.path, problem.at.line))
            yield problem
    # only what a file takes away can leave something lacking that each file has by itself
    taken = {path for path, document in files.documents.items() if any(part.dropped for part in document.parts)}
    stages = {located(stage): stage for p in files.projects if taken & p.loaded for stage in p.stages}
    for stage in stages.values():
        for problem in schema.of_model(stage):
            if (place := (problem.at.path, problem.at.line)) not in once:
                once.add(place)
                yield problem


@dataclass(frozen=True, slots=True)
class _Compared:
    """Where Docker's verdict differs from ours."""

    problems: tuple[FileProblem, ...] = ()
    notes: tuple[str, ...] = ()


def _compare(context: Context, files: ProjectSurvey, ours: Iterable[FileProblem]) -> _Compared:
    whole = [p for p in files.projects if p.whole]
    version = plugin.version(context.tree) if whole else ""
    if not version:
        return _Compared()
    faulty = {problem.at.path for problem in ours}
    problems: list[FileProblem] = []
    notes: list[str] = []
    for project in whole[:_ASKED]:
        verdict = plugin.ask(context.tree, project)
        known = bool(faulty & set(project.files)) or any(p.kind == "reference" for p in project.problems)
        known = known or any(True for _ in _refused(project))
        rejects = verdict.opinion is plugin.Opinion.REJECTS and not known
        if rejects and not verdict.dated:
            at = Location(project.files[-1], 1, 1)
            rejected = f"docker compose {version} rejects {' with '.join(project.files)}: {verdict.reason}"
            problems.append(FileProblem("syntax", at, rejected))
        elif rejects:
            notes.append(
                f"{project.files[-1]}: docker compose {version} rejects it, and the specification allows it: "
                f"{verdict.reason}"
            )
        elif verdict.opinion is plugin.Opinion.FAILED:
            notes.append(f"{project.files[-1]}: docker compose {version} was not compared: {verdict.reason}")
        elif verdict.opinion is plugin.Opinion.ACCEPTS and faulty & set(project.files):
            notes.append(f"{project.files[-1]}: docker compose accepts the file in spite of what is reported here")
    if len(whole) > _ASKED:
        notes.append(f"docker compose was asked about {_ASKED} of {len(whole)} projects")
    return _Compared(tuple(problems), tuple(notes))


def _refused(project: ComposeProject) -> Iterator[Finding]:
    """What rules of ours report, and Docker rejects a project for."""
    return (finding for rule in RULES if rule.id in REFUSED for finding in rule.find(project))


def _check_answer(context: Context, check: str, files: ProjectSurvey, evidence: str) -> Answer:
    """The rules of a check over all projects."""
    rules = [rule for rule in RULES if check == rule.check]
    asked = [(rule, project) for project in files.projects for rule in rules if rule.applies(project)]
    extent = _extent(context.tree, files)
    if not asked and extent.share == 1:
        extent = Extent()
    once: dict[tuple[str, Location, Severity, str], Finding] = {}
    for rule, project in asked:
        for finding in rule.find(project):
            subject = "" if check == rule.id else finding.message
            once.setdefault((finding.rule, finding.location, finding.severity, subject), finding)
    kept, allowed = rulebook.allowed_of(context.tree, check, once.values())
    services = subjects.judged(asked)
    used = frozenset(production_use.of_compose(files.projects))
    return Answer.of_extent(
        check,
        extent,
        rulebook.attributed((path_roles.weighed(f, used) for f in kept), services),
        absent=f"{_SHARED.get(check) or rules[0].absent} in {evidence}",
        evidence=evidence,
        notes=allowed,
        basis=WeightedShare(services, "service"),
    )


def _extent(tree: Tree, files: ProjectSurvey) -> Extent:
    """Every Compose file, and every include that is not in the tree."""
    unjudged = {problem.at.path: problem.message for problem in files.problems} | dict(_unread(tree))
    elsewhere = dict(note.split(": ", 1) for project in files.projects for note in project.notes)
    return Extent.of(files.documents, unjudged | elsewhere, unit="Compose file")


def _unread(tree: Tree) -> Mapping[str, str]:
    """Compose files that the tree has and that cannot be opened, and folders that may hold some, with reasons."""
    return tree.unread_matching(PATTERNS)
