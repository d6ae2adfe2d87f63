"""How bad it is what a pod may do to its node: by the path, by the user, and by who said it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Finding, Severity
from seatrial.inspectors.base import Context
from seatrial.inspectors.kubernetes.inspector import KubernetesInspector
from seatrial.settings import Settings
from seatrial.system.source import open_tree

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: a}}
spec:
  securityContext: {{{of_pod}}}
  containers: [{{name: a, image: "acme/a:1.2", securityContext: {{{own}}}}}]
  volumes: [{{name: v, hostPath: {{path: {path}}}}}]
"""


def found(root: Path, rule: str, *, of_pod: str = "", own: str = "", path: str = "/srv/a") -> list[Finding]:
    (root / "pod.yaml").write_text(POD.format(of_pod=of_pod, own=own, path=path))
    answers = KubernetesInspector().inspect(Context(open_tree(root), Settings(), root / ".cache"))
    return [f for answer in answers for f in answer.findings if f.rule == rule]


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("/var/run/docker.sock", Severity.CRITICAL),
        ("/run/containerd/containerd.sock", Severity.CRITICAL),
        ("/", Severity.CRITICAL),
        ("/srv/a", Severity.MEDIUM),
    ],
)
def test_the_whole_node_and_its_engine_are_worse_than_a_folder(tmp_path: Path, path: str, severity: Severity) -> None:
    [one] = found(tmp_path, "kubernetes/host-path", path=path)
    assert one.severity is severity


@pytest.mark.parametrize(
    ("of_pod", "own", "severity"),
    [
        ("", "", Severity.LOW),
        ("", "runAsUser: 0", Severity.MEDIUM),
        ("runAsUser: 0", "", Severity.MEDIUM),
        ("runAsUser: 1000", "runAsUser: 0", Severity.MEDIUM),
        ("runAsNonRoot: true", "runAsUser: 0", Severity.MEDIUM),
        ("runAsUser: 0", "runAsUser: 1000", None),
        ("runAsNonRoot: true", "", None),
        ("runAsNonRoot: true", "runAsNonRoot: false", Severity.LOW),
    ],
)
def test_root_by_name_is_worse_than_root_by_default(
    tmp_path: Path, of_pod: str, own: str, severity: Severity | None
) -> None:
    assert [one.severity for one in found(tmp_path, "kubernetes/root", of_pod=of_pod, own=own)] == (
        [severity] if severity else []
    )
