"""
Credentials that give themselves away by a name (`password = "…"`) or by the syntax around them (`mysql -p…`).

The engine's single pass over a file says where a secret-like name comes before something like a value
(`PREFILTERS`); only the lines around those places are read here. `forms.py` has the ways of writing, `names.py` the
names that promise a secret, and `values.py` the values.

False-positive budget: at most 0.1 false findings of high confidence per 100,000 lines of published packages. Tests,
documentation and guessable values have low confidence. `docs/decisions.md` has what was measured and how.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from seatrial.domain import Confidence, Severity
from seatrial.inspectors.secrets.assignment_rules import RULE, RULES
from seatrial.inspectors.secrets.evidence import sight
from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.files.paths import names_it
from seatrial.inspectors.secrets.forms import FORMS, PREFILTERS
from seatrial.inspectors.secrets.literal_texts import LiteralTexts
from seatrial.inspectors.secrets.model import Credential
from seatrial.inspectors.secrets.names import NameKind
from seatrial.inspectors.secrets.sighting import COMMENT, PathContext, Sighting
from seatrial.inspectors.secrets.values import ValueKind, names_a_field, reads_like_a_name, says_password, says_unsafe
from seatrial.text.redact import Secret

__all__ = ["PREFILTERS", "RULES", "scan"]

BEFORE, AFTER = 320, 420
"""Characters read before and after a hit, at most."""
LONGEST = 4000
"""Characters read at once: what is compared with everything around it stays small."""
LINES_BEFORE, MORE_LINES_BEFORE = 1, 6
"""Lines read before that of the hit: a name may be above its value; further above if the line says `value`."""
MORE_LINES_AFTER = 8
"""Lines read after that of the hit, while a literal goes on or its text has not ended."""
_GOES_ON = re.compile(
    r"""(?<=["'`+.&\\\r])\n[ \t]{0,60}(?:[+.&_]|\.\.|<>|\|\|)?[ \t]{0,8}["'`]"""
    r"""|\n[ \t]{0,60}(?:\"{3}|'{3}|''|`|[A-Z_]{2,30}\r?$)""",
    re.MULTILINE,
)
_VALUE_BELOW = re.compile(r"val|default|string>|content", re.IGNORECASE)


class _Window(NamedTuple):
    """A stretch of text, and as bits the forms to try there."""

    start: int
    end: int
    forms: int


ALL = (1 << len(FORMS)) - 1
"""Every form."""


def scan(path: str, text: str, hits: Iterable[int], which: Iterable[int] = ()) -> Iterator[Credential]:
    """
    The credentials near the hits, in the order of the text and without overlaps.

    Args:
        path: of the file, with `/`; its name tells how values are written there.
        text: the decoded file.
        hits: offsets in `text` at which a prefilter's match ended; others do no harm.
        which: for each hit, the index in `PREFILTERS` of what matched there, so that only its form is tried;
            empty: not known, all are.

    Never raises, for any text.
    """
    place = PathContext.of(path, text[:80].partition("\n")[0])
    texts = LiteralTexts(path, text)
    taken = 0
    if which:
        hits, which = _in_comments_if_need_be(place.kind, text, texts, hits, which)
    for window in _windows(text, hits, which):
        for credential in sorted(_in_window(place, text, texts, window), key=lambda c: c.start):
            if credential.start >= taken:
                taken = credential.end
                yield credential


def _in_comments_if_need_be(
    kind: FileKind, text: str, texts: LiteralTexts, hits: Iterable[int], which: Iterable[int]
) -> tuple[Sequence[int], Sequence[int]]:
    """
    Without the hits of forms that occur in comments only, if theirs is none: data is full of `"a_token": 0.1`.

    What may also be in a string of several lines stays if it is.
    """
    only = _IN_COMMENTS[kind]
    kept = [
        (hit, form)
        for hit, form in zip(hits, which, strict=True)
        if form not in only or _has_comment(text, hit) or (FORMS[form].embedded and texts.covers(hit - 1))
    ]
    return [hit for hit, _ in kept], [form for _, form in kept]


_IN_COMMENTS = {kind: frozenset(n for n, form in enumerate(FORMS) if kind in form.comments) for kind in FileKind}


def _has_comment(text: str, hit: int) -> bool:
    """Whether a comment begins before the hit in its line; also true for a line that is too long to see all of it."""
    floor = max(0, hit - BEFORE)  # the same line is looked at again for each of its hits
    start = text.rfind("\n", floor, max(hit - 1, floor))
    return (start < 0 < floor) or COMMENT.search(text, start + 1, hit) is not None


def _windows(text: str, hits: Iterable[int], which: Iterable[int]) -> Iterator[_Window]:
    """The stretches of text to read: a few lines around each hit, joined where they touch."""
    forms: dict[int, int] = {}
    for hit, index in zip_longest(hits, which):
        at = min(max(hit, 0), len(text))
        forms[at] = forms.get(at, 0) | (ALL if index is None else 1 << index)
    current: _Window | None = None
    for hit in sorted(forms):
        start, end = _window(text, hit)
        if current and start <= current.end and end - current.start <= LONGEST:
            current = _Window(current.start, max(end, current.end), current.forms | forms[hit])
            continue
        if current:
            yield current
        current = _Window(start, end, forms[hit])
    if current:
        yield current


def _window(text: str, hit: int) -> tuple[int, int]:
    """The line of the hit and some before it, within `BEFORE` and `AFTER` characters."""
    floor, ceiling = max(0, hit - BEFORE), min(len(text), hit + AFTER)
    start = max(text.rfind("\n", floor, max(hit - 1, floor)), floor)
    for _ in range(
        MORE_LINES_BEFORE
        if _VALUE_BELOW.search(text, max(text.rfind("\n", floor, start), floor), hit)
        else LINES_BEFORE
    ):
        if start == floor:
            break
        start = max(text.rfind("\n", floor, start), floor)
    end = text.find("\n", hit, ceiling)
    for _ in range(MORE_LINES_AFTER):
        if end < 0 or not _GOES_ON.match(text, end):
            break
        end = text.find("\n", end + 1, ceiling)
    return start, end + 1 if end >= 0 else ceiling


def _in_window(place: PathContext, text: str, texts: LiteralTexts, stretch: _Window) -> list[Credential]:
    """What the forms see in one stretch; the first form to explain a value keeps it."""
    start, window = stretch.start, text[stretch.start : stretch.end]
    low = window.lower()
    found: list[Credential] = []
    comment = COMMENT.search(window) is not None
    for index, form in enumerate(FORMS):
        if not stretch.forms >> index & 1:
            continue
        in_text = form.embedded and place.kind in (FileKind.CODE, FileKind.SHELL)
        if place.kind not in form.kinds or (place.kind in form.comments and not comment and not in_text):
            continue
        if form.gate and not any(word in low for word in form.gate):
            continue
        for match in _matches(form.pattern, window):
            sighting = sight(place, form, match)
            if sighting is None and in_text and texts.covers(start + match.end()):
                sighting = sight(place.within, form, match)
            if sighting and not any(_overlap(sighting, start, credential) for credential in found):
                found.append(_credential(sighting, start))
    return found


def _matches(pattern: re.Pattern[str], window: str) -> Iterator[re.Match[str]]:
    """
    The matches, also those that begin inside another one.

    In `get("PASSWORD", "x")` the call's first argument is not a secret, but a name with a value behind it.
    """
    at = 0
    while match := pattern.search(window, at):
        yield match
        at = match.end("name") if "name" in pattern.groupindex and match["name"] else match.start() + 1


def _overlap(sighting: Sighting, offset: int, other: Credential) -> bool:
    """Whether both are about the same characters."""
    start = sighting.start + offset
    return start < other.end and other.start < start + sighting.extent


def _credential(sighting: Sighting, offset: int) -> Credential:
    """The sighting as the scan reports it."""
    rule = RULE[sighting.rule]
    start, end = sighting.start, sighting.start + sighting.extent
    doubtful = sighting.verdict is ValueKind.WEAK or sighting.names is NameKind.HINT
    return Credential(
        rule=rule.id,
        title=_title(rule.title, sighting),
        value=Secret(sighting.match.string[start:end]),
        start=start + offset,
        end=end + offset,
        severity=min(rule.severity, Severity.MEDIUM) if doubtful else rule.severity,
        confidence=Confidence.LOW if doubtful or not _is_sure(sighting) else Confidence.HIGH,
        key=sighting.name,
    )


def _is_sure(sighting: Sighting) -> bool:
    """Whether no reasonable reader would doubt it: certain syntax, no sample, and in code no plain word."""
    if sighting.place.sample or sighting.place.labels or not sighting.certain or says_unsafe(sighting.value):
        return False
    if sighting.names is not NameKind.PASSWORD and reads_like_a_name(sighting.value):
        return False
    if sighting.place.kind in (FileKind.CODE, FileKind.SHELL) and names_a_field(sighting.value):
        return False
    if sighting.place.kind is FileKind.CONFIG and says_password(sighting.value):
        return False
    if sighting.place.kind is not FileKind.SHELL and names_it(sighting.place.path, sighting.value):
        return False
    if sighting.place.kind is not FileKind.CODE or sighting.names is not NameKind.PASSWORD:
        return True
    return not (sighting.value.isalpha() or (sighting.name.lower() == "pass" and _STEP.fullmatch(sighting.value)))


_STEP = re.compile(r"[a-z]+(?:-[a-z]+)+")
"""One of several passes of a renderer or compiler: `pass: "collision-filter"`."""


def _title(title: str, sighting: Sighting) -> str:
    """The rule's title with the names beside the value."""
    user = sighting.match.groupdict().get("user") or ""
    weak = ", and easily guessed" if sighting.verdict is ValueKind.WEAK else ""
    about = f" of user `{user[:40]}`" if user else f": `{sighting.name[:60]}`" if not sighting.form.key else ""
    return f"{title}{weak}{about}"
