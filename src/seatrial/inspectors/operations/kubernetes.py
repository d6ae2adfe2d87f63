"""
Kubernetes manifests: probes, limits and security contexts of every container that a workload makes.

Templates (Helm's `{{ }}`) are no YAML and are left out. Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.workflows.model import Piece

WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob"})
_SERVERS = frozenset({"Deployment", "StatefulSet", "ReplicaSet"})
_DANGEROUS = frozenset(
    {"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF", "NET_ADMIN"}
)


@dataclass(frozen=True)
class Workload:
    """One manifest that makes pods."""

    kind: str
    name: str
    pod: Piece
    """The pod's specification."""

    @property
    def containers(self) -> Sequence[Piece]:
        """Those that stay; initialising ones have no probes."""
        return self.pod["containers"].items if self.pod["containers"].is_list else ()


def workload(document: Piece) -> Workload | None:
    """A manifest's workload; None if it is another kind of document."""
    kind = document["kind"].text
    if kind not in WORKLOADS or not document["apiVersion"]:
        return None
    spec = document["spec"]
    if kind == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    pod = spec if kind == "Pod" else spec["template"]["spec"]
    return Workload(kind, document["metadata"]["name"].text, pod) if pod.is_map else None


def security(one: Workload) -> Iterator[Finding]:
    """What gives a pod power over its node, or more rights than it needs."""
    pod = one.pod
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod[key].text == "true":
            yield _found("host-namespace", Severity.HIGH, pod, key, one, f"shares the node's namespaces: {key}")
    for volume in pod["volumes"].items if pod["volumes"].is_list else ():
        path = volume["hostPath"]["path"].text
        if path:
            socket = path.endswith(".sock")
            severity = Severity.CRITICAL if socket or path == "/" else Severity.MEDIUM
            yield _found("host-path", severity, volume, "hostPath", one, f"mounts the node's {path}")
    for container in one.containers:
        yield from _container(one, container, pod["securityContext"])


def _container(one: Workload, container: Piece, of_pod: Piece) -> Iterator[Finding]:
    context = container["securityContext"]
    name = container["name"].text
    if context["privileged"].text == "true":
        yield _found("privileged", Severity.CRITICAL, context, "privileged", one, f"{name} is privileged")
    for added in context["capabilities"]["add"].items:
        if added.text.upper().removeprefix("CAP_") in _DANGEROUS:
            message = f"{name} is given the capability {added.text}"
            yield found(
                "kubernetes/capabilities",
                Severity.HIGH,
                added.at,
                message,
                subject=one.name,
                anchor=f"{one.name} {message}",
            )
    root = context["runAsNonRoot"].text or of_pod["runAsNonRoot"].text
    user = context["runAsUser"].text or of_pod["runAsUser"].text
    if user == "0" or (root != "true" and user in ("", "0")):
        message = f"{name} may run as root"
        severity = Severity.MEDIUM if user == "0" else Severity.LOW
        yield _found("root", severity, container, "name", one, message, "securityContext: {runAsNonRoot: true}")
    if context["allowPrivilegeEscalation"].text != "false" and context["privileged"].text != "true":
        remedy = "securityContext: {allowPrivilegeEscalation: false}"
        yield _found(
            "privilege-escalation", Severity.LOW, container, "name", one, f"{name} may gain privileges", remedy
        )


def readiness(one: Workload) -> Iterator[Finding]:
    """Probes and limits."""
    for container in one.containers:
        name = container["name"].text
        if one.kind in _SERVERS and container["ports"] and not container["readinessProbe"]:
            remedy = "readinessProbe: {httpGet: {path: /readyz, port: http}}"
            yield _found("readiness", Severity.MEDIUM, container, "name", one, f"{name} has no readiness probe", remedy)
        if one.kind in _SERVERS and not container["livenessProbe"]:
            remedy = "livenessProbe: {httpGet: {path: /healthz, port: http}}"
            yield _found("liveness", Severity.LOW, container, "name", one, f"{name} has no liveness probe", remedy)
        if not container["resources"]["limits"]["memory"]:
            remedy = "resources: {limits: {memory: 256Mi}}"
            yield _found("memory-limit", Severity.LOW, container, "name", one, f"{name} has no memory limit", remedy)
        image = container["image"].text
        tag = image.rpartition("/")[2].partition(":")[2]
        if image and "@" not in image and "$" not in image and tag in ("", "latest"):
            what = "the tag latest" if tag else "no tag"
            yield _found("image-tag", Severity.MEDIUM, container, "image", one, f"the image of {name} has {what}")


def _found(
    rule: str, severity: Severity, piece: Piece, key: str, one: Workload, message: str, remedy: str = ""
) -> Finding:
    full = f"{one.kind} {one.name}: {message}"
    return found(
        f"kubernetes/{rule}", severity, piece.key_at(key), full, remedy, subject=one.name, anchor=f"{one.kind} {full}"
    )
