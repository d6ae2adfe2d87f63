"""Docker, Podman and Kubernetes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import embedded, json_objects, scans, yaml_lines
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan
from seatrial.inspectors.secrets.files.names import is_secret

_SECRET_KIND = re.compile(r"^[ \t]*[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?(?:Secret|SecretList|List)\b", re.MULTILINE)
_KUBECONFIG = ("token", "password", "client-key-data", "id-token", "refresh-token", "access-token", "client-secret")
_HARMLESS = re.compile(
    r"(?:^|[._-])(?:user(?:name)?|host(?:name)?|port|db|database|ca\.crt|tls\.crt|namespace|url|email|name|region)$"
)
_SEALED = re.compile(r"kind:\s*(?:SealedSecret|ExternalSecret)|^sops:|ENC\[AES256_GCM", re.MULTILINE)


def _docker(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`auths` of `config.json`, or the registries at the top of the older `.dockercfg`."""
    for found in json_objects.objects(text):
        for key in ("auth", "identitytoken", "registrytoken", "password"):
            span = found.members.get(key)
            if span is None:
                continue
            if key == "auth" and embedded.decoded(span.value):
                yield from embedded.basic_auth("auth", span)
            else:
                yield CredentialEntry(key, span)


def _kubeconfig(path: str, text: str) -> Iterator[CredentialEntry]:
    if text.lstrip().startswith("{"):
        yield from scans.json_members(*_KUBECONFIG)(path, text)
        return
    for node in yaml_lines.nodes(text):
        if node.key == "client-key-data":
            yield CredentialEntry(
                node.key, node.span, "private key of a cluster user", proven=scans.is_base64(node.span.value, 100)
            )
        elif node.key in _KUBECONFIG and node.path[0] in ("users", "user"):
            yield CredentialEntry(node.key, node.span, f"{node.key} of a cluster user")


def _looks_like_kubeconfig(text: str) -> bool:
    return "clusters" in text and "users" in text and "contexts" in text


def _kubernetes_secret(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`data` (base64, judged decoded) and `stringData` of every document of kind Secret."""
    position = 0
    for document in re.split(r"(?m)^---.*$", text):
        start = text.index(document, position)
        position = start + len(document)
        if not _SECRET_KIND.search(document) or _SEALED.search(document):
            continue
        if document.lstrip().startswith("{"):
            yield from _json_secret(document, start)
            continue
        for node in yaml_lines.nodes(document):
            span = node.span._replace(start=node.span.start + start, end=node.span.end + start)
            if "data" in node.path[:-1]:
                yield from _datum(node.key, span, encoded=True)
            elif "stringData" in node.path[:-1]:
                yield from _datum(node.key, span, encoded=False)


def _json_secret(document: str, start: int) -> Iterator[CredentialEntry]:
    for found in json_objects.objects(document):
        if found.path and found.path[-1] in ("data", "stringData"):
            for key, span in found.members.items():
                moved = span._replace(start=span.start + start, end=span.end + start)
                yield from _datum(key, moved, encoded=found.path[-1] == "data")


def _datum(key: str, span: TextSpan, *, encoded: bool) -> Iterator[CredentialEntry]:
    if key == ".dockerconfigjson" or not span.value or _HARMLESS.search(key.lower()):
        plain = embedded.decoded(span.value) if encoded else span.value
        if plain and '"auth' in plain:
            yield CredentialEntry(key, span, "registry login in a Kubernetes Secret", proven=True)
        return
    plain = embedded.decoded(span.value) if encoded else span.value
    if plain is None:
        if encoded and is_secret(key) and scans.is_base64(span.value, 16):
            yield CredentialEntry(key, span, f'"{key[:60]}" of a Kubernetes Secret', proven=True)
        return
    yield CredentialEntry(key, span, f'"{key[:60]}" of a Kubernetes Secret', judged=plain.strip())


PARSERS = (
    CredentialFile(
        id="docker-config",
        title="registry login",
        documentation="https://docs.docker.com/reference/cli/docker/login/#credential-stores",
        names=(
            *(
                ".docker/config.json",
                "docker/config.json",
                ".dockercfg",
                "dockercfg",
                ".dockerconfigjson",
                "dockerconfigjson",
            ),
            *("containers/auth.json", "config.json", "*.dockerconfigjson", "dockerconfig.json", "docker-config.json"),
        ),
        scan=scans.all_of(_docker),
        severity=Severity.CRITICAL,
        sniff=lambda text: '"auth"' in text or '"identitytoken"' in text or '"registrytoken"' in text,
    ),
    CredentialFile(
        id="kubeconfig",
        title="credential of a Kubernetes user",
        documentation="https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
        names=(
            "kubeconfig",
            ".kubeconfig",
            "*.kubeconfig",
            "kubeconfig*",
            ".kube/*",
            "kube.config",
            "*.yml",
            "*.yaml",
            "admin.conf",
            "kubelet.conf",
            "kube/config",
            "kube_config*",
        ),
        scan=_kubeconfig,
        severity=Severity.CRITICAL,
        sniff=_looks_like_kubeconfig,
    ),
    CredentialFile(
        id="kubernetes-secret",
        title="value in a Kubernetes Secret",
        documentation="https://kubernetes.io/docs/concepts/configuration/secret/",
        names=("*.yml", "*.yaml", "*.json"),
        scan=_kubernetes_secret,
        sniff=lambda text: "Secret" in text and "apiVersion" in text,
    ),
)
