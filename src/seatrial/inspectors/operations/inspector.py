"""Kubernetes manifests and Prometheus' files, found by what they contain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatrial.domain import Answer, Finding, Location, Severity, Status, Tool
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context, Reason
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.model import Piece
from seatrial.source import Tree
from seatrial.wording import counted
from seatrial.yaml_tree import YamlError, load_all

from . import kubernetes, prometheus

SECURITY, READINESS, ALERTS = "kubernetes/security", "kubernetes/readiness", "prometheus/alerts"
_LIMIT = 1024 * 1024
_HINT = re.compile(r"^(?:apiVersion|groups|scrape_configs|route|receivers):", re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{[-\s]*(?:\.|include|template|if|range|with|end|toYaml|define|\$)")


@dataclass
class _Documents:
    """What was found."""

    workloads: list[kubernetes.Workload] = field(default_factory=list)
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
    checks = (SECURITY, READINESS, ALERTS)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """None but ourselves."""
        del context
        return ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a YAML file that is no workflow and no Compose file; what it is, only reading it tells."""
        there = any(_candidate(f.path) for f in context.tree.files)
        return None if there else Reason(Status.NA, "no Kubernetes manifest and no Prometheus file in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Each check over all documents of its kind."""
        documents = _read(context.tree)
        notes = (
            (f"{counted(documents.templates, 'template')} not measured: they are no YAML",)
            if documents.templates
            else ()
        )
        evidence = counted(len(documents.workloads), "workload")
        for check, judge in ((SECURITY, kubernetes.security), (READINESS, kubernetes.readiness)):
            if not documents.workloads:
                yield Answer.na(check, "no Kubernetes workload in the tree")
                continue
            every = (f for one in documents.workloads for f in judge(one))
            kept, allowed = rulebook.without_allowed(context.tree, every, lambda f: f)
            yield Answer.of_findings(check, kept, evidence=evidence, notes=(*notes, *allowed))
        if not (documents.rules or documents.settings or documents.routes or documents.broken):
            yield Answer.na(ALERTS, "no file of Prometheus in the tree")
            return
        told = (
            *documents.broken,
            *(f for one in documents.rules for f in prometheus.rules(one)),
            *(f for one in documents.settings for f in prometheus.settings(one)),
            *(f for one in documents.routes for f in prometheus.routes(one)),
        )
        kept, allowed = rulebook.without_allowed(context.tree, told, lambda f: f)
        number = len(documents.rules) + len(documents.settings) + len(documents.routes)
        yield Answer.of_findings(
            ALERTS, kept, evidence=counted(number, "file of Prometheus", "files of Prometheus"), notes=allowed
        )


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
