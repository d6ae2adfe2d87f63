"""The seam for CI systems: who may know one by name, and that CONTRIBUTING's recipe for another one works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from seatrial.domain.ci_systems import WORKSPACES, System

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "seatrial"
SYSTEMS = sorted(set(System) - {System.AUTO, System.PLAIN})
ADDRESS = re.compile(r"https?://\S+")
NAMED = re.compile("|".join([*SYSTEMS, *map(re.escape, WORKSPACES.values())]), re.IGNORECASE)
TEXTS = {".py", ".yml", ".json", ".j2"}

ALLOWED: Mapping[str, str] = {
    "ci/": "the implementations, and the list of them",
    "inspectors/": "pipelines, workflows, tokens and packages are the subject of inspection",
    "fixing/workflow.py": "fixes of workflows, which are the subject of inspection",
    "app/examples.json": "samples of what the inspectors report",
    "verdict/catalogue/2026.2.yml": "the title of the check of workflows",
    "domain/kinds.py": "what a repository may be: an action",
    "text/redact.py": "prefixes of tokens, which are the subject of inspection",
    "domain/ci_systems.py": "the list of systems",
    "domain/finding.py": "the id of a rule in a docstring",
    "app/cli.py": "the id of a rule in the help of `explain`",
    "report/sarif.py": "the reader that the file's limits come from",
    "report/markup.py": "the two dialects of Markdown that a text must be harmless in",
    "app/templates/workflow.yml": "what `init` writes for one system, named by its host",
}
"""Places outside the seam that name a CI system, and why."""


def naming() -> dict[str, int]:
    """Files that name a CI system, addresses aside: path, and the first line."""
    found = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in TEXTS:
            continue
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if NAMED.search(ADDRESS.sub("", line)):
                found[path.relative_to(SOURCE).as_posix()] = number
                break
    return found


def test_nothing_outside_the_seam_names_a_ci_system() -> None:
    wrong = {path: line for path, line in naming().items() if not path.startswith(tuple(ALLOWED))}
    assert wrong == {}


@pytest.mark.parametrize("place", sorted(ALLOWED))
def test_an_exception_is_needed(place: str) -> None:
    assert [path for path in naming() if path.startswith(place)] != []


TOY = '''"""A toy."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from seatrial.ci.host import Change, Origin, PrintLine
from seatrial.ci.plain import Plain
from seatrial.ci.results import PublishResult
from seatrial.domain.ci_systems import System
from seatrial.report import Outcome


class Toy(Plain):
    system = System.TOY

    @classmethod
    def is_here(cls, environ: Mapping[str, str]) -> bool:
        return environ.get("TOY_CI") == "yes"

    @property
    def change(self) -> Change:
        return Change(origin=Origin.PUSH, event="toy_push", base=self._environ["TOY_BASE"], base_ref="toys")

    def group(self, title: str, say: PrintLine) -> AbstractContextManager[None]:
        say(f"<toy {title}>")
        return nullcontext()

    def publish(self, outcome: Outcome, written: Mapping[str, Path], say: PrintLine) -> PublishResult:
        say(f"<toy verdict {outcome.verdict.decision}, {len(written)} files>")
        return PublishResult()
'''


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """CONTRIBUTING's steps 1, 2 and 5 in a copy of the source."""
    source = tmp_path / "copy" / "seatrial"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    systems, registry = source / "domain" / "ci_systems.py", source / "ci" / "registry.py"
    _replace(systems, '    PLAIN = "plain"', '    TOY = "toy"\n    PLAIN = "plain"')
    _replace(systems, "] = {\n", '] = {\n    System.TOY: "TOY_CHECKOUT",\n')
    (source / "ci" / "toy").mkdir()
    (source / "ci" / "toy" / "__init__.py").write_text('"""A toy."""\n', "utf-8")
    (source / "ci" / "toy" / "host.py").write_text(TOY, "utf-8")
    _replace(registry, "from .plain import Plain\n", "from .plain import Plain\nfrom .toy.host import Toy\n")
    _replace(registry, ", Plain)\n", ", Toy, Plain)\n")
    return source.parent


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), "utf-8")


def _git(tree: Path, *words: str) -> str:
    names = {f"GIT_{who}_{what}": "n@x.y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", "-C", str(tree), *words], env=os.environ | names, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    made = tmp_path / "tree"
    made.mkdir()
    _git(made, "init", "--quiet")
    (made / "main.py").write_text("print(1)\n", "utf-8")
    _git(made, "add", "--all")
    _git(made, "commit", "--quiet", "--message", "one")
    (made / "main.py").write_text("print(2)\n", "utf-8")
    _git(made, "commit", "--quiet", "--all", "--message", "two")
    return made


def _run(copy: Path, tree: Path, *options: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME") if name in os.environ}
    words = [sys.executable, "-m", "seatrial", "run", "--only", "python", "--osv-url", "off", *options]
    return subprocess.run(
        words, cwd=tree, env=kept | {"PYTHONPATH": str(copy)} | environ, capture_output=True, text=True, check=False
    )


def test_a_system_that_follows_the_recipe_is_detected_and_used(copy: Path, tree: Path) -> None:
    base = _git(tree, "rev-parse", "HEAD~1")
    shown = _run(copy, tree, TOY_CI="yes", TOY_BASE=base)
    assert shown.returncode == 0, shown.stderr
    assert "<toy Survey>" in shown.stdout
    assert "<toy verdict PASSED, 5 files>" in shown.stdout
    report = (tree / "seatrial-report" / "report.json").read_text("utf-8")
    assert f"toys at {base[:7]}" in report
    named = _run(copy, tree, "--ci", "toy", TOY_BASE=base)
    assert "<toy Survey>" in named.stdout
    assert "<toy" not in _run(copy, tree).stdout
    assert "toy" in _run(copy, tree, "--ci", "wrong").stderr
