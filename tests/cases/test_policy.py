"""What hides a finding hides that finding alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from surveying import Survey

from seatrial.settings import FailOn

PASSWORD = "password = 'kite-Plum" + "-93-harbour'"
KUBERNETES = """\
apiVersion: v1
kind: Pod
metadata: {{name: p}}
spec:
  hostNetwork: true{}
  containers: [{{name: c, image: "x:1"}}]
"""
COMPOSE = "services:\n  a:\n    image: x:1\n    privileged: true{}\n"
WORKFLOW = """\
on: issues
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: curl -fsSL https://x.example/i.sh | sh{}
"""
RULES = """\
groups:
  - name: g
    rules:
      - alert: Down{}
        expr: up == 0
        labels: {{severity: page}}
        annotations: {{summary: down}}
"""
FAMILIES = [  # file, text with a place for a comment, rule, the comment that allows a rule
    ("compose.yaml", COMPOSE, "compose/privileged", "  # seatrial: allow {}"),
    ("Dockerfile", "FROM alpine:3.20\n{}\nADD https://x.example/y /y\n", "dockerfile/add-url", "# seatrial: allow {}"),
    (".github/workflows/a.yml", WORKFLOW, "workflow/pipe-to-shell", "  # seatrial: allow {}"),
    (
        "compose.yaml",
        'services:\n  a:\n    image: x:1\n    environment:\n      APP_DEBUG: "true"{}\n',
        "environment/debug",
        "  # seatrial: allow {}",
    ),
    ("k8s/pod.yaml", KUBERNETES, "kubernetes/host-namespace", "  # seatrial: allow {}"),
    ("rules/alerts.yml", RULES, "prometheus/for", "  # seatrial: allow {}"),
    ("a.py", f"{PASSWORD}{{}}\n", "secrets/password-assignment", "  # seatrial: allow {}"),
    ("b.py", "import os\nos.system('ls ' + input()){}\n", "bandit/B605", "  # nosec {}"),
]


def _comment(form: str, name: str) -> str:
    return form.format(name.removeprefix("bandit/") if "nosec" in form else name)


@pytest.mark.parametrize(("file", "text", "rule", "form"), FAMILIES, ids=[rule for _, _, rule, _ in FAMILIES])
def test_an_allow_comment_hides_only_the_rule_that_it_names(
    survey: Survey, tmp_path: Path, file: str, text: str, rule: str, form: str
) -> None:
    root, found = tmp_path / "tree", {}
    (root / file).parent.mkdir(parents=True)
    other = "bandit/B101" if "nosec" in form else "compose/cpu-limit"
    comments = {"none": "", "this": _comment(form, rule), "another": _comment(form, other)}
    for name, comment in comments.items():
        (root / file).write_text(text.format(comment))
        found[name] = rule in survey(root).rules
    assert found == {"none": True, "this": False, "another": True}


def test_a_comment_for_another_rule_hides_nothing(survey: Survey) -> None:
    surveyed = survey("allow-other-rule", only=["compose"])
    assert "compose/privileged" in surveyed.rules
    assert surveyed.code == 1


@pytest.mark.parametrize("text", ["X = 1\n", f"{PASSWORD}\n"], ids=["clean", "dirty"])
def test_with_only_what_was_not_asked_for_is_not_missing(survey: Survey, tmp_path: Path, text: str) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a.py").write_text(text)
    only = ["secrets/tokens", "secrets/credential-files", "secrets/passwords"]
    surveyed = survey(root, only=only, fail_on=FailOn.NEVER)
    assert surveyed.code == 0
    assert bool(surveyed.findings) is (text != "X = 1\n")
