"""
The search of one file: one pass of the automaton over its bytes, then the three layers where it saw something.

    1  tokens with a shape of their own (`formats/`)     the automaton's hits, confirmed by `tokens.py`
    2  credential files by structure (`files/`)          by the file's name
    3  assignments in code and text (`assignments.py`)   the automaton's hits

Where layers see the same characters one finding remains: that of the surest, then of the most specific layer.
"""

from __future__ import annotations

import enum
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from seatrial.domain import Confidence
from seatrial.domain.errors import InspectorError
from seatrial.inspectors.secrets import assignments, database, fallback, files, gates
from seatrial.inspectors.secrets.contents import FileContent
from seatrial.inspectors.secrets.database import Expression, Hit, Hits, Matcher
from seatrial.inspectors.secrets.example_texts import ExampleTexts
from seatrial.inspectors.secrets.file_kinds import FileKind, file_kind, holds_labels
from seatrial.inspectors.secrets.files import CredentialFile, parsers_for
from seatrial.inspectors.secrets.formats import FORMATS
from seatrial.inspectors.secrets.forms import FORMS
from seatrial.inspectors.secrets.gates import Gates
from seatrial.inspectors.secrets.model import Credential, Format
from seatrial.inspectors.secrets.tokens import TokenMatch, Tokens, expression
from seatrial.inspectors.secrets.values import says_unsafe
from seatrial.inspectors.secrets.wordlike import is_word, parts_of
from seatrial.text.redact import Secret

MAX_FOUND = 2000
"""Credentials of one file that are reported; a list of a million needs no million findings."""


class Layer(enum.IntEnum):
    """What saw a credential, the most specific first."""

    TOKEN = 0
    FILE = 1
    ASSIGNMENT = 2


CHECKS = {
    Layer.TOKEN: "secrets/tokens",
    Layer.FILE: "secrets/credential-files",
    Layer.ASSIGNMENT: "secrets/passwords",
}
"""The check that each layer answers."""


@dataclass(frozen=True, slots=True)
class Found:
    """A credential and the layer that saw it."""

    layer: Layer
    credential: Credential


@dataclass(frozen=True, slots=True)
class Searched:
    """What one file holds."""

    found: tuple[Found, ...] = ()
    """From the top, without overlaps."""
    problems: tuple[str, ...] = ()
    """What could not be searched, by kind of error; never holds anything of the file."""
    is_credential_file: bool = False
    """Whether there are parsers for files of its name."""


NOTHING = Searched()


def expressions() -> list[Expression]:
    """What the automaton searches: the formats in the order of their table, then the prefilters of assignments."""
    return [*map(expression, FORMATS), *(Expression(pattern, flags) for pattern, flags in assignments.PREFILTERS)]


class Matchers(NamedTuple):
    """Who searches for the expressions; both give them the same numbers."""

    everywhere: Matcher
    outside_code: Matcher | None
    """For what no code can hold, which are a fifth of the costs; None: the other one searches for it as well."""


def matchers(cache: Path) -> Matchers:
    """
    Hyperscan where there is any, else Python's `re`.

    Raises:
        InspectorError: the patterns do not compile.
    """
    everything = expressions()
    if not database.available():
        keywords = [tuple(word.encode() for word in rule.keywords) for rule in FORMATS]
        return Matchers(fallback.Expressions(everything, keywords), None)
    never = {len(FORMATS) + number for number, form in enumerate(FORMS) if FileKind.CODE not in form.kinds}
    everywhere = [None if number in never else e for number, e in enumerate(everything)]
    outside = [e if number in never else None for number, e in enumerate(everything)]
    return Matchers(database.load(everywhere, cache), database.load(outside, cache))


def load(cache: Path) -> PatternEngine:
    """
    An engine with its patterns compiled, or taken from the cache.

    Raises:
        InspectorError: the patterns do not compile.
    """
    return PatternEngine(matchers(cache), gates.load(cache))


