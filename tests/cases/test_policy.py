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
    ("compose.yaml", COMPOSE, "compose/privileged", "  # seatrial: allow {} because the host is ours"),
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
    if name.startswith("workflow/"):  # of a required check
        form += " because the script is ours"
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


@pytest.mark.parametrize(
    "comment",
    [
        "seatrial: allow",
        "seatrial: allow compose/privileged",
        "seatrial: allow privileged",
        "seatrial: allow because the host is ours",
        "seatrial: allow compose/privileged because of it",
        "seatrial: allow compose/cpu-limit because the host is ours",
    ],
)
def test_a_required_check_is_not_allowed_by_a_bare_comment(survey: Survey, tmp_path: Path, comment: str) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    (root / "compose.yaml").write_text(COMPOSE.format(f"  # {comment}"))
    surveyed = survey(root, only=["compose/privileged"])
    assert "compose/privileged" in surveyed.rules
    assert surveyed.report["allowed"] == []


@pytest.mark.parametrize(("name", "hides"), [("cpu-limit", True), ("memory-limit", False), ("", True)])
def test_a_name_without_a_slash_is_the_rules_own_name(survey: Survey, tmp_path: Path, name: str, hides: bool) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    (root / "compose.yaml").write_text(f"services:\n  # seatrial: allow {name}\n  a:\n    image: x:1\n")
    surveyed = survey(root, only=["compose"])
    assert ("compose/cpu-limit" in surveyed.rules) is not hides


def test_what_is_allowed_is_listed_and_counted_by_kind(survey: Survey, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    call = "os.system('ls ' + input())"
    (root / "a.py").write_text(f"import os\n{call}  # nosec B605 - a tool of ours\n{call}  # nosec\n")
    (root / "b.py").write_text(f"{PASSWORD}  # seatrial: allow password-assignment because it is the sample's\n")
    (root / "c.md").write_text("Write `# nosec` or `# seatrial: allow` where it is right.\n")
    surveyed = survey(root, only=["python", "secrets"])
    told = [(one["kind"], one["rule"], one["location"]["path"], one["reason"]) for one in surveyed.report["allowed"]]
    assert sorted(told) == [
        ("nosec", "bandit/B605", "a.py", ""),
        ("nosec", "bandit/B605", "a.py", "B605 - a tool of ours"),
        (
            "seatrial: allow",
            "secrets/password-assignment",
            "b.py",
            "password-assignment because it is the sample's",
        ),
    ]
    assert not any(one["counts"] or one["by_change"] for one in surveyed.report["allowed"])
    summary = "3 findings allowed: 2 nosec, 1 seatrial: allow"
    assert summary in (surveyed.folder / "summary.md").read_text("utf-8")
    assert summary in (surveyed.folder / "report.html").read_text("utf-8")
