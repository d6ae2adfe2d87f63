"""
Which of bandit's configuration holds for a tree, as `bandit -r .` in its root would take it.

`[tool.bandit]` of pyproject.toml, or else bandit.yaml, is handed over with `-c`. Of the one `.bandit` that bandit finds
by itself only what selects rules and paths is taken: its other keys could make bandit write files.

Source: https://bandit.readthedocs.io/en/latest/config.html
"""

from __future__ import annotations

import configparser
import fnmatch
import posixpath
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from seatrial.system.source import Tree

_YAML = ("bandit.yaml", "bandit.yml", ".bandit.yaml", ".bandit.yml")
_WITHOUT, _WITH = ("*.py", "*.pyw"), ("*.py",)  # bandit's own, without and with a configuration
_INI = (("exclude", "--exclude"), ("skips", "--skip"), ("tests", "--tests"), ("profile", "--profile"))
_LIMIT = 256 * 1024  # bytes of a configuration


@dataclass(frozen=True, slots=True)
class BanditConfig:
    """What bandit is called with."""

    options: tuple[str, ...] = ()
    include: tuple[str, ...] = _WITHOUT
    """Globs of the files that are looked at."""
    notes: tuple[str, ...] = ()
    """What a reader should know of it."""

    def includes(self, path: str) -> bool:
        """Whether bandit looks at a file, if nothing excludes it."""
        return any(fnmatch.fnmatch(f"./{path}", glob) for glob in self.include)


NONE = BanditConfig()
"""No configuration."""


def of_tree(tree: Tree) -> BanditConfig:
    """The configuration that holds for a tree."""
    ini, notes = _ini(tree)
    path = ini.get("configfile", "").removeprefix("./")
    if path and path not in tree.paths:
        notes += (f".bandit: configfile {path} is not in the tree; it is not used",)
        path = ""
    document: Mapping[str, Any] | None = None
    for name in (path,) if path else ("pyproject.toml", *_YAML):
        if name in tree.paths:
            document, more = _document(tree, name)
            notes += more
            if document is not None:
                path = name
                break
    options: tuple[str, ...] = ("-c", path) if document is not None else ()
    include: tuple[str, ...] = _WITHOUT
    if document is not None:
        globs = document.get("include")
        include = tuple(map(str, globs)) if isinstance(globs, list) and globs else _WITH
    for key, flag in _INI:
        if ini.get(key):
            options += (f"{flag}={ini[key]}",)
    if ini.get("ignore-nosec"):  # bandit takes any text for yes
        options += ("--ignore-nosec",)
    if ini.get("baseline"):
        notes += (".bandit: a baseline hides results; it is not used",)
    return BanditConfig(options, include, notes)


def _document(tree: Tree, path: str) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
    """The settings in a file; None if it has none, or is not valid."""
    try:
        text = tree.text(path) or ""
        if len(text) > _LIMIT:
            return None, (f"{path}: larger than {_LIMIT // 1024} KiB; bandit's part of it is not used",)
        if path.endswith(".toml"):
            found = tomllib.loads(text.replace("\r\n", "\n")).get("tool", {}).get("bandit")
        else:
            found = yaml.safe_load(text)
    except (OSError, ValueError, AttributeError, RecursionError, yaml.YAMLError) as error:
        kind = "TOML" if path.endswith(".toml") else "YAML"
        line = " ".join(str(error).split())[:120]
        return None, (f"{path}: not valid {kind} ({line}); bandit's part of it is not used",)
    if found is None:
        return None, ()
    if not isinstance(found, dict):
        return None, (f"{path}: bandit's settings are not a mapping; they are not used",)
    return found, ()


def _ini(tree: Tree) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The settings of the one file called `.bandit`."""
    paths = [f.path for f in tree.files if posixpath.basename(f.path) == ".bandit"]
    if len(paths) > 1:
        listed = ", ".join(paths[:3])
        return {}, (f".bandit: {len(paths)} files ({listed}): bandit refuses more than one; none is used",)
    if not paths:
        return {}, ()
    (path,) = paths
    ini = configparser.ConfigParser(interpolation=None)
    try:
        ini.read_string((tree.text(path) or "")[:_LIMIT])
        section = dict(ini.items("bandit"))
    except (OSError, configparser.Error) as error:
        line = " ".join(str(error).split())[:120]
        return {}, (f"{path}: not a valid ini file with a section [bandit] ({line}); it is not used",)
    section = {key: value.replace("%%", "\0") for key, value in section.items()}  # bandit's parser interpolates
    if any("%" in value for value in section.values()):
        return {}, (f"{path}: a value with % is not valid for bandit; it is not used",)
    return {key: value.replace("\0", "%") for key, value in section.items()}, ()
