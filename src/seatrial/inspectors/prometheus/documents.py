"""Prometheus' files: found by what they contain, and named where they cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors import reading
from seatrial.inspectors.reading import FileReader, FileText
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.yaml_files import KUBERNETES, LIMIT, TEMPLATE, is_candidate
from seatrial.inspectors.yaml_view import YamlView
from seatrial.system.source import Tree
from seatrial.text.yaml_tree import YamlError, load_all

from . import files

_HINT = re.compile(r"^(?:groups|scrape_configs|route|receivers):|^kind:[ \t]*[\"']?PrometheusRule\b", re.MULTILINE)
_RULES = re.compile(r"^[ \t]*+-?[ \t]*+(?:alert|record):", re.MULTILINE)
_SETTINGS = re.compile(r"^(?:scrape_configs|receivers):", re.MULTILINE)
_HELM = re.compile(r"\{\{[-\s]*(?:\.(?:Values|Release|Chart)\b|include\b|toYaml\b|tpl\b)")
"""What only Helm knows: rules and Alertmanager's messages have Go templates of their own."""
_PROMETHEUS_PATH = re.compile(r"(?:^|[/_.-])(?:prometheus|alert\w*|grafana)(?:[/_.-])", re.IGNORECASE)


@dataclass
class MonitoringFiles:
    """The files of Prometheus and Alertmanager of a tree."""

    reader: FileReader
    rules: list[YamlView] = field(default_factory=list)
    settings: list[YamlView] = field(default_factory=list)
    routes: list[YamlView] = field(default_factory=list)
    broken: list[Finding] = field(default_factory=list)


def read(tree: Tree) -> MonitoringFiles:
    """Read and sort every file of Prometheus and Alertmanager of the tree."""
    seen = MonitoringFiles(FileReader(tree, "file of Prometheus", "files of Prometheus", limit=LIMIT))
    for file in tree.files:
        if is_candidate(file.path):
            _file(seen, tree, file.path)
    seen.reader.lost(lambda path: is_candidate(path) and bool(_PROMETHEUS_PATH.search(path)))
    return seen


def _file(seen: MonitoringFiles, tree: Tree, path: str) -> None:
    one = reading.read(tree, path, LIMIT)
    if not (one.text or "").strip() and _PROMETHEUS_PATH.search(path):
        seen.reader.count(path, one.reason or "empty")
    if one.text is None or not _HINT.search(one.text):
        return
    if _HELM.search(one.text):
        if not KUBERNETES.search(one.text):  # else it counts among the manifests
            seen.reader.count(path, TEMPLATE)
        return
    try:
        nodes = load_all(one.text)
    except YamlError as error:
        _broken(seen, path, one, error)
        return
    for node in nodes:
        if _sort(seen, YamlView(path, node)):
            seen.reader.count(path, one.reason)


def _broken(seen: MonitoringFiles, path: str, one: FileText, error: YamlError) -> None:
    """A file that is not YAML is not judged; where it is one of Prometheus' own, that is a finding as well."""
    text = one.text or ""
    if _SETTINGS.search(text) or _RULES.search(text):
        seen.reader.count(path, one.reason or f"not valid YAML at line {error.line}")
    if _RULES.search(text) and not KUBERNETES.search(text):
        at = Location(path, error.line, error.column)
        seen.broken.append(found("prometheus/syntax", Severity.HIGH, at, f"is not valid YAML: {error.message}"))


def _sort(seen: MonitoringFiles, document: YamlView) -> bool:
    """Put a document where it belongs, and say whether it is one of Prometheus or Alertmanager."""
    if document["kind"].text == "PrometheusRule" and files.is_rules(document["spec"]):
        _rules(seen, document["spec"])
    elif files.is_rules(document):
        _rules(seen, document)
    elif files.is_settings(document):
        seen.settings.append(document)
    elif files.is_routes(document):
        seen.routes.append(document)
    else:
        return False
    return True


def _rules(seen: MonitoringFiles, document: YamlView) -> None:
    seen.rules.append(document)
    if reason := files.unchecked(document):
        seen.reader.count(document.path, f"an expression is {reason}")
