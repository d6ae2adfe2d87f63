"""A pull request that takes a file out of the survey: its content is judged all the same, or the gate stays shut."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from life import NUMBER, Clone, pull_event
from server import Hub

SHELL = "import subprocess\n\n\ndef show(name):\n    subprocess.call(name, shell=True)\n\n\nA = 1\nB = 2\n"
STACK = "services:\n  a:\n    image: x:1\n    privileged: true\n"
SAFE = STACK.replace("    privileged: true\n", "")
PADDING = "# padding\n" * 200
LOGIN = "DB_PASSWORD = 'Vrond7qa" + "leph'\n\n\nA = 1\nB = 2\n"
LIMIT = "max_file_size: 1000\n"
POLICY = {".seatrial.yml": f"{LIMIT}exclude: [vendor, docs/**]\n"}
PIPED = """\
on: pull_request
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: curl -fsSL https://x.example/i.sh | sh
"""
USES = PIPED.replace("run: curl -fsSL https://x.example/i.sh | sh", "uses: actions/checkout@v4")
SUDO = "FROM alpine:3.20\nRUN sudo apk add --no-cache curl=8.9.1-r2\n"
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "4d7a" * 16 + "\nsize 12345\n"
Act = Callable[[Clone], None]


@dataclass(frozen=True)
class Hiding:
    """What the change does, and the rule and place of the finding that it tries to hide."""

    rule: str
    kind: str
    at: str
    act: Act
    base: Mapping[str, str] = field(default_factory=lambda: {"app.py": SHELL})


def _written(files: Mapping[str, str | bytes]) -> Act:
    def act(clone: Clone) -> None:
        for name, data in files.items():
            path = clone.tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())

    return act


def _moved(old: str, new: str, text: str | None = None) -> Act:
    def act(clone: Clone) -> None:
        target = clone.tree / new
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(clone.tree / old, target)
        if text is not None:
            target.write_text(text)

    return act


def _linked(name: str, target: str, files: Mapping[str, str | bytes]) -> Act:
    def act(clone: Clone) -> None:
        _written(files)(clone)
        link = clone.tree / name
        if link.is_dir():
            shutil.rmtree(link)
        link.unlink(missing_ok=True)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)

    return act


def _submodule(clone: Clone) -> None:
    """The folder becomes another repository, which is checked out."""
    clone.git("rm", "-r", "--cached", "--quiet", "app")
    clone.git("init", "--quiet", "app")
    clone.git("-C", "app", "add", "--all")
    clone.git("-C", "app", "commit", "--quiet", "--message", "inside")


def _ignored(clone: Clone) -> None:
    clone.git("rm", "--cached", "--quiet", "app.py")
    (clone.tree / ".gitignore").write_text("app.py\n")


def _forced(files: Mapping[str, str]) -> Act:
    """Files that are tracked though a `.gitignore` covers them."""

    def act(clone: Clone) -> None:
        _written(files)(clone)
        clone.git("add", "--force", "--all")

    return act


COMPOSE = "compose/privileged"
WAYS: dict[str, Hiding] = {
    "a file that grows beyond the limit": Hiding(
        "bandit/B602", "file size", "app.py", _written({"app.py": SHELL + PADDING})
    ),
    "a file that becomes faulty and grows": Hiding(
        COMPOSE, "file size", "compose.yaml", _written({"compose.yaml": STACK + PADDING}), {"compose.yaml": SAFE}
    ),
    "a new file beyond the limit": Hiding(
        "bandit/B602", "file size", "new.py", _written({"new.py": SHELL + PADDING}), {}
    ),
    "a new stack beyond the limit": Hiding(
        COMPOSE, "file size", "compose.yaml", _written({"compose.yaml": PADDING + STACK})
    ),
    "a file with CRLF beyond the limit": Hiding(
        "bandit/B602", "file size", "app.py", _written({"app.py": (SHELL + PADDING).replace("\n", "\r\n")})
    ),
    "a file that grows and says nosec": Hiding(
        "bandit/B602",
        "file size",
        "app.py",
        _written({"app.py": SHELL.replace("True)", "True)  # nosec") + PADDING}),
    ),
    "a file that moves to an excluded folder": Hiding(
        "bandit/B602", "excluded path", "vendor/app.py", _moved("app.py", "vendor/app.py")
    ),
    "a file that moves and changes": Hiding(
        "bandit/B602",
        "excluded path",
        "vendor/other.py",
        _moved("app.py", "vendor/other.py", SHELL.replace("A = 1", "A = 3")),
    ),
    "a stack that moves to excluded documentation": Hiding(
        COMPOSE, "excluded path", "docs/a/stack.yaml", _moved("compose.yaml", "docs/a/stack.yaml"),
        {"compose.yaml": STACK},
    ),
    "a stack that becomes faulty and moves": Hiding(
        COMPOSE, "excluded path", "docs/compose.yaml", _moved("compose.yaml", "docs/compose.yaml", STACK),
        {"compose.yaml": SAFE},
    ),
    "a script that moves to where bandit does not look": Hiding(
        "bandit/B602", "excluded path", "legacy/app.py", _moved("app.py", "legacy/app.py"),
        {"app.py": SHELL, ".bandit": "[bandit]\nexclude = ./legacy\n"},
    ),
    "a script that moves to where pyproject.toml lets bandit not look": Hiding(
        "bandit/B602", "excluded path", "gen/sub/app.py", _moved("app.py", "gen/sub/app.py"),
        {"app.py": SHELL, "pyproject.toml": '[tool.bandit]\nexclude_dirs = ["gen"]\n'},
    ),
    "a link to another name": Hiding(
        "bandit/B602", "symbolic link", "app.txt", _linked("app.py", "app.txt", {"app.txt": SHELL})
    ),
    "a link to an excluded folder": Hiding(
        COMPOSE, "symbolic link", "vendor/s.yaml", _linked("compose.yaml", "vendor/s.yaml", {"vendor/s.yaml": STACK}),
        {"compose.yaml": SAFE},
    ),
    "a new link": Hiding(
        COMPOSE, "symbolic link", "stack.txt", _linked("compose.yaml", "stack.txt", {"stack.txt": STACK})
    ),
    "a folder that becomes a link": Hiding(
        "bandit/B602", "symbolic link", "vendor/app.py",
        _linked("src", "vendor", {"vendor/app.py": SHELL}), {"src/app.py": SHELL},
    ),
    "a submodule in place of a folder": Hiding(
        "bandit/B602", "submodule", "app/app.py", _submodule, {"app/app.py": SHELL}
    ),
    "a file that is ignored from now on": Hiding("bandit/B602", "ignored path", "app.py", _ignored),
    "a .bandit in another folder": Hiding(
        "bandit/B602", "scanner configuration", "a/app.py",
        _written({"a/app.py": SHELL, "a/.bandit": "[bandit]\nskips=B602\n"}), {},
    ),
    "a stack that moves among examples": Hiding(
        COMPOSE, "path of tests or examples", "examples/shop/compose.yaml",
        _moved("compose.yaml", "examples/shop/compose.yaml"), {"compose.yaml": STACK},
    ),
    "a stack that moves to a folder of development": Hiding(
        COMPOSE, "path of tests or examples", "dev/compose.yaml",
        _moved("compose.yaml", "dev/compose.yaml"), {"compose.yaml": STACK},
    ),
    "a stack that becomes faulty and moves to tests": Hiding(
        COMPOSE, "path of tests or examples", "tests/compose.yaml",
        _moved("compose.yaml", "tests/compose.yaml", STACK), {"compose.yaml": SAFE},
    ),
    "a password that moves to tests": Hiding(
        "secrets/password-assignment", "path of tests or examples", "tests/login.py",
        _moved("login.py", "tests/login.py"), {"login.py": LOGIN},
    ),
    "another case of the name": Hiding(
        COMPOSE, "renamed file", "Compose.yaml", _moved("compose.yaml", "Compose.yaml"), {"compose.yaml": STACK}
    ),
    "another case of the ending": Hiding("bandit/B602", "renamed file", "app.PY", _moved("app.py", "app.PY")),
}  # fmt: skip
OPEN: dict[str, tuple[str, Act]] = {
    "gitattributes that call it generated": (
        "bandit/B602",
        _written({"app.py": SHELL, ".gitattributes": "*.py linguist-generated -diff binary export-ignore\n"}),
    ),
    "an ignored file that is tracked": ("bandit/B602", _forced({"app.py": SHELL, ".gitignore": "app.py\n"})),
    "an ignored workflow that is tracked": (
        "workflow/pipe-to-shell",
        _forced({".github/workflows/a.yml": PIPED, ".gitignore": ".github\n"}),
    ),
    "a section of setup.cfg": ("bandit/B602", _written({"app.py": SHELL, "setup.cfg": "[bandit]\nskips = B602\n"})),
    "a section of tox.ini": ("bandit/B602", _written({"app.py": SHELL, "tox.ini": "[bandit]\nexclude = app.py\n"})),
    "a .banditrc": ("bandit/B602", _written({"app.py": SHELL, ".banditrc": "[bandit]\nskips = B602\n"})),
    "a configuration of zizmor by a link": (
        "zizmor/unpinned-uses",
        _linked(
            ".github/zizmor.yml",
            "../rules.txt",
            {
                ".github/workflows/a.yml": USES,
                "rules.txt": "rules:\n  unpinned-uses:\n    disable: true\n",
            },
        ),
    ),
    "a configuration of hadolint beside the file": (
        "hadolint/DL3004",
        _written({"app/Dockerfile": SUDO, "app/.hadolint.yaml": "ignored: [DL3004]\n"}),
    ),
    "a configuration of hadolint by a link": (
        "hadolint/DL3004",
        _linked(".hadolint.yaml", "rules.txt", {"Dockerfile": SUDO, "rules.txt": "ignored: [DL3004]\n"}),
    ),
    "a comment of ruff": ("bandit/B602", _written({"app.py": SHELL.replace("True)", "True)  # noqa: S602")})),
    "a type comment": ("bandit/B602", _written({"app.py": SHELL.replace("True)", "True)  # type: ignore")})),
    "a comment of pylint": (
        "bandit/B602",
        _written({"app.py": SHELL.replace("True)", "True)  # pylint: disable=all")}),
    ),
    "a nosec inside a string": ("bandit/B602", _written({"app.py": SHELL + 'C = "# nosec B602"\n'})),
    "our words inside a YAML string": (
        COMPOSE,
        _written({"compose.yaml": STACK + "    environment:\n      A: |\n        # seatrial: allow\n        x\n"}),
    ),
    "our words in a line of another service": (
        COMPOSE,
        _written(
            {
                "compose.yaml": STACK
                + "  b:  # seatrial: allow compose/privileged because it is only ours\n    image: x:1\n"
            }
        ),
    ),
    "a policy of the change": ("bandit/B602", _written({"app.py": SHELL, ".seatrial.yml": "exclude: [app.py]\n"})),
}
LOST: dict[str, tuple[str, Act]] = {
    "a Git LFS pointer": ("Git LFS pointer", _written({"app.py": LFS})),
    "a binary": ("binary", _written({"app.py": b"\x00\x01\x02\xff\xfe" * 40 + SHELL.encode()})),
    "a link out of the tree": ("a symbolic link out of the tree", _linked("app.py", "/etc/hostname", {})),
    "a link to nothing": ("a symbolic link that cannot be followed", _linked("app.py", "nothing.py", {})),
    "a link into git's directory": ("a symbolic link out of the tree", _linked("app.py", ".git/config", {})),
    "far beyond the limit": ("larger than 4,000 bytes", _written({"app.py": SHELL + PADDING * 5})),
}


def _played(
    tmp_path: Path, hub: Hub, base: Mapping[str, str], act: Act, *words: str
) -> tuple[int, str, dict[str, Any]]:
    """Exit code, comment and report of a pull request."""
    clone = Clone(tmp_path, hub)
    clone.tree.mkdir(parents=True)
    clone.git("init", "--quiet", "--initial-branch", "main")
    before = clone.commit({"readme.txt": "x\n", **POLICY, **base}, "before")
    act(clone)
    head = clone.commit({}, "change")
    hub.open_pull(NUMBER, head)
    asked = ("run", "--only", "python,compose,dockerfile,workflows,secrets", "--comment", "always", *words)
    done = clone.run("pull_request", event=pull_event(before, head), words=asked, more={"INPUT_BASE": "none"})
    assert (clone.tree / "seatrial-report" / "report.json").exists(), done.log
    report = json.loads((clone.tree / "seatrial-report" / "report.json").read_text("utf-8"))
    [comment] = hub.bodies(NUMBER)
    return done.exit_code, comment, report


def _by_turns(ways: Mapping[str, Any]) -> list[Any]:
    """Every second way at night only: each is a whole run."""
    return [
        pytest.param(*(one if isinstance(one, tuple) else (one,)), id=name, marks=pytest.mark.nightly if n % 2 else ())
        for n, (name, one) in enumerate(ways.items())
    ]


@pytest.mark.parametrize("hiding", _by_turns(WAYS))
def test_a_file_that_leaves_the_survey_is_judged_all_the_same(tmp_path: Path, hub: Hub, hiding: Hiding) -> None:
    code, comment, report = _played(tmp_path, hub, hiding.base, hiding.act, "--fail-on", "severity:low")
    assert code == 1
    ours = [one for one in report["allowed"] if one["by_change"] and one["counts"] and one["rule"] == hiding.rule]
    assert [(one["kind"], one["location"]["path"]) for one in ours] == [(hiding.kind, hiding.at)]
    found = [one["location"]["path"] for one in report["findings"] if one["rule"] == hiding.rule]
    assert found == [hiding.at]
    section = comment.partition("**Allowed by this change itself: ")[2].partition("\n\n**")[0]
    assert f"`{hiding.rule}`" in section
    assert f"by `{hiding.kind}`" in section
    assert all(bool(one["reason"]) is (hiding.kind != "scanner configuration") for one in ours)
    assert report["unjudged"] == []


@pytest.mark.parametrize(("rule", "act"), _by_turns(OPEN))
def test_what_no_tool_honours_hides_nothing(tmp_path: Path, hub: Hub, rule: str, act: Act) -> None:
    code, comment, report = _played(tmp_path, hub, {}, act, "--fail-on", "severity:low")
    assert code == 1
    assert rule in [one["rule"] for one in report["findings"]]
    assert [one for one in report["allowed"] if one["rule"] == rule] == []
    assert "Allowed by this change itself" not in comment


@pytest.mark.parametrize(("reason", "act"), LOST.values(), ids=LOST)
def test_a_file_that_cannot_be_judged_keeps_the_gate_shut(tmp_path: Path, hub: Hub, reason: str, act: Act) -> None:
    base = {"app.py": "A = 1\n", **{f"m{number}.py": "A = 1\n" for number in range(20)}}
    code, comment, report = _played(tmp_path, hub, base, act)
    assert code == 3
    assert report["unjudged"] == [{"path": "app.py", "reason": reason}]
    [condition] = [one for one in report["gate"]["conditions"] if one["name"] == "judged"]
    assert condition["state"] == "UNKNOWN"
    assert "**Hidden by this change itself: 1 file that cannot be judged.**" in comment
    assert f"`app.py`: {reason}" in comment


HARMLESS: dict[str, Act] = {
    "a deleted file": lambda clone: (clone.tree / "app.py").unlink(),
    "a moved file": _moved("app.py", "lib/core.py"),
    "a file moved among tests": _moved("app.py", "tests/test_app.py"),
    "an excluded file that grows": _written({"vendor/big.py": SHELL + PADDING}),
    "a new picture": _written({"logo.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256))}),
    "a new archive": _written({"a.zip": b"PK\x03\x04" + bytes(range(256)) * 2}),
    "a link to a surveyed file of the same name": _linked("lib/app.py", "../app.py", {}),
    "a folder in the place of a file": _moved("app.py", "app.py.d/app.py"),
}


@pytest.mark.parametrize("act", HARMLESS.values(), ids=HARMLESS)
def test_an_ordinary_change_hides_nothing(tmp_path: Path, hub: Hub, act: Act) -> None:
    base = {"app.py": "def one():\n    assert True\n    return 1\n", "vendor/big.py": SHELL}
    _, comment, report = _played(tmp_path, hub, base, act)
    assert [one for one in report["allowed"] if one["by_change"]] == []
    assert report["unjudged"] == []
    assert "this change itself" not in comment


VALUE = "Vrond7qa" + "leph"
CALL = f"import db\n\n\ndef open():\n    return db.connect(\n        user='app',\n        password='{VALUE}',\n    )\n"
STORE = f"services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: {VALUE}\n"
IMAGE = f'FROM alpine:3.20\nENV DB_PASSWORD={VALUE}\nUSER 1000\nCMD ["sh"]\n'
POD = f"""\
apiVersion: v1
kind: Pod
metadata: {{name: a}}
spec:
  containers:
    - name: a
      image: a:1
      env:
        - name: DB_PASSWORD
          value: {VALUE}
