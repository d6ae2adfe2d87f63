"""
Merging by the Compose specification: overrides, `extends`, and the two spellings of lists and mappings.

Source: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from seatrial.domain import Location

from .values import Entry, List, Map, Text, Value

_REPLACED = frozenset({"command", "entrypoint", "test"})
"""Sequences that an override replaces instead of extending."""

_PAIRS = frozenset({"environment", "labels", "annotations", "sysctls", "args", "extra_hosts"})
"""Mappings that may be written as a list of `KEY=value`."""

_NAMES = frozenset({"depends_on", "networks"})
"""Mappings that may be written as a list of names."""


def canonical(service: Map) -> Map:
    """A service in which every mapping is one, however it was written."""
    entries = dict(service.entries)
    for name, entry in entries.items():
        if name in _PAIRS or name in _NAMES:
            entries[name] = Entry(entry.key_at, _as_map(entry.value, pairs=name in _PAIRS))
    for parent, child in (("build", "args"), ("build", "labels"), ("deploy", "labels")):
        entry_ = entries.get(parent)
        if entry_ and isinstance(entry_.value, Map) and child in entry_.value.entries:
            inner = entry_.value.entries[child]
            below = {**entry_.value.entries, child: Entry(inner.key_at, _as_map(inner.value, pairs=True))}
            entries[parent] = Entry(entry_.key_at, Map(below, entry_.value.at, entry_.value.tag))
    return replace(service, entries=entries)


def _as_map(value: Value, *, pairs: bool) -> Value:
    if not isinstance(value, List):
        return value
    entries: dict[str, Entry] = {}
    repeated: list[tuple[str, Location]] = []
    for item in value.items:
        if not isinstance(item, Text):
            continue
        name, separator, content = item.text.partition("=") if pairs else (item.text, "", "")
        raw = item.raw.partition("=")[2]
        before = entries[name].value if name in entries else None
        if pairs and isinstance(before, Text) and before.text != content:
            repeated.append((name, item.at))
        entries[name] = Entry(item.at, Text(content if separator else None, item.at, raw) if pairs else _named(item))
    return Map(entries, value.at, value.tag, short=True, repeated=tuple(repeated))


def _named(item: Text) -> Map:
    return Map({}, item.at, short=True)


def merge(base: Value, over: Value, name: str = "") -> Value:
    """
    What an override makes of a value.

    Mappings merge key by key, sequences are joined (resources with an identity are replaced by it), everything
    else is replaced. `!override` replaces, `!reset` removes (see `merge_maps`).
    """
    if over.tag == "!override" or name in _REPLACED:
        return over
    if isinstance(base, Map) and isinstance(over, Map):
        return merge_maps(base, over, pairs=name in _PAIRS)
    if isinstance(base, List) and isinstance(over, List):
        return _merge_lists(base, over, name)
    return over


def merge_maps(base: Map, over: Map, *, pairs: bool = False) -> Map:
    """
    The entries of both, merged where both have one.

    A key that the other leaves empty stays as it was: only among `pairs` does nothing mean something.
    """
    entries = dict(base.entries)
    kept: list[tuple[str, Location]] = []
    for name, entry in over:
        if entry.value.tag == "!reset":
            entries.pop(name, None)
        elif name in entries and _is_null(entry.value) and not pairs and name not in _REPLACED:
            continue
        elif name in entries:
            if _is_empty(entry.value) and not _is_empty(entries[name].value) and name not in _REPLACED:
                kept.append((name, entry.key_at))
            entries[name] = Entry(entry.key_at, merge(entries[name].value, entry.value, name))
        else:
            entries[name] = entry
    return Map(entries, over.at, lost=(*base.lost, *over.lost), kept=(*base.kept, *over.kept, *kept))


def _is_null(value: Value) -> bool:
    return isinstance(value, Text) and value.value is None and not value.tag


def _is_empty(value: Value) -> bool:
    if isinstance(value, Map):
        return not value.entries and not value.tag
    return isinstance(value, List) and not value.items and not value.tag


def _merge_lists(base: List, over: List, name: str) -> List:
    identify = _IDENTITY.get(name)
    if identify is None:
        return List((*base.items, *over.items), over.at)
    joined = {identify(item): item for item in (*base.items, *over.items)}
    return List(tuple(joined.values()), over.at)


def _port(item: Value) -> str:
    if isinstance(item, Map):
        return ":".join(item.text(key) or "" for key in ("host_ip", "published", "target", "protocol"))
    return item.text if isinstance(item, Text) else repr(item)


def _target(item: Value) -> str:
    """The path inside the container, which is what makes a volume, secret or config unique."""
    if isinstance(item, Map):
        return item.text("target") or item.text("source") or repr(item)
    if not isinstance(item, Text):
        return repr(item)
    parts = item.text.split(":")
    return parts[1] if len(parts) > 1 else parts[0]


_IDENTITY: Mapping[str, Callable[[Value], str]] = {
    "ports": _port,
    "volumes": _target,
    "secrets": _target,
    "configs": _target,
}
