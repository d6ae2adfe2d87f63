"""
Kubernetes manifests: probes, limits and security contexts of every container that a workload makes.

Templates (Helm's `{{ }}`) are no YAML and are left out. Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seatrial.domain import Finding, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.secrets.files.names import is_secret
from seatrial.inspectors.secrets.values import ValueKind, judge
from seatrial.inspectors.yaml_view import YamlView

_NAMED = 4  # containers in one message
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
    pod: YamlView
    """The pod's specification."""

    @property
    def containers(self) -> Sequence[YamlView]:
        """Those that stay; initialising ones have no probes."""
        return self.pod["containers"].items if self.pod["containers"].is_list else ()

    @property
    def all_containers(self) -> Sequence[YamlView]:
        """The initialising ones too, which have the same power."""
        first = self.pod["initContainers"]
        return (*self.containers, *(first.items if first.is_list else ()))


def workload(document: YamlView) -> Workload | None:
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
            place = posixpath.normpath(f"/{path.lstrip('/')}")
            severity = Severity.CRITICAL if place.endswith(".sock") or place == "/" else Severity.MEDIUM
            yield _found("host-path", severity, volume, "hostPath", one, f"mounts the node's {path}")
    for container in one.all_containers:
        yield from _container(one, container, pod["securityContext"])
        yield from _given(one, container)
    yield from _hygiene(one)


def _container(one: Workload, container: YamlView, of_pod: YamlView) -> Iterator[Finding]:
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


def _given(one: Workload, container: YamlView) -> Iterator[Finding]:
    """Ports of the node, and secrets in plain text."""
    name = container["name"].text
    for port in container["ports"].items if container["ports"].is_list else ():
        if port["hostPort"].text not in ("", "0"):
            message = f"{name} takes port {port['hostPort'].text} of its node"
            yield _found("host-port", Severity.MEDIUM, port, "hostPort", one, message)
    for variable in container["env"].items if container["env"].is_list else ():
        value = variable["value"].text
        if is_secret(variable["name"].text) and judge(value, key=variable["name"].text) is ValueKind.SECRET:
            message = f"the secret {variable['name'].text} of {name} is written in the file"
            remedy = "valueFrom: {secretKeyRef: {name: …, key: …}}"
            yield _found("plain-secret", Severity.HIGH, variable, "value", one, message, remedy)
    if container["securityContext"]["procMount"].text == "Unmasked":
        context = container["securityContext"]
        yield _found("proc-mount", Severity.HIGH, context, "procMount", one, f"{name} sees the node's whole /proc")


def _hygiene(one: Workload) -> Iterator[Finding]:
    """What every container should have; reported once per workload."""
    of_pod = one.pod["securityContext"]

    def lacking(lacks: Callable[[YamlView], bool]) -> list[YamlView]:
        return [c for c in one.all_containers if lacks(c["securityContext"])]

    def drops(context: YamlView) -> bool:
        return any(dropped.text.upper() == "ALL" for dropped in context["capabilities"]["drop"].items)

    def profile(context: YamlView) -> str:
        return context["seccompProfile"]["type"].text or of_pod["seccompProfile"]["type"].text

    for rule, found_, what, remedy in (
        (
            "read-only-root",
            lacking(lambda c: c["readOnlyRootFilesystem"].text != "true"),
            "can write to its root",
            "securityContext: {readOnlyRootFilesystem: true}",
        ),
        (
            "drop-capabilities",
            lacking(lambda c: not drops(c) and c["privileged"].text != "true"),
            "keeps the engine's default capabilities",
            "securityContext: {capabilities: {drop: [ALL]}}",
        ),
        (
            "seccomp",
            lacking(lambda c: profile(c) not in ("RuntimeDefault", "Localhost") and c["privileged"].text != "true"),
            "has no filter for system calls",
            "securityContext: {seccompProfile: {type: RuntimeDefault}}",
        ),
    ):
        if found_:
            names = ", ".join(c["name"].text for c in found_[:_NAMED])
            yield _found(rule, Severity.LOW, found_[0], "name", one, f"{names} {what}", remedy)
    account = one.pod["serviceAccountName"].text or one.pod["serviceAccount"].text
    if one.pod["automountServiceAccountToken"].text != "false" and account in ("", "default"):
        at = one.containers[0] if one.containers else one.pod
        message = "mounts a token for the cluster's API although no service account is set"
        yield _found("token", Severity.LOW, at, "name", one, message, "automountServiceAccountToken: false")


