"""A pull request that tries to allow its own findings, in every way that a tool or we honour: the gate stays closed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from life import NUMBER, Clone, pull_event
from server import Hub

from seatrial.inspectors.secrets.samples import expand

SHELL = "import subprocess\n\n\ndef show(name):\n    subprocess.call(name, shell=True){}\n"
SPREAD = "import subprocess\n\n\ndef show(name):\n    subprocess.call(\n        name,{}\n        shell=True,\n    ){}\n"
STACK = "services:\n  a:\n    image: x:1\n"
PRIVILEGED = STACK + "{1}    privileged: true{0}\n"
IMAGE = "FROM alpine:3.20\n{}RUN sudo apk add --no-cache curl=8.9.1-r2\n"
FETCHED = "FROM alpine:3.20\n{}ADD https://x.example/y /y\n"
WORKFLOW = """\
on: pull_request
permissions: {{}}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: {0}{1}
"""
PIPED = "curl -fsSL https://x.example/i.sh | sh"
PASSWORD = "password = 'kite-Plum" + "-93-harbour'{}\n"
CHECKOUT = """\
on: pull_request
permissions: {{}}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4{}
"""


@dataclass(frozen=True)
class Way:
    """What the change does, and the rule of the finding that it tries to hide."""

    rule: str
    kind: str
    change: Mapping[str, str | bytes]
    base: Mapping[str, str | bytes] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


def _nosec(comment: str, **files: str) -> Way:
    return Way("bandit/B602", "nosec", {"new.py": SHELL.format(comment), **files})


def _stack(comment: str, above: str = "") -> Way:
    return Way("compose/privileged", "seatrial: allow", {"compose.yaml": PRIVILEGED.format(comment, above)})


def _configured(files: Mapping[str, str], base: Mapping[str, str | bytes] | None = None) -> Way:
    return Way("bandit/B602", "scanner configuration", {"new.py": SHELL.format(""), **files}, base or {})


REASONED = "  # seatrial: allow compose/privileged because the host is ours alone"
ALLOWED = PRIVILEGED.format(REASONED, "")
WAYS: dict[str, Way] = {
    "a bare nosec": _nosec("  # nosec"),
    "a nosec with the rule": _nosec("  # nosec B602"),
    "a nosec with the rule's name": _nosec("  # nosec subprocess_popen_with_shell_equals_true"),
    "a nosec with a colon and a reason": _nosec("  # nosec: B602 - the name is ours"),
    "a nosec after another comment": _nosec("  # noqa: S602  # nosec"),
    "a nosec without a space": _nosec("  #nosec"),
    "a nosec on another line of the statement": Way(
        "bandit/B602", "nosec", {"new.py": SPREAD.format("  # nosec B602", "")}
    ),
    "a nosec in a file of another encoding": Way(
        "bandit/B602",
        "nosec",
        {"new.py": ("# coding: latin-1\n# caf\u00e9\n" + SHELL.format("  # nosec B602")).encode("latin-1")},
    ),
    "a nosec in a file with CRLF": Way(
        "bandit/B602", "nosec", {"new.py": SHELL.format("  # nosec B602").replace("\n", "\r\n").encode()}
    ),
    "a nosec for an old fault": Way(
        "bandit/B602", "nosec", {"old.py": SHELL.format("  # nosec B602")}, {"old.py": SHELL.format("")}
    ),
    "the base's nosec on a line that becomes faulty": Way(
        "bandit/B602",
        "nosec",
        {"old.py": SPREAD.format("", "  # nosec B602")},
        {"old.py": SPREAD.format("", "  # nosec B602").replace("shell=True", "shell=False")},
    ),
    "a copy of the base's line with its nosec": Way(
        "bandit/B602",
        "nosec",
        {"old.py": SHELL.format("  # nosec B602") + "    subprocess.call(name, shell=True)  # nosec B602\n"},
        {"old.py": SHELL.format("  # nosec B602")},
    ),
    "skips in pyproject.toml": _configured({"pyproject.toml": '[tool.bandit]\nskips = ["B602"]\n'}),
    "excluded folders in pyproject.toml": _configured({"pyproject.toml": '[tool.bandit]\nexclude_dirs = ["new.py"]\n'}),
    "an edited pyproject.toml": _configured(
        {"pyproject.toml": '[tool.bandit]\nskips = ["B101", "B602"]\n'},
        {"pyproject.toml": '[tool.bandit]\nskips = ["B101"]\n'},
    ),
    "excluded files in .bandit": _configured({".bandit": "[bandit]\nexclude = new.py\n"}),
    "skips in .bandit": _configured({".bandit": "[bandit]\nskips = B602\n"}),
    "only other rules in .bandit": _configured({".bandit": "[bandit]\ntests = B101\n"}),
    "nosec and .bandit together": Way(
        "bandit/B602",
        "nosec",
        {"new.py": SHELL.format("  # nosec"), ".bandit": "[bandit]\nskips = B602\n"},
    ),
    "our comment with the rule and a reason": _stack(REASONED),
    "our comment on the line above": _stack("", f"  {REASONED}\n"),
    "our comment, then another comment": _stack("", f"  {REASONED}\n    # a note\n"),
    "our comment in capital letters": _stack(REASONED.replace("seatrial: allow", "SEATRIAL: ALLOW")),
    "our comment with a wide space": _stack(REASONED.replace(": allow", ":\u00a0allow")),
    "our comment in UTF-16": Way("compose/privileged", "seatrial: allow", {"compose.yaml": ALLOWED.encode("utf-16")}),
    "the base's comment on another service": Way(
        "compose/privileged",
        "seatrial: allow",
        {"compose.yaml": STACK + f"  b:\n    image: x:1\n    privileged: true{REASONED}\n"},
        {"compose.yaml": ALLOWED},
    ),
    "the base's comment above what becomes faulty": Way(
        "compose/privileged",
        "seatrial: allow",
        {"compose.yaml": PRIVILEGED.format("", f"  {REASONED}\n")},
        {"compose.yaml": PRIVILEGED.format("", f"  {REASONED}\n").replace("true", "false")},
    ),
    "our comment in a Dockerfile": Way(
        "dockerfile/add-url",
        "seatrial: allow",
        {"Dockerfile": FETCHED.format("# seatrial: allow dockerfile/add-url because it is pinned\n")},
    ),
    "our comment in a workflow": Way(
        "workflow/pipe-to-shell",
        "seatrial: allow",
        {
            ".github/workflows/a.yml": WORKFLOW.format(
                PIPED, "  # seatrial: allow workflow/pipe-to-shell because the script is ours"
            )
        },
    ),
    "our comment on a password": Way(
        "secrets/password-assignment", "seatrial: allow", {"a.py": PASSWORD.format("  # seatrial: allow")}
    ),
    "a comment of gitleaks": Way(
        "secrets/password-assignment", "gitleaks:allow", {"a.py": PASSWORD.format("  # gitleaks:allow")}
    ),
    "a comment of detect-secrets": Way(
        "secrets/password-assignment",
        "pragma: allowlist secret",
        {"a.py": PASSWORD.format("  # pragma: allowlist secret")},
    ),
    "a comment of detect-secrets on the line above": Way(
        "secrets/password-assignment",
        "pragma: allowlist secret",
        {"a.py": "# pragma: allowlist nextline secret\n" + PASSWORD.format("")},
    ),
    "the older word of detect-secrets": Way(
        "secrets/password-assignment",
        "pragma: allowlist secret",
        {"a.py": PASSWORD.format("  # pragma: whitelist secret")},
    ),
    "hadolint's comment": Way(
        "hadolint/DL3004", "hadolint ignore", {"Dockerfile": IMAGE.format("# hadolint ignore=DL3004\n")}
    ),
    "hadolint's comment for the whole file": Way(
        "hadolint/DL3004",
        "hadolint ignore",
        {"Dockerfile": "# hadolint global ignore=DL3004\n" + IMAGE.format("")},
    ),
    "hadolint's configuration": Way(
        "hadolint/DL3004",
        "scanner configuration",
        {"Dockerfile": IMAGE.format(""), ".hadolint.yaml": "ignored: [DL3004]\n"},
    ),
    "zizmor's comment": Way(
        "zizmor/unpinned-uses",
        "zizmor: ignore",
        {".github/workflows/a.yml": CHECKOUT.format("  # zizmor: ignore[unpinned-uses]")},
    ),
    "zizmor's comment in a file with CRLF": Way(
        "zizmor/unpinned-uses",
        "zizmor: ignore",
        {
            ".github/workflows/a.yml": CHECKOUT.format("  # zizmor: ignore[unpinned-uses]")
            .replace("\n", "\r\n")
            .encode()
        },
    ),
    "zizmor's configuration at the top": Way(
        "zizmor/unpinned-uses",
        "scanner configuration",
        {
            ".github/workflows/a.yml": CHECKOUT.format(""),
            "zizmor.yml": "rules:\n  unpinned-uses:\n    ignore: [a.yml]\n",
        },
    ),
    "our comment in a Dockerfile with CRLF": Way(
        "dockerfile/add-url",
        "seatrial: allow",
        {
            "Dockerfile": FETCHED.format("# seatrial: allow dockerfile/add-url because it is pinned\n")
            .replace("\n", "\r\n")
            .encode()
        },
    ),
    "a copy of the base's whole file": Way(
        "bandit/B602",
        "nosec",
        {"old.py": SHELL.format("  # nosec B602"), "twin.py": SHELL.format("  # nosec B602")},
        {"old.py": SHELL.format("  # nosec B602")},
    ),
    "zizmor's configuration": Way(
        "zizmor/unpinned-uses",
        "scanner configuration",
        {
            ".github/workflows/a.yml": CHECKOUT.format(""),
            ".github/zizmor.yml": "rules:\n  unpinned-uses:\n    disable: true\n",
        },
    ),
}
_ASKED = {
    "bandit": "python/bandit", "compose": "compose/privileged", "dockerfile": "dockerfile", "hadolint": "dockerfile",
    "workflow": "workflows", "zizmor": "workflows", "secrets": "secrets",
    "several": "secrets,compose/plain-secret,compose/privileged",
}  # fmt: skip


def _write(clone: Clone, files: Mapping[str, str | bytes]) -> None:
    for name, data in files.items():
        path = clone.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())


def _played(tmp_path: Path, hub: Hub, way: Way, **event: str) -> tuple[int, str, dict[str, Any]]:
    """Exit code, comment and report of a pull request."""
    clone = Clone(tmp_path, hub)
    clone.tree.mkdir(parents=True)
    clone.git("init", "--quiet", "--initial-branch", "main")
    _write(clone, {"readme.txt": "x\n", **way.base})
    base = clone.commit({}, "before")
    _write(clone, way.change)
    head = clone.commit({}, "change")
    hub.open_pull(NUMBER, head)
    payload = pull_event(base, head)
    payload["pull_request"] |= event
    asked = _ASKED[way.rule.partition("/")[0]]
    words = ("run", "--only", asked, "--fail-on", "severity:low", "--comment", "always")
    done = clone.run("pull_request", event=payload, words=words, more={"INPUT_BASE": "none"})
    assert (clone.tree / "seatrial-report" / "report.json").exists(), done.log
    report = json.loads((clone.tree / "seatrial-report" / "report.json").read_text("utf-8"))
    [comment] = hub.bodies(NUMBER)
    return done.exit_code, comment, report


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(way, id=name, marks=pytest.mark.nightly if number % 2 else ())
        for number, (name, way) in enumerate(WAYS.items())
    ],
)
def test_no_way_to_allow_itself_opens_the_gate(tmp_path: Path, hub: Hub, way: Way) -> None:
    code, comment, report = _played(tmp_path, hub, way)
    assert code == 1
    ours = [one for one in report["allowed"] if one["by_change"] and one["counts"]]
    assert [way.kind] == [one["kind"] for one in ours if one["rule"] == way.rule]
    assert any(finding["rule"] == way.rule for finding in report["findings"])
    section = comment.partition("**Allowed by this change itself: ")[2].partition("\n\n**")[0]
    assert f"`{way.rule}`" in section
    assert f"`{way.kind}`" in section


@pytest.mark.parametrize(
    ("policy", "association", "accepted"),
    [
        ("maintainers", "MEMBER", True),
        ("maintainers", "CONTRIBUTOR", False),
        ("anyone", "NONE", True),
        ("never", "OWNER", False),
    ],
)
def test_the_bases_policy_says_whose_change_may_allow_itself(
    tmp_path: Path, hub: Hub, policy: str, association: str, accepted: bool
) -> None:
    base = {".seatrial.yml": f"accept_in_change: {policy}\n"}
    change = {"compose.yaml": ALLOWED, ".seatrial.yml": "accept_in_change: anyone\n"}
    way = Way("compose/privileged", "seatrial: allow", change, base)
    code, comment, report = _played(tmp_path, hub, way, author_association=association)
    assert (code == 0) is accepted
    [one] = report["allowed"]
    assert (one["by_change"], one["counts"]) == (True, not accepted)
    assert any(finding["rule"] == "compose/privileged" for finding in report["findings"]) is not accepted
    assert "**Allowed by this change itself: 1 finding.**" in comment


def test_what_the_base_allows_stays_allowed(tmp_path: Path, hub: Hub) -> None:
    change = {"compose.yaml": "# a note\n" + ALLOWED.replace("x:1", "x:2")}
    code, comment, report = _played(tmp_path, hub, Way("compose/privileged", "", change, {"compose.yaml": ALLOWED}))
    assert code == 0
    assert [(one["by_change"], one["counts"]) for one in report["allowed"]] == [(False, False)]
    assert "Allowed by this change itself" not in comment
    assert "1 finding allowed: 1 seatrial: allow" in comment


def test_what_two_inspectors_report_is_not_taken_for_hidden(tmp_path: Path, hub: Hub) -> None:
    secret = "    environment:\n      API_PASSWORD: 'kite-Plum" + "-93-harbour'\n"
    way = Way("several/rules", "", {"compose.yaml": ALLOWED + secret})
    _, _, report = _played(tmp_path, hub, way)
    assert [one["rule"] for one in report["allowed"]] == ["compose/privileged"]
    [joined] = [f for f in report["findings"] if f["rule"].startswith("secrets/")]
    assert joined["message"].endswith("(also compose/plain-secret)")
    assert "compose/plain-secret" not in {f["rule"] for f in report["findings"]}


@pytest.mark.parametrize(("policy", "found"), [("never", True), ("anyone", False)])
def test_a_comment_in_an_earlier_commit_hides_no_secret_from_the_history(
    tmp_path: Path, hub: Hub, policy: str, *, found: bool
) -> None:
    clone = Clone(tmp_path, hub)
    clone.tree.mkdir(parents=True)
    clone.git("init", "--quiet", "--initial-branch", "main")
    base = clone.commit({".seatrial.yml": f"accept_in_change: {policy}\n"}, "before")
    allow = "  # seatrial: allow secrets/github-pat because it was revoked in May"
    leak = clone.commit({"a.py": f"call('{expand('ghp_{crc62:36}')}'){allow}\n"}, "allowed")
    head = clone.commit({"a.py": "token = load()\n"}, "gone again")
    hub.open_pull(NUMBER, head)
    words = ("run", "--only", "secrets", "--fail-on", "severity:low", "--comment", "always")
    done = clone.run("pull_request", event=pull_event(base, head), words=words, more={"INPUT_BASE": "none"})
    report = json.loads((clone.tree / "seatrial-report" / "report.json").read_text("utf-8"))
    told = [(one["rule"], one["commit"]) for one in report["findings"]]
    assert told == ([("secrets/github-pat", leak)] if found else [])
    assert done.exit_code == int(found)
