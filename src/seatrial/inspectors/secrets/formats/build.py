"""
How the rows of the table are made: one template of a token gives its pattern, its example and its counter-example.

    token(...)      a token with a distinctive beginning (or middle); needs no context
    assigned(...)   a token without: the provider's name, a secret-like word and an assignment come before it
"""

from __future__ import annotations

import math
import re

from seatrial.domain import Confidence, Severity
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.samples import ALPHABETS, Field, Piece, SampleChoice, SampleText, pieces
from seatrial.inspectors.secrets.structure import StructureCheck, is_token

_CLASSES = {
    "hex": "0-9a-f",
    "upperhex": "0-9A-F",
    "anyhex": "0-9a-fA-F",
    "digit": "0-9",
    "letter": "A-Za-z",
    "lower": "a-z",
    "upper": "A-Z",
    "lower36": "0-9a-z",
    "upper36": "0-9A-Z",
    "base32": "A-Z2-7",
    "lower32": "a-z2-7",
    "base58": "1-9A-HJ-NP-Za-km-z",
    "base62": "0-9A-Za-z",
    "word": "0-9A-Za-z_",
    "base64": "0-9A-Za-z+/",
    "base64url": "0-9A-Za-z_-",
    "dotted": "0-9A-Za-z_.-",
    "bech32": "02-9AC-HJ-NP-Z",
    "alnumdash": "0-9A-Za-z-",
    "printable": "0-9A-Za-z!#^*+.",
    "urlbase64": "0-9A-Za-z%",
}
_STRUCTURES = {
    "uuid": "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    "jwt": r"eyJ[0-9A-Za-z_-]{10,2000}\.eyJ[0-9A-Za-z_-]{10,4000}\.[0-9A-Za-z_-]{20,2000}",
    "stellar": "S[A-Z2-7]{55}",
    "nkey": "S[NCOAUX]A[A-P][A-Z2-7]{54}",
    "basic": "[0-9A-Za-z+/]{8,200}={0,2}",
}
_EDGE = "0-9A-Za-z_"
_SHARE_OF_BITS = 0.7
"""Of the entropy that so many random characters can have: every real token has more, a stand-in seldom."""
_UUID_BITS = 2.6
_STUB = 5
"""Characters that no format takes for a token, however loose its pattern."""

SECRET_WORDS = "key|token|secret|passw(?:or)?d|pwd|pass|auth|cred(?:ential)?"  # noqa: S105 - a pattern
"""Words in the names of secrets."""
_TAIL = (
    "(?:[_-]?(?:access[_-]?)?(?:key|token))?"
    "(?:s|[_-]?(?:[0-9]{1,2}|prod|production|dev|development|live|test|staging|value|default|str|string|text))?"
)
_BETWEEN = r"[^\n=;]{0,24}"
_ASSIGNMENT = (
    r"""(?:[^\n0-9A-Za-z@#]|@["']){1,8}(?:(?i:value|string|str|default|content|text|env)[^\n0-9A-Za-z]{1,6})?"""
    r"""(?:(?i:bearer|token|basic|apikey)[ =:]{1,3})?"""
)
"""Without a bare `@` or `#`: what follows them is a commit (`uses: acme/create-app-token@…`)."""
_WORD_BEGINS = "(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]))"
"""No letter before, or a hump: `MY_BOX_SECRET`, `myBoxSecret` and `AWSBoxSecret`, but not `GEARBOX_SECRET`."""
_GLUED = (
    "access|account|admin|api|app|auth|bot|client|cloud|consumer|cred|dev|hook|key|oauth|pass|pat|personal|private|prod"
    "|public|push|pwd|rest|secret|service|test|token|user|web"
)
_WORD_ENDS = rf"(?:(?![A-Za-z])|(?<=[^A-Za-z])|(?<=[a-z])(?=[A-Z])|(?=(?i:{_GLUED}))|(?<=[A-Z])(?=[A-Z][a-z]))"
"""No letter after, a hump, or a word that is often glued to a provider's name: `SLACKBOT_TOKEN`, `datadogapikey`."""


_NEXT_NAME = r"[\"']\s{0,2}:(?!:)"
"""What follows the name of another member: `"name": "ACME_PASSWORD", "description": "…"`."""


def _not_a_name(edge: str) -> str:
    """The same edge, and no name of another member."""
    return f"(?:{edge}|{_NEXT_NAME})" if edge else _NEXT_NAME


def token(
    id: str,  # noqa: A002 - the table's own word
    title: str,
    documentation: str,
    severity: Severity,
    shape: str,
    *,
    keywords: tuple[str, ...] = (),
    pattern: str = "",
    counter_example: str = "",
    min_entropy: float | None = None,
    verify: StructureCheck | None = is_token,
    confidence: Confidence = Confidence.HIGH,
    left: str | None = None,
    right: str | None = None,
) -> Format:
    """
    A token that is recognised by itself.

    Args:
        shape: template of the token (`samples.py`); may hold `<<` and `>>` around the secret where the rest is context.
        keywords: literals, if the shape does not begin with one.
        pattern: the regular expression, where the template cannot say it.

    Raises:
        ValueError: if no keyword can be found in the shape.
    """
    before, secret, after = _split(shape)
    return Format(
        id=id,
        title=title,
        documentation=documentation,
        severity=severity,
        pattern=pattern or f"{_regex(before)}(?P<secret>{_regex(secret)}){_regex(after)}",
        keywords=keywords or _keywords(before + secret),
        example=before + secret + after,
        counter_example=counter_example or before + shortened(secret, to=_STUB if pattern else None) + after,
        min_entropy=least_entropy(secret) if min_entropy is None else min_entropy,
        verify=verify,
        confidence=confidence,
        left=f"[{_EDGE}]" if left is None else left,
        right=_right_edge(secret + after) if right is None else right,
    )


