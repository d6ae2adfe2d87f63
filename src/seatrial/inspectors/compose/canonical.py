"""
The one form of a value that may be written in several: lists and mappings, single texts and lists.

Ports, mounts, devices and the secrets and configs of a service stay as they are written; `identity` compares them.

Source: compose-go, transform/canonical.go and override/uncity.go
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from seatrial.domain import Location

from .identity import unique
from .model_paths import ByPath, ModelPath, in_services
from .values import ComposeText, Entry, List, Map, Value


def canonical(value: Value, path: ModelPath = ()) -> Value:
    """A value in which every part has its one form and every list holds an item once."""
    form = _FORMS.at(path)
    if form is not None:
        value = form(value)
    if isinstance(value, Map):
        return replace(
            value, entries={k: Entry(e.key_at, canonical(e.value, (*path, k))) for k, e in value.entries.items()}
        )
    if isinstance(value, List):
        items = tuple(canonical(item, (*path, "[]")) for item in unique(value.items, path))
        return replace(value, items=items)
    return value


def as_pairs(value: Value) -> Value:
    """A list of `KEY=value` as a mapping; of a name that is written twice the last value counts."""
    if not isinstance(value, List):
        return value
    entries: dict[str, Entry] = {}
    repeated: list[tuple[str, Location]] = []
    for item in value.items:
        if not isinstance(item, ComposeText):
            continue
        name, separator, content = item.text.partition("=")
        raw = item.raw.partition("=")[2]
        before = entries[name].value if name in entries else None
        if isinstance(before, ComposeText) and before.text != content:
            repeated.append((name, item.at))
        entries[name] = Entry(item.at, ComposeText(content if separator else None, item.at, raw))
    return Map(entries, value.at, value.tag, short=True, listed=True, repeated=tuple(repeated))


def _as_mapping(value: Value) -> Value:
    """A list of `KEY=value` that Compose itself keeps as a mapping."""
    found = as_pairs(value)
    return replace(found, listed=False) if isinstance(found, Map) else found


def as_names(value: Value) -> Value:
    """A list of names as a mapping of names."""
    if not isinstance(value, List):
        return value
    named = {
        item.text: Entry(item.at, Map({}, item.at, short=True)) for item in value.items if isinstance(item, ComposeText)
    }
    return Map(named, value.at, value.tag, short=True)


def as_list(value: Value) -> Value:
    """A single text as a list of one; the values of a mapping as `KEY=value`."""
    if isinstance(value, Map):
        return List(tuple(_pairs(value)), value.at)
    if isinstance(value, ComposeText) and value.value is not None:
        return List((value,), value.at)
    return value


def _pairs(value: Map) -> list[Value]:
    found: list[Value] = []
    for name, entry in sorted(value.entries.items()):
        inner = entry.value
        for item in inner.items if isinstance(inner, List) else (inner,):
            if isinstance(item, ComposeText):
                text = name if item.value is None else f"{name}={item.text}"
                found.append(replace(item, value=text, raw=f"{name}={item.raw}"))
    return found


def as_build(value: Value) -> Value:
    """A build's context alone as a mapping."""
    return _under("context", value)


def _under(name: str, value: Value) -> Value:
    """A single text as a mapping with one key."""
    if not isinstance(value, ComposeText) or value.value is None:
        return value
    return Map({name: Entry(value.at, value)}, value.at, value.tag, short=True)


def _env_file(value: Value) -> Value:
    found = as_list(value) if isinstance(value, ComposeText) else value
    return (
        replace(found, items=tuple(_under("path", item) for item in found.items)) if isinstance(found, List) else found
    )


def _mounted(value: Value) -> Value:
    """The secrets of a build, each as a mapping."""
    if not isinstance(value, List):
        return value
    return replace(value, items=tuple(_under("source", item) for item in value.items))


def _gpus(value: Value) -> Value:
    return (
        List((_under("count", value),), value.at)
        if isinstance(value, ComposeText) and value.value is not None
        else value
    )


def _not_empty(value: Value) -> Value:
    """A list without empty texts, which Compose leaves out."""
    found = as_list(value)
    if not isinstance(found, List):
        return found
    return replace(found, items=tuple(item for item in found.items if not isinstance(item, ComposeText) or item.text))


def _resource(value: Value) -> Value:
    """The old spelling of an external resource's name."""
    if not isinstance(value, Map):
        return value
    external = value.get("external")
    if not isinstance(external, Map):
        return value
    entries = dict(value.entries)
    entries["external"] = Entry(value.key("external"), ComposeText(True, external.at, "true"))
    if "name" in external.entries:
        entries.setdefault("name", external.entries["name"])
    return replace(value, entries=entries)


PAIRS = (
    *in_services(
        "annotations", "environment", "labels", "sysctls", "build.args", "build.additional_contexts", "build.labels"
    ),
    "services.*.deploy.labels",
    *(f"{section}.*.labels" for section in ("networks", "volumes", "secrets", "configs")),
)
"""Mappings that may be written as a list of `KEY=value`."""

LISTS = in_services("dns", "dns_opt", "dns_search", "env_file", "label_file", "tmpfs")
"""Lists that may be written as a single text."""

HOSTS = in_services("extra_hosts", "build.extra_hosts")
"""Lists of `HOST=address` that may be written as a mapping, which Compose keeps until it merges two."""

NAMES = in_services("networks", "models")
"""Mappings that may be written as a list of names."""

DEPENDENCIES = in_services("depends_on")
"""Mappings of what a service waits for; a list of names means the default condition."""

BUILDS = in_services("build")

_FORMS: ByPath[Callable[[Value], Value]] = ByPath(
    {
        **dict.fromkeys(PAIRS, as_pairs),
        **dict.fromkeys((*NAMES, *DEPENDENCIES), as_names),
        **dict.fromkeys(LISTS, as_list),
        **dict.fromkeys(BUILDS, as_build),
        **dict.fromkeys(in_services("env_file"), _env_file),
        **dict.fromkeys(in_services("dns"), _not_empty),
        **dict.fromkeys(in_services("gpus"), _gpus),
        **dict.fromkeys(in_services("build.ssh", "build.additional_contexts"), _as_mapping),
        **dict.fromkeys(in_services("build.secrets"), _mounted),
        **dict.fromkeys(in_services("develop.watch.[].ignore", "develop.watch.[].include"), as_list),
        **dict.fromkeys(("volumes.*", "networks.*", "secrets.*", "configs.*"), _resource),
    }
)
