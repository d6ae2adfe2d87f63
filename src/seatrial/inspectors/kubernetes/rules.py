"""The rules about Kubernetes, as data: `workloads.py` finds them."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule

_PODS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
_PROBES = "https://kubernetes.io/docs/concepts/workloads/pods/probes/"
SECURITY, READINESS = "kubernetes/security", "kubernetes/readiness"
_WHERE = "Kubernetes manifests; templates are not YAML and are skipped"


def _rule(
    name: str, check: str, severity: Severity, *, title: str, why: str, fix: str, source: str, unsampled: str = ""
) -> Rule[object]:
    what = f"Reports where this does not hold: {title[0].lower()}{title[1:]}. Looks at {_WHERE}."
    return Rule(
        id=name, checks=(check,), severity=severity, title=title, what=what, why=why, fix=fix, source=source,
        unsampled=unsampled,
    )  # fmt: skip


RULES: tuple[Rule[object], ...] = (
    _rule(
        "kubernetes/privileged",
        SECURITY,
        Severity.CRITICAL,
        title="No container is privileged",
        why="It has every right on its node.",
        fix="Remove it.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/host-namespace",
        SECURITY,
        Severity.HIGH,
        title="No pod shares its node's namespaces",
        why="It sees and signals what runs on the node.",
        fix="Remove it.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/host-path",
        SECURITY,
        Severity.MEDIUM,
        title="No pod mounts its node's directories",
        why=("What it writes there is on the node; a container engine's socket there is root on it, and critical."),
        fix="A persistent volume.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/capabilities",
        SECURITY,
        Severity.HIGH,
        title="No container is given a dangerous capability",
        why="Each leads out.",
        fix="Drop all.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/root",
        SECURITY,
        Severity.LOW,
        title="No container may run as root",
        why="An attacker who exploits the program has root in the container.",
        fix="`securityContext: {runAsNonRoot: true}`.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/privilege-escalation",
        SECURITY,
        Severity.LOW,
        title="No process gains privileges",
        why="A setuid program in the image is a way to root.",
        fix="`securityContext: {allowPrivilegeEscalation: false}`.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/host-port",
        SECURITY,
        Severity.MEDIUM,
        title="No container takes a port of its node",
        why=("It is open on the node's own address, around every network policy, and only one pod fits on a node."),
        fix="A service.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/plain-secret",
        SECURITY,
        Severity.HIGH,
        title="No manifest holds a secret in plain text",
        why="It is visible in the repository, in the cluster's database and in every view of the pod.",
        fix="`valueFrom: {secretKeyRef: {…}}`; then change the value that was committed.",
        source="https://kubernetes.io/docs/concepts/configuration/secret/",
    ),
    _rule(
        "kubernetes/proc-mount",
        SECURITY,
        Severity.HIGH,
        title="No container sees the whole /proc",
        why="What the engine hides there leads out of the container.",
        fix="Remove `procMount`.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/read-only-root",
        SECURITY,
        Severity.LOW,
        title="Containers cannot write to their roots",
        why="An attacker cannot leave a program where nothing can be written; reported once per workload.",
        fix=("`securityContext: {readOnlyRootFilesystem: true}`, and an `emptyDir` where the program has to write."),
        source="https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    ),
    _rule(
        "kubernetes/drop-capabilities",
        SECURITY,
        Severity.LOW,
        title="Containers drop all capabilities",
        why="The engine gives fourteen by default, and most programs need none; reported once per workload.",
        fix="`securityContext: {capabilities: {drop: [ALL]}}`.",
        source=_PODS,
    ),
    _rule(
        "kubernetes/seccomp",
        SECURITY,
        Severity.LOW,
        title="Containers have a filter for system calls",
        why="Without a profile every call of the kernel can be tried; reported once per workload.",
        fix="`securityContext: {seccompProfile: {type: RuntimeDefault}}`.",
        source="https://kubernetes.io/docs/tutorials/security/seccomp/",
    ),
    _rule(
        "kubernetes/token",
        SECURITY,
        Severity.LOW,
        title="No pod has a token that it does not need",
        why=("An attacker who takes over the program can call the cluster's API as the namespace's default account."),
        fix="`automountServiceAccountToken: false`, or an account of its own.",
        source="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    ),
    _rule(
        "kubernetes/cluster-admin",
        SECURITY,
        Severity.HIGH,
        title="No account is bound to cluster-admin",
        why="An attacker who takes over one pod with that account controls the cluster.",
        fix="A role with the rights that are needed.",
        source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    ),
    _rule(
        "kubernetes/wildcard-role",
        SECURITY,
        Severity.MEDIUM,
        title="Roles name what they allow",
        why=("`*` also allows what is added later. High where both verbs and resources of a cluster role are `*`."),
        fix="The verbs and resources that are needed.",
        source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    ),
    _rule(
        "kubernetes/api-version",
        SECURITY,
        Severity.HIGH,
        title="Every version of the API is still served",
        why="Clusters that are supported refuse the manifest.",
        fix="The version that the remedy names.",
        source="https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    ),
    _rule(
        "kubernetes/cpu-request",
        READINESS,
        Severity.LOW,
        title="Every container asks for processor time",
        why="Without a request the scheduler takes it for nothing, and it starves first.",
        fix="`resources: {requests: {cpu: 100m}}`.",
        source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    _rule(
        "kubernetes/readiness",
        READINESS,
        Severity.MEDIUM,
        title="Every server says when it is ready",
        why="Requests reach it before it can answer them, at every roll-out.",
        fix="A readiness probe.",
        source=_PROBES,
    ),
    _rule(
        "kubernetes/liveness",
        READINESS,
        Severity.LOW,
        title="Every server says whether it is alive",
        why="One that hangs stays.",
        fix="A liveness probe that depends on no other service.",
        source=_PROBES,
    ),
    _rule(
        "kubernetes/memory-limit",
        READINESS,
        Severity.LOW,
        title="Every container has a memory limit",
        why="One that leaks takes the node's memory from the others.",
        fix="`resources.limits.memory`.",
        source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    _rule(
        "kubernetes/image-tag",
        READINESS,
        Severity.MEDIUM,
        title="Every image has a fixed tag",
        why="Two pods of one deployment may run different programs.",
        fix="A version, or a digest.",
        source="https://kubernetes.io/docs/concepts/containers/images/",
    ),
)
