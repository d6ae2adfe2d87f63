"""
Nothing is claimed that was not read: every inspector, each of its kinds of file, in every way that hides the content.

For each pair the answer names the file (a finding in it, or a note, or the reason of an error) and is not measured
whole without it; or the file is judged exactly as the same text in UTF-8. An inspector without a kind fails the test.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from seatrial.domain import Answer, Status
from seatrial.domain.kinds import RepositoryKind as KindOf
from seatrial.inspectors.base import Context, Inspector
from seatrial.inspectors.registry import INSPECTORS
from seatrial.inspectors.secrets import scan
from seatrial.settings import Settings
from seatrial.system.source import Tree, open_tree

CUT = "<cut>"
"""Where a sample is cut off, in the middle of something."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that an inspector reads."""

    inspector: str
    path: str
    text: str
    """A good file; with `CUT` where cutting it off shows."""
    checks: tuple[str, ...]
    """The questions that the file belongs to."""
    beside: str
    """The path of a second good file of the kind."""
    empty: str = ""
    """Why an empty file is right; else it is named."""
    conflict: str = ""
    """Why both sides of a conflict are judged; else the file is named."""
    suffices: str = ""
    """Why nothing depends on the file where a second good one of the kind is; else it is named there too."""
    whole: str = ""
    """Why a file that is cut off cannot be known from a shorter one; else it is named."""

    @property
    def good(self) -> str:
        """The text without the mark."""
        return self.text.replace(CUT, "")


PYTHON = ("python/bandit",)
SECRETS = tuple(c for i in INSPECTORS if i.name == "secrets" for c in i.checks)
DEPENDENCIES = ("dependencies/pinned", "dependencies/vulnerabilities", "dependencies/licences")
DOCKER = tuple(c for i in INSPECTORS if i.name == "dockerfile" for c in i.checks)
COMPOSE = tuple(c for i in INSPECTORS if i.name == "compose" for c in i.checks)
WORKFLOWS = tuple(c for i in INSPECTORS if i.name == "workflows" for c in i.checks)
ACTIONS = ("workflows/valid", "workflows/readiness", "workflows/hardening", "workflows/zizmor")
KUBERNETES = ("kubernetes/security", "kubernetes/readiness")
TESTED = 'def f(x):\n    """\n    Double.\n\n    >>> f(2)\n    4\n    """\n    return 2 * x\n'
PRACTICE = "one place that shows a practice is enough"
SIDES = "each side of the conflict shows it"
STORE = (
    f'services:\n  db:\n    image: "postgres:17.2{CUT}"\n    volumes: ["data:/var/lib/postgresql/data"]\n'
    "volumes: {data: {}}\n"
)
SHORTER = "a shorter file shows less"
PACKAGES = '{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "a"}, %s}}'
NPM = PACKAGES % f'"node_modules/left-pad": {{"version": "1.3.0", {CUT}"license": "MIT", "integrity": "sha512-AA=="}}'
POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version>"
    f"<dependencies><dependency><groupId>org.x</groupId>{CUT}<artifactId>y</artifactId><version>1.0</version>"
    "</dependency></dependencies></project>\n"
)
COMPOSE_TEXT = f'services:\n  web:\n    image: "nginx:1.27.0{CUT}"\n    restart: always\n'
WORKFLOW = (
    "name: ci\non: [push]\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n"
    f'    steps:\n      - run: "make{CUT} test"\n'
)
ACTION = f'name: a\ndescription: b\nruns:\n  using: composite\n  steps:\n    - run: "echo{CUT} a"\n      shell: bash\n'
MANIFEST = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector: {matchLabels: {app: web}}\n"
    "  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n        - name: web\n"
    f'          image: "nginx:1.27{CUT}.0"\n'
)
RULES = f'groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: "up{CUT} == 0"\n        for: 5m\n'
DASHBOARD = (
    '{"schemaVersion": 39, "title": "a", "panels": [{"gridPos": {"x": 0}, '
    f'"targets": [{{"expr": "up", {CUT}"refId": "A"}}]}}]}}\n'
)

