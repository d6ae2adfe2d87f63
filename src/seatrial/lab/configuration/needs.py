"""
Which settings each service has, and what shows whether it needs them.

The evidence, the strongest first: the configuration, a reference that Compose refuses (`${NAME:?}`), and code that
fails without the variable. Then the comment in `.env.example`, a default, and the name of a key that signs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.lab import hosts
from seatrial.lab.model import Service, Stack

from . import arguments
from .arguments import Argument
from .references import Interpolation, reference
from .variables import Need, ServiceVariable, SettingKind, content, signs

_PROGRAMS = frozenset({"py", "js", "mjs", "cjs", "ts", "rb", "php", "pl", "sh", "jar", "war"})


_PASSWORD = re.compile(r"(?:^|_)(?:PASS|PASSWORD|PASSWD|PWD)$")


@dataclass(frozen=True, slots=True)
class CodeRead:
    """One place in the repository's code that reads a variable."""

    file: str
    name: str
    need: Need
    line: int = 0


@dataclass(frozen=True, slots=True)
class Documented:
    """What an example says of a variable: `# optional`, or a line that is commented out."""

    name: str
    need: Need
    file: str


@dataclass(frozen=True, kw_only=True)
class NeedEvidence:
    """What is known of the settings before the stack runs."""

    reads: tuple[CodeRead, ...] = ()
    documented: tuple[Documented, ...] = ()
    said: Mapping[str, Need] = field(default_factory=dict)
    """By `NAME` or `SERVICE.NAME`: what the configuration says."""
    is_secret: Callable[[str], bool] = lambda _name: False


def found(
    stack: Stack,
    document: Mapping[str, Any],
    known: NeedEvidence,
    root: Path,
    resolved: Mapping[str, Any] | None = None,
) -> Iterator[ServiceVariable]:
    """
    The settings of each lasting service.

    Args:
        stack: the services.
        document: the Compose files before their variables have values.
        known: what code and examples say.
        root: of the repository, as Compose knows it.
        resolved: the Compose files with values.
    """
    own = hosts.own_code(stack, root)
    for service in stack.lasting:
        mine = [read for read in known.reads if own[service.name](read.file)]
        body = (document.get("services") or {}).get(service.name) or {}
        references = _references(body)
        full = ((resolved or {}).get("services") or {}).get(service.name) or {}
        for one in arguments.of_service(body, full):
            if one.given.name not in service.environment:
                yield _of_command(service, one, mine, known)
        others = {v for s in stack.services.values() if s.name != service.name for v in s.environment.values() if v}
        yield from _of_service(service, mine, references, known, others)


def _of_service(
    service: Service,
    reads: Iterable[CodeRead],
    references: Mapping[str, Interpolation],
    known: NeedEvidence,
    others: Collection[str],
) -> Iterator[ServiceVariable]:
    by_name: dict[str, list[CodeRead]] = {}
    for one in reads:
        by_name.setdefault(one.name, []).append(one)
    mounted = (m for m in service.mounts if m.kind == "bind" and m.read_only and _is_file(m.source))
    files = {*service.files, *(m.target for m in mounted if not _is_code(m.target))}
    named: set[str] = set()
    for name, value in sorted(service.environment.items()):
        path = value if value in files else ""
        named.add(path)
        given, mine = references.get(name), by_name.get(name, [])
        need, because, sure = _need(service, name, mine, given, known, is_file=bool(path))
        if not sure and known.is_secret(name) and (_PASSWORD.search(name) or value in others):
            because = ""  # a password of the stack's own: that the code asks for it mildly shows nothing
        yield ServiceVariable(
            service=service.name, name=name, value=value, need=need, because=because, sure=sure,
            content=SettingKind.FILE if path else content(name, value, known.is_secret),
            read=bool(mine) or need is Need.REQUIRED, given=given, path=path, is_key=signs(name) and not path,
        )  # fmt: skip
    for path in sorted(files - named):
        need, because = _said(service.name, path, known) or (Need.OPTIONAL, "")
        yield ServiceVariable(
            service=service.name, name=path, value=path, content=SettingKind.FILE, need=need, because=because, path=path
        )


def _of_command(service: Service, one: Argument, reads: Iterable[CodeRead], known: NeedEvidence) -> ServiceVariable:
    """A setting in a command: the program gets it, so it is read."""
    name = one.given.name
    mine = [read for read in reads if read.name == name]
    need, because, sure = _need(service, name, mine, one.given, known, is_file=False)
    return ServiceVariable(
        service=service.name, name=name, value=one.value, content=content(name, one.value, known.is_secret), need=need,
        because=because, sure=sure, read=True, given=one.given, is_key=signs(name), argument=one,
    )  # fmt: skip


def _is_code(path: str) -> bool:
    """Whether a mounted file is the program itself and no setting."""
    return path.rpartition(".")[2].lower() in _PROGRAMS


def _is_file(source: str) -> bool:
    return bool(source) and Path(source).is_file()


def _said(service: str, name: str, known: NeedEvidence) -> tuple[Need, str] | None:
    for key in (f"{service}.{name}", name):
        if key in known.said:
            return known.said[key], "the configuration says so"
    return None


def _need(
    service: Service,
    name: str,
    reads: list[CodeRead],
    given: Interpolation | None,
    known: NeedEvidence,
    *,
    is_file: bool,
) -> tuple[Need, str, bool]:
    """Whether a service needs a variable, what shows it (empty: nothing does), and whether that says it outright."""
    if said := _said(service.name, name, known):
        return (*said, True)
    if given is not None and given.guards_unset:
        return Need.REQUIRED, f"the Compose file refuses to start without {given.name}", True
    hard = next((read for read in reads if read.need is Need.REQUIRED), None)
    if hard is not None:
        return Need.REQUIRED, f"{_place(hard)} reads it without a default", True
    if signs(name) and (reads or service.builds):
        return Need.REQUIRED, "its name is that of a key that signs or encrypts", True
    noted = next((one for one in known.documented if one.name in (name, given.name if given else name)), None)
    if noted is not None:
        return noted.need, f"{noted.file} says so", True
    if given is not None and given.gives_default:
        return Need.DEFAULTED, f"the Compose file gives a default for {given.name}", True
    soft = next((read for read in reads if read.need is Need.DEFAULTED), None) or next(iter(reads), None)
    if soft is not None:
        how = "has a default for it" if soft.need is Need.DEFAULTED else "asks for it without failing"
        return soft.need, f"{_place(soft)} {how}", soft.need is Need.DEFAULTED
    if is_file and service.builds:
        return Need.REQUIRED, "it names a secret or a configuration that is mounted", True
    return Need.OPTIONAL, "", False


def _place(read: CodeRead) -> str:
    return f"{read.file}:{read.line}" if read.line else read.file


def _references(body: Mapping[str, Any]) -> Mapping[str, Interpolation]:
    """By variable of the container: the one reference that is its whole value."""
    given = body.get("environment") or {}
    pairs = given.items() if isinstance(given, Mapping) else (str(line).partition("=")[::2] for line in given)
    found = {str(name): reference(str(value)) for name, value in pairs if value is not None}
    return {name: one for name, one in found.items() if one is not None}
