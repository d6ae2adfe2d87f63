"""Kubernetes manifests and Prometheus' files: what is told, at which line, and what is left alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from seatrial.domain import Answer, Severity, Status
from seatrial.inspectors.base import Context
from seatrial.inspectors.kubernetes.inspector import KubernetesInspector
from seatrial.inspectors.kubernetes.rules import READINESS, SECURITY
from seatrial.inspectors.prometheus import dashboards
from seatrial.inspectors.prometheus.inspector import PrometheusInspector
from seatrial.inspectors.prometheus.rules import ALERTS
from seatrial.settings import Settings
from seatrial.system.source import open_tree

BAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      hostNetwork: true
      volumes:
        - name: sock
          hostPath: {path: /var/run/docker.sock}
      containers:
        - name: api
          image: acme/api:latest
          ports: [{containerPort: 8080}]
          securityContext:
            privileged: true
            capabilities: {add: [SYS_ADMIN]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: job
              image: acme/job:1.2
              securityContext: {runAsUser: 0}
"""
CONFLICT = "<<<<<<< a\nkind: Deployment\n=======\nkind: Job\n>>>>>>> b"
GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: api
          image: acme/api:1.2
          env:
            - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
            - {name: DB_PASSWORD_FILE, value: /run/secrets/db}
          ports: [{containerPort: 8080}]
          readinessProbe: {httpGet: {path: /readyz, port: 8080}}
          livenessProbe: {httpGet: {path: /healthz, port: 8080}}
          resources: {requests: {cpu: 100m}, limits: {memory: 256Mi}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
"""
MORE = """\
apiVersion: extensions/v1beta1
kind: Deployment
metadata: {name: old}
spec:
  template:
    spec:
      serviceAccountName: shop
      securityContext: {runAsNonRoot: true, seccompProfile: {type: Unconfined}}
      initContainers:
        - name: init
          image: acme/init:1.2
          securityContext: {privileged: true, readOnlyRootFilesystem: true}
      containers:
        - name: api
          image: acme/api:1.2
          ports: [{containerPort: 8080, hostPort: 80}]
          env: [{name: DB_PASSWORD, value: "kX83nV0qLw72"}]
          livenessProbe: {httpGet: {path: /healthz, port: 8080}}
          readinessProbe: {httpGet: {path: /readyz, port: 8080}}
          resources: {limits: {cpu: 1, memory: 256Mi}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            procMount: Unmasked
            capabilities: {drop: [all]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: everything}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules:
  - {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}
  - {apiGroups: [""], resources: [pods], verbs: [get]}
---
apiVersion: v1
kind: List
items:
  - {apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: few}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: fine}}
