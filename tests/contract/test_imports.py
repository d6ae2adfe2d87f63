"""Who may import whom: the direction of the data, held by reading the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "seatrial"
PURE = {
    "allowance",
    "baseline",
    "domain",
    "measured",
    "extent",
    "grading",
    "severity",
    "errors",
    "catalogue",
    "settings",
    "score",
    "gate",
    "path_to_pass",
    "phase",
    "phases",
    "waivers",
    "causes",
    "same_fact",
    "globs",
    "kinds",
    "patches",
}

MAY_IMPORT = {
    "allowance": {"domain"},
    "domain": {"measured", "extent", "grading", "severity"},
    "grading": {"severity", "wording"},
    "severity": set(),
    "extent": {"wording"},
    "patches": {"domain", "lines", "redact"},
    "lines": set(),
    "measured": set(),
    "errors": set(),
    "encoding": set(),
    "globs": set(),
    "numerals": set(),
    "phase": set(),
    "images": set(),
    "durations": set(),
    "stores": set(),
    "redact": set(),
    "vault": {"redact"},
    "masking": {"domain", "vault"},
    "yaml_tree": {"lines"},
    "kinds": {"wording"},
    "settings": {"ci", "errors", "kinds"},
    "process": {"ci", "errors", "lines"},
    "git": {"process", "errors", "repository"},
    "repository": {"errors"},
    "listing": {"errors", "git", "process"},
    "source": {"encoding", "git", "globs", "errors", "lines", "listing", "process"},
    "catalogue": {"domain", "errors", "grading", "numerals"},
    "causes": {"domain", "catalogue", "grading", "same_fact"},
    "score": PURE,
    "gate": PURE,
    "path_to_pass": PURE,
    "phases": PURE,
    "waivers": PURE,
    "baseline": PURE,
    "base": {"domain", "errors", "git", "lines", "listing", "process", "repository", "source"},
    "ci": PURE | {"base", "lines", "numerals", "report", "wording", "redact"},
    "lab": {"durations", "errors", "images", "lines", "measured", "numerals", "process", "redact", "stores", "wording"},
    "inspectors": {
        "kinds",
        "catalogue",
        "grading",
        "config",
        "lab",
        "sinks",
        "wording",
        "domain",
        "measured",
        "errors",
        "source",
        "process",
        "redact",
        "settings",
        "git",
        "globs",
        "durations",
        "images",
        "stores",
        "yaml_tree",
        "encoding",
        "extent",
        "lines",
        "numerals",
        "vault",
    },
    "report": PURE - {"globs"} | {"lines", "redact", "wording"},
    "plan": {"domain", "errors", "catalogue", "inspectors", "settings"},
    "same_fact": {"domain", "grading"},
    "survey": {"same_fact", "causes", "domain", "errors", "catalogue", "inspectors", "masking", "plan", "vault"},
    "config": {"domain", "errors", "kinds", "phase", "settings", "waivers", "yaml_tree"},
    "sinks": {"errors"},
    "sweep": {"lab", "settings", "sinks", "wording", "errors"},
    "progress": set(),
    "options": {"settings", "errors"},
    "wording": set(),
}
"""Package or module -> what it may import of ours besides itself. Those not listed wire the others together."""

WIRING = {
    "__init__",
    "__main__",
    "allowed",
    "basis",
    "cli",
    "comparing",
    "policy",
    "runner",
    "second_stage",
    "explain",
    "fixing",
    "init",
    "versions",
}
STANDARD_ONLY = {
    "allowance",
    "domain",
    "measured",
    "errors",
    "globs",
    "score",
    "gate",
    "path_to_pass",
    "causes",
    "waivers",
    "redact",
    "baseline",
    "numerals",
}
"""Modules that need nothing but the standard library and each other."""


def units() -> list[str]:
    return sorted(
        p.stem if p.is_file() else p.name for p in SOURCE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    )


def imports(unit: str) -> Iterator[tuple[str, str]]:
    """(file, absolute module) of every import below a unit, those inside functions included."""
    path = SOURCE / unit
    for file in sorted(path.rglob("*.py")) if path.is_dir() else [SOURCE / f"{unit}.py"]:
        package = ["seatrial", *file.relative_to(SOURCE).parts[:-1]]
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((str(file), alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*base, *([node.module] if node.module else [])])
                if module == "seatrial":
                    yield from ((str(file), f"seatrial.{alias.name}") for alias in node.names)
                else:
                    yield str(file), module


def test_every_unit_has_its_place() -> None:
    assert set(units()) == set(MAY_IMPORT) | WIRING


@pytest.mark.parametrize("unit", sorted(MAY_IMPORT))
def test_imports_follow_the_direction(unit: str) -> None:
    allowed = MAY_IMPORT[unit] | {unit, "__version__"}
    wrong = [
        f"{file}: {module}"
        for file, module in imports(unit)
        if module.startswith("seatrial.") and module.split(".")[1] not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("unit", sorted(STANDARD_ONLY))
def test_the_core_needs_no_package(unit: str) -> None:
    import sys

    foreign = {m.split(".")[0] for _, m in imports(unit)} - set(sys.stdlib_module_names) - {"seatrial"}
    assert foreign == set()


def test_subprocesses_have_one_door() -> None:
    users = {f for u in units() for f, m in imports(u) if m in ("subprocess", "os.popen", "pty")}
    assert {Path(f).name for f in users} <= {"process.py"}
