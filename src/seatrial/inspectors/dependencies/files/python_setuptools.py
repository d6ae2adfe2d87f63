"""
Python: setup.cfg, and setup.py as far as it is literal; it is never run.

Source: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
"""

from __future__ import annotations

import ast
import configparser
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest, inside
from seatrial.inspectors.dependencies.text import Lines
from seatrial.text import lines

from .python_requirements import specified

_ARGUMENTS = ("install_requires", "setup_requires", "tests_require", "extras_require")


def setup_cfg(manifest: Manifest) -> Listed:
    """`install_requires`, `setup_requires`, `tests_require` and the extras; `file:` names requirements files."""
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    for value in _values(manifest.text):
        for name in _named_files(value):
            if inside(manifest.folder, name) not in manifest.paths:
                found.problem(f"it names {name[:80]}, which is not in the tree")
        if value.strip().startswith("file:"):
            continue
        for entry in lines.split(value):
            text = entry.partition(" #")[0].strip()
            if text and not text.startswith("#"):
                specified(text, places.next(text), found)
    return found.listed()


def setup_cfg_files(manifest: Manifest) -> Iterator[str]:
    """The requirements files that a setup.cfg names (`file:`), as far as they are in the tree."""
    try:
        values = list(_values(manifest.text))
    except ValueError:
        return
    for value in values:
        for name in _named_files(value):
            if (path := inside(manifest.folder, name)) and path in manifest.paths:
                yield path


def _named_files(value: str) -> list[str]:
    text = value.strip()
    return [n for name in text[5:].split(",") if (n := name.strip())] if text.startswith("file:") else []


def _values(text: str) -> Iterator[str]:
    """The values that hold requirements."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string("\n".join(lines.split(text)))
    except configparser.Error as error:
        raise ValueError(f"invalid setup.cfg: {' '.join(str(error).split())[:80]}") from None
    for key in _ARGUMENTS[:3]:
        yield parser.get("options", key, fallback="")
    if parser.has_section("options.extras_require"):
        yield from (value or "" for _, value in parser.items("options.extras_require"))


def setup_py(manifest: Manifest) -> Listed:
    """What is written literally in the call of `setup`; the file is never run."""
    found = Gathered(manifest.path)
    try:
        module = ast.parse(manifest.text)
    except (SyntaxError, ValueError, MemoryError) as error:
        raise ValueError(f"not valid Python: {' '.join(str(error).split())[:80]}") from None
    known = _assigned(module)
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call) and _is_setup(node.func)):
        for keyword in call.keywords:
            if keyword.arg is None:
                found.problem("setup() takes keywords that are computed")
            elif keyword.arg in _ARGUMENTS:
                _literal(keyword.arg, keyword.value, known, found)
    return found.listed()


def _is_setup(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "setup") or (
        isinstance(function, ast.Attribute) and function.attr == "setup"
    )


def _assigned(module: ast.Module) -> dict[str, ast.expr]:
    """Names that the module assigns once, at its top level, and never changes."""
    known: dict[str, ast.expr] = {}
    changed: set[str] = set()
    top = set(map(id, module.body))
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.value, ast.Name):
            changed.add(node.value.id)  # NAME.append(...), NAME["x"] = ...
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            changed.add(node.target.id)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in known or id(node) not in top:
                changed.add(name)
            known[name] = node.value
    stores = Counter(n.id for n in ast.walk(module) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return {name: value for name, value in known.items() if name not in changed and stores[name] == 1}


def _literal(argument: str, value: ast.expr, known: Mapping[str, ast.expr], found: Gathered) -> None:
    if isinstance(value, ast.Name) and value.id in known:
        value = known[value.id]
    lists: Iterable[ast.expr] = [value]
    if argument == "extras_require" and isinstance(value, ast.Dict):
        lists = [known.get(v.id, v) if isinstance(v, ast.Name) else v for v in value.values]
    for one in lists:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            texts = [(line, one) for line in lines.split(one.value)]
        elif isinstance(one, ast.List | ast.Tuple | ast.Set):
            texts = [(e.value, e) for e in one.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            if len(texts) < len(one.elts):
                found.problem(f"{argument} of setup() is partly computed")
        else:
            found.problem(f"{argument} of setup() is computed")
            continue
        for text, node in texts:
            if text.strip():
                specified(text.strip(), Location(found.path, node.lineno, node.col_offset + 1), found)
