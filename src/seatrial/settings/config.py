"""
`.seatrial.yml`: what a repository says about itself.

Every key is checked; an unknown one is an error with its line and the nearest known name. Otherwise a typo would
silently remove a policy.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
    model_validator,
)

from seatrial.domain.errors import UsageError
from seatrial.domain.kinds import RepositoryKind
from seatrial.domain.phase import LABELS, Phase
from seatrial.domain.waivers import Waiver
from seatrial.text import yaml_tree

from . import DECLARABLE, OPTIONS, Option, Where, durations
from .backup import BackupEntry, Backups
from .load import ExecEntry, GroupEntry, Load, OperationEntry, ProfileEntry, SendEntry, StageEntry

NAMES = (".seatrial.yml", ".seatrial.yaml")
SIZE_LIMIT = 1024 * 1024  # bytes; a longer file is not a policy


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WaiverEntry(_Strict):
    """An accepted finding: it no longer caps the score or blocks the gate, and its points stay lost."""

    fingerprint: str = Field("", description="The finding's fingerprint, from report.json.")
    rule: str = Field("", description="Instead of a fingerprint: the rule ...")
    path: str = Field("", description="... and a glob of paths.")
    reason: str = Field(description="Why it is acceptable, in at least 20 characters.")
    owner: str = Field(description="The owner, who is responsible for it.")
    approved_by: str = Field("", description="Who agreed.")
    created: dt.date = Field(description="When it was granted.")
    expires: dt.date = Field(description="When it ends: at most 90 days later, 30 for a critical finding.")
    ticket: str = Field("", description="Where the fix is tracked.")


class Chaos(_Strict):
    """How the Compose stack is tried; everything that is not said is discovered."""

    files: tuple[str, ...] = Field(
        default=(),
        description="The Compose files, later ones over earlier ones; default: those that `docker compose` takes.",
    )
    variables: dict[str, str] = Field(default_factory=dict, description="Variables for the Compose files.")
    probes: dict[str, str] = Field(
        default_factory=dict,
        description="By service: `http://SERVICE:PORT/PATH`, a protocol (`redis`, `postgres`, `mysql`, `mongo`, "
        "`rabbitmq`, `tcp`) with its port (`redis:6380`), or `health`.",
    )
    operations: tuple[str, ...] = Field(
        default=(),
        description="Requests that represent a service's work and use its dependencies: `GET "
        "http://api:8000/items`; `POST`, `PUT` and `PATCH` may have a JSON body behind the address. `RUN worker "
        "python check.py` is a command in a service's container. They are asked before, during and after each "
        "experiment.",
    )
    jobs: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="By worker, how it is given a job with a marker, and where the markers of done jobs show: `put: "
        "POST http://api:8000/jobs?k={marker}` and `done: GET http://api:8000/done`, or commands: `put: RUN redis "
        "redis-cli RPUSH jobs {marker}`.",
    )
    data: dict[str, str] = Field(
        default_factory=dict,
        description="How markers get into the stack and out of it, where no known store shows what is lost: `write: "
        "POST http://api:8080/items?k={marker}` and `read: GET http://api:8080/items`; a body may follow. `RUN SERVICE "
        "COMMAND` is possible, too.",
    )
    expect: dict[str, str] = Field(
        default_factory=dict,
        description="What every experiment has to reach: `success: 95%`, `recovery: 5s`; each may have an `expect` of "
        "its own.",
    )
    experiments: tuple[str | dict[str, str | dict[str, Any]], ...] = Field(
        default=(),
        description="A list of `default` (the discovered plan), `FAULT: SERVICE`, and "
        "`FAULT: {service: SERVICE, PARAMETER: VALUE, expect: {…}}`; if it is empty, the discovered plan.",
    )
    skip: tuple[str, ...] = Field(default=(), description="What is not to be tried: `FAULT` or `SERVICE.FAULT`.")
    configuration: dict[str, str] = Field(
        default_factory=dict,
        description="By `NAME` or `SERVICE.NAME`, where the guess is wrong: `required`, `optional`, `defaulted` or "
        "`ignored`. An optional variable may be missing; a defaulted one may be missing, but not be wrong. An ignored "
        "one is not changed.",
    )


class Licenses(_Strict):
    """Under which licences dependencies may not be."""

    deny: tuple[str, ...] = Field(default=(), description="SPDX names such as `AGPL-3.0-only`.")


class EnvironmentContract(_Strict):
    """What the repository knows better about its variables."""

    known: tuple[str, ...] = Field(
        default=(), description="Globs for names of variables that need no documentation, or that something else reads."
    )


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Strings = Annotated[tuple[str, ...], BeforeValidator(_split), Field(description="A list, or one comma-separated text.")]


class PhaseEntry(_Strict):
    """The checks of one phase; a list alone, or one comma-separated text, is a phase without a title."""

    title: str = Field("", max_length=60, description="What the phase is called.")
    checks: Strings = Field(min_length=1, description="Checks or families of them, such as `compose`.")

    @model_validator(mode="before")
    @classmethod
    def _of_checks(cls, value: object) -> object:
        return {"checks": value} if isinstance(value, (str, list)) else value


def _labelled(phases: dict[str, PhaseEntry]) -> dict[str, PhaseEntry]:
    for label in phases:
        if label not in LABELS:
            raise ValueError(f"{label!r} is not one of {', '.join(LABELS)}")
    return phases


class Sections(_Strict):
    """The keys of `.seatrial.yml` that are not options."""

    version: int = Field(1, ge=1, le=1, description="Of this file's format.")
    chaos: Chaos = Field(default_factory=Chaos, description="How the Compose stack is tried; see below.")
    load: Load = Field(default_factory=Load, description="How the running stack is loaded; see below.")
    backups: Backups = Field((), description="The repository's own backups, which the trial drills; see below.")
    licenses: Licenses = Field(default_factory=Licenses, description="Licences of dependencies; see below.")
    environment: EnvironmentContract = Field(
        default_factory=EnvironmentContract, description="Variables of the environment; see below."
    )
    disable: dict[str, str] = Field(
        default_factory=dict, description="Checks or families to turn off, each with the reason. Coverage falls."
    )
    phases: Annotated[dict[str, PhaseEntry], AfterValidator(_labelled)] = Field(
        default_factory=dict,
        description="Labels A to L for checks, each with a score: 10 * passed / (passed + failed); see below.",
    )
    waivers: tuple[WaiverEntry, ...] = Field((), description="Accepted findings, each with reason, owner and expiry.")


def _declarable(kinds: tuple[RepositoryKind, ...]) -> tuple[RepositoryKind, ...]:
    for kind in kinds:
        if kind not in DECLARABLE.values():
            raise ValueError(f"{kind.value!r} is not one of {', '.join(DECLARABLE)}")
    return kinds


Kinds = Annotated[tuple[RepositoryKind, ...], BeforeValidator(_split), AfterValidator(_declarable)]
Seconds = Annotated[float, BeforeValidator(durations.or_number)]
_LISTS: Mapping[Any, Any] = {tuple[str, ...]: Strings, tuple[RepositoryKind, ...]: Kinds}
"""How an option that is a list may be written: as one comma-separated text too."""


def _options() -> dict[str, Any]:
    """The options that the file may set, as `Settings` has them; each may be left out."""
    every = (option for option in OPTIONS.values() if Where.FILE in option.facts.where)
    return {option.name: (_written(option) | None, None) for option in every}


def _written(option: Option) -> Any:
    """How an option may be written besides its own type."""
    return Seconds if option.facts.unit == "seconds" else _LISTS.get(option.type, option.type)


ConfigFile = create_model("ConfigFile", __base__=Sections, **_options())
"""All keys of `.seatrial.yml`. Those that are options are fields of `Settings`."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the repository's own file says; empty if there is none."""

    path: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    """Values for `Settings`, only those that were given."""
    disabled: Mapping[str, str] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    chaos: Chaos = field(default_factory=Chaos)
    load: Load = field(default_factory=Load)
    backups: Backups = ()
    licenses: Licenses = field(default_factory=Licenses)
    environment: EnvironmentContract = field(default_factory=EnvironmentContract)
    phases: tuple[Phase, ...] = ()