REMOVED: Mapping[tuple[str, str], str] = {
    **{("extensions/v1beta1", kind): "apps/v1, 1.16" for kind in ("Deployment", "DaemonSet", "ReplicaSet")},
    **{
        (version, kind): "apps/v1, 1.16"
        for version in ("apps/v1beta1", "apps/v1beta2")
        for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
    },
    ("extensions/v1beta1", "Ingress"): "networking.k8s.io/v1, 1.22",
    ("networking.k8s.io/v1beta1", "Ingress"): "networking.k8s.io/v1, 1.22",
    ("networking.k8s.io/v1beta1", "IngressClass"): "networking.k8s.io/v1, 1.22",
    ("extensions/v1beta1", "NetworkPolicy"): "networking.k8s.io/v1, 1.16",
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"): "apiextensions.k8s.io/v1, 1.22",
    ("batch/v1beta1", "CronJob"): "batch/v1, 1.25",
    ("policy/v1beta1", "PodDisruptionBudget"): "policy/v1, 1.25",
    ("policy/v1beta1", "PodSecurityPolicy"): "nothing, 1.25",
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler"): "autoscaling/v2, 1.25",
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler"): "autoscaling/v2, 1.26",
    **{
        ("rbac.authorization.k8s.io/v1beta1", kind): "rbac.authorization.k8s.io/v1, 1.22"
        for kind in ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")
    },
    **{
        ("admissionregistration.k8s.io/v1beta1", kind): "admissionregistration.k8s.io/v1, 1.22"
        for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
    },
}
"""By version and kind: what took its place, and the release that took it away (Kubernetes' deprecation guide)."""


def served(document: YamlView) -> Iterator[Finding]:
    """Versions of the API that no supported cluster serves."""
    key = (document["apiVersion"].text, document["kind"].text)
    if key in REMOVED:
        instead, _, release = REMOVED[key].partition(", ")
        name = document["metadata"]["name"].text
        yield found(
            "kubernetes/api-version",
            Severity.HIGH,
            document["apiVersion"].at,
            f"{key[1]} {name}: {key[0]} is gone since Kubernetes {release}",
            f"apiVersion: {instead}" if "/" in instead else "use Pod Security Admission",
            subject=name,
            anchor=f"{key[1]} {name} {key[0]}",
        )


def rights(document: YamlView) -> Iterator[Finding]:
    """Roles that may do everything, and who is bound to the cluster's own."""
    kind, name = document["kind"].text, document["metadata"]["name"].text
    if kind in ("ClusterRoleBinding", "RoleBinding") and document["roleRef"]["name"].text == "cluster-admin":
        at = document["roleRef"].key_at("name")
        message = f"{kind} {name} gives every right in the {'cluster' if kind.startswith('C') else 'namespace'}"
        yield found("kubernetes/cluster-admin", Severity.HIGH, at, message, subject=name, anchor=f"{kind} {name}")
    for rule in document["rules"].items if kind in ("Role", "ClusterRole") and document["rules"].is_list else ():
        starred = [key for key in ("verbs", "resources") if any(item.text == "*" for item in rule[key].items)]
        if starred:
            both = len(starred) > 1 and kind == "ClusterRole"
            message = f"{kind} {name} allows every {' on every '.join(k.removesuffix('s') for k in starred)}"
            severity = Severity.HIGH if both else Severity.MEDIUM
            at = rule.key_at(starred[0])
            anchor = f"{kind} {name} {at.line}"
            yield found("kubernetes/wildcard-role", severity, at, message, subject=name, anchor=anchor)


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
        if not container["resources"]["requests"]["cpu"] and not container["resources"]["limits"]["cpu"]:
            remedy = "resources: {requests: {cpu: 100m}}"
            yield _found("cpu-request", Severity.LOW, container, "name", one, f"{name} asks for no processor", remedy)
        image = container["image"].text
        tag = image.rpartition("/")[2].partition(":")[2]
        if image and "@" not in image and "$" not in image and tag in ("", "latest"):
            what = "the tag latest" if tag else "no tag"
            yield _found("image-tag", Severity.MEDIUM, container, "image", one, f"the image of {name} has {what}")


def _found(
    rule: str, severity: Severity, view: YamlView, key: str, one: Workload, message: str, remedy: str = ""
) -> Finding:
    full = f"{one.kind} {one.name}: {message}"
    return found(
        f"kubernetes/{rule}", severity, view.key_at(key), full, remedy, subject=one.name, anchor=f"{one.kind} {full}"
    )
