"""Kubernetes manifests and Prometheus' files: what is told, at which line, and what is left alone."""

from __future__ import annotations

from pathlib import Path

from seatrial.domain import Answer, Status
from seatrial.explain import rule_pages
from seatrial.inspectors.base import Context
from seatrial.inspectors.operations import pages
from seatrial.inspectors.operations.inspector import ALERTS, READINESS, SECURITY, Operations
from seatrial.settings import Settings
from seatrial.source import open_tree

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
GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      securityContext: {runAsNonRoot: true}
      containers:
        - name: api
          image: acme/api:1.2
          ports: [{containerPort: 8080}]
          readinessProbe: {httpGet: {path: /readyz, port: 8080}}
          livenessProbe: {httpGet: {path: /healthz, port: 8080}}
          resources: {limits: {memory: 256Mi}}
          securityContext: {allowPrivilegeEscalation: false}
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
    return {a.check: a for a in Operations().inspect(Context(open_tree(root), Settings(), root / ".cache"))}


def told(answer: Answer) -> set[tuple[str, int]]:
    return {(f.rule, f.location.line) for f in answer.findings}


def test_pods_with_power_over_their_nodes(tmp_path: Path) -> None:
    answers = survey(tmp_path, bad=BAD)
    assert told(answers[SECURITY]) == {
        ("kubernetes/host-namespace", 7), ("kubernetes/host-path", 10), ("kubernetes/privileged", 16),
        ("kubernetes/capabilities", 17), ("kubernetes/root", 12), ("kubernetes/root", 28),
        ("kubernetes/privilege-escalation", 28),
    }  # fmt: skip
    assert told(answers[READINESS]) == {
        ("kubernetes/readiness", 12), ("kubernetes/liveness", 12), ("kubernetes/memory-limit", 12),
        ("kubernetes/image-tag", 13), ("kubernetes/memory-limit", 28),
    }  # fmt: skip


def test_a_good_deployment_is_silent(tmp_path: Path) -> None:
    answers = survey(tmp_path, good=GOOD)
    assert answers[SECURITY].status is answers[READINESS].status is Status.PASS
    assert answers[ALERTS].status is Status.NA


def test_templates_are_not_measured_and_said_to_be(tmp_path: Path) -> None:
    answers = survey(tmp_path, good=GOOD, chart="apiVersion: v1\nkind: {{ .Values.kind }}\n")
    assert answers[SECURITY].notes == ("1 template not measured: they are no YAML",)


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


def test_every_rule_has_a_page() -> None:
    for rule in pages.pages():
        assert "## Why it matters" in rule_pages()[rule]
