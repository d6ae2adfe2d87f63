"""
Whose rules judge a change: those of what it is based on.

A pull request can edit `.seatrial.yml`, so its thresholds, waivers, disabled checks and globs are read from the base.
What the pull request would make of them is shown, and counts once it is merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import config
from .base.revision import Revision
from .config import Config
from .errors import Error, UsageError
from .settings import FIELDS
from .waivers import Waiver


@dataclass(frozen=True, slots=True)
class Policy:
    """The configuration that counts, and how it came to be that one."""

    config: Config
    changes: tuple[str, ...] = ()
    """What the change would do to it, a line each."""
    notices: tuple[str, ...] = ()


def of_base(own: Config, revision: Revision, root: Path) -> Policy:
    """
    The base's configuration; the change's own one where the base's cannot be used, with a notice.

    Args:
        own: what the change has.
        revision: the base.
        root: the surveyed directory.
    """
    try:
        base = _read(own, revision, root)
    except UsageError as error:
        return Policy(own, notices=(f"The policy of the base cannot be used ({error}): this change's own one counts.",))
    except Error as error:
        return Policy(own, notices=(f"The policy of the base cannot be read ({error}): this change's own one counts.",))
    return Policy(base, tuple(_changes(base, own)))


def _read(own: Config, revision: Revision, root: Path) -> Config:
    names: tuple[str, ...] = config.NAMES
    if own.path:
        given = _inside(Path(own.path), root)
        if not given:
            return own  # a file from outside the repository, which the change cannot edit
        names = names if given in names else (given,)
    for name in names:
        data = revision.store.read(revision.commit, name)
        if data is None:
            continue
        where = f"{name} of {revision.label}"
        if len(data) > config.SIZE_LIMIT:
            raise UsageError(f"larger than {config.SIZE_LIMIT:,} bytes", where=where)
        try:
            return config.parse(data.decode("utf-8"), where)
        except UnicodeDecodeError as error:
            raise UsageError("is not UTF-8 text", where=where) from error
    return Config()


def _inside(path: Path, root: Path) -> str:
    """The path from the surveyed directory, if it lies there."""
    resolved, top = path.resolve(), root.resolve()
    return PurePosixPath(resolved.relative_to(top)).as_posix() if resolved.is_relative_to(top) else ""


def _changes(base: Config, own: Config) -> Iterator[str]:
    """What differs, in the words of the file."""
    for name in FIELDS:
        before, after = _shown(base.options, name), _shown(own.options, name)
        if before != after:
            yield f"{name}: {before} → {after}"
    if base.chaos != own.chaos:
        yield "chaos: changed"
    if base.licenses != own.licenses:
        yield "licenses: changed"
    if base.environment != own.environment:
        yield "environment: changed"
    yield from _differences("disable", base.disabled, own.disabled)
    yield from _differences("waiver of", _by_target(base.waivers), _by_target(own.waivers))


def _shown(options: Mapping[str, object], name: str) -> str:
    if name not in options:
        return "(default)"
    value = options[name]
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _by_target(waivers: tuple[Waiver, ...]) -> Mapping[str, str]:
    """Waivers of the same thing stand together: one changed, however many there are."""
    found: dict[str, str] = {}
    for waiver in waivers:
        text = f"{waiver.created} to {waiver.expires}, {waiver.owner}: {waiver.reason}"
        found[waiver.target] = f"{found[waiver.target]}; {text}" if waiver.target in found else text
    return found


def _differences(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield f"{what} {name}: added ({after[name]})"
        elif name not in after:
            yield f"{what} {name}: removed"
        elif before[name] != after[name]:
            yield f"{what} {name}: {before[name]} → {after[name]}"
