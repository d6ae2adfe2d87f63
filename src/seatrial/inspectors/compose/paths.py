"""
Relative paths of a project whose directory is not the file's own: `project_directory`, several files in one include.

Every rule takes a path as seen from the file in which it is written; here paths are rewritten to that view.

Source: https://github.com/compose-spec/compose-spec/blob/main/14-include.md
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import replace

from .canonical import as_pairs
from .values import ComposeText, Entry, List, Map, Value

_Move = Callable[[Value], Value]


def relative(folder: str, path: str) -> str:
    """A path written in a project, relative to the tree."""
    return posixpath.normpath(posixpath.join(folder, path))


def rebased(body: Map, folder: str) -> Map:
    """A file's body for a project in another folder."""

    def move(value: Value) -> Value:
        if not isinstance(value, ComposeText) or not value.known or not _is_local(value.text):
            return value
        here = posixpath.dirname(value.at.path)
        moved = posixpath.relpath(posixpath.join("/", folder, value.text), posixpath.join("/", here))
        return replace(value, value=moved if moved.startswith(".") else f"./{moved}")

    moved = body
    for section in ("services", "jobs"):
        moved = _each(moved, section, lambda service: _service(service, move))
    for section in ("secrets", "configs"):
        moved = _each(moved, section, lambda item: _below(item, "file", move))
    return _each(moved, "volumes", lambda volume: _driven(volume, move))


def with_contexts(body: Map, folder: str) -> Map:
    """A project's body in which every build has a context: the project's folder where none is written."""

    def whole(build: Value) -> Value:
        if not isinstance(build, Map) or "context" in build.entries:
            return build
        here = posixpath.relpath(posixpath.join("/", folder), posixpath.join("/", posixpath.dirname(build.at.path)))
        context = ComposeText(here, build.at, here)
        return replace(build, entries={**build.entries, "context": Entry(build.at, context)})

    return _each(body, "services", lambda service: _below(service, "build", whole))


def _is_local(text: str) -> bool:
    return bool(text) and not text.startswith(("/", "~", "git@", "$")) and "://" not in text and ":\\" not in text


def _service(service: Value, move: _Move) -> Value:
    moved = _below(service, "build", lambda build: _build(build, move))
    for name in ("env_file", "label_file"):
        moved = _below(moved, name, lambda value: _files(value, move))
    moved = _below(
        moved,
        "develop",
        lambda develop: _below(
            develop, "watch", lambda watches: _items(watches, lambda watch: _below(watch, "path", move))
        ),
    )
    return _below(moved, "volumes", lambda value: _items(value, lambda item: _volume(item, move)))


def _build(build: Value, move: _Move) -> Value:
    if not isinstance(build, Map):
        return _context(build, move)
    moved = _below(build, "context", lambda context: _context(context, move))
    moved = _below(moved, "additional_contexts", lambda value: _values(as_pairs(value), lambda c: _context(c, move)))
    return _below(moved, "ssh", lambda value: _values(as_pairs(value), move))


def _context(value: Value, move: _Move) -> Value:
    """A build's context; what is not a path (a service, a remote repository) stays."""
    if isinstance(value, ComposeText) and value.text.startswith(("service:", "github.com/")):
        return value
    return move(value)


def _values(value: Value, move: _Move) -> Value:
    if not isinstance(value, Map):
        return value
    return replace(value, entries={name: Entry(entry.key_at, move(entry.value)) for name, entry in value})


def _driven(volume: Value, move: _Move) -> Value:
    """A volume of the local driver that is a directory of the host."""
    if not isinstance(volume, Map) or volume.text("driver") != "local" or volume.text("driver_opts", "o") != "bind":
        return volume
    return _below(volume, "driver_opts", lambda options: _below(options, "device", move))


def _files(value: Value, move: _Move) -> Value:
    if isinstance(value, List):
        return _items(value, lambda item: _files(item, move))
    return _below(value, "path", move) if isinstance(value, Map) else move(value)


def _volume(item: Value, move: _Move) -> Value:
    if isinstance(item, Map):
        return _below(item, "source", move) if item.text("type") == "bind" else item
    if not isinstance(item, ComposeText) or not item.text.startswith("."):
        return item
    source, separator, rest = item.text.partition(":")
    moved = move(replace(item, value=source))
    return replace(item, value=f"{moved.text}{separator}{rest}") if isinstance(moved, ComposeText) else item


def _items(value: Value, move: _Move) -> Value:
    return replace(value, items=tuple(map(move, value.items))) if isinstance(value, List) else value


def _each(body: Map, section: str, move: _Move) -> Map:
    value = body.get(section)
    if not isinstance(value, Map):
        return body
    entries = {name: Entry(entry.key_at, move(entry.value)) for name, entry in value}
    moved = Entry(body.entries[section].key_at, replace(value, entries=entries))
    return replace(body, entries={**body.entries, section: moved})


def _below(value: Value, name: str, move: _Move) -> Value:
    if not isinstance(value, Map) or name not in value.entries:
        return value
    entry = value.entries[name]
    return replace(value, entries={**value.entries, name: Entry(entry.key_at, move(entry.value))})