def assigned(
    id: str,  # noqa: A002 - the table's own word
    title: str,
    documentation: str,
    severity: Severity,
    providers: str,
    shape: str,
    *,
    name: str,
    words: str = SECRET_WORDS,
    min_entropy: float | None = None,
    verify: StructureCheck | None = is_token,
    confidence: Confidence = Confidence.HIGH,
    right: str | None = None,
) -> Format:
    """
    A token that only its surroundings give away: `DATADOG_API_KEY = "..."`, `datadog: {api_key: ...}`, on one line.

    Args:
        providers: the names, lower case, separated by `|`; regular expressions are allowed after the first letters.
            Each is a word of its own: a longer name around it is another provider's.
        shape: template of the token.
        name: how the variable is called in the example.
        words: what must be between the provider and the value.
    """
    before, secret, after = _split(shape)
    context = f"(?i:{providers}){_BETWEEN}(?i:(?:{words}){_TAIL}){_ASSIGNMENT}"
    return Format(
        id=id,
        title=title,
        documentation=documentation,
        severity=severity,
        pattern=f"{context}{_regex(before)}(?P<secret>{_regex(secret)}){_regex(after)}",
        keywords=_literals(providers),
        example=f'{name} = "{before}{secret}{after}"',
        counter_example=f'{name} = "{before}{shortened(secret)}{after}"',
        min_entropy=least_entropy(secret) if min_entropy is None else min_entropy,
        verify=verify,
        confidence=confidence,
        left="",
        right=_not_a_name(_right_edge(secret + after) if right is None else right),
        context=f"{_WORD_BEGINS}(?i:{providers}){_WORD_ENDS}",
    )


def _split(shape: str) -> tuple[str, str, str]:
    """Context before, secret and context after."""
    if "<<" not in shape:
        return "", shape, ""
    before, _, rest = shape.partition("<<")
    secret, _, after = rest.partition(">>")
    return before, secret, after


def _regex(template: str) -> str:
    return "".join(_piece_regex(piece) for piece in pieces(template))


def _piece_regex(piece: Piece) -> str:
    if isinstance(piece, SampleText):
        return re.escape(piece.text).replace(r"\-", "-").replace(r"\ ", " ")
    if isinstance(piece, SampleChoice):
        return f"(?:{'|'.join(re.escape(text) for text in piece.texts)})"
    if piece.kind == "crc62":
        return f"[0-9A-Za-z]{{{piece.low}}}"
    return _STRUCTURES.get(piece.kind) or f"[{_CLASSES[piece.kind]}]{_times(piece)}"


def _times(field: Field) -> str:
    if field.high is None:
        return f"{{{field.low},}}"
    return f"{{{field.low}}}" if field.low == field.high else f"{{{field.low},{field.high}}}"


def _keywords(shape: str) -> tuple[str, ...]:
    """The first literal (three characters or more) or choice of the shape."""
    parts = pieces(shape)
    for piece in parts:
        if isinstance(piece, SampleText) and len(piece.text) >= 3:
            return (piece.text.lower(),)
    for piece in parts:
        if isinstance(piece, SampleChoice):
            return tuple(sorted({text.lower() for text in piece.texts}))
    for piece in parts:
        if isinstance(piece, SampleText):
            return (piece.text.lower(),)
    raise ValueError(f"no keyword in {shape}")


def _literals(providers: str) -> tuple[str, ...]:
    """The letters that each alternative begins with."""
    heads = (re.match(r"[a-z0-9]+", name) for name in providers.split("|"))
    return tuple(sorted({head[0] for head in heads if head}))


def shortened(shape: str, to: int | None = None) -> str:
    """The same shape, its longest field too short by one character (or cut to `to`): what must not match."""
    fields = [(m, int(m[2])) for m in re.finditer(r"\{(\w+):(\d+)(?:-\d+|\+)?\}", shape)]
    if not fields:
        return re.sub(r"\{(?:uuid|jwt|basic|stellar|nkey)\}", "{hex:5}", shape, count=1)
    match, low = max(fields, key=lambda item: item[1])
    return f"{shape[: match.start()]}{{{match[1]}:{low - 1 if to is None else to}}}{shape[match.end() :]}"


def least_entropy(shape: str) -> float:
    """The bits per character that every real value has, from the alphabets and lengths of its fields."""
    fields = [piece for piece in pieces(shape) if isinstance(piece, Field)]
    plain = [field for field in fields if field.kind in ALPHABETS or field.kind == "crc62"]
    if not plain:
        return _UUID_BITS if fields else 0.0
    longest = max(plain, key=lambda field: field.low)
    alphabet = ALPHABETS.get(longest.kind, ALPHABETS["base62"])
    bits = min(math.log2(len(alphabet)), math.log2(max(longest.low, 2)))
    return math.floor(10 * bits * _SHARE_OF_BITS) / 10


def _right_edge(shape: str) -> str:
    """What must not follow: word characters, and what the last field is made of."""
    last = pieces(shape)[-1]
    more = _CLASSES.get(last.kind, "") if isinstance(last, Field) else ""
    if isinstance(last, SampleText) and last.text.endswith("="):
        return "[0-9A-Za-z_=]"
    extra = "".join(c for c in "+/" if c in more) + ("-" if more.endswith("-") else "")
    return f"[{_EDGE}{extra}]"
