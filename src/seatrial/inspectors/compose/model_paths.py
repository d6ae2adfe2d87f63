"""Tables of rules by path in the Compose model: `services.*.build.args` is the build arguments of any service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

ModelPath = tuple[str, ...]
"""The keys from the root of a file to a value."""

T = TypeVar("T")


class ByPath(Generic[T]):
    """Rules by pattern; `*` in a pattern is any key."""

    def __init__(self, rules: Mapping[str, T]) -> None:
        self._by_end: dict[tuple[int, str], list[tuple[ModelPath, T]]] = {}
        for pattern, rule in rules.items():
            parts = tuple(pattern.split("."))
            self._by_end.setdefault((len(parts), parts[-1]), []).append((parts, rule))

    def at(self, path: ModelPath) -> T | None:
        """The rule for a path; None if there is none."""
        for last in (path[-1], "*") if path else ():
            for pattern, rule in self._by_end.get((len(path), last), ()):
                if all(part in ("*", key) for part, key in zip(pattern, path, strict=True)):
                    return rule
        return None


def in_services(*names: str) -> tuple[str, ...]:
    """The patterns of keys of services and of jobs, which are written alike."""
    return tuple(f"{section}.*.{name}" for section in ("services", "jobs") for name in names)
