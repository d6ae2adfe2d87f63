"""
Credentials made fit to leave this package: findings without a secret in them.

Only a keyed digest still shows which values are equal (`redact.Secret.token`), which is dropped when causes have been
given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from seatrial.domain import Confidence, Finding, Location
from seatrial.inspectors.path_roles import PathRole, is_example_path, is_note, purpose, weighed
from seatrial.inspectors.rulebook import needs_reason
from seatrial.inspectors.secrets.allow import is_allowed, may_allow
from seatrial.inspectors.secrets.contents import FileContent, LineStarts
from seatrial.inspectors.secrets.engine import CHECKS, Found, Layer
from seatrial.inspectors.secrets.formats import BY_RULE
from seatrial.inspectors.secrets.model import Credential
from seatrial.inspectors.secrets.placeholders import is_placeholder
from seatrial.inspectors.secrets.remedies import remedy
from seatrial.inspectors.secrets.values import ValueKind, judge
from seatrial.text.lines import split
from seatrial.text.redact import MASK, masked_line
from seatrial.text.vault import learn
from seatrial.text.wording import listed

ANCHOR_LENGTH = 200
"""Characters of a line that identify a finding, around its value."""
_PART = 6
"""Shorter parts of a secret than this are no clue to it, and words of everyday use."""

_LITERAL_ENDS = re.compile(r"[\"'`]\s{0,20}\\?\s{0,60}(?:[+.,&_]|\.\.|<>|\|\|)?\s{0,60}[\"'`]")
"""Between the literals that a value is joined from."""
_QUOTED = re.compile(r'"[^"]*"|`[^`]*`')
"""How the layers' titles set off the names that they take from a file."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A finding, the layer that saw it, and a digest that shows whether two hold the same value."""

    layer: Layer
    token: bytes
    finding: Finding


@dataclass(frozen=True, slots=True)
class Redactions:
    """What may be reported of one file."""

    found: tuple[Redacted, ...] = ()
    allowed: Counter[Layer] = field(default_factory=Counter)
    """Credentials that a comment in the file accepts."""
    accepted: tuple[bytes, ...] = field(default=(), repr=False)
    """Digests that show which of these values are equal."""


def redacted(
    path: str, content: FileContent, found: Sequence[Found], commit: str = "", *, comments: bool = True
) -> Redactions:
    """
    The findings that the credentials of one file make.

    Args:
        path: of the file.
        content: of the file; empty for a binary one.
        found: the credentials, from the top.
        commit: the commit that the file was read from, if it is not the tree.
        comments: whether a comment in the file accepts a credential.
    """
    if not found:
        return Redactions()
    for one in found:
        if one.credential.end and not is_placeholder(one.credential.value.reveal()):  # else it is a file's name
            for part in _LITERAL_ENDS.split(one.credential.value.reveal()):
                learn(part)
    lines = LineStarts.of(content.text, (f.credential.end for f in found))
    allowed = _allowed(lines, found) if comments and may_allow(content.text) else set()
    page = _Page(path, lines, found, commit)
    kept = [one for place, one in enumerate(found) if place not in allowed]
    wholes = [page.redacted(one) for one in kept if one.credential.whole]
    return Redactions(
        (*_joined(wholes), *(page.redacted(one) for one in kept if not one.credential.whole)),
        Counter(found[place].layer for place in allowed),
        tuple(found[place].credential.value.token for place in sorted(allowed)),
    )


def _allowed(lines: LineStarts, found: Sequence[Found]) -> set[int]:
    spans = (
        (lines.position(f.credential.start)[0], lines.position(max(f.credential.start, f.credential.end - 1))[0])
        for f in found
    )
    return {
        place
        for place, ((first, last), one) in enumerate(zip(spans, found, strict=True))
        if is_allowed(
            lines, first, last, one.credential.rule, reasoned=needs_reason(one.credential.severity, CHECKS[one.layer])
        )
    }


_PLACES = 50
"""Further places that one finding names."""


def _joined(wholes: Sequence[Redacted]) -> Iterator[Redacted]:
    """One finding for each kind of credential file, with the places of all its values."""
    kinds: dict[str, list[Redacted]] = {}
    for one in wholes:
        kinds.setdefault(one.finding.rule, []).append(one)
    for first, *others in kinds.values():
        message = listed((one.finding.message for one in (first, *others)), most=1)
        places = tuple(one.finding.location for one in others[:_PLACES])
        yield replace(first, finding=replace(first.finding, message=message, related=places))


