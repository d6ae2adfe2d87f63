"""Kubernetes manifests and Prometheus' files, found by what they contain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from seatrial.domain import Answer, Finding, Tool
from seatrial.domain.errors import InspectorError
from seatrial.domain.extent import Extent
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.inspectors import path_roles, rulebook
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.reading import FileReader
from seatrial.inspectors.rules import Rules
from seatrial.system.source import Tree
from seatrial.text.wording import counted
from seatrial.text.yaml_tree import load_all

from . import kubernetes, prometheus, promtool, watching
from .documents import TEMPLATE, Documents, is_candidate, read
from .rules import ALERTS, METRICS, READINESS, RULES, SECURITY

NO_WORKLOAD = "no Kubernetes workload in the tree"
NO_PROMETHEUS = "no file of Prometheus in the tree"


class Operations:
    """Kubernetes and Prometheus."""

    name = "operations"
    rules = Rules("kubernetes", "prometheus", make=lambda: RULES)
    judges_by = None
    live = False
    checks = (SECURITY, READINESS, ALERTS, METRICS)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """Prometheus' own, where it is installed."""
        del context
        return (Tool("promtool", "found" if promtool.there() else "not installed"),)

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a YAML file that is no workflow and no Compose file, or JSON; only reading it tells more."""
        tree = context.tree
        unread = list(filter(_may_be_ours, tree.unread))
        absent = "no Kubernetes manifest and no file of Prometheus in the tree"
        return unless(any(map(_may_be_ours, tree.paths)), unread, absent)

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Each check over all documents of its kind."""
        documents = read(context.tree)
        evidence = f"{counted(len(documents.workloads), 'workload')}, {counted(len(documents.objects), 'object')}"
        manifests = documents.manifests.extent()
        templates = Extent.of((), dict.fromkeys(documents.templates, TEMPLATE), unit="manifest")
        others = (f for one in documents.objects for f in (*kubernetes.served(one), *kubernetes.rights(one)))
        for check, judge, more in ((SECURITY, kubernetes.security, others), (READINESS, kubernetes.readiness, ())):
            judged = documents.workloads or (documents.objects and check == SECURITY)
            if documents.templates and not judged and manifests.share == 1:
                yield Answer.skip(check, f"{counted(len(documents.templates), 'file')}: {TEMPLATE}")
                continue
            extent = manifests + templates if judged or manifests.share < 1 else Extent()
            every = (*(f for one in documents.workloads for f in judge(one)), *more)
            kept, allowed = rulebook.allowed_of(context.tree, check, every)
            workloads = WeightedShare(
                tuple(GradedSubject(one.name, one.pod.at.path) for one in documents.workloads), "workload"
            )
            found = rulebook.attributed(map(path_roles.weighed, kept), workloads.subjects)
            yield Answer.of_extent(
                check, extent, found, absent=NO_WORKLOAD, evidence=evidence, notes=allowed, basis=workloads
            )
        yield _alerts(context.tree, documents)
        yield _metrics(context.tree, documents)


def _may_be_ours(path: str) -> bool:
    return is_candidate(path) or path.endswith(".json")


def _alerts(tree: Tree, documents: Documents) -> Answer:
    extent = documents.watching.extent()
    if not extent:
        return Answer.na(ALERTS, NO_PROMETHEUS)
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
    kept, allowed = rulebook.allowed_of(tree, ALERTS, [*ours, *theirs])
    basis = rulebook.of_files((part.name for part in extent.parts if part.judged), one="file")
    found = rulebook.attributed(map(path_roles.weighed, kept), basis.subjects, names=rulebook.whole_file)
    return Answer.of_extent(ALERTS, extent, found, absent=NO_PROMETHEUS, notes=allowed, basis=basis)


def _promtool(tree: Tree, documents: Documents, ours: Sequence[Finding]) -> Iterator[Finding]:
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


def _metrics(tree: Tree, documents: Documents) -> Answer:
    shown = FileReader(tree, "dashboard", limit=watching.JSON_LIMIT)
    asked = [*watching.of_rules(documents.rules), *watching.of_dashboards(tree, shown)]
    extent = Extent((*documents.watching.extent().parts, *shown.extent().parts), "file")
    if extent.share == 1 and not asked and not documents.settings:
        return Answer.na(METRICS, "no rule, dashboard or scrape configuration names a metric")
    exported = watching.code(tree)
    every = (*watching.unknown(asked, exported), *watching.targets(tree, documents.settings))
    kept, allowed = rulebook.allowed_of(tree, METRICS, every)
    evidence = f"{counted(len({one.metric for one in asked}), 'metric')} asked for, {len(exported.names)} exported"
    basis = rulebook.of_files((part.name for part in extent.parts if part.judged), one="file")
    found = rulebook.attributed(map(path_roles.weighed, kept), basis.subjects, names=rulebook.whole_file)
    return Answer.of_extent(METRICS, extent, found, absent=NO_PROMETHEUS, evidence=evidence, notes=allowed, basis=basis)
