"""Prometheus' files, found by what they contain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from seatrial.domain import Answer, Finding, Tool
from seatrial.domain.errors import InspectorError
from seatrial.domain.extent import Extent
from seatrial.inspectors import path_roles, rulebook
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.reading import FileReader
from seatrial.inspectors.rules import Rules
from seatrial.inspectors.yaml_files import is_candidate
from seatrial.system.source import Tree
from seatrial.text.wording import counted
from seatrial.text.yaml_tree import load_all

from . import files, promtool, watching
from .documents import MonitoringFiles, read
from .rules import ALERTS, METRICS, RULES

NO_PROMETHEUS = "no file of Prometheus in the tree"


class PrometheusInspector:
    """Whether alerts and dashboards ask what the code exports, and whether an alert reaches on-call."""

    name = "prometheus"
    rules = Rules("prometheus", make=lambda: RULES)
    per_file_inputs = None
    live = False
    checks = (ALERTS, METRICS)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """Prometheus' own, where it is installed."""
        del context
        return (Tool("promtool", "found" if promtool.there() else "not installed"),)

    def applies(self, context: Context) -> Reason | None:
        """Whether there is JSON, or YAML that is not a workflow or a Compose file; only reading it shows more."""
        tree = context.tree
        unread = list(filter(_may_be_ours, tree.unread))
        return unless(any(map(_may_be_ours, tree.paths)), unread, NO_PROMETHEUS)

    def inspect(self, context: Context) -> Iterator[Answer]:
        """The alerts, and the metrics that they and the dashboards ask for."""
        documents = read(context.tree)
        yield _alerts(context.tree, documents)
        yield _metrics(context.tree, documents)


def _may_be_ours(path: str) -> bool:
    return is_candidate(path) or path.endswith(".json")


def _alerts(tree: Tree, documents: MonitoringFiles) -> Answer:
    extent = documents.reader.extent()
    if not extent:
        return Answer.na(ALERTS, NO_PROMETHEUS)
    ours = [
        *documents.broken,
        *(f for one in documents.rules for f in files.rules(one)),
        *(f for one in documents.settings for f in files.settings(one)),
        *(f for one in documents.routes for f in files.routes(one)),
    ]
    try:
        theirs = list(_promtool(tree, documents, ours))
    except (InspectorError, OSError) as error:
        return Answer.error(ALERTS, str(error), findings=ours)
    kept, allowed = rulebook.allowed_of(tree, ALERTS, [*ours, *theirs])
    basis = rulebook.of_files((part.name for part in extent.parts if part.judged), one="file")
    found = rulebook.attributed(map(path_roles.weighed, kept), basis.subjects, names=rulebook.whole_file)
    return Answer.of_extent(ALERTS, extent, found, absent=NO_PROMETHEUS, notes=allowed, basis=basis)


def _promtool(tree: Tree, documents: MonitoringFiles, ours: Sequence[Finding]) -> Iterator[Finding]:
    """What it says besides; a rule of Kubernetes' operator is in a document that it does not know."""
    if not promtool.there():
        return
    same = ("prometheus/expression", "prometheus/duplicate-job")
    for kind, views, key in (("rules", documents.rules, "groups"), ("config", documents.settings, "scrape_configs")):
        for path in sorted({one.path for one in views}):
            text = tree.text(path) or ""
            if not re.search(rf"^{key}:", text, re.MULTILINE) or len(load_all(text)) > 1:
                continue
            known = {f.anchor.removesuffix(" expression") for f in ours if f.location.path == path and f.rule in same}
            places = dict(at for one in views if one.path == path for at in files.places(one))
            yield from promtool.check(path, text, kind, known, places)


def _metrics(tree: Tree, documents: MonitoringFiles) -> Answer:
    shown = FileReader(tree, "dashboard", limit=watching.JSON_LIMIT)
    asked = [*watching.of_rules(documents.rules), *watching.of_dashboards(tree, shown)]
    extent = Extent((*documents.reader.extent().parts, *shown.extent().parts), "file")
    if extent.share == 1 and not asked and not documents.settings:
        return Answer.na(METRICS, "no rule, dashboard or scrape configuration names a metric")
    exported = watching.code(tree)
    every = (*watching.unknown(asked, exported), *watching.targets(tree, documents.settings))
    kept, allowed = rulebook.allowed_of(tree, METRICS, every)
    evidence = f"{counted(len({one.metric for one in asked}), 'metric')} asked for, {len(exported.names)} exported"
    basis = rulebook.of_files((part.name for part in extent.parts if part.judged), one="file")
    found = rulebook.attributed(map(path_roles.weighed, kept), basis.subjects, names=rulebook.whole_file)
    return Answer.of_extent(METRICS, extent, found, absent=NO_PROMETHEUS, evidence=evidence, notes=allowed, basis=basis)
