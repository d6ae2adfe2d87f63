"""Kubernetes manifests and Prometheus' files, found by what they contain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from seatrial.domain import Answer, Finding, Location, Severity, Status, Tool
from seatrial.errors import InspectorError
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context, Reason
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.model import Piece
from seatrial.source import Tree
from seatrial.wording import counted
from seatrial.yaml_tree import YamlError, load_all

from . import kubernetes, prometheus, promtool, watching

SECURITY, READINESS = "kubernetes/security", "kubernetes/readiness"
ALERTS, METRICS = "prometheus/alerts", "prometheus/metrics"
_LIMIT = 1024 * 1024
_HINT = re.compile(r"^(?:apiVersion|groups|scrape_configs|route|receivers):", re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{[-\s]*(?:\.|include|template|if|range|with|end|toYaml|define|\$)")


@dataclass
class _Documents:
    """What was found."""

    workloads: list[kubernetes.Workload] = field(default_factory=list)
    objects: list[Piece] = field(default_factory=list)
    """Every manifest of Kubernetes, workloads included."""
    rules: list[Piece] = field(default_factory=list)
    settings: list[Piece] = field(default_factory=list)
    routes: list[Piece] = field(default_factory=list)
    broken: list[Finding] = field(default_factory=list)
    templates: int = 0


class Operations:
    """Kubernetes and Prometheus."""

    name = "operations"
    judges_by = None
    live = False
    checks = (SECURITY, READINESS, ALERTS, METRICS)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """Prometheus' own, where it is installed."""
        del context
        return (Tool("promtool", "found" if promtool.there() else "not installed"),)

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a YAML file that is no workflow and no Compose file, or JSON; only reading it tells more."""
        there = any(_candidate(f.path) or f.path.endswith(".json") for f in context.tree.files)
        return None if there else Reason(Status.NA, "no Kubernetes manifest and no file of Prometheus in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Each check over all documents of its kind."""
        documents = _read(context.tree)
        notes = (
            (f"{counted(documents.templates, 'template')} not measured: they are no YAML",)
            if documents.templates
            else ()
        )
        evidence = f"{counted(len(documents.workloads), 'workload')}, {counted(len(documents.objects), 'object')}"
        others = (f for one in documents.objects for f in (*kubernetes.served(one), *kubernetes.rights(one)))
        for check, judge, more in ((SECURITY, kubernetes.security, others), (READINESS, kubernetes.readiness, ())):
            if not (documents.workloads or (documents.objects and check == SECURITY)):
                yield Answer.na(check, "no Kubernetes workload in the tree")
                continue
            every = (*(f for one in documents.workloads for f in judge(one)), *more)
            kept, allowed = rulebook.without_allowed(context.tree, every, lambda f: f)
            yield Answer.of_findings(check, map(rulebook.in_tests, kept), evidence=evidence, notes=(*notes, *allowed))
        yield _alerts(context.tree, documents)
        yield _metrics(context.tree, documents)


def _alerts(tree: Tree, documents: _Documents) -> Answer:
    if not (documents.rules or documents.settings or documents.routes or documents.broken):
        return Answer.na(ALERTS, "no file of Prometheus in the tree")
    ours = [
        *documents.broken,
        *(f for one in documents.rules for f in prometheus.rules(one)),
        *(f for one in documents.settings for f in prometheus.settings(one)),
        *(f for one in documents.routes for f in prometheus.routes(one)),
    ]
    try:
        theirs = list(_promtool(tree, documents, ours))
    except (InspectorError, OSError) as error:
        return Answer.error(ALERTS, str(error), findings=ours)
    kept, allowed = rulebook.without_allowed(tree, [*ours, *theirs], lambda f: f)
    number = len(documents.rules) + len(documents.settings) + len(documents.routes)
    evidence = counted(number, "file of Prometheus", "files of Prometheus")
    return Answer.of_findings(ALERTS, map(rulebook.in_tests, kept), evidence=evidence, notes=allowed)


def _promtool(tree: Tree, documents: _Documents, ours: Sequence[Finding]) -> Iterator[Finding]:
    """What it says besides; a rule of Kubernetes' operator stands in a document that it does not know."""
    if not promtool.there():
        return
    same = ("prometheus/expression", "prometheus/duplicate-job")
    for kind, pieces, key in (("rules", documents.rules, "groups"), ("config", documents.settings, "scrape_configs")):
        for path in sorted({one.path for one in pieces}):
            text = tree.text(path) or ""
            if not re.search(rf"^{key}:", text, re.MULTILINE) or len(load_all(text)) > 1:
                continue
            known = {f.anchor.removesuffix(" expression") for f in ours if f.location.path == path and f.rule in same}
            places = dict(at for one in pieces if one.path == path for at in prometheus.places(one))
            yield from promtool.check(path, text, kind, known, places)


def _metrics(tree: Tree, documents: _Documents) -> Answer:
    notes: list[str] = []
    asked = [*watching.of_rules(documents.rules), *watching.of_dashboards(tree, notes)]
    if not asked and not documents.settings:
        return Answer.na(METRICS, "nobody scrapes, asks for or shows a metric")
    exported = watching.code(tree)
    every = (*watching.unknown(asked, exported), *watching.targets(tree, documents.settings))
    kept, allowed = rulebook.without_allowed(tree, every, lambda f: f)
    evidence = f"{counted(len({one.metric for one in asked}), 'metric')} asked for, {len(exported.names)} exported"
    return Answer.of_findings(METRICS, map(rulebook.in_tests, kept), evidence=evidence, notes=(*notes, *allowed))


def _candidate(path: str) -> bool:
    return (
        path.endswith((".yml", ".yaml"))
        and not path.startswith(".github/")
        and "compose" not in path.rpartition("/")[2]
    )


def _read(tree: Tree) -> _Documents:
    documents = _Documents()
    for file in tree.files:
        if not _candidate(file.path) or file.size > _LIMIT:
            continue
        try:
            text = tree.text(file.path) or ""
        except OSError:
            continue
        if not _HINT.search(text):
            continue
        if _TEMPLATE.search(text) and "groups:" not in text:
            documents.templates += 1
            continue
        try:
            nodes = load_all(text)
        except YamlError as error:
            if re.search(r"^groups:", text, re.MULTILINE) and "alert:" in text:
                at = Location(file.path, error.line, error.column)
                documents.broken.append(
                    found("prometheus/syntax", Severity.HIGH, at, f"is not valid YAML: {error.message}")
                )
            continue
        for node in nodes:
            _sort(documents, Piece(file.path, node))
    return documents


def _sort(documents: _Documents, piece: Piece) -> None:
    if piece["apiVersion"] and piece["kind"]:
        inner = piece["items"].items if piece["kind"].text == "List" else ()
        documents.objects += [one for one in (piece, *inner) if one["apiVersion"]]
    one = kubernetes.workload(piece)
    if one is not None:
        documents.workloads.append(one)
    elif piece["kind"].text == "List":
        documents.workloads += [w for item in piece["items"].items if (w := kubernetes.workload(item)) is not None]
    elif piece["kind"].text == "PrometheusRule" and prometheus.is_rules(piece["spec"]):
        documents.rules.append(piece["spec"])
    elif prometheus.is_rules(piece):
        documents.rules.append(piece)
    elif prometheus.is_settings(piece):
        documents.settings.append(piece)
    elif prometheus.is_routes(piece):
        documents.routes.append(piece)