KINDS = (
    Kind("python", "app.py", f"import os\n\n\ndef f(x):\n    return ({CUT}x)\n", PYTHON, "b.py",
         empty="an empty module is valid Python: __init__.py"),
    Kind("secrets", "settings.ini", "[a]\nname = value\nlevel = 3\n", SECRETS, "b.ini",
         conflict="both sides of a conflict are text, and searched", empty="an empty file holds no secret",
         whole="each line of text is searched by itself"),
    Kind("dependencies", "package-lock.json", NPM, DEPENDENCIES, "b/package-lock.json"),
    Kind("dependencies", "requirements.txt", "flask==3.0.0\nrequests==2.32.3\n", DEPENDENCIES, "b/requirements.txt",
         empty="a project without dependencies has an empty list", whole="a shorter list is a list"),
    Kind("dependencies", "pom.xml", POM, DEPENDENCIES, "b/pom.xml"),
    Kind("dependencies", "Cargo.lock",
         f'version = 3\n\n[[package]]\nname = "a"\nversion = "{CUT}1.0.0"\nsource = "registry+x"\n',
         DEPENDENCIES, "b/Cargo.lock"),
    Kind("dependencies", "go.mod", f"module a.b/c\n\ngo 1.22\n\nrequire (\n\tgithub.com/x/y v1.2.3\n{CUT})\n",
         DEPENDENCIES, "b/go.mod"),
    Kind("workflows", ".github/workflows/ci.yml", WORKFLOW, WORKFLOWS, ".github/workflows/b.yml"),
    Kind("workflows", "action.yml", ACTION, ACTIONS, ".github/b/action.yml"),
    Kind("dockerfile", "Dockerfile", f'FROM debian:12\nUSER app\nCMD ["a", \\\n{CUT} "b"]\n', DOCKER, "b/Dockerfile",
         whole="a shorter list of instructions is valid"),
    Kind("environment", ".env.example", "NAME=value\nLEVEL=3\n", ("environment/documented", "environment/values"),
         "b/.env.example", empty="an example without variables documents none", whole="a shorter list is a list"),
    Kind("environment", ".env", "NAME=value\nLEVEL=3\n", ("environment/values",), "b/.env",
         empty="a file without variables sets none", whole="a shorter list is a list"),
    Kind("environment", "compose.yaml", COMPOSE_TEXT.replace("restart: always", 'environment: ["A=${NAME}"]'),
         ("environment/documented", "environment/values"), "b/compose.yaml"),
    Kind("workflows", "tools/action.yml", ACTION, ACTIONS, "other/action.yml",
         empty="another program's file, as far as anybody can see", whole="the same"),
    Kind("kubernetes", "k8s/deploy.yaml", MANIFEST, KUBERNETES, "k8s/b.yaml"),
    Kind("prometheus", "prometheus/rules.yml", RULES, ("prometheus/alerts",), "prometheus/b.yml"),
    Kind("prometheus", "grafana/x.json", DASHBOARD, ("prometheus/metrics",), "grafana/b.json"),
    Kind("compose", "compose.yaml", COMPOSE_TEXT, COMPOSE, "b/compose.yaml"),
    Kind("practices", ".gitlab-ci.yml", f'test:\n  script: ["make{CUT} test"]\n', ("practices/pull-requests",),
         ".github/workflows/b.yml", suffices=PRACTICE),
    Kind("practices", "app.py", TESTED, ("practices/tests",), "b.py",
         conflict=SIDES, empty="an empty file tests nothing", suffices=PRACTICE, whole=SHORTER),
    Kind("practices", "compose.yaml", STORE, ("practices/backup",), "b/compose.yaml",
         empty="an empty file declares no store"),
    Kind("practices", "prometheus/rules.yml", RULES, ("practices/alerts",), "prometheus/b.yml",
         empty="an empty file has no rule", suffices=PRACTICE),
    Kind("practices", "SECURITY.md", "# Security\n\nWrite to security@example.com.\n", ("practices/contact",),
         "docs/SECURITY.md", conflict=SIDES, empty="an empty file names nobody", suffices=PRACTICE, whole=SHORTER),
    Kind("practices", "LICENSE", "MIT License\n\nCopyright (c) 2026 A\n", ("practices/licence",), "COPYING",
         conflict=SIDES, empty="an empty file is no licence", suffices=PRACTICE, whole=SHORTER),
)  # fmt: skip

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
BINARY = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\x03\0\xff\xfe\x01" * 40


