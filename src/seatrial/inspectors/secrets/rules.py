"""The rules of the secret scan, made from its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule
from seatrial.inspectors.secrets import samples
from seatrial.inspectors.secrets.assignment_rules import RULES, UNSAMPLED
from seatrial.inspectors.secrets.engine import CHECKS, Layer
from seatrial.inspectors.secrets.files import PARSERS, CredentialFile
from seatrial.inspectors.secrets.formats import FORMATS
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.remedies import REVOKE, STORE, UNTRACK
from seatrial.text.redact import MASK

_HISTORY = (
    "Once the credential is worthless, the old commits do no harm. If they must go, rewrite the history with "
    "`git filter-repo` and force-push; forks, caches and pull requests keep their copies."
)
_ACCEPT = (
    "If it is not a secret, say so on its line: `# seatrial: allow RULE because REASON`. It is then counted, and not "
    "reported. A password that is not critical needs no reason."
)
_WHY: Mapping[Severity, str] = {
    Severity.CRITICAL: "Its holder acts as its owner: with the rights of the account or key, from anywhere, "
    "without a second factor. Bots try published ones within minutes.",
    Severity.HIGH: "Its holder reads or changes what it opens, with the rights that it was given.",
    Severity.MEDIUM: "Its rights are limited, but it opens something, or is one half of a credential.",
    Severity.LOW: "By itself it opens little: a test account, a public half, an identifier. It shows where the other "
    "half belongs.",
}


def rules() -> Iterator[Rule[object]]:
    """Every rule of the secret scan: token formats, credential files, assignments. Each row of a table is one."""
    yield from map(_of_format, FORMATS)
    yield from map(_of_parser, PARSERS)
    yield from (replace(one, fix=_ending(one.fix)) for one in RULES)


def _of_format(one: Format) -> Rule[object]:
    return Rule(
        id=one.rule, checks=(CHECKS[Layer.TOKEN],), severity=one.severity, title=_capital(one.title),
        what=partial(_shape, one), why=_WHY[one.severity], fix=_ending(f"{REVOKE}. Then {STORE}."),
        source=one.documentation, unsampled=UNSAMPLED,
    )  # fmt: skip


def _shape(one: Format) -> str:
    """It takes a millisecond: the pattern is tried on its example."""
    sure = "" if one.verify is None else " Its structure (checksum, encoding, or variety of characters) is checked."
    return f"A text in the shape of this credential.{sure}\n\n    {example(one)}"


def _of_parser(one: CredentialFile) -> Rule[object]:
    names = ", ".join(f"`{name}`" for name in one.names[:6]) + (", ..." if len(one.names) > 6 else "")
    what = f"A file of this kind, known by its name ({names}), holds a credential where its program looks for one."
    return Rule(
        id=one.rule, checks=(CHECKS[Layer.FILE],), severity=one.severity, title=_capital(one.title), what=what,
        why=_WHY[one.severity], fix=_ending(f"{UNTRACK}."), source=one.documentation, unsampled=UNSAMPLED,
    )  # fmt: skip


def _ending(fix: str) -> str:
    return f"{fix}\n\n{_HISTORY}\n\n{_ACCEPT}"


def example(rule: Format) -> str:
    """What the format looks like: a made value with its secret part masked, on one line."""
    value = samples.expand(rule.example)
    match = re.search(rule.pattern, value, re.IGNORECASE if rule.ignore_case else re.NOFLAG)
    start, end = match.span("secret") if match else (0, len(value))
    secret = value[start:end]
    public = max((k for k in rule.keywords if secret.lower().startswith(k)), key=len, default="")
    shown = value[:start] + secret[: len(public)] + MASK + value[end:]
    return " ".join(shown.split())


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]
