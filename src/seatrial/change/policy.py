"""
Whose rules judge a change: those of what it is based on.

A pull request can edit `.seatrial.yml`, so its thresholds, waivers, disabled checks and globs are read from the base.
What the pull request would make of them is shown, and counts once it is merged.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from seatrial.domain.errors import Error, UsageError
from seatrial.domain.waivers import Waiver
from seatrial.settings import OPTIONS, config
from seatrial.settings.config import Config
from seatrial.system.base import lookup
from seatrial.system.base.revision import Revision
from seatrial.system.base.store import FullHistory
from seatrial.verdict import phases


@dataclass(frozen=True, slots=True)
class Policy:
    """The configuration that counts, and how it came to be that one."""

    config: Config
    changes: tuple[str, ...] = ()
    """What the change would do to it, a line each."""


def of_base(own: Config, revision: Revision, root: Path) -> Policy:
    """
    The base's configuration. A base without one has the defaults.

    Args:
        own: what the change has.
        revision: the base.
        root: the surveyed directory.

    Raises:
        UsageError: the base has a policy that cannot be read. The change's own one never replaces it.
    """
    try:
        base = _read(own, revision, root)
    except UsageError as error:
        raise UsageError(
            error.message,
            where=f"{error.where} of the base {revision.label}",
            remedy="fix the policy on the base branch: a change is not judged by its own policy",
        ) from error
    except Error as error:
        raise unreadable(str(error), revision.store.history) from error
    return Policy(base, tuple(_changes(base, own)))


def unreadable(problem: str, history: FullHistory) -> UsageError:
    """The error of a change whose base, and so whose policy, cannot be had."""
    return UsageError(
        f"the policy of the base cannot be read: {problem}",
        remedy=f"{history.advice}: a change is not judged by its own policy",
    )


def _read(own: Config, revision: Revision, root: Path) -> Config:
    folder = revision.store.prefix
    names = tuple(posixpath.join(folder, name) for name in config.NAMES)
    if own.path:
        given = _in_repository(Path(own.path), root.resolve(), folder)
        if given is None:
            return own  # a file from outside the repository, which the change cannot edit
        names = names if given in names else (given,)
    for name in names:
        data = lookup.read(revision.store, revision.commit, name, config.SIZE_LIMIT)
        if data is None:
            continue
        try:
            return config.parse(data.decode("utf-8"), name)
        except UnicodeDecodeError as error:
            raise UsageError("is not UTF-8 text", where=name) from error
    return Config()


def _in_repository(path: Path, root: Path, folder: str) -> str | None:
    """
    The path from the repository's top level; None if it lies elsewhere.

    The path as it is written comes first: where its links lead is the change's choice, and the base's links count.

    Args:
        path: of the file.
        root: the surveyed directory, resolved.
        folder: its path from the top level.
    """
    top = root.parents[len(PurePosixPath(folder).parts) - 1] if folder else root
    written = Path(os.path.normpath(Path.cwd() / path))
    for place in (written, written.parent.resolve() / written.name, path.resolve()):
        if place.is_relative_to(top):
            return place.relative_to(top).as_posix()
    return None


def _changes(base: Config, own: Config) -> Iterator[str]:
    """What differs, in the words of the file."""
    for name in OPTIONS:
        before, after = _shown(base.options, name), _shown(own.options, name)
        if before != after:
            yield f"{name}: {before} → {after}"
    if base.chaos != own.chaos:
        yield "chaos: changed"
    if base.load != own.load:
        yield "load: changed"
    if base.backups != own.backups:
        yield "backups: changed"
    if base.licenses != own.licenses:
        yield "licenses: changed"
    if base.environment != own.environment:
        yield "environment: changed"
    yield from _differences("phase", phases.described(base.phases), phases.described(own.phases))
    yield from _differences("disable", base.disabled, own.disabled)
    yield from _differences("waiver of", _by_target(base.waivers), _by_target(own.waivers))


def _shown(options: Mapping[str, object], name: str) -> str:
    if name not in options:
        return "(default)"
    value = options[name]
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _by_target(waivers: tuple[Waiver, ...]) -> Mapping[str, str]:
    """Waivers of the same thing are listed together: one changed, however many there are."""
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