"""


@dataclass(frozen=True)
class Doubled:
    """A value that two inspectors report: what the change does, the rule that is listed, and what hides it."""

    listed: str
    other: str
    act: Act
    hidden: tuple[tuple[str, str], ...]
    """Kind and rule of each entry of the list of what is allowed."""
    base: Mapping[str, str]


def _weaker(rule: str, other: str, old: str, new: str, text: str, kind: str = "path of tests or examples") -> Doubled:
    return Doubled(rule, other, _moved(old, new), ((kind, rule),), {old: text})


PYTHON = ("secrets/password-assignment", "bandit/B105")
YAML = ("secrets/compose-environment", "compose/plain-secret")
DOUBLED: dict[str, Doubled] = {
    "a script that moves to tests": _weaker(*PYTHON, "login.py", "tests/login.py", LOGIN),
    "a script that moves to examples": _weaker(*PYTHON, "login.py", "examples/login.py", LOGIN),
    "an argument of a call": _weaker(PYTHON[0], "bandit/B106", "login.py", "tests/login.py", CALL),
    "a stack that moves to tests": _weaker(*YAML, "compose.yaml", "tests/compose.yaml", STORE),
    "a stack that moves to examples": _weaker(*YAML, "compose.yaml", "examples/compose.yaml", STORE),
    "a stack that moves to development": _weaker(*YAML, "compose.yaml", "dev/compose.yaml", STORE),
    "a Dockerfile": _weaker("secrets/dockerfile", "dockerfile/secret", "Dockerfile", "tests/Dockerfile", IMAGE),
    "a pod": _weaker("secrets/config-yaml", "kubernetes/plain-secret", "pod.yaml", "tests/pod.yaml", POD),
    "a script that leaves the survey": _weaker(*PYTHON, "login.py", "vendor/login.py", LOGIN, "excluded path"),
    "a word for one of two tools": Doubled(
        *PYTHON,
        _written({"login.py": LOGIN.replace("'\n", "'  # nosec\n", 1)}),
        (("nosec", "bandit/B105"),),
        {"login.py": LOGIN},
    ),
    "a word for each of two tools": Doubled(
        *PYTHON,
        _written({"login.py": LOGIN.replace("'\n", "'  # nosec  # pragma: allowlist secret\n", 1)}),
        (("pragma: allowlist secret", PYTHON[0]), ("nosec", PYTHON[1])),
        {"login.py": LOGIN},
    ),
    "a script that moves among tests": Doubled(
        *PYTHON, _moved("tests/login.py", "tests/deep/open.py"), (), {"tests/login.py": LOGIN}
    ),
}


@pytest.mark.parametrize("doubled", _by_turns(DOUBLED))
def test_a_value_that_two_tools_report_is_one_finding_also_where_it_is_hidden(
    tmp_path: Path, hub: Hub, doubled: Doubled
) -> None:
    more = ("--only", "python,compose,dockerfile,kubernetes,secrets")
    _, _, report = _played(tmp_path, hub, doubled.base, doubled.act, *more)
    rules = {doubled.listed, doubled.other}
    [found] = [one for one in report["findings"] if one["rule"] in rules]
    assert found["rule"] == doubled.listed
    assert found["message"].endswith(f"(also {doubled.other})")
    failed = [one["status"] for one in report["checks"] if found["fingerprint"] in one["findings"]]
    assert failed == ["fail", "fail"]
    hidden = [(one["kind"], one["rule"]) for one in report["allowed"] if one["rule"] in rules]
    assert hidden == list(doubled.hidden)


def test_what_was_too_large_before_stays_out(tmp_path: Path, hub: Hub) -> None:
    base = {"app.py": SHELL + PADDING}
    _, _, report = _played(tmp_path, hub, base, _written({"app.py": SHELL + PADDING + "C = 3\n"}))
    assert report["unjudged"] == []
    assert [one for one in report["allowed"] if one["by_change"]] == []