def _conflict(kind: Kind) -> bytes:
    half = kind.good.encode()
    return b"<<<<<<< HEAD\n" + half + b"=======\n" + half + b"# theirs\n>>>>>>> theirs\n"


HIDDEN: dict[str, Callable[[Kind], bytes]] = {
    "pointer": lambda kind: LFS,
    "conflict": _conflict,
    "empty": lambda kind: b"",
    "cut off": lambda kind: kind.text.partition(CUT)[0].encode(),
    "binary": lambda kind: BINARY,
}
ENCODED: dict[str, Callable[[str], bytes]] = {
    "UTF-16 with a mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16, big end first": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "UTF-8 with a mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "a NUL at the end": lambda text: text.encode() + b"\0",
}
OBSTACLES = ("link out of the tree", "no permission", "lost after listing")


def _name(kind: Kind) -> str:
    return f"{kind.inspector}: {kind.path}"


@functools.cache
def _inspector(name: str) -> Inspector:
    return next(i for i in INSPECTORS if i.name == name)


def _ask(kind: Kind, root: Path, cache: Path) -> dict[str, Answer]:
    """The answers to the checks that the kind belongs to."""
    settings = Settings(osv_url="off", kind=(KindOf.SERVICE, KindOf.LIBRARY))
    context = Context(open_tree(root), settings, cache, denied_licences=("AGPL-3.0-only",))
    inspector = _inspector(kind.inspector)
    if reason := inspector.applies(context):
        return {check: Answer(check, reason.status, reason=reason.text) for check in kind.checks}
    answers = {answer.check: answer for answer in inspector.inspect(context)}
    return {check: answers[check] for check in kind.checks}


def _write(root: Path, path: str, data: bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)


def _names(answer: Answer, path: str) -> bool:
    """Whether an answer tells that the file was not judged: a finding in it, or less than the whole and its name."""
    if any(f.location.path == path and not f.anchor.endswith("absent") for f in answer.findings):
        return True  # what is absent is shown at any file
    said = any(path in text for text in (answer.reason, *answer.notes))
    return said and (answer.share < 1 or answer.status in (Status.ERROR, Status.SKIP))


def _absent(answer: Answer) -> bool:
    """Whether an answer says that the practice is followed nowhere: a directory is no file that could show it."""
    return answer.status is Status.FAIL and all(finding.anchor.endswith("absent") for finding in answer.findings)


def _verdict(answer: Answer) -> tuple[object, ...]:
    places = sorted((f.rule, f.location.path, f.location.line, f.severity) for f in answer.findings)
    return answer.status, answer.share, places


def _silent(kind: Kind, root: Path, cache: Path) -> dict[str, str]:
    """The checks that do not name the file, with what they say."""
    return {c: f"{a.status} {a.share} {a.reason} {a.notes}" for c, a in _ask(kind, root, cache).items()
            if not _names(a, kind.path)}  # fmt: skip


def _both(kind: Kind, tmp_path: Path, cache: Path, place: Callable[[Path], None]) -> dict[str, dict[str, str]]:
    """Silent checks where the file is alone, and beside a good one of its kind."""
    found: dict[str, dict[str, str]] = {}
    for case in ("alone",) if kind.suffices else ("alone", "beside"):
        root = tmp_path / case / "tree"
        root.mkdir(parents=True)
        if case == "beside":
            _write(root, kind.beside, kind.good.encode())
        place(root)
        if silent := _silent(kind, root, cache):
            found[case] = silent
    return found


