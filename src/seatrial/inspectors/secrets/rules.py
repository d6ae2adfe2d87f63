"""A page for every rule of the secret scan, for `seatrial explain` and the generated documentation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial

from seatrial.domain import Severity
from seatrial.inspectors.secrets import samples
from seatrial.inspectors.secrets.assignment_rules import RULES, AssignmentRule
from seatrial.inspectors.secrets.files import PARSERS, Parser
from seatrial.inspectors.secrets.formats import FORMATS
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.remedies import REVOKE, STORE, UNTRACK
from seatrial.redact import MASK

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


def pages() -> Mapping[str, str]:
    """Markdown by rule id, sorted. It takes most of a second: hundreds of patterns are tried on their examples."""
    return {rule: make() for rule, make in sorted(_makers().items())}


def page(rule: str) -> str:
    """The page of one rule; empty if there is none of this id."""
    make = _makers().get(rule)
    return make() if make is not None else ""


@cache
def _makers() -> Mapping[str, Callable[[], str]]:
    every: dict[str, Callable[[], str]] = {rule.rule: partial(_format, rule) for rule in FORMATS}
    every |= {parser.rule: partial(_parser, parser) for parser in PARSERS}
    return every | {rule.id: partial(_assignment, rule) for rule in RULES}


def _format(rule: Format) -> str:
    sure = "" if rule.verify is None else " Its structure (checksum, encoding, or variety of characters) is checked."
    return _page(
        rule.rule,
        _capital(rule.title),
        f"A text in the shape of this credential.{sure}\n\n    {example(rule)}",
        _WHY[rule.severity],
        f"{REVOKE}. Then {STORE}.\n\n{_HISTORY}",
        rule.documentation,
        rule.severity,
    )


def _parser(parser: Parser) -> str:
    names = ", ".join(f"`{name}`" for name in parser.names[:6]) + (", ..." if len(parser.names) > 6 else "")
    return _page(
        parser.rule,
        _capital(parser.title),
        f"A file of this kind, known by its name ({names}), holds a credential where its program looks for one.",
        _WHY[parser.severity],
        f"{UNTRACK}.\n\n{_HISTORY}",
        parser.documentation,
        parser.severity,
    )


def _assignment(rule: AssignmentRule) -> str:
    return _page(rule.id, rule.title, rule.what, rule.why, f"{rule.fix}\n\n{_HISTORY}", rule.source, rule.severity)


def _page(rule: str, title: str, what: str, why: str, fix: str, source: str, severity: Severity) -> str:
    return (
        f"# {rule}: {title}\n\nSeverity: {severity.label}\n\n## What\n\n{what}\n\n## Why it matters\n\n{why}\n\n"
        f"## How to fix\n\n{fix}\n\n{_ACCEPT}\n\nSource: {source}\n"
    )


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
