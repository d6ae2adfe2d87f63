"""
What makes an item of a list the same as another one: the later of two takes the place of the earlier.

Source: compose-go, override/uncity.go
"""

from __future__ import annotations

import bisect
import posixpath
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from seatrial.text.numerals import whole

from .model_paths import ByPath, ModelPath, in_services
from .values import ComposeText, List, Map, Value

_MergeKey = Callable[[Value], Hashable]


def unique(items: tuple[Value, ...], path: ModelPath) -> tuple[Value, ...]:
    """The items of the list at a path, each once: the last of those that are the same, in the place of the first."""
    if _PORTS.at(path):
        items = tuple(_apart(items))
    key = _KEYS.at(path)
    if key is None:
        return items
    return tuple({key(item): item for item in items}.values())


def joined(base: Iterable[Value], over: Iterable[Value], path: ModelPath) -> tuple[Value, ...]:
    """The items of both lists; what is written the same way in both is there once."""
    first, second = tuple(base), tuple(over)
    if _KEYS.at(path):
        return unique((*first, *second), path)
    seen = {_written(item, path) for item in first}
    more = []
    for item in second:
        if (form := _written(item, path)) not in seen:
            seen.add(form)
            more.append(item)
    return (*first, *more)


def _written(item: Value, path: ModelPath) -> Hashable:
    """What an item says; a watch names a path, which starts in the folder of its file."""
    return frozen(item), posixpath.dirname(item.at.path) if path[-1:] == ("watch",) else ""


def frozen(value: Value) -> Hashable:
    """What a value says, without its places."""
    if isinstance(value, Map):
        return frozenset((name, frozen(entry.value)) for name, entry in value)
    if isinstance(value, List):
        return tuple(frozen(item) for item in value.items)
    return (type(value.value).__name__, value.value)


def located(value: Value) -> Hashable:
    """What a value says, where, and whether a mapping is written as names alone: the schema judges by all three."""
    if isinstance(value, Map):
        return value.short, frozenset((name, entry.key_at, located(entry.value)) for name, entry in value)
    if isinstance(value, List):
        return tuple(located(item) for item in value.items)
    return type(value.value).__name__, value.value, value.at


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


def mount_parts(text: str) -> list[str]:
    """A mount in short syntax at its colons; what follows a single letter is a path of Windows, as for Compose."""
    if len(text) < 3:
        return [text]
    parts: list[str] = []
    for part in split(text):
        if parts and len(parts[-1]) == 1 and parts[-1].isalpha():
            parts[-1] += f":{part}"
        else:
            parts.append(part)
    return parts


def _port(item: Value) -> tuple[Hashable, ...]:
    """Address, published and target port with protocol: the same in both syntaxes, `tcp` by default."""
    if isinstance(item, Map):
        protocol = item.text("protocol") or "tcp"
        value = item.get("published")
        published = value.value if isinstance(value, ComposeText) else None
        return item.text("host_ip") or _EVERY, published, item.text("target") or "", protocol
    if not isinstance(item, ComposeText):
        return (repr(item), None, "", "")
    text, _, protocol = item.text.partition("/")
    *host, target = split(text)
    published = (host[-1] or None) if host else None
    address = ":".join(host[:-1]).strip("[]")
    return address or _EVERY, published, target, protocol.lower() or "tcp"


_EVERY = "0.0.0.0"  # noqa: S104 # nosec B104 - compared, not bound


@dataclass(frozen=True, slots=True)
class _Span:
    """A port or a range of ports of which each is published alone."""

    line: tuple[str, str, int | None]
    """Address, protocol, and how far the port of the host is from that of the container."""
    first: int
    """Of the container."""
    size: int

    def text(self, first: int, last: int) -> str:
        """A part of the range in short syntax."""
        address, protocol, distance = self.line
        ends = [f"{first}-{last - 1}" if last - first > 1 else str(first)]
        if distance is not None:
            outside = first + distance
            ends.insert(0, f"{outside}-{outside + last - first - 1}" if last - first > 1 else str(outside))
        if address != _EVERY:
            ends.insert(0, f"[{address}]" if ":" in address else address)
        return ":".join(ends) + ("" if protocol == "tcp" else f"/{protocol}")


