"""Hosts that a repository's code names: which of them are services of the stack shows which service needs which."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .model import Service, Stack


@dataclass(frozen=True, slots=True)
class NamedHost:
    """A host in a file."""

    file: str
    """Path in the repository."""
    name: str


def needed(stack: Stack, found: Iterable[NamedHost], root: Path) -> Mapping[str, frozenset[str]]:
    """
    By service: the others that its own code names.

    Its code is what it is built from and what is mounted into it. What belongs to another service's build is not its
    own. A shared build names none of its services: it is unknown which of them speaks.

    Args:
        stack: the services.
        found: the hosts in all files.
        root: of the repository, as Compose knows it.
    """
    hosts = [host for host in found if host.name in stack.services]
    folders = {name: tuple(_folders(service, root)) for name, service in stack.services.items()}
    needs: dict[str, frozenset[str]] = {}
    for name, own in folders.items():
        others = {f for other, theirs in folders.items() if other != name for f in theirs} - set(own)
        siblings = {other for other, theirs in folders.items() if set(theirs) & set(own)}
        named = {h.name for h in hosts if _depth(h.file, own) > _depth(h.file, others)}
        if named - siblings:
            needs[name] = frozenset(named - siblings)
    return needs


def own_code(stack: Stack, root: Path) -> Mapping[str, Callable[[str], bool]]:
    """
    By service: whether a file of the repository is of its own code, as `needed` decides it.

    Args:
        stack: the services.
        root: of the repository, as Compose knows it.
    """
    folders = {name: tuple(_folders(service, root)) for name, service in stack.services.items()}
    others = {n: {f for o, theirs in folders.items() if o != n for f in theirs} - set(f) for n, f in folders.items()}

    def of(name: str) -> Callable[[str], bool]:
        return lambda file: _depth(file, folders[name]) > _depth(file, others[name])

    return {name: of(name) for name in folders}


def _folders(service: Service, root: Path) -> Iterator[str]:
    for place in (service.context, *(m.source for m in service.mounts if m.kind == "bind")):
        if place and Path(place).is_relative_to(root):
            yield os.path.relpath(place, root)


def _depth(file: str, folders: Iterable[str]) -> int:
    """How deep the deepest of the folders is that holds a file; 0: none of them does."""
    inside = (f for f in folders if f in (".", file) or file.startswith(f"{f.rstrip('/')}/"))
    return max((1 if f == "." else 2 + f.count("/") for f in inside), default=0)