class PatternEngine:
    """Searches files. One for each process; holds nothing of the files."""

    def __init__(self, matchers: Matchers, gates: Gates | None = None) -> None:
        self.matchers, self.gates = matchers, gates
        self.tokens = Tokens(FORMATS)

    def search(self, path: str, raw: bytes) -> tuple[FileContent | None, Searched]:
        """
        The file's contents, None if they are binary, and what they hold.

        Args:
            path: with `/`; its name decides which parsers read the file.
            raw: the whole file.
        """
        return next(iter(self.search_all([(path, raw)])))

    def search_all(self, files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[FileContent | None, Searched]]:
        """The same of several files, in their order: small ones cost less together."""
        contents = [FileContent.of(raw) for _, raw in files]
        texts = [content.data if content else b"" for content in contents]
        paths = [path for path, _ in files]
        parsers: list[Sequence[CredentialFile]] = [parsers_for(path) for path in paths]
        reading = self.gates.passed_all(parsers, texts) if self.gates else parsers
        for number, hits in enumerate(self.hits(paths, texts)):
            content = contents[number]
            readers = reading[number] if content else parsers[number]
            found = hits.places or readers
            searched = self._search(paths[number], content or FileContent(b""), hits, readers) if found else NOTHING
            yield content, replace(searched, is_credential_file=True) if parsers[number] else searched

    def hits(self, paths: Sequence[str], texts: Sequence[bytes]) -> list[Hits]:
        """Where in each of the files the expressions match that are for its kind of file."""
        everywhere, outside_code = self.matchers
        texts = [text if text.endswith(b"\n") or not text else text + b"\n" for text in texts]  # what ends a value
        found = everywhere.scan_all(texts)
        if outside_code is not None:
            others = [n for n, path in enumerate(paths) if texts[n] and file_kind(path) is not FileKind.CODE]
            for number, more in zip(others, outside_code.scan_all([texts[n] for n in others]), strict=True):
                found[number] = _together(found[number], more)
        return found

    def _search(self, path: str, content: FileContent, hits: Hits, parsers: Iterable[CredentialFile]) -> Searched:
        problems: list[str] = []
        if hits.cut is not None:
            problems.append(f"too many places to look at; only those up to byte {hits.cut:,} were")
        found = [
            *_guarded("token formats", problems, lambda: self._layer1(content, hits.places)),
            *(found for parser in parsers for found in _guarded(parser.id, problems, _parse(parser, path, content))),
            *_guarded("assignments", problems, lambda: _layer3(path, content, hits.places)),
        ]
        kept = _weighed(path, content.text, without_overlaps(found))
        if len(kept) > MAX_FOUND:
            problems.append(f"{len(kept):,} credentials, of which the first {MAX_FOUND:,} are reported")
        return Searched(tuple(kept[:MAX_FOUND]), tuple(problems))

    def _layer1(self, content: FileContent, hits: Iterable[Hit]) -> Iterator[Found]:
        ends: dict[int, list[int]] = {}
        for index, end in hits:
            if index < len(FORMATS):
                ends.setdefault(index, []).append(end)
        if not ends:
            return
        matches = [m for index in sorted(ends) for m in self.tokens.confirm(content.data, index, ends[index])]
        matches.sort(key=_knows_most)
        at = content.characters(offset for match in matches for offset in (match.start, match.end))
        for match in matches:
            start, end, rule = at[match.start], at[match.end], match.format
            yield Found(
                Layer.TOKEN,
                Credential(
                    rule=rule.rule,
                    title=rule.title,
                    value=Secret(content.text[start:end]),
                    start=start,
                    end=end,
                    severity=rule.severity,
                    confidence=rule.confidence,
                    structured=_is_structured(match.format, content.text[start:end]),
                ),
            )


_TELLING = 4
"""Characters that a format must prescribe within a value to be known by them (`whsec_`, `ghp_`)."""


def _is_structured(rule: Format, secret: str) -> bool:
    value = secret.lower()
    told = any(len(word) >= _TELLING and word in value for word in rule.keywords) and not rule.context
    return told and not rule.id.endswith(("private-key", "-id", "-signature"))  # ids and signatures open nothing alone


