"""A page for each rule about Kubernetes and Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.domain import Severity
from seatrial.inspectors.rulebook import page

_PODS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
_PROBES = "https://kubernetes.io/docs/concepts/workloads/pods/probes/"
_ALERTS = "https://prometheus.io/docs/practices/alerting/"
_CONFIG = "https://prometheus.io/docs/prometheus/latest/configuration/configuration/"
_ROUTES = "https://prometheus.io/docs/alerting/latest/configuration/"
_FILES = "Prometheus' rules and settings, Alertmanager's routes and Grafana's dashboards, found by what is in them"
_C, _H, _M, _L = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW

_PAGES: Mapping[str, tuple[Severity, str, str, str, str]] = {
    "kubernetes/privileged": (_C, "No container is privileged", "It has every right on its node.", "Remove it.", _PODS),
    "kubernetes/host-namespace": (
        _H,
        "No pod shares its node's namespaces",
        "It sees and signals what runs on the node.",
        "Remove it.",
        _PODS,
    ),
    "kubernetes/host-path": (
        _M,
        "No pod mounts its node's directories",
        ("What it writes there is on the node; a container engine's socket there is root on it, and critical."),
        "A persistent volume.",
        _PODS,
    ),
    "kubernetes/capabilities": (
        _H,
        "No container is given a dangerous capability",
        "Each leads out.",
        "Drop all.",
        _PODS,
    ),
    "kubernetes/root": (
        _L,
        "No container may run as root",
        "An attacker who exploits the program has root in the container.",
        "`securityContext: {runAsNonRoot: true}`.",
        _PODS,
    ),
    "kubernetes/privilege-escalation": (
        _L,
        "No process gains privileges",
        "A setuid program in the image is a way to root.",
        "`securityContext: {allowPrivilegeEscalation: false}`.",
        _PODS,
    ),
    "kubernetes/host-port": (
        _M,
        "No container takes a port of its node",
        "It is open on the node's own address, around every network policy, and only one pod fits on a node.",
        "A service.",
        _PODS,
    ),
    "kubernetes/plain-secret": (
        _H,
        "No manifest holds a secret in plain text",
        "It is visible in the repository, in the cluster's database and in every view of the pod.",
        "`valueFrom: {secretKeyRef: {…}}`; then change the value that was committed.",
        "https://kubernetes.io/docs/concepts/configuration/secret/",
    ),
    "kubernetes/proc-mount": (
        _H,
        "No container sees the whole /proc",
        "What the engine hides there leads out of the container.",
        "Remove `procMount`.",
        _PODS,
    ),
    "kubernetes/read-only-root": (
        _L,
        "Containers cannot write to their roots",
        "An attacker cannot leave a program where nothing can be written; reported once per workload.",
        "`securityContext: {readOnlyRootFilesystem: true}`, and an `emptyDir` where the program has to write.",
        "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    ),
    "kubernetes/drop-capabilities": (
        _L,
        "Containers drop all capabilities",
        "The engine gives fourteen by default, and most programs need none; reported once per workload.",
        "`securityContext: {capabilities: {drop: [ALL]}}`.",
        _PODS,
    ),
    "kubernetes/seccomp": (
        _L,
        "Containers have a filter for system calls",
        "Without a profile every call of the kernel can be tried; reported once per workload.",
        "`securityContext: {seccompProfile: {type: RuntimeDefault}}`.",
        "https://kubernetes.io/docs/tutorials/security/seccomp/",
    ),
    "kubernetes/token": (
        _L,
        "No pod has a token that it does not need",
        "An attacker who takes over the program can call the cluster's API as the namespace's default account.",
        "`automountServiceAccountToken: false`, or an account of its own.",
        "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    ),
    "kubernetes/cluster-admin": (
        _H,
        "No account is bound to cluster-admin",
        "An attacker who takes over one pod with that account controls the cluster.",
        "A role with the rights that are needed.",
        "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    ),
    "kubernetes/wildcard-role": (
        _M,
        "Roles name what they allow",
        "`*` also allows what is added later. High where both verbs and resources of a cluster role are `*`.",
        "The verbs and resources that are needed.",
        "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    ),
    "kubernetes/api-version": (
        _H,
        "Every version of the API is still served",
        "Clusters that are supported refuse the manifest.",
        "The version that the remedy names.",
        "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    ),
    "kubernetes/cpu-request": (
        _L,
        "Every container asks for processor time",
        "Without a request the scheduler takes it for nothing, and it starves first.",
        "`resources: {requests: {cpu: 100m}}`.",
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    "kubernetes/readiness": (
        _M,
        "Every server says when it is ready",
        "Requests reach it before it can answer them, at every roll-out.",
        "A readiness probe.",
        _PROBES,
    ),
    "kubernetes/liveness": (
        _L,
        "Every server says whether it is alive",
        "One that hangs stays.",
        "A liveness probe that depends on no other service.",
        _PROBES,
    ),
    "kubernetes/memory-limit": (
        _L,
        "Every container has a memory limit",
        "One that leaks takes the node's memory from the others.",
        "`resources.limits.memory`.",
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    "kubernetes/image-tag": (
        _M,
        "Every image has a fixed tag",
        "Two pods of one deployment may run different programs.",
        "A version, or a digest.",
        "https://kubernetes.io/docs/concepts/containers/images/",
    ),
    "prometheus/syntax": (_H, "Every file of rules is YAML", "Prometheus does not load it.", "Correct it.", _CONFIG),
    "prometheus/expression": (
        _H,
        "Every expression can be evaluated",
        "Prometheus refuses the whole file.",
        "Correct it.",
        _CONFIG,
    ),
    "prometheus/severity": (
        _L,
        "Every alert has a severity",
        "Without the label no route can tell a page from a note.",
        "`labels: {severity: page}`.",
        _ALERTS,
    ),
    "prometheus/for": (
        _L,
        "Alerts wait for what lasts",
        "One failed scrape pages on-call.",
        "`for: 5m`.",
        _ALERTS,
    ),
    "prometheus/annotation": (
        _L,
        "Every alert says what is wrong",
        "On-call starts by guessing.",
        "`annotations: {summary: …}`.",
        _ALERTS,
    ),
    "prometheus/duplicate-alert": (
        _L,
        "Every alert is there once",
        "The second hides the first.",
        "Another name, or other labels.",
        _ALERTS,
    ),
    "prometheus/no-rules": (
        _L,
        "Prometheus evaluates rules",
        "It stores everything and sends no notification.",
        "`rule_files`.",
        _CONFIG,
    ),
    "prometheus/no-alertmanager": (
        _M,
        "Alerts have an Alertmanager",
        "They fire, and no notification is sent.",
        "`alerting.alertmanagers`.",
        _CONFIG,
    ),
    "prometheus/duplicate-job": (
        _H,
        "Every scrape job has a name of its own",
        "Prometheus does not start.",
        "Another name.",
        _CONFIG,
    ),
    "prometheus/receiver": (
        _H,
        "Every route leads to a receiver",
        "Alertmanager does not start.",
        "Correct the name.",
        _ROUTES,
    ),
    "prometheus/silent-receiver": (
        _M,
        "The default receiver sends notifications",
        "What no other route takes is lost.",
        "An integration.",
        _ROUTES,
    ),
    "prometheus/promtool": (
        _H,
        "promtool accepts every file",
        "Prometheus does not start with it, or drops the rules. Asked where `promtool` is on PATH.",
        "Correct it.",
        "https://prometheus.io/docs/prometheus/latest/command-line/promtool/",
    ),
    "prometheus/unknown-metric": (
        _M,
        "Alerts and dashboards ask for metrics that exist",
        (
            "An alert on a metric that no target exports never fires, without notice. Judged are names that begin "
            "like metrics which the code of this repository exports (Python, Node.js, Go and Java clients)."
        ),
        "The name as the code has it; rename in all places at once.",
        "https://prometheus.io/docs/practices/naming/",
    ),
    "prometheus/target": (
        _M,
        "Every target of the stack's Prometheus is a service of the stack",
        "What it scrapes in vain is not measured, and alerts on it stay silent.",
        "The service's name as the Compose file has it.",
        _CONFIG + "#static_config",
    ),
    "prometheus/not-scraped": (
        _L,
        "Prometheus scrapes every service that is built here",
        "Services without metrics fail unnoticed.",
        "An endpoint for metrics, and a target in `scrape_configs`.",
        "https://prometheus.io/docs/practices/instrumentation/",
    ),
}


def pages() -> Mapping[str, str]:
    """Markdown by rule id."""
    return {rule: _page(rule, *one) for rule, one in _PAGES.items()}


def _page(rule: str, severity: Severity, title: str, why: str, how: str, source: str) -> str:
    where = "Kubernetes manifests; templates are not YAML and are skipped" if rule.startswith("kub") else _FILES
    what = f"Reports where this does not hold: {title[0].lower()}{title[1:]}. Looks at {where}."
    body = f"## What it does\n\n{what}\n\n## Why it matters\n\n{why}\n\n## How to fix\n\n{how}"
    return page(rule, f"{title}.\n\n{body}\n\nSource: {source}", severity.label)
