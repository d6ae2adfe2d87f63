"""Kubernetes manifests and Prometheus' files: found by what they contain, and named where they cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors import reading
from seatrial.inspectors.reading import FileReader, FileText
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.model import YamlView
from seatrial.system.source import Tree
from seatrial.text.yaml_tree import YamlError, load_all

from . import kubernetes, prometheus

LIMIT = 1024 * 1024
"""Bytes of a YAML file that is read."""
TEMPLATE = "a Helm template, which is not rendered"
_HINT = re.compile(r"^(?:apiVersion|groups|scrape_configs|route|receivers):", re.MULTILINE)
_KUBERNETES = re.compile(r"^apiVersion:", re.MULTILINE)
_RULES = re.compile(r"^[ \t]*+-?[ \t]*+(?:alert|record):", re.MULTILINE)
_SETTINGS = re.compile(r"^(?:scrape_configs|receivers):", re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{[-\s]*(?:\.|include|template|if|range|with|end|toYaml|define|\$)")
_MANIFEST_PATH = re.compile(r"(?:^|[/_.-])(?:k8s|kube\w*|manifests?|kustomiz\w*|helm|charts?)(?:[/_.-])", re.IGNORECASE)
_HELM_VALUES = re.compile(r"(?:^|/)values[\w.-]*\.ya?ml$")  # may be empty: a chart without settings
_PROMETHEUS_PATH = re.compile(r"(?:^|[/_.-])(?:prometheus|alert\w*|grafana)(?:[/_.-])", re.IGNORECASE)


@dataclass
class Documents:
    """What the tree has."""

    manifests: FileReader
    watching: FileReader
    workloads: list[kubernetes.Workload] = field(default_factory=list)
    objects: list[YamlView] = field(default_factory=list)
    """Every manifest of Kubernetes, workloads included."""
    rules: list[YamlView] = field(default_factory=list)
    settings: list[YamlView] = field(default_factory=list)
    routes: list[YamlView] = field(default_factory=list)
    broken: list[Finding] = field(default_factory=list)
    templates: dict[str, None] = field(default_factory=dict)
    """Paths of Helm templates: they become manifests only when somebody installs them."""


def is_candidate(path: str) -> bool:
    """Whether a path may be that of a manifest or of one of Prometheus' files: YAML that has no other reader."""
    name = path.rpartition("/")[2]
    return path.endswith((".yml", ".yaml")) and not path.startswith(".github/") and "compose" not in name


def read(tree: Tree) -> Documents:
    """Read and sort every YAML file of the tree."""
    documents = Documents(
        FileReader(tree, "manifest", limit=LIMIT),
        FileReader(tree, "file of Prometheus", "files of Prometheus", limit=LIMIT),
    )
    for file in tree.files:
        if is_candidate(file.path):
            _file(documents, tree, file.path)
    documents.manifests.lost(lambda path: is_candidate(path) and bool(_MANIFEST_PATH.search(path)))
    documents.watching.lost(lambda path: is_candidate(path) and bool(_PROMETHEUS_PATH.search(path)))
    return documents


def _file(documents: Documents, tree: Tree, path: str) -> None:
    one = reading.read(tree, path, LIMIT)
    if not (one.text or "").strip() and not _HELM_VALUES.search(path):
        for reader in _by_path(documents, path):
            reader.count(path, one.reason or "empty")
    if one.text is None or not _HINT.search(one.text):
        return
    if _TEMPLATE.search(one.text) and "groups:" not in one.text:
        documents.templates[path] = None
        return
    try:
        nodes = load_all(one.text)
    except YamlError as error:
        _broken(documents, path, one, error)
        return
    for node in nodes:
        for reader in _sort(documents, YamlView(path, node)):
            reader.count(path, one.reason)


def _by_text(documents: Documents, text: str) -> Iterator[FileReader]:
    """Whose question a file belongs to."""
    if _KUBERNETES.search(text):
        yield documents.manifests
    if _SETTINGS.search(text) or _RULES.search(text):
        yield documents.watching


def _by_path(documents: Documents, path: str) -> Iterator[FileReader]:
    """Whose question a file without text would belong to."""
    if _MANIFEST_PATH.search(path):
        yield documents.manifests
    if _PROMETHEUS_PATH.search(path):
        yield documents.watching


def _broken(documents: Documents, path: str, one: FileText, error: YamlError) -> None:
    """A file that is not YAML is not judged; where it is one of Prometheus' own, that is a finding as well."""
    text = one.text or ""
    for reader in _by_text(documents, text):
        reader.count(path, one.reason or f"not valid YAML at line {error.line}")
    if _RULES.search(text) and not _KUBERNETES.search(text):
        at = Location(path, error.line, error.column)
        documents.broken.append(found("prometheus/syntax", Severity.HIGH, at, f"is not valid YAML: {error.message}"))


def _sort(documents: Documents, piece: YamlView) -> Iterator[FileReader]:
    """Put a document where it belongs, and say whose file it is."""
    if piece["apiVersion"] and piece["kind"]:
        inner = piece["items"].items if piece["kind"].text == "List" else ()
        documents.objects += [one for one in (piece, *inner) if one["apiVersion"]]
        yield documents.manifests
    one = kubernetes.workload(piece)
    if one is not None:
        documents.workloads.append(one)
    elif piece["kind"].text == "List":
        documents.workloads += [w for item in piece["items"].items if (w := kubernetes.workload(item)) is not None]
    elif piece["kind"].text == "PrometheusRule" and prometheus.is_rules(piece["spec"]):
        yield _rules(documents, piece["spec"])
    elif prometheus.is_rules(piece):
        yield _rules(documents, piece)
    elif prometheus.is_settings(piece):
        documents.settings.append(piece)
        yield documents.watching
    elif prometheus.is_routes(piece):
        documents.routes.append(piece)
        yield documents.watching


def _rules(documents: Documents, piece: YamlView) -> FileReader:
    documents.rules.append(piece)
    if reason := prometheus.unchecked(piece):
        documents.watching.count(piece.path, f"an expression is {reason}")
    return documents.watching
