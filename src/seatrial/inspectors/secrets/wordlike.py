"""
How much a text looks like words: dictionary coverage, surprise of its letter pairs, Shannon entropy, runs.

All functions are linear in the text, which callers keep under `MAX_LENGTH` characters.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from itertools import pairwise

from seatrial.inspectors.secrets.words import WORDS

MAX_LENGTH = 4096
"""Longer values are judged by their first part."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LETTERS = re.compile(r"[A-Za-z]+")
_LONGEST = 16
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "r", "y", "al", "able", "ation", "ment", "ness", "ful")

_WALKS = (
    "abcdefghijklmnopqrstuvwxyz0123456789abcdef",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
)
_STEPS = frozenset(step for walk in _WALKS for a, b in pairwise(walk) for step in (a + b, b + a))


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits per character; 0 for the empty text."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


def words_in(text: str) -> list[str]:
    """The runs of letters, parted at humps, lower-case: `userPassword2` gives `user`, `password`."""
    return [word.lower() for word in _LETTERS.findall(_HUMP.sub(" ", text[:MAX_LENGTH]))]


@functools.lru_cache(maxsize=4096)
def is_word(word: str) -> bool:
    """Whether this lower-case word, or its stem, is in the dictionary."""
    if word in WORDS:
        return True
    return any(word.endswith(end) and len(word) - len(end) >= 3 and _is_stem(word[: -len(end)]) for end in _ENDINGS)


def _is_stem(stem: str) -> bool:
    return stem in WORDS or stem + "e" in WORDS or (stem[-1:] == stem[-2:-1] and stem[:-1] in WORDS)


@functools.lru_cache(maxsize=4096)
def parts_of(word: str) -> tuple[str, ...]:
    """The fewest dictionary words that a glued lower-case word is made of: `rootpassword`; empty if it is not."""
    if len(word) > 48:
        return ()
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(word) + 1):
        found: tuple[str, ...] | None = None
        for start in range(max(0, end - _LONGEST), end - 1):
            head, part = best[start], word[start:end]
            if head is not None and part in WORDS and (found is None or len(head) + 1 < len(found)):
                found = (*head, part)
        best.append(found)
    parts = best[-1] or ()
    return parts if parts and len(word) >= 2.7 * len(parts) else ()


def word_share(text: str) -> float:
    """Which share of the text's letters is in dictionary words; 0 if there are no letters."""
    words = words_in(text)
    letters = sum(map(len, words))
    if not letters:
        return 0.0
    return sum(len(w) for w in words if (len(w) > 2 and is_word(w)) or (len(w) > 3 and parts_of(w))) / letters


@functools.lru_cache(maxsize=1)
def _surprises() -> dict[str, float]:
    """Bits of surprise of each letter pair, learned from the dictionary."""
    pairs: Counter[str] = Counter()
    firsts: Counter[str] = Counter()
    for word in WORDS:
        for a, b in pairwise(word):
            pairs[a + b] += 1
            firsts[a] += 1
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return {a + b: -math.log2((pairs[a + b] + 0.3) / (firsts[a] + 0.3 * 26)) for a in alphabet for b in alphabet}


def surprise(text: str) -> float:
    """
    Mean bits of surprise per letter pair: about 3.5 for words, 5.5 and more for random letters.

    Pairs across a hump or a non-letter do not count; 0 if there are none.
    """
    table = _surprises()
    bits = [table[a + b] for word in words_in(text) for a, b in pairwise(word)]
    return sum(bits) / len(bits) if bits else 0.0


def walk_share(text: str) -> float:
    """Which share of the steps from character to character repeats, counts, or walks along the keyboard."""
    low = text[:MAX_LENGTH].lower()
    if len(low) < 2:
        return 0.0
    steps = sum(a == b or a + b in _STEPS for a, b in pairwise(low))
    return steps / (len(low) - 1)


def switches(text: str) -> int:
    """How often the class of character changes between letters and digits."""
    kinds = [c.isdigit() for c in text[:MAX_LENGTH] if c.isalnum()]
    return sum(a != b for a, b in pairwise(kinds))