def _weighed(path: str, text: str, found: list[Found]) -> list[Found]:
    """The same; what a docstring, a usage text or a comment shows is a guess, unless its structure proves it."""
    examples = ExampleTexts(path, text)
    return [
        replace(one, credential=replace(one.credential, confidence=Confidence.LOW))
        if (
            _may_be_an_example(one.credential)
            and (examples.covers(one.credential.start) or _is_example(path, one) or _says_unsafe(one))
        )
        or (one.credential.end and examples.says_so(one.credential.start))
        else one
        for one in found
    ]


def _is_example(path: str, one: Found) -> bool:
    """Whether it is in a text for people, or a program's URL with a plain word as password."""
    if one.layer is not Layer.TOKEN:
        return False
    word = one.credential.value.reveal().lower()
    plain = word.isalpha() and (is_word(word) or bool(parts_of(word)))
    url = one.credential.rule.endswith("url-password") and file_kind(path) is FileKind.CODE
    return holds_labels(path) or (url and plain)


def _says_unsafe(one: Found) -> bool:
    """Whether a short value says of itself that it protects nothing; in a long one chance may say so."""
    value = one.credential.value.reveal()
    return len(value) <= _LONGEST_SAID and says_unsafe(value)


_LONGEST_SAID = 40


def _may_be_an_example(one: Credential) -> bool:
    return one.confidence is Confidence.HIGH and not one.structured and one.end > 0


def _together(some: Hits, more: Hits) -> Hits:
    """The hits of two matchers in one text."""
    cuts = [hits.cut for hits in (some, more) if hits.cut is not None]
    return Hits(some.places + more.places, min(cuts, default=None))


def _knows_most(match: TokenMatch) -> tuple[bool, int]:
    """Where formats share a value, the one that knows more of it; a header says what it carries least of all."""
    return (match.format.id.endswith("-authorization"), -match.literal)


def _parse(parser: CredentialFile, path: str, content: FileContent) -> Callable[[], Iterator[Found]]:
    """One parser's reading of a file, when called."""
    return lambda: (Found(Layer.FILE, c) for c in parser.parse(path, content.text[: files.MAX_TEXT]))


def _layer3(path: str, content: FileContent, hits: Iterable[Hit]) -> Iterator[Found]:
    near = [hit for hit in hits if hit.expression >= len(FORMATS)]
    if near:
        at = content.characters(hit.end for hit in near)
        which = [hit.expression - len(FORMATS) for hit in near]
        places = [at[hit.end] for hit in near]
        yield from (Found(Layer.ASSIGNMENT, c) for c in assignments.scan(path, content.text, places, which))


def _guarded(what: str, problems: list[str], search: Callable[[], Iterator[Found]]) -> list[Found]:
    """What a search finds. If it breaks, what it found before, and a problem that names the kind of error only."""
    found: list[Found] = []
    try:
        found.extend(search())
    except InspectorError:
        raise
    except (MemoryError, RecursionError) as error:
        problems.append(f"{what} gave up ({type(error).__name__})")
    except Exception as error:  # noqa: BLE001 - a hostile file must not cost the other layers' and files' answers
        problems.append(f"{what} failed ({type(error).__name__}); please report it")
    return found


def without_overlaps(found: Iterable[Found]) -> list[Found]:
    """One credential for each place, the best there is, from the top."""
    starts: list[int] = []
    kept: dict[int, Found] = {}
    for one in sorted(found, key=_best_first):
        span = one.credential
        place = bisect_left(starts, span.end)
        before = kept[starts[place - 1]].credential if place else None
        if (before is None or before.end <= span.start) and span.start not in kept:
            insort(starts, span.start)
            kept[span.start] = one
    return [kept[start] for start in starts]


def _best_first(found: Found) -> tuple[bool, bool, int, int, int]:
    """A part of a whole, the surest, the most specific layer, the longest, the worst; then the order of the tables."""
    one = found.credential
    return (not one.whole, one.confidence is Confidence.LOW, found.layer, one.start - one.end, -one.severity)