def test_every_inspector_of_files_has_a_kind() -> None:
    assert {kind.inspector for kind in KINDS} == {i.name for i in INSPECTORS if not i.live}


@pytest.mark.parametrize("kind", KINDS, ids=_name)
def test_a_good_file_is_judged(kind: Kind, tmp_path: Path, cache: Path) -> None:
    _write(tmp_path / "tree", kind.path, kind.good.encode())
    answers = _ask(kind, tmp_path / "tree", cache)
    assert any(answer.status in (Status.PASS, Status.FAIL) and answer.share == 1 for answer in answers.values())


@pytest.mark.parametrize("way", HIDDEN)
@pytest.mark.parametrize("kind", KINDS, ids=_name)
def test_a_file_whose_content_is_hidden_is_named(kind: Kind, way: str, tmp_path: Path, cache: Path) -> None:
    if fine := {"conflict": kind.conflict, "empty": kind.empty, "cut off": kind.whole}.get(way):
        pytest.skip(fine)
    assert _both(kind, tmp_path, cache, lambda root: _write(root, kind.path, HIDDEN[way](kind))) == {}


@pytest.mark.parametrize("encoding", ENCODED)
@pytest.mark.parametrize("kind", KINDS, ids=_name)
def test_a_file_in_another_encoding_is_judged_as_in_utf_8_or_named(
    kind: Kind, encoding: str, tmp_path: Path, cache: Path
) -> None:
    _write(tmp_path / "plain", kind.path, kind.good.encode())
    _write(tmp_path / "other", kind.path, ENCODED[encoding](kind.good))
    plain, other = _ask(kind, tmp_path / "plain", cache), _ask(kind, tmp_path / "other", cache)
    differing = {
        check: f"{answer.status} {answer.share} {answer.reason} {answer.notes}"
        for check, answer in other.items()
        if _verdict(answer) != _verdict(plain[check]) and not _names(answer, kind.path)
    }
    assert differing == {}


@pytest.mark.parametrize("obstacle", OBSTACLES)
@pytest.mark.parametrize("kind", KINDS, ids=_name)
def test_a_file_that_cannot_be_opened_is_named(
    kind: Kind, obstacle: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.write_text(kind.good)

    def place(root: Path) -> None:
        file = root / kind.path
        file.parent.mkdir(parents=True, exist_ok=True)
        match obstacle:
            case "link out of the tree":
                file.symlink_to(outside)
            case "no permission":
                file.write_text(kind.good)
                file.chmod(0)
            case _:
                file.write_text(kind.good)

    access, read = os.access, Tree.read

    def denied(path: str | Path, mode: int) -> bool:  # root may read everything
        return not os.fspath(path).endswith(f"/tree/{kind.path}") and access(path, mode)

    def lost(tree: Tree, path: str) -> bytes:
        if path == kind.path:
            raise FileNotFoundError(2, "No such file or directory")
        return read(tree, path)

    def lost_to_the_scan(path: str, size: int) -> bytes:
        if path.endswith(f"/{kind.path}"):
            raise FileNotFoundError(2, "No such file or directory")
        return quick(path, size)

    quick = scan.read
    if obstacle == "no permission":
        monkeypatch.setattr(os, "access", denied)
    if obstacle == "lost after listing":
        monkeypatch.setattr(Tree, "read", lost)
        monkeypatch.setattr(scan, "read", lost_to_the_scan)
    assert _both(kind, tmp_path, cache, place) == {}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.inspector != "secrets"], ids=_name)
def test_a_directory_with_the_name_of_a_file_is_never_a_pass(kind: Kind, tmp_path: Path, cache: Path) -> None:
    _write(tmp_path / "tree", f"{kind.path}/notes.txt", b"a\n")
    answers = _ask(kind, tmp_path / "tree", cache)
    assert [c for c, a in answers.items() if not (a.status is Status.NA or _absent(a) or _names(a, kind.path))] == []