class _Page:
    """One file with everything in it that must stay hidden."""

    def __init__(self, path: str, lines: LineStarts, found: Sequence[Found], commit: str) -> None:
        self._path, self._lines, self._commit = path, lines, commit
        self._example = is_example_path(path)
        self._spans = [(f.credential.start, f.credential.end) for f in found]
        self._values = _parts(f.credential.value.reveal() for f in found)

    def redacted(self, one: Found) -> Redacted:
        credential = one.credential
        anchor = self._anchor(credential)
        proven = _is_proven(credential, self._path)
        finding = Finding(
            rule=credential.rule,
            severity=credential.severity,
            confidence=credential.confidence if proven or not self._example else Confidence.LOW,
            message=self._message(credential),
            location=self._location(credential),
            remedy=remedy(credential.rule),
            anchor=f"in history: {anchor}" if self._commit else anchor,
            commit=self._commit,
        )
        kept = proven or is_note(self._path)
        return Redacted(one.layer, credential.value.token, finding if kept else weighed(finding))

    def _location(self, credential: Credential) -> Location:
        if not credential.end:  # a binary file, known by its name
            return Location(self._path)
        line, column = self._lines.position(credential.start)
        end_line, end_column = self._lines.position(credential.end)
        return Location(self._path, line, column, end_line, end_column)

    def _message(self, credential: Credential) -> str:
        title = _QUOTED.sub(self._quoted, credential.title)
        shown = _public_part(credential)
        return f"{title}: {shown}" if shown else title

    def _quoted(self, match: re.Match[str]) -> str:
        """A name from the file, unless a secret hides in it."""
        mark = match[0][0]
        return f"{mark}{MASK}{mark}" if any(value in match[0] for value in self._values) else match[0]

    def _anchor(self, credential: Credential) -> str:
        """The line of the value, with every secret of the file and every quoted string masked."""
        line, _ = self._lines.position(credential.start)
        start, end = self._lines.bounds(line)
        low = max(start, credential.start - ANCHOR_LENGTH)
        high = min(end, max(credential.start, credential.end) + ANCHOR_LENGTH)
        return masked_line(self._without_values(low, high), self._values).strip()

    def _without_values(self, low: int, high: int) -> str:
        """A stretch of the text in which every found value is replaced by the mask."""
        pieces: list[str] = []
        for start, end in self._spans:
            if start < high and end > low:
                pieces += (self._lines.text[low : max(low, start)], MASK)
                low = min(high, end)
        return "".join((*pieces, self._lines.text[low:high]))


def _is_proven(credential: Credential, path: str) -> bool:
    """
    Whether a value is a live credential by its own structure, wherever it is.

    People paste live tokens into notes, examples and tests. Tests also make tokens up, so there the rest of the value
    has to look drawn by a machine.
    """
    made_up = purpose(path).role in (PathRole.TEST, PathRole.EXAMPLE)
    if not credential.structured:
        return credential.whole and not made_up
    return not made_up or judge(credential.value.reveal()) is ValueKind.SECRET


def _parts(values: Iterable[str]) -> tuple[str, ...]:
    """What to look for in texts that go out: the values, and their lines if they have several."""
    parts = {part.strip() for value in values for part in (value, *split(value), *_LITERAL_ENDS.split(value))}
    return tuple(sorted((part for part in parts if len(part) >= _PART), key=len, reverse=True))


def _public_part(credential: Credential) -> str:
    """What the provider puts in front of every token, from our own table: `ghp_****`; empty if there is none."""
    rule = BY_RULE.get(credential.rule)
    value = credential.value.reveal()
    heads = [k for k in (rule.keywords if rule else ()) if value.lower().startswith(k) and len(value) >= len(k) + 8]
    return value[: len(max(heads, key=len))] + MASK if heads else ""


def with_causes(found: Iterable[Redacted]) -> list[Redacted]:
    """
    The same, numbered, and those with equal values tied together: one leaked key in three files is one cause.

    The cause is named after the first finding of the value. It is stable and reveals nothing.
    """
    every = sorted(found, key=_place)
    counts = Counter(one.token for one in every)
    seen: Counter[tuple[str, str, str]] = Counter()
    first: dict[bytes, str] = {}
    result: list[Redacted] = []
    for one in every:
        finding = one.finding
        key = (finding.rule, finding.location.path, " ".join(finding.anchor.split()))
        seen[key] += 1
        finding = replace(finding, occurrence=seen[key])  # as the answer will number them
        if counts[one.token] > 1:
            cause = first.setdefault(one.token, f"{finding.rule}:{finding.fingerprint}")
            finding = replace(finding, cause=cause)
        result.append(replace(one, finding=finding))
    return result


def _place(one: Redacted) -> tuple[object, ...]:
    """What is in the tree first, then by place."""
    finding = one.finding
    return (finding.commit != "", finding.location, finding.rule, finding.commit, finding.message)
