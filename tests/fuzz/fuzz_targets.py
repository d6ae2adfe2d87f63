"""
What is fuzzed: one table. A target is a function that takes bytes and checks what must hold for any.

A check catches the errors that its parser declares in its docstring, and nothing else. Seeds are in seeds/TARGET/ and
in tests/corpus; seeds/TARGET.dict has tokens of the language, one JSON string a line. fuzz_trees.py says how several
files are written in one input.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import fuzz_checks as texts
import fuzz_checks_build as build
import fuzz_trees

from seatrial.verdict import catalogue

CORPUS = Path(__file__).parent.parent / "corpus"
_SEEDS = Path(__file__).parent / "seeds"
_LARGEST = 20_000  # bytes of a file of the corpus that is a seed
_LARGEST_OF_TREE = 10_000
Check = Callable[[bytes, Path], None]
"""What must hold for any bytes; the folder is a cache that may be kept."""


@dataclass(frozen=True, slots=True)
class Target:
    """One parser, or several that read the same kind of input."""

    name: str
    check: Check
    files: tuple[str, ...] = ()
    """Folders of the corpus of which each file is a seed."""
    trees: tuple[str, ...] = ()
    """Folders of the corpus of which each folder with files is a seed: its files together."""
    prefix: str = ""
    """Where the files of a tree are, with `/`."""

    def seeds(self) -> Iterator[bytes]:
        """Inputs that are right, to begin with."""
        for path in _files(_SEEDS / self.name):
            yield path.read_bytes()
        for folder in self.files:
            yield from (path.read_bytes() for path in _files(CORPUS / folder))
        for folder in self.trees:
            yield from _trees(CORPUS / folder, self.prefix)
        if self.name == "report":
            yield from _reports()
        if self.name == "catalogue":
            yield (Path(catalogue.__file__).parent / f"{catalogue.LATEST}.yml").read_bytes()

    def words(self) -> list[str]:
        """Tokens of the language, for the mutator."""
        path = _SEEDS / f"{self.name}.dict"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and p.stat().st_size < _LARGEST)


def _trees(top: Path, prefix: str) -> Iterator[bytes]:
    for folder in sorted(path for path in top.rglob("*") if path.is_dir()):
        files = [p for p in sorted(folder.iterdir()) if p.is_file() and p.stat().st_size < _LARGEST_OF_TREE]
        if files:
            some = files[: fuzz_trees.MOST]
            yield fuzz_trees.text_of({f"{prefix}{path.name}": path.read_bytes() for path in some})


def _reports() -> Iterator[bytes]:
    import outcomes

    from seatrial.report import json as report_json

    for one in (outcomes.empty(), outcomes.small()):
        yield report_json.render(one).encode()


TARGETS: tuple[Target, ...] = (
    Target("encoding", texts.check_encoding),
    Target("lines", texts.check_lines),
    Target("globs", texts.check_globs),
    Target("yaml", texts.check_yaml, files=("compose", "workflow", "kubernetes", "prometheus")),
    Target("dockerfile", build.check_dockerfile, files=("dockerfile",), trees=("dockerfile",)),
    Target("shell", build.check_shell, files=("dockerfile/pipe-to-shell",)),
    Target("expression", build.check_expression),
    Target("workflow-scripts", build.check_scripts),
    Target("workflow", build.check_workflow, files=("workflow",), trees=("workflow",), prefix=".github/workflows/"),
    Target("tool-outputs", build.check_tool_outputs),
    Target("compose", build.check_compose, files=("compose",), trees=("compose", "cases")),
    Target("interpolation", build.check_interpolation),
    Target("short-forms", build.check_short_forms),
    Target("dependencies-python", build.check_dependencies("requirements.txt"), trees=("dependencies",)),
    Target("dependencies-node", build.check_dependencies("package.json"), trees=("cases",)),
    Target("dependencies-jvm", build.check_dependencies("pom.xml")),
    Target("dependencies-others", build.check_dependencies("go.mod")),
    Target("environment", build.check_environment, trees=("environment",)),
    Target("kubernetes", build.check_kubernetes, files=("kubernetes",), trees=("kubernetes",)),
    Target("prometheus", build.check_prometheus, files=("prometheus",), trees=("prometheus",)),
    Target("promql", build.check_promql),
    Target("secrets", texts.check_secrets, trees=("cases", "environment", "compose")),
    Target("credential-files", texts.check_credential_files, files=("environment",)),
    Target("secret-texts", texts.check_secret_texts, files=("environment",)),
    Target("secret-structure", texts.check_structure),
    Target("config", texts.check_config),
    Target("bandit-config", texts.check_bandit),
    Target("catalogue", texts.check_catalogue),
    Target("report", texts.check_report),
)
BY_NAME: Mapping[str, Target] = {target.name: target for target in TARGETS}
