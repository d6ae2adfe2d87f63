"""Who may import whom: the direction of the data, held by reading the imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "seatrial"
ROOMS: dict[str, set[str]] = {
    "text": set(),
    "domain": {"text"},
    "system": {"domain", "text"},
    "settings": {"domain", "text"},
    "lab": {"domain", "system", "text"},
    "verdict": {"domain", "settings", "text"},
    "inspectors": {"domain", "lab", "settings", "system", "text", "verdict"},
    "report": {"domain", "settings", "text", "verdict"},
    "ci": {"domain", "report", "settings", "system", "text", "verdict"},
    "change": {"ci", "domain", "inspectors", "report", "settings", "system", "text", "verdict"},
    "fixing": {"change", "domain", "inspectors", "settings", "system", "text", "verdict"},
    "app": {
        "change", "ci", "domain", "fixing", "inspectors", "lab", "report", "settings", "system", "text", "verdict",
    },
}  # fmt: skip
"""A room -> the rooms that it may import from. Every room imports only from those above it."""

PURE = ("domain", "text/globs", "text/numerals", "text/redact", "verdict/score", "verdict/gate", "verdict/decision",
        "verdict/news_conditions", "verdict/causes", "verdict/path_to_pass", "verdict/baseline")  # fmt: skip
"""Modules and rooms that need nothing but the standard library and each other."""

NARROW: dict[str, set[str]] = {
    "text": set(),
    "text/vault": {"text/redact"},
    "text/yaml_tree": {"text/lines"},
    "domain/patches": {"domain", "text/lines", "text/redact"},
    "system/process": {"domain/ci_systems", "domain/errors", "text/lines"},
    "system/git": {"domain/errors", "system/process", "system/repository"},
    "system/sinks": {"domain/errors"},
    "settings/words": set(),
    "settings/declared": {"domain/ci_systems", "domain/kinds", "settings/words"},
    "verdict/catalogue": {"domain", "text/numerals", "verdict/catalogue"},
    "verdict/same_fact": {"domain"},
    "app/options": {"settings"},
    "app/progress": set(),
}
"""Modules that may import less than their room: another module, or any module of a room. `text` is each of its own."""


def rooms() -> list[str]:
    return sorted(p.name for p in SOURCE.iterdir() if (p / "__init__.py").exists())


def module(file: Path) -> str:
    """`verdict/score` for src/seatrial/verdict/score.py, and `verdict` for its `__init__`."""
    return file.relative_to(SOURCE).with_suffix("").as_posix().removesuffix("/__init__")


def files(unit: str) -> list[Path]:
    path = SOURCE / unit
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def imports(file: Path) -> Iterator[str]:
    """What a file imports, inside functions too: `seatrial.verdict.score`, absolute."""
    package = ["seatrial", *file.relative_to(SOURCE).parts[:-1]]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            below = SOURCE.joinpath(*name.split(".")[1:]) if name.split(".")[0] == "seatrial" else None
            for alias in node.names:
                inner = below is not None and ((below / f"{alias.name}.py").exists() or (below / alias.name).is_dir())
                yield f"{name}.{alias.name}" if inner else name


def ours(file: Path) -> Iterator[str]:
    """What a file imports of ours, as `verdict/score`; the version is nobody's room."""
    found = (name.removeprefix("seatrial.").replace(".", "/") for name in imports(file) if name.startswith("seatrial."))
    return (name for name in found if name != "__version__")


def within(name: str, allowed: set[str]) -> bool:
    return any(name == one or name.startswith(f"{one}/") for one in allowed)


def test_the_rooms_are_these_and_a_dozen_at_most() -> None:
    assert rooms() == sorted(ROOMS)
    assert len(ROOMS) <= 12
    files = {p.name for p in SOURCE.iterdir() if p.is_file()}
    assert files == {"__init__.py", "__main__.py", "py.typed"}


def test_a_room_imports_only_from_those_above_it() -> None:
    above: set[str] = set()
    for room, allowed in ROOMS.items():
        assert allowed <= above, room
        above.add(room)


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_imports_follow_the_direction(room: str) -> None:
    allowed = ROOMS[room] | {room}
    assert [f"{module(file)}: {name}" for file in files(room) for name in ours(file) if not within(name, allowed)] == []


@pytest.mark.parametrize("unit", sorted(NARROW))
def test_some_modules_may_import_less(unit: str) -> None:
    allowed = NARROW[unit] | {unit}
    if unit == "text":  # no module of it needs another one, but for those that are named
        wrong = [(module(f), n) for f in files(unit) if module(f) not in NARROW for n in ours(f) if n != module(f)]
        assert wrong == []
        return
    assert [f"{module(file)}: {name}" for file in files(unit) for name in ours(file) if not within(name, allowed)] == []


@pytest.mark.parametrize("unit", PURE)
def test_the_core_needs_no_package(unit: str) -> None:
    foreign = {name.split(".")[0] for file in files(unit) for name in imports(file)}
    assert foreign - set(sys.stdlib_module_names) - {"seatrial"} == set()


def test_subprocesses_have_one_door() -> None:
    doors = {module(f) for room in ROOMS for f in files(room) if {"subprocess", "os.popen", "pty"} & set(imports(f))}
    assert doors <= {"system/process"}
