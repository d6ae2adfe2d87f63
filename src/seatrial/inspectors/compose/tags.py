"""
`!reset` and `!override`: what a file takes away from the files before it.

Source: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md#reset-value; compose-go, loader/reset.go
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from .model_paths import ModelPath
from .values import Entry, List, Map, Value

_RESET = "!reset"
_OVERRIDE = "!override"


@dataclass(frozen=True, slots=True)
class TaggedDocument:
    """One YAML document of a file: what it says, and the paths at which it takes away what was there before."""

    body: Map
    dropped: frozenset[ModelPath] = frozenset()


def part(body: Map) -> TaggedDocument:
    """A document without what it resets."""
    dropped: set[ModelPath] = set()
    kept = _kept(body, (), dropped)
    return TaggedDocument(kept if isinstance(kept, Map) else body, frozenset(dropped))


def _kept(value: Value, path: ModelPath, dropped: set[ModelPath]) -> Value:
    if value.tag == _OVERRIDE:
        return replace(value, tag="")  # what is below counts as written, its own tags included
    if isinstance(value, Map):
        entries = {}
        for name, entry in value:
            below = (*path, name)
            if entry.value.tag in (_RESET, _OVERRIDE):
                dropped.add(below)
            if entry.value.tag != _RESET:
                entries[name] = Entry(entry.key_at, _kept(entry.value, below, dropped))
        return replace(value, entries=entries)
    if isinstance(value, List):
        return replace(
            value,
            items=tuple(_kept(item, (*path, "[]"), set()) for item in value.items if item.tag != _RESET),
        )
    return value


def without(value: Value, dropped: Set[ModelPath], path: ModelPath = ()) -> Value:
    """A value without the paths that a later file takes away."""
    if not dropped or not isinstance(value, Map) or value.listed:
        return value
    inside = {rest for rest in dropped if rest[: len(path)] == path}
    if not inside:
        return value
    entries = {
        name: Entry(entry.key_at, without(entry.value, inside, (*path, name)))
        for name, entry in value
        if (*path, name) not in inside
    }
    return replace(value, entries=entries)
