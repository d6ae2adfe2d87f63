"""Known secrets are masked in everything that a run established, whichever inspector quotes them."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable
from typing import TypeVar, cast

from seatrial.domain import Answer, numbered
from seatrial.text.vault import Masker

T = TypeVar("T")

_NAMES = frozenset({"check", "rule", "commit", "digest", "started"})
"""Fields that hold our own names, digests and times."""


def answers(found: Iterable[Answer], masker: Masker) -> tuple[Answer, ...]:
    """The answers without known secrets. Findings that hold none keep their fingerprints."""
    return tuple(_answer(one, masker) for one in found)


def _answer(one: Answer, masker: Masker) -> Answer:
    clean = masked(one, masker)
    if clean.findings is one.findings:
        return clean
    return dataclasses.replace(clean, findings=numbered(clean.findings))  # two anchors may have become one


def masked(thing: T, masker: Masker) -> T:
    """
    A frozen dataclass, tuple or text without known secrets; the same object if it holds none.

    Args:
        thing: what is about to be judged or written.
        masker: knows the secrets.
    """
    return cast("T", _masked(thing, masker)) if masker else thing


def _masked(thing: object, masker: Masker) -> object:
    if isinstance(thing, enum.Enum):
        return thing
    if isinstance(thing, str):
        return masker.text(thing)
    if type(thing) is tuple:
        parts = tuple(_masked(part, masker) for part in thing)
        return thing if all(new is old for new, old in zip(parts, thing, strict=True)) else parts
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return _fields(thing, masker)
    return thing


def _fields(thing: object, masker: Masker) -> object:
    changed: dict[str, object] = {}
    for one in dataclasses.fields(cast("Answer", thing)):
        old = getattr(thing, one.name)
        if one.init and one.name not in _NAMES and (new := _masked(old, masker)) is not old:
            changed[one.name] = new
    return dataclasses.replace(cast("Answer", thing), **changed) if changed else thing  # type: ignore[arg-type]
