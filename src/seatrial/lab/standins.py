"""
What replaces settings that are not in the repository, as they should not be: examples, and secrets made up.

A fresh clone has no `.env`. Its example replaces it, for the Compose files' variables and for services'
`env_file` alike; a variable that names a secret and has no value gets a random one, the same everywhere. Source:
https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.system import process
from seatrial.text.lines import split
from seatrial.text.redact import Secret

from .engine import LabError

_WORDS = ("example", "sample", "dist", "template", "tmpl", "defaults", "default")
_ENDINGS = tuple(f"{sign}{word}" for sign in ".-_" for word in _WORDS)
EXAMPLES = (
    *(f".env{ending}" for ending in _ENDINGS), *(f"env{ending}" for ending in _ENDINGS),
    *(f"{word}.env" for word in _WORDS),
)  # fmt: skip
"""What replaces a `.env` that is not committed; the first that is there."""
_ASSIGNED = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*?)\s*$", re.MULTILINE)
_EMPTY = re.compile(r"(?:''|\"\")?\s*(?:#.*)?")
_MOST = 1_000_000  # bytes of a file of variables

RunCompose = Callable[..., process.Completed]
"""Calls `docker compose` with these words for the user's files alone."""


@dataclass(frozen=True)
class StandIns:
    """What replaces what."""

    env_file: Path | None = None
    """For a `.env` beside the Compose files."""
    made: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    """Variables that were made up."""
    env_files: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    """By service: its whole list of `env_file`, where one of them is not there."""
    notes: tuple[str, ...] = ()

    def lines(self, service: str) -> Iterator[str]:
        """For the service's part of a file on top of the user's."""
        if service in self.env_files:
            yield f"    env_file: !override {json.dumps(self.env_files[service])}"


NONE = StandIns()


@dataclass
class Finder:
    """Looks for what is not there."""

    root: Path
    """The directory of the Compose files, by the path by which Compose knows it."""
    scratch: Path
    """A directory of ours."""
    given: Mapping[str, str]
    """Variables that have a value before any file is read."""
    is_secret: Callable[[str], bool]
    made: dict[str, Secret] = field(default_factory=dict, repr=False)
    _examples: dict[str, str] = field(default_factory=dict)

    def find(self, compose: RunCompose) -> StandIns:
        """
        Every replacement.

        Raises:
            LabError: a service's file of variables is not there, nor an example of it.
        """
        present = (self.root / ".env").is_file()
        example = None if present else _first(self.root / name for name in EXAMPLES)
        known = _assigned(self.root / ".env") if present else _assigned(example) if example else {}
        listed = _listed(compose)
        for name in sorted(listed.keys() | ({} if present else known).keys()):
            if not (self.given.get(name) or known.get(name) or listed.get(name)) and not (present and name in known):
                self._make(name)
        document = _uninterpolated(compose)
        for secret in (document.get("secrets") or {}).values():
            name = str((secret or {}).get("environment") or "")
            if name and not self.given.get(name) and not known.get(name):
                self.made.setdefault(name, Secret(secrets.token_hex(16)))  # a secret whatever it is called
        env_files = dict(self._services(document))
        notes = [f"variables come from {example.name}, because .env is missing"] if example else []
        notes += [f"{stand_in} replaces {name}, which is missing" for name, stand_in in self._examples.items()]
        if self.made:
            notes.append(f"variables without a value were given random ones: {', '.join(sorted(self.made))}")
        return StandIns(example, dict(self.made), env_files, tuple(notes))

    def _make(self, name: str) -> None:
        if self.is_secret(name):
            self.made.setdefault(name, Secret(secrets.token_hex(16)))

    def _services(self, document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Mapping[str, object], ...]]]:
        """Of the services that lack a file: the list of all their files, with others in place of those that lack."""
        for service, body in (document.get("services") or {}).items():
            entries = [self._entry(e) for e in _list((body or {}).get("env_file"))]
            lacking = [e for e in entries if e.get("required", True) and not self._path(e).is_file()]
            if not lacking or any("$" in str(e["path"]) for e in entries):
                continue  # a path with a variable in it is Compose's to resolve
            made: set[str] = set()
            chosen = [self._stand_in(service, e, made) if e in lacking else e for e in entries]
            if made:
                chosen.append({"path": str(self._written(service, made)), "required": True})
            yield service, tuple(chosen)

    def _entry(self, given: object) -> dict[str, object]:
        entry: dict[str, object] = dict(given) if isinstance(given, Mapping) else {"path": str(given)}
        return entry | {"path": str(self.root / str(entry.get("path", "")))}

    def _path(self, entry: Mapping[str, object]) -> Path:
        return Path(str(entry["path"]))

    def _stand_in(self, service: str, entry: Mapping[str, object], made: set[str]) -> dict[str, object]:
        path = self._path(entry)
        names = EXAMPLES if path.name == ".env" else tuple(_examples_of(path.name))
        example = _first((*(path.parent / name for name in names), *_of_folders(path, self.root)))
        shown = _relative(path, self.root)
        if example is None:
            raise LabError(
                f"{service} takes its variables from {shown}, which is missing; commit `{names[0]}` "
                "beside it as an example, or write the file in a step before this one"
            )
        self._examples[shown] = _relative(example, self.root)
        for name, value in _assigned(example).items():
            if not value:
                self._make(name)
                made |= {name} & self.made.keys()
        return {**entry, "path": str(example)}

    def _written(self, service: str, names: set[str]) -> Path:
        file = self.scratch / f"variables-{re.sub(r'[^A-Za-z0-9_.-]', '_', service)}"
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={self.made[name].reveal()}\n" for name in sorted(names)), "utf-8")
        return file


def _uninterpolated(compose: RunCompose) -> Mapping[str, Any]:
    """The Compose files before their variables have values; what is wrong with them is said when they have."""
    done = compose("config", "--no-interpolate", "--format", "json")
    document: Mapping[str, Any] = {} if done.returncode else json.loads(done.stdout)
    return document


def _examples_of(name: str) -> Iterator[str]:
    """Names of examples of a file: `.env.dev-sample`, `.env.example.dev`, `app.example.env`."""
    yield from (name + ending for ending in _ENDINGS)
    stem, dot, last = name.rpartition(".")
    for word in _WORDS if stem and dot else ():
        yield f"{stem}.{word}.{last}"


def _of_folders(path: Path, root: Path) -> Iterator[Path]:
    """The same file in an example of a folder that holds it: `.envs.example/local/app.env`."""
    for folder in path.parents:
        if folder == root or not folder.is_relative_to(root):
            return
        yield from (folder.with_name(folder.name + ending) / path.relative_to(folder) for ending in _ENDINGS)


def _first(paths: Iterable[Path]) -> Path | None:
    return next((path for path in paths if path.is_file()), None)


def _relative(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _list(value: Any) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _assigned(path: Path) -> dict[str, str]:
    """The variables of a file; those without a value have an empty one."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(_MOST)
    except OSError:
        return {}
    return {name: "" if _EMPTY.fullmatch(value) else value for name, value in _ASSIGNED.findall(text)}


def _listed(compose: RunCompose) -> dict[str, str]:
    """The variables of the Compose files, by Compose's own word, with what the files say in place of a value."""
    done = compose("config", "--variables")
    head, *rows = split(done.stdout.decode("utf-8", "replace")) or [""]
    at = head.find("DEFAULT VALUE")
    if done.returncode or not head.startswith("NAME") or at < 0:
        return {}  # an older Compose
    return {row.split()[0]: row[at:].strip() for row in rows if row.strip()}
