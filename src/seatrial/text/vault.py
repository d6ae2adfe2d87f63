"""
The secret values that a run knows, in memory only, and what is shown in their place.

The inspector that finds a secret reports it with `learn`. Its process sends the values to the parent beside its
answers (`inspectors/survey.py`). The parent masks them in every text before anything is judged or written.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote

from .redact import mask

LEAST = 8
"""Characters of the shortest value that is masked everywhere. Shorter ones would make texts unreadable."""
_MOST = 10_000  # values that are kept
_LONGEST = 20_000  # characters of a value, and of a line of it
_WORDS = re.compile(r"(?:[^\W\d_]|[ _.:/-])*")
_WORDY = 20  # characters from which letters without a digit are more than a word or two


class Vault:
    """Secret values. It does not print, and it does not travel; `fresh` gives its new values to the parent."""

    __slots__ = ("_fresh", "_masker", "_values")

    def __init__(self) -> None:
        self._values: dict[str, None] = {}
        self._fresh: list[str] = []
        self._masker: Masker | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """A vault does not travel to another process."""
        raise TypeError("a Vault is never pickled")

    def learn(self, value: str) -> None:
        """Remember a secret value and its lines, except what is too short or too ordinary to be masked everywhere."""
        for part in {value, *value.split("\n")} if "\n" in value else (value,):
            plain = part.strip()
            if len(self._values) < _MOST and plain not in self._values and is_telling(plain):
                self._values[plain] = None
                self._fresh.append(plain)
                self._masker = None

    def fresh(self) -> tuple[bytes, ...]:
        """The values that were learnt since the last call."""
        values, self._fresh = self._fresh, []
        return tuple(value.encode("utf-8", "surrogatepass") for value in values)

    def take(self, values: Iterable[bytes]) -> None:
        """Learn what another process knows."""
        for value in values:
            self.learn(value.decode("utf-8", "surrogatepass"))

    def forget(self) -> None:
        """Know nothing: the next run is another one."""
        self._values, self._fresh, self._masker = {}, [], None

    @property
    def masker(self) -> Masker:
        """What masks everything that is known now."""
        if self._masker is None:
            self._masker = Masker(self._values)
        return self._masker


def is_telling(value: str) -> bool:
    """Whether a value can be masked wherever it is quoted: long enough, and neither a number nor a plain word."""
    if not LEAST <= len(value) <= _LONGEST:
        return False
    if value.isdigit():
        return len(value) >= 2 * LEAST
    return len(value) >= _WORDY or _WORDS.fullmatch(value) is None


class Masker:
    """Masks known values in a text: one pass from left to right, the longest value first."""

    __slots__ = ("_heads", "_seen")

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._heads: dict[str, list[tuple[str, str]]] = {}
        self._seen: dict[str, str] = {}
        shown = {form: mask(value) for value in values for form in _forms(value)}
        for form in sorted(shown, key=len, reverse=True):
            self._heads.setdefault(form[:LEAST], []).append((form, shown[form]))

    def __reduce__(self) -> tuple[object, ...]:
        """It knows the values, so it does not travel either."""
        raise TypeError("a Masker is never pickled")

    def __bool__(self) -> bool:
        """Whether it knows any value."""
        return bool(self._heads)

    def text(self, text: str) -> str:
        """The text without known values; the same object if it holds none."""
        if not self._heads or len(text) < LEAST:
            return text
        if (known := self._seen.get(text)) is None:
            known = self._seen[text] = self._masked(text)
        return known

    def _masked(self, text: str) -> str:
        heads, parts, start, at = self._heads, list[str](), 0, 0
        last = len(text) - LEAST
        while at <= last:
            same = heads.get(text[at : at + LEAST])
            hit = next((one for one in same if text.startswith(one[0], at)), None) if same else None
            if hit is None:
                at += 1
                continue
            parts += (text[start:at], hit[1])
            start = at = at + len(hit[0])
        return "".join((*parts, text[start:])) if parts else text


def _forms(value: str) -> Iterator[str]:
    """The value and how texts write it: in an address, in Base64, in lower case (image and project names)."""
    raw = value.encode("utf-8", "surrogatepass")
    encoded = base64.b64encode(raw).decode()
    forms = {
        value, value.lower(), unquote(value), quote(raw, safe=""), quote(raw), quote_plus(raw),
        encoded, encoded.rstrip("="), base64.urlsafe_b64encode(raw).decode(),
    }  # fmt: skip
    return (form for form in forms if len(form) >= LEAST)


VAULT = Vault()
"""Of this process."""


def learn(value: str) -> None:
    """Remember a secret value, so that it is masked in everything that this run writes."""
    VAULT.learn(value)
