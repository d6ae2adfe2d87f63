"""Kubernetes manifests: found by what they contain, and named where they cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from seatrial.inspectors import reading
from seatrial.inspectors.reading import FileReader
from seatrial.inspectors.yaml_files import KUBERNETES, LIMIT, is_candidate
from seatrial.inspectors.yaml_view import YamlView
from seatrial.system.source import Tree
from seatrial.text.yaml_tree import YamlError, load_all

from . import workloads

_TEMPLATE = re.compile(r"\{\{[-\s]*(?:\.|include|template|if|range|with|end|toYaml|define|\$)")
_MANIFEST_PATH = re.compile(r"(?:^|[/_.-])(?:k8s|kube\w*|manifests?|kustomiz\w*|helm|charts?)(?:[/_.-])", re.IGNORECASE)
_HELM_VALUES = re.compile(r"(?:^|/)values[\w.-]*\.ya?ml$")  # may be empty: a chart without settings


@dataclass
class Manifests:
    """The manifests of a tree."""

    reader: FileReader
    workloads: list[workloads.Workload] = field(default_factory=list)
    objects: list[YamlView] = field(default_factory=list)
    """Every manifest, workloads included."""
    templates: dict[str, None] = field(default_factory=dict)
    """Paths of Helm templates: they become manifests only at an installation."""


def read(tree: Tree) -> Manifests:
    """Read and sort every manifest of the tree."""
    found = Manifests(FileReader(tree, "manifest", limit=LIMIT))
    for file in tree.files:
        if is_candidate(file.path):
            _file(found, tree, file.path)
    found.reader.lost(lambda path: is_candidate(path) and bool(_MANIFEST_PATH.search(path)))
    return found


def _file(found: Manifests, tree: Tree, path: str) -> None:
    one = reading.read(tree, path, LIMIT)
    if not (one.text or "").strip() and not _HELM_VALUES.search(path) and _MANIFEST_PATH.search(path):
        found.reader.count(path, one.reason or "empty")
    if one.text is None or not KUBERNETES.search(one.text):
        return
    if _TEMPLATE.search(one.text) and "groups:" not in one.text:
        found.templates[path] = None
        return
    try:
        nodes = load_all(one.text)
    except YamlError as error:
        found.reader.count(path, one.reason or f"not valid YAML at line {error.line}")
        return
    for node in nodes:
        if _sort(found, YamlView(path, node)):
            found.reader.count(path, one.reason)


def _sort(found: Manifests, document: YamlView) -> bool:
    """Put a document where it belongs, and say whether it is a manifest."""
    inner = document["items"].items if document["kind"].text == "List" else ()
    found.workloads += [one for d in (document, *inner) if (one := workloads.workload(d)) is not None]
    if not (document["apiVersion"] and document["kind"]):
        return False
    found.objects += [one for one in (document, *inner) if one["apiVersion"]]
    return True