def _span(item: Value) -> _Span | None:
    address, published, target, protocol = _port(item)
    inside, outside = _numbers(target), _numbers(published)
    if inside is None or (published is not None and outside is None):
        return None  # a number as `published` is never the same as a text, for Compose
    if outside is not None and len(outside) != len(inside):
        return None
    distance = outside.start - inside.start if outside is not None else None
    return _Span((str(address), str(protocol), distance), inside.start, len(inside))


def _numbers(text: Hashable) -> range | None:
    if not isinstance(text, str):
        return None
    first, _, last = text.partition("-")
    low, high = whole(first), whole(last or first)
    return range(low, high + 1) if low is not None and high is not None and high < 100_000 else None


def _apart(items: tuple[Value, ...]) -> Iterator[Value]:
    """Ports of which a later item repeats a part: the rest of the range stays."""
    spans = [_span(item) for item in items]
    if not any(span and span.size > 1 for span in spans):
        return iter(items)
    covered: dict[tuple[str, str, int | None], list[tuple[int, int]]] = {}
    kept: list[list[Value]] = []
    for item, span in zip(reversed(items), reversed(spans), strict=True):
        if span is None:
            kept.append([item])
            continue
        taken = covered.setdefault(span.line, [])
        pieces = _minus(span.first, span.first + span.size, taken)
        if not pieces or pieces == [(span.first, span.first + span.size)] or not isinstance(item, ComposeText):
            kept.append([item] if pieces else [])
        else:
            kept.append([replace(item, value=span.text(*piece)) for piece in pieces])
    return (item for group in reversed(kept) for item in group)


def _minus(first: int, last: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of a range is not taken yet; the range is taken afterwards."""
    start = max(bisect.bisect_right(taken, (first, first)) - 1, 0)
    while start < len(taken) and taken[start][1] < first:
        start += 1
    end = start
    pieces, position = [], first
    while end < len(taken) and taken[end][0] <= last:
        if position < taken[end][0]:
            pieces.append((position, taken[end][0]))
        position = max(position, taken[end][1])
        end += 1
    if position < last:
        pieces.append((position, last))
    around = taken[start:end]
    taken[start:end] = [(min([first, *(a for a, _ in around)]), max([last, *(b for _, b in around)]))]
    return pieces


def _volume(item: Value) -> Hashable:
    """The path inside the container, which is what makes a mount unique."""
    if isinstance(item, Map):
        return item.text("target") or repr(item)
    if not isinstance(item, ComposeText):
        return repr(item)
    parts = mount_parts(item.text)
    target = parts[1] if len(parts) > 1 else parts[0]
    return posixpath.normpath(target) if target else ""


def _device(item: Value) -> Hashable:
    if isinstance(item, Map):
        return item.text("target") or repr(item)
    parts = _text(item).split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def _secret(item: Value) -> Hashable:
    return _mounted(item, "/run/secrets")


def _config(item: Value) -> Hashable:
    return _mounted(item, "")


def _mounted(item: Value, folder: str) -> str:
    """Where a secret or config is put, which is what makes it unique."""
    if isinstance(item, Map):
        return item.text("target") or f"{folder}/{item.text('source') or ''}"
    return f"{folder}/{_text(item)}"


def _env_file(item: Value) -> Hashable:
    """The path of an environment file, seen from the folder of the file that names it."""
    path = item.text("path") or "" if isinstance(item, Map) else _text(item)
    return posixpath.dirname(item.at.path), path


def _name(item: Value) -> Hashable:
    return _text(item).partition("=")[0]


def _text(item: Value) -> str:
    return item.text if isinstance(item, ComposeText) else repr(item)


_PORTS: ByPath[bool] = ByPath(dict.fromkeys(in_services("ports"), True))

_KEYS: ByPath[_MergeKey] = ByPath(
    {
        **dict.fromkeys(
            in_services(
                "cap_add", "cap_drop", "dns", "dns_opt", "dns_search", "expose", "links", "profiles", "tmpfs",
                "build.tags", "networks.*.aliases", "networks.*.link_local_ips",
            ),
            _name,
        ),
        **dict.fromkeys(in_services("ports"), _port),
        **dict.fromkeys(in_services("volumes"), _volume),
        **dict.fromkeys(in_services("devices"), _device),
        **dict.fromkeys(in_services("secrets"), _secret),
        **dict.fromkeys(in_services("configs"), _config),
        **dict.fromkeys(in_services("env_file"), _env_file),
    }
)  # fmt: skip
