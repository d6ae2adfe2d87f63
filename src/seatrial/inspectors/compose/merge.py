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


def canonical_body(body: Map) -> Map:
    """A file's body with every service in canonical form."""
    services = body.get("services")
    if not isinstance(services, Map):
        return body
    entries = {
        name: Entry(e.key_at, canonical(e.value) if isinstance(e.value, Map) else e.value) for name, e in services
    }
    below = Entry(body.entries["services"].key_at, replace(services, entries=entries))
    return replace(body, entries={**body.entries, "services": below})


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
    """Address, published and target port with protocol: the same in both syntaxes, `tcp` by default."""
    if isinstance(item, Map):
        protocol = item.text("protocol") or "tcp"
        host, published = (item.text("host_ip") or "").strip("[]"), item.text("published") or ""
        return f"{host}|{published}|{item.text('target') or ''}|{protocol}"
    if not isinstance(item, Text):
        return repr(item)
    text, _, protocol = item.text.partition("/")
    head, _, target = _last(text)
    host, _, published = _last(head)
    return f"{host.strip('[]')}|{published}|{target}|{protocol or 'tcp'}"


def _last(text: str) -> tuple[str, str, str]:
    """Before and after the last colon that is outside of braces and brackets."""
    parts = split(text)
    return (":".join(parts[:-1]), ":", parts[-1])


def split(text: str) -> list[str]:
    """A short form at its colons; those within `${VAR:-default}` and `[::1]` belong to a part."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "{[") - (character in "}]")
        if character == ":" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _volume(item: Value) -> str:
    """The path inside the container, which is what makes a mount unique."""
    if isinstance(item, Map):
        return _clean(item.text("target") or "") or repr(item)
    if not isinstance(item, Text):
        return repr(item)
    parts = split(item.text)
    if len(parts) > 2 and len(parts[0]) == 1 and parts[1][:1] in ("\\", "/"):
        parts = [":".join(parts[:2]), *parts[2:]]  # a drive letter of Windows
    return _clean(parts[1] if len(parts) > 1 else parts[0])


def _clean(path: str) -> str:
    return path.rstrip("/") or path


def _target(item: Value) -> str:
    """Where a secret or config is put, which is what makes it unique."""
    if isinstance(item, Map):
        return item.text("target") or item.text("source") or repr(item)
    return item.text if isinstance(item, Text) else repr(item)


def _text(item: Value) -> str:
    return item.text if isinstance(item, Text) else repr(item)


_UNIQUE = (
    "cap_add", "cap_drop", "dns", "dns_opt", "dns_search", "expose", "links", "platforms", "profiles", "tags", "tmpfs"
)  # fmt: skip
"""Lists of which Compose drops repeated texts (compose-go, override/uncity.go)."""

_IDENTITY: Mapping[str, Callable[[Value], str]] = {
    **dict.fromkeys(_UNIQUE, _text),
    "ports": _port,
    "volumes": _volume,
    "secrets": _target,
    "configs": _target,
}