def find(root: Path) -> Path | None:
    """
    The repository's configuration file, if there is one.

    Raises:
        UsageError: it is a link to somewhere else; messages about its contents would show a file of the machine.
    """
    found = next((root / name for name in NAMES if (root / name).is_file()), None)
    if found is not None and not found.resolve().is_relative_to(root.resolve()):
        raise UsageError("is a symbolic link that leaves the repository", where=str(found))
    return found


def load(path: Path) -> Config:
    """
    Read a configuration file.

    Raises:
        UsageError: it cannot be read or says something that does not exist, with `file:line:column`.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise UsageError(f"larger than {SIZE_LIMIT:,} bytes", where=str(path))
        text = path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise UsageError("is not UTF-8 text", where=str(path)) from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Config:
    """
    Read a configuration from its text.

    Args:
        text: YAML.
        name: what to call it in messages.

    Raises:
        UsageError: as for `load`.
    """
    try:
        documents = yaml_tree.load_all(text)
    except yaml_tree.YamlError as error:
        raise UsageError(error.message, where=f"{name}:{error.line}:{error.column}", remedy=error.expected) from error
    if not documents:
        return Config(name)
    root = documents[0]
    if not isinstance(root, yaml_tree.Mapping) or len(documents) > 1:
        where = f"{name}:{root.line}:{root.column}"
        raise UsageError("expected one mapping of settings, such as `fail_below: 80`", where=where)
    for duplicate in root.duplicates:
        raise UsageError(f"{duplicate.value!r} occurs twice", where=f"{name}:{duplicate.line}:{duplicate.column}")
    try:
        file = ConfigFile.model_validate(yaml_tree.to_python(root))
    except ValidationError as error:
        raise _usage_error(error, root, name) from None
    return _config(file, name)


def _config(file: Sections, name: str) -> Config:
    given = file.model_dump(exclude_unset=True, exclude_none=True)
    options = {key: value for key, value in given.items() if key in OPTIONS}
    entries = tuple(Waiver(**entry.model_dump()) for entry in file.waivers)
    phases = tuple(Phase(label, one.title, one.checks) for label, one in sorted(file.phases.items()))
    return Config(
        name, options, dict(file.disable), entries, file.chaos, file.load, file.backups, file.licenses,
        file.environment, phases,
    )  # fmt: skip


def _usage_error(error: ValidationError, root: yaml_tree.Mapping, name: str) -> UsageError:
    """The first complaint, at its place in the file, in words for people."""
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")  # a typo explains what is missing
    path = first["loc"]
    line, column = _place(root, path)
    where = f"{name}:{line}:{column}"
    key = ".".join(str(part) for part in path)
    if first["type"] == "extra_forbidden":
        known = _known_keys(path)
        nearest = difflib.get_close_matches(str(path[-1]), known, n=1)
        remedy = f"did you mean {nearest[0]!r}?" if nearest else f"known keys: {', '.join(sorted(known))}"
        return UsageError(f"unknown key {str(path[-1])!r}", where=where, remedy=remedy)
    return UsageError(f"{key}: {_plain(first['msg'])}", where=where)


def _plain(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


def _known_keys(path: tuple[int | str, ...]) -> list[str]:
    sections: dict[str, type[BaseModel]] = {
        "waivers": WaiverEntry,
        "chaos": Chaos,
        "load": Load,
        "backups": BackupEntry,
        "licenses": Licenses,
        "environment": EnvironmentContract,
        "phases": PhaseEntry,
    }
    inner: dict[str, type[BaseModel]] = {
        "profiles": ProfileEntry, "stages": StageEntry, "groups": GroupEntry, "operations": OperationEntry,
        "exec": ExecEntry, "send": SendEntry,
    }  # fmt: skip
    named = [inner[str(part)] for part in path[1:-1] if path[0] == "load" and str(part) in inner]
    nearest = named[-1] if named else sections.get(str(path[0]), ConfigFile)
    return list(nearest.model_fields if len(path) > 1 else ConfigFile.model_fields)


def _place(root: yaml_tree.Mapping, path: tuple[int | str, ...]) -> tuple[int, int]:
    """Line and column of the innermost node on the path that exists."""
    node: yaml_tree.YamlNode = root
    place = (root.line, root.column)
    for part in path:
        if isinstance(node, yaml_tree.Mapping):
            entry = next(((k, v) for k, v in node.entries if k.value == str(part)), None)
            if entry is None:
                break
            place, node = (entry[0].line, entry[0].column), entry[1]
        elif isinstance(node, yaml_tree.Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            place = (node.line, node.column)
    return place
