"""
There is a contact for vulnerabilities and incidents.

## What it does

Reports, once, a repository without a contact for vulnerabilities and incidents: no SECURITY.md, no
`security.txt`, and no runbook or README with an address for it.

## Why it matters

Who finds a flaw and no address publishes it, or says nothing. Who finds an outage calls the wrong person.

## How to fix

SECURITY.md with an address, or a line *On call* in the runbook.

Source: https://docs.github.com/en/code-security/getting-started/adding-a-security-policy-to-your-repository
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.inspectors.practices import documents
from seatrial.inspectors.practices.repository import EVERY, PracticeResult, Repository, holds, lacks, practice

_POLICY = re.compile(
    r"(?:^|/)(?:security(?:[-_.]policy)?(?:\.(?:md|rst|txt|adoc))?|\.well-known/security\.txt)$", re.IGNORECASE
)
_ADDRESS = (
    r"\b[\w.+-]{1,64}@[\w-]{1,64}\.\w|https?://[^\s/]{1,200}/(?:[^\s/]{1,100}/){0,6}(?:security|advisories|issues)\b"
    r"|private(?:ly)?\s+(?:vulnerability\s+)?report"
)
_REACHABLE = re.compile(
    rf"{_ADDRESS}|https?://\S+|report\s+a\s+vulnerability|security\s+tab|#[\w-]{{3,}}\b", re.IGNORECASE
)
_WORDS = (
    r"incident|security|vulnerab|flaw|on[- ]?call|pager|escalat|contact|support|emergency|responsible|wrong|questions"
    r"|maintain"
)
_LINE = re.compile(rf"(?:{_WORDS})[^\n]{{0,160}}(?:{_ADDRESS})|(?:{_ADDRESS})[^\n]{{0,160}}(?:{_WORDS})", re.IGNORECASE)


def _judge(repository: Repository) -> PracticeResult:
    """Whether an address is named."""
    whole = repository.whole
    for path in whole.paths:
        if _POLICY.search(path) and _REACHABLE.search(whole.text(path)):
            return holds(path)
    for path in documents.pages(whole):
        if _LINE.search(whole.text(path)):
            return holds(path)
    return lacks("there is no contact for vulnerabilities and incidents", "SECURITY.md with an address")


RULE = practice(
    __doc__,
    id="practices/contact",
    severity=Severity.LOW,
    kinds=EVERY,
    evidence=re.compile(r"security|support|runbook|readme|contributing|/$", re.IGNORECASE),
    above=True,
    judge=_judge,
)