"""
RULES = """\
groups:
  - name: shop
    rules:
      - alert: Down
        expr: up == 0
      - alert: Slow
        expr: rate(latency[5m
        for: 5m
        labels: {severity: page}
        annotations: {summary: slow}
      - record: a:b
        expr: sum(rate(x[5m])) by (job)
"""


def survey(root: Path, **files: str) -> dict[str, Answer]:
    for name, text in files.items():
        (root / f"{name}.yaml").write_text(text, "utf-8")
    context = Context(open_tree(root), Settings(), root / ".cache")
    return {a.check: a for one in (KubernetesInspector(), PrometheusInspector()) for a in one.inspect(context)}


def told(answer: Answer) -> set[tuple[str, int]]:
    return {(f.rule, f.location.line) for f in answer.findings}


def test_pods_with_power_over_their_nodes(tmp_path: Path) -> None:
    answers = survey(tmp_path, bad=BAD)
    assert told(answers[SECURITY]) == {
        ("kubernetes/host-namespace", 7), ("kubernetes/host-path", 10), ("kubernetes/privileged", 16),
        ("kubernetes/capabilities", 17), ("kubernetes/root", 12), ("kubernetes/root", 28),
        ("kubernetes/privilege-escalation", 28), ("kubernetes/read-only-root", 12), ("kubernetes/read-only-root", 28),
        ("kubernetes/drop-capabilities", 28), ("kubernetes/seccomp", 28), ("kubernetes/token", 12),
        ("kubernetes/token", 28),
    }  # fmt: skip
    assert told(answers[READINESS]) == {
        ("kubernetes/readiness", 12), ("kubernetes/liveness", 12), ("kubernetes/memory-limit", 12),
        ("kubernetes/image-tag", 13), ("kubernetes/memory-limit", 28), ("kubernetes/cpu-request", 12),
        ("kubernetes/cpu-request", 28),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("/", Severity.CRITICAL),
        ("//", Severity.CRITICAL),
        ("/.", Severity.CRITICAL),
        ("/var/..", Severity.CRITICAL),
        ("/var/run/docker.sock", Severity.CRITICAL),
        ("/run/containerd/containerd.sock/", Severity.CRITICAL),
        ("/var/log", Severity.MEDIUM),
        ("/srv/sock", Severity.MEDIUM),
    ],
)
def test_the_whole_node_and_a_socket_are_critical(tmp_path: Path, path: str, severity: Severity) -> None:
    text = BAD.replace("/var/run/docker.sock", path)
    found = survey(tmp_path, bad=text)[SECURITY].findings
    assert [f.severity for f in found if f.rule == "kubernetes/host-path"] == [severity]


@pytest.mark.parametrize(
    ("of_pod", "of_container", "severity"),
    [
        ("{}", "{runAsUser: 0}", Severity.MEDIUM),
        ("{runAsUser: 0}", "{}", Severity.MEDIUM),
        ("{runAsUser: 0}", "{privileged: false}", Severity.MEDIUM),
        ("{runAsNonRoot: true}", "{runAsUser: 0}", Severity.MEDIUM),
        ("{}", "{}", Severity.LOW),
        ("{runAsNonRoot: false}", "{}", Severity.LOW),
        ("{runAsUser: 1000}", "{}", None),
        ("{runAsUser: 0}", "{runAsUser: 1000}", None),
        ("{runAsNonRoot: true}", "{}", None),
    ],
)
def test_a_user_that_is_root_is_worse_than_one_that_may_be(
    tmp_path: Path, of_pod: str, of_container: str, severity: Severity | None
) -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n"
        f"  securityContext: {of_pod}\n  containers: [{{name: c, image: 'a:1', securityContext: {of_container}}}]\n"
    )
    found = survey(tmp_path, pod=text)[SECURITY].findings
    assert [f.severity for f in found if f.rule == "kubernetes/root"] == ([severity] if severity else [])


def test_a_good_deployment_is_silent(tmp_path: Path) -> None:
    answers = survey(tmp_path, good=GOOD)
    assert answers[SECURITY].status is answers[READINESS].status is Status.PASS
    assert answers[ALERTS].status is Status.NA


def test_initialising_containers_secrets_roles_and_versions(tmp_path: Path) -> None:
    answers = survey(tmp_path, more=MORE)
    assert told(answers[SECURITY]) == {
        ("kubernetes/api-version", 1), ("kubernetes/seccomp", 14), ("kubernetes/privileged", 12),
        ("kubernetes/host-port", 16), ("kubernetes/plain-secret", 17), ("kubernetes/proc-mount", 24),
        ("kubernetes/cluster-admin", 30), ("kubernetes/wildcard-role", 36), ("kubernetes/api-version", 42),
    }  # fmt: skip
    assert answers[READINESS].status is Status.PASS
    assert "kX83nV0qLw72" not in repr(answers)


def test_templates_are_not_measured_and_said_to_be(tmp_path: Path) -> None:
    answers = survey(tmp_path, good=GOOD, chart="apiVersion: v1\nkind: {{ .Values.kind }}\n")
    assert answers[SECURITY].notes == ("not measured: chart.yaml: a Helm template, which is not rendered",)
    assert answers[SECURITY].share == Fraction(1, 2)


def test_rules_of_prometheus(tmp_path: Path) -> None:
    answer = survey(tmp_path, rules=RULES)[ALERTS]
    assert told(answer) == {
        ("prometheus/severity", 4), ("prometheus/for", 4), ("prometheus/annotation", 4), ("prometheus/expression", 7),
    }  # fmt: skip


def test_settings_and_routes(tmp_path: Path) -> None:
    settings = "rule_files: [x]\nscrape_configs:\n  - job_name: a\n  - job_name: a\n"
    routes = "route:\n  receiver: team\n  routes:\n    - receiver: nobody\nreceivers:\n  - name: team\n"
    answer = survey(tmp_path, prometheus=settings, alertmanager=routes)[ALERTS]
    assert told(answer) == {
        ("prometheus/no-alertmanager", 1), ("prometheus/duplicate-job", 4), ("prometheus/receiver", 4),
        ("prometheus/silent-receiver", 6),
    }  # fmt: skip


def test_a_comment_allows_a_finding(tmp_path: Path) -> None:
    allowed = BAD.replace("hostNetwork: true", "hostNetwork: true # seatrial: allow kubernetes/host-namespace")
    answer = survey(tmp_path, bad=allowed)[SECURITY]
    assert ("kubernetes/host-namespace", 7) not in told(answer)
    assert answer.notes == ("1 finding allowed by a comment",)


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 50_000 + "a" + ")" * 50_000,
        "-" * 50_000 + "a",
        "+".join(["a"] * 50_000),
        "abs(" * 50_000,
        "a and " * 9_999,
    ],
)
def test_a_deep_expression_costs_its_file_and_not_the_process(tmp_path: Path, expression: str) -> None:
    rules = f"groups:\n- name: g\n  rules:\n  - alert: A\n    expr: '{expression}'\n"
    answer = survey(tmp_path, rules=rules, more=RULES)[ALERTS]
    assert answer.share == Fraction(1, 2)
    assert any("rules.yaml: an expression is" in note for note in answer.notes)


def test_a_dashboard_with_a_deep_expression_is_read(tmp_path: Path) -> None:
    assert not list(dashboards.metrics("(" * 50_000 + "a" + ")" * 50_000))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS pointer"),
        (
            GOOD.replace("kind: Deployment", "<<<<<<< a\nkind: Deployment\n=======\nkind: Job\n>>>>>>> b"),
            "merge-conflict markers",
        ),
        (GOOD[:-20] + "\n  [", "not valid YAML at line 26"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path, text: str, reason: str) -> None:
    answers = survey(tmp_path, good=GOOD, **{"k8s-deploy": text})
    for check in (SECURITY, READINESS):
        assert answers[check].share == Fraction(1, 2)
        assert any(note.startswith(f"not measured: k8s-deploy.yaml: {reason[:20]}") for note in answers[check].notes)
