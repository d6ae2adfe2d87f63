"""What is wrong in tests and examples is low; what Docker refuses for our own reasons is reported once."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Finding, Severity
from seatrial.inspectors.base import Context, Inspector
from seatrial.inspectors.compose.inspector import ComposeInspector
from seatrial.inspectors.dockerfile.inspector import Dockerfiles
from seatrial.inspectors.kubernetes.inspector import KubernetesInspector
from seatrial.settings import Settings
from seatrial.system.source import open_tree

STACK = "services: {a: {image: 'acme/a:1.2', privileged: true, ports: ['80:80']}}\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: 'a:1'}]}\n"


def findings(root: Path, inspector: Inspector, path: str, text: str) -> list[Finding]:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")
    answers = inspector.inspect(Context(open_tree(root), Settings(), root / ".cache"))
    return [finding for answer in answers for finding in answer.findings]


@pytest.mark.parametrize(
    ("inspector", "name", "text"),
    [
        (ComposeInspector(), "compose.yaml", STACK),
        (KubernetesInspector(), "pod.yaml", POD),
        (Dockerfiles(), "Dockerfile", "FROM debian:12\nRUN chmod 777 /\n"),
    ],
    ids=["compose", "kubernetes", "dockerfile"],
)
def test_examples_and_tests_are_worth_less_attention(
    tmp_path: Path, inspector: Inspector, name: str, text: str
) -> None:
    own = findings(tmp_path / "own", inspector, f"deploy/{name}", text)
    assert max(f.severity for f in own) > Severity.LOW
    for folder in ("tests", "examples/shop", "docs"):
        shown = findings(tmp_path / folder.replace("/", "-"), inspector, f"{folder}/{name}", text)
        assert {f.rule for f in shown} == {f.rule for f in own}
        assert {f.severity for f in shown} == {Severity.LOW}
        assert all(f.message.startswith("development only: ") for f in shown)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("services: {a: {image: 'acme/a:${TAG'}}\n", "compose/interpolation"),
        ("services: {a: {image: 'acme/a:1.2', secrets: [s]}}\nsecrets: {s: {}}\n", "compose/secret-source"),
    ],
)
def test_what_docker_refuses_too_is_told_once(tmp_path: Path, text: str, rule: str) -> None:
    rules = [f.rule for f in findings(tmp_path, ComposeInspector(), "compose.yaml", text)]
    assert rule in rules
    assert "compose/schema" not in rules
