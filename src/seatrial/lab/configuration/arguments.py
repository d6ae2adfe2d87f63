"""Settings that a Compose file writes into a command: `--port=${PORT}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .references import REFERENCE, Interpolation, of_match


@dataclass(frozen=True, slots=True)
class Argument:
    """One word of a command with one reference in it."""

    given: Interpolation
    before: str
    value: str = field(repr=False)
    after: str

    def written(self, value: str) -> str:
        """The word with another value."""
        return self.before + value + self.after

    def replaced(self, words: Sequence[str], value: str) -> list[str]:
        """The command with another value."""
        mine = self.written(self.value)
        return [self.written(value) if word == mine else word for word in words]


def of_service(raw: Mapping[str, Any], resolved: Mapping[str, Any]) -> Iterator[Argument]:
    """
    The references in entry point and command; a word with several has no single value, and is left out.

    Args:
        raw: the service before its variables have values.
        resolved: the same afterwards.
    """
    for key in ("entrypoint", "command"):
        before, after = raw.get(key), resolved.get(key)
        if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            for word, value in zip(before, after, strict=True):
                yield from _of_word(str(word), str(value))


def several(raw: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """
    Words of entry point and command with several references, and the variables in them.

    Args:
        raw: the service before its variables have values.
    """
    for key in ("entrypoint", "command"):
        words = raw.get(key)
        for word in words if isinstance(words, list) else ():
            found = [of_match(m).name for m in REFERENCE.finditer(str(word).replace("$$", "\0\0"))]
            if len(found) > 1:
                yield str(word), tuple(dict.fromkeys(found))


def _of_word(raw: str, resolved: str) -> Iterator[Argument]:
    matches = list(REFERENCE.finditer(raw.replace("$$", "\0\0")))
    if len(matches) != 1:
        return
    [match] = matches
    before, after = raw[: match.start()].replace("$$", "$"), raw[match.end() :].replace("$$", "$")
    plain = resolved.replace("$$", "$")
    if plain.startswith(before) and plain.endswith(after) and len(plain) >= len(before) + len(after):
        yield Argument(of_match(match), before, plain[len(before) : len(plain) - len(after)], after)
