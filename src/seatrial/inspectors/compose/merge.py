"""
Merging by the Compose specification: what a later file, or a service that extends another, makes of a value.

Sources: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md; compose-go, override/merge.go
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from seatrial.domain import Location

from .canonical import BUILDS, DEPENDENCIES, HOSTS, LISTS, NAMES, PAIRS, as_build, as_list, as_names, as_pairs
from .identity import joined
from .model_paths import ByPath, ModelPath, in_services
from .values import ComposeText, Entry, List, Map, Value


@dataclass(frozen=True, slots=True)
class Clash:
    """Two values that cannot be merged: Compose refuses such files."""

    path: ModelPath
    at: Location
    """The later one."""


@dataclass
class Merger:
    """Merges values, and keeps what it cannot merge."""

    clashes: list[Clash] = field(default_factory=list)

    def merge(self, base: Value, over: Value, path: ModelPath = ()) -> Value:
        """
        What a later value makes of an earlier one at a path.

        Mappings merge key by key, lists are joined, everything else is replaced; some paths have a rule of their own.
        Nothing (`null`) changes nothing.
        """
        special = _SPECIAL.at(path)
        if special is not None:
            return special(self, base, over, path)
        return self._plainly(base, over, path)

    def _plainly(self, base: Value, over: Value, path: ModelPath) -> Value:
        if is_null(over):
            return base
        if isinstance(base, Map) and isinstance(over, Map):
            return self.maps(base, over, path)
        if isinstance(base, List) and isinstance(over, List):
            return List(joined(base.items, over.items, path), over.at)
        if not isinstance(base, ComposeText):
            self.clashes.append(Clash(path, over.at))
        return over

    def maps(self, base: Map, over: Map, path: ModelPath) -> Map:
        """The entries of both, merged where both have one."""
        entries = dict(base.entries)
        kept: list[tuple[str, Location]] = []
        for name, entry in over:
            below = (*path, name)
            before = entries.get(name)
            if before is None:
                entries[name] = entry
            elif is_null(entry.value) and _REPLACED.at(below) is None:
                self.merge(before.value, entry.value, below)  # for what it cannot merge
            else:
                if _is_empty(entry.value) and not _is_empty(before.value) and _REPLACED.at(below) is None:
                    kept.append((name, entry.key_at))
                entries[name] = Entry(entry.key_at, self.merge(before.value, entry.value, below))
        return Map(entries, over.at, lost=(*base.lost, *over.lost), kept=(*base.kept, *over.kept, *kept))

    def replaced(self, _base: Value, over: Value, _path: ModelPath) -> Value:
        """The later value, even if it is nothing."""
        return over

    def pairs(self, base: Value, over: Value, _path: ModelPath) -> Value:
        """Two mappings of texts, each in either form."""
        first, second = as_pairs(base), as_pairs(over)
        if not isinstance(first, Map) or not isinstance(second, Map):
            return over if isinstance(second, Map) else base
        return Map(
            {**first.entries, **second.entries},
            second.at,
            short=first.short and second.short,
            listed=True,
            repeated=(*first.repeated, *second.repeated),
        )

    def lists(self, base: Value, over: Value, path: ModelPath) -> Value:
        """Two lists of texts, each in any form."""
        first, second = as_list(base), as_list(over)
        if not isinstance(first, List) or not isinstance(second, List):
            return first if is_null(second) else second
        return List(joined(first.items, second.items, path), over.at)

    def names(self, base: Value, over: Value, path: ModelPath) -> Value:
        """Two mappings of names, each in either form."""
        return self._named(base, over, path, ())

    def dependencies(self, base: Value, over: Value, path: ModelPath) -> Value:
        """Dependencies: a name alone says `service_started`, also where a condition was set before."""
        return self._named(base, over, path, ("condition", "required"))

    def _named(self, base: Value, over: Value, path: ModelPath, defaults: Iterable[str]) -> Value:
        first, second = as_names(base), as_names(over)
        if is_null(first) or is_null(second):
            return first if is_null(second) else second
        if not isinstance(first, Map) or not isinstance(second, Map):
            return self._plainly(first, second, path)
        renewed = {
            name: Entry(entry.key_at, _less(entry.value, defaults)) if _is_short(second.get(name)) else entry
            for name, entry in first
        }
        found = self.maps(replace(first, entries=renewed), second, path)
        short = {
            name: Entry(entry.key_at, replace(entry.value, short=True))
            for name, entry in found
            if isinstance(entry.value, Map)
            and (_is_short(second.get(name)) or (_is_short(first.get(name)) and "condition" not in entry.value.entries))
        }
        return replace(found, entries={**found.entries, **short})

    def builds(self, base: Value, over: Value, path: ModelPath) -> Value:
        """Two builds, each in either form."""
        return self._plainly(as_build(base), as_build(over), path)

    def logging(self, base: Value, over: Value, path: ModelPath) -> Value:
        """Options are joined only where the driver is the same, or one of the two names none."""
        if not isinstance(base, Map) or not isinstance(over, Map):
            self.clashes.append(Clash(path, over.at))
            return base if is_null(over) else over
        first, second = base.text("driver"), over.text("driver")
        return self.maps(base, over, path) if first is None or second is None or first == second else over

    def limits(self, base: Value, over: Value, path: ModelPath) -> Value:
        """A limit as one number replaces one of two."""
        return self.maps(base, over, path) if isinstance(base, Map) and isinstance(over, Map) else over

    def subnets(self, base: Value, over: Value, path: ModelPath) -> Value:
        """Address ranges of a network: those of the same subnet are merged."""
        if not isinstance(base, List) or not isinstance(over, List):
            return self._plainly(base, over, path)
        found: dict[str | None, Value] = {}
        for original in base.items:
            for item in over.items:
                if not isinstance(original, Map) or not isinstance(item, Map):
                    continue
                subnet = item.text("subnet")
                if subnet == original.text("subnet"):
                    found[subnet] = self.maps(original, item, (*path, "[]"))
                else:
                    found.setdefault(subnet, item)
        return List(tuple(found.values()), over.at)


def is_null(value: Value) -> bool:
    """Whether a value is written as nothing."""
    return isinstance(value, ComposeText) and value.value is None


def _is_empty(value: Value) -> bool:
    return not value.entries if isinstance(value, Map) else isinstance(value, List) and not value.items


def _is_short(value: Value | None) -> bool:
    return isinstance(value, Map) and value.short


def _less(value: Value, names: Iterable[str]) -> Value:
    if not isinstance(value, Map):
        return value
    return replace(value, entries={name: entry for name, entry in value if name not in tuple(names)})


_Special = Callable[[Merger, Value, Value, ModelPath], Value]

_REPLACED: ByPath[bool] = ByPath(dict.fromkeys(in_services("command", "entrypoint", "healthcheck.test"), True))

_SPECIAL: ByPath[_Special] = ByPath(
    {
        **dict.fromkeys(in_services("command", "entrypoint", "healthcheck.test"), Merger.replaced),
        **dict.fromkeys(PAIRS, Merger.pairs),
        **dict.fromkeys((*LISTS, *HOSTS), Merger.lists),
        **dict.fromkeys(NAMES, Merger.names),
        **dict.fromkeys(DEPENDENCIES, Merger.dependencies),
        **dict.fromkeys(BUILDS, Merger.builds),
        **dict.fromkeys(in_services("logging"), Merger.logging),
        **dict.fromkeys(in_services("ulimits.*"), Merger.limits),
        "networks.*.ipam.config": Merger.subnets,
    }
)
