"""
seatrial.sarif: the findings for GitHub's code scanning and every other reader of SARIF 2.1.0.

Only what a reader does something with is written. The verdict is not in it: a page of alerts has no place for one.
What was not measured is, as notifications of the tool, because no alerts and no look are not the same.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; what of it GitHub reads:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from seatrial.domain import Finding, Location, Severity, Status
from seatrial.text.wording import counted
from seatrial.verdict.baseline import FindingChange
from seatrial.verdict.score import CheckScore, percent

from .outcome import Outcome
from .text import printable, printable_block

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RESULTS = 25_000
"""GitHub takes no file with more results in a run."""
_RELATED = 100  # locations of one result; GitHub shows as many
_MESSAGE = 1000  # characters
_TITLE = 255  # characters; GitHub cuts titles there
_HELP = 16_000  # characters of a rule's page or of a remedy
_FINGERPRINT = "seatrial/v1"
"""Not `primaryLocationLineHash`, which is GitHub's own: its upload computes it, and warns of every other value."""
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_SECURITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""In the middle of what GitHub calls critical (over 9.0), high (from 7.0), medium (from 4.0) and low."""
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_STATES = {
    FindingChange.INTRODUCED: "new",
    FindingChange.NEWLY_KNOWN: "new",
    FindingChange.UNMASKED: "new",
    FindingChange.UNCHANGED: "unchanged",
}
_WEAKNESS = re.compile(r"(?:\bCWE-|\bcwe\.mitre\.org/data/definitions/)(\d{1,5})\b")
_SOURCE = re.compile(r"^(?:Source: .*?|see )(https://\S+?)[;,.]?(?=\s|$)", re.MULTILINE | re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_MARKUP = re.compile(r"([\\\[\]])")


def render(outcome: Outcome) -> str:
    """The findings as one run of SARIF."""
    found = [(check, finding) for check in outcome.score.checks for finding in check.answer.findings]
    place = {finding.fingerprint: at for at, finding in enumerate(outcome.findings)}
    found = list({finding.fingerprint: (check, finding) for check, finding in reversed(found)}.values())
    found.sort(key=lambda one: place[one[1].fingerprint])
    kept = found[:RESULTS]
    rules = _rules(kept, outcome)
    number = {rule["id"]: at for at, rule in enumerate(rules)}
    reasons = _waivers(outcome)
    run = {
        "tool": _tool(outcome, rules),
        "automationDetails": {"id": "seatrial/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(outcome, len(found) - len(kept))],
        "results": [_result(f, number[_id(f)], outcome, reasons.get(f.fingerprint, "")) for _, f in kept],
    }
    # On one line: indented, it takes Python three times as long, and people have report.html.
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _tool(outcome: Outcome, rules: list[dict[str, Any]]) -> dict[str, Any]:
    version = next((tool.version for tool in outcome.report.tools if tool.name == "seatrial"), "")
    driver = {
        "name": "Seatrial",
        "informationUri": "https://github.com/seatrial/seatrial",
        **({"semanticVersion": version} if version else {}),
        "rules": rules,
    }
    return {"driver": driver}


def _rules(found: Iterable[tuple[CheckScore, Finding]], outcome: Outcome) -> list[dict[str, Any]]:
    """A description of each rule that found something, in the order of their ids."""
    by_rule: dict[str, list[tuple[CheckScore, Finding]]] = {}
    for check, finding in found:
        by_rule.setdefault(_id(finding), []).append((check, finding))
    return [_rule(rule, by_rule[rule], outcome) for rule in sorted(by_rule)]


def _rule(rule: str, found: list[tuple[CheckScore, Finding]], outcome: Outcome) -> dict[str, Any]:
    """
    One rule, described by its page; one of another tool's by what it said first.

    Readers know one severity for all findings of a rule: it is that of the worst here.
    """
    check, first = found[0]
    heading, _, page = outcome.page_of(rule).partition("\n")
    own = heading.startswith(f"# {rule}: ")  # not that of a whole family, such as every flaw that OSV knows
    title = heading.removeprefix(f"# {rule}: ") if own else printable(first.message)
    text = printable_block(page.strip() or first.remedy, limit=_HELP) or check.check.title
    worst = max((finding for _, finding in found), key=lambda finding: finding.counts_as)
    source = _SOURCE.search(text)
    return {
        "id": rule,
        "shortDescription": {"text": _shortened(title)},
        "fullDescription": {"text": _shortened(_first_paragraph(text) if own else title)},
        "help": {"text": text, **({"markdown": text} if page else {})},  # our own pages are Markdown, a remedy is not
        **({"helpUri": source[1]} if source else {}),
        "defaultConfiguration": {"level": _level(worst)},
        "properties": _properties(check, worst, text),
    }


def _properties(check: CheckScore, worst: Finding, text: str) -> dict[str, Any]:
    """What GitHub sorts by. Only what is about security has a `security-severity`; the rest are not vulnerabilities."""
    category = check.check.category
    tags = [category, *(f"external/cwe/cwe-{int(n):03}" for n in sorted(set(_WEAKNESS.findall(text)), key=int)[:10])]
    level = _level(worst)
    security = {"security-severity": _SECURITY[worst.counts_as]} if category == "security" else {}
    return {"tags": tags, "problem.severity": _PROBLEM[level], **security}


def _result(finding: Finding, rule: int, outcome: Outcome, waived: str) -> dict[str, Any]:
    hiding = outcome.reason_of(finding)
    result: dict[str, Any] = {
        "ruleId": _id(finding),
        "ruleIndex": rule,
        "level": _level(finding),
        "message": {"text": _message(finding, hiding)},
        "locations": [_location(finding.location)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {"severity": finding.severity.label, "confidence": finding.confidence.value},
    }
    if hiding:  # not a suppression: code scanning would close the alert
        result["properties"]["allowedByChange"] = hiding
    if finding.remedy:
        result["properties"]["remedy"] = printable_block(finding.remedy, limit=_MESSAGE)
    if others := tuple(dict.fromkeys(finding.related)):
        # Without ids they are places of the same thing; with them they would be targets of links in the message.
        result["relatedLocations"] = [_location(at) for at in others[:_RELATED]]
    if outcome.comparison is not None:
        result["baselineState"] = _STATES[outcome.comparison.of(finding)]
    if waived:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": waived}]
    return result


def _id(finding: Finding) -> str:
    """The rule's id; that of a flaw comes from a database, and half a character would make the file unreadable."""
    return printable(finding.rule, limit=_TITLE)


def _waivers(outcome: Outcome) -> Mapping[str, str]:
    """Why each waived finding is, by its fingerprint."""
    covered = outcome.waived.fingerprints
    return {
        finding.fingerprint: printable(match.waiver.reason, limit=_MESSAGE)
        for match in outcome.waived.matches
        for finding in match.findings
        if finding.fingerprint in covered
    }


def _message(finding: Finding, hiding: str) -> str:
    """What is wrong, and what in the change tries to allow it."""
    commit = f" (in commit {finding.commit[:12]})" if finding.commit else ""
    allowed = f" (this change allows it by itself: {hiding}; it counts as open)" if hiding else ""
    return _text(finding.message + commit + allowed)


def _text(text: str) -> str:
    """
    A message without what SARIF would take for a link (3.11.6) or a placeholder (3.11.5).

    Braces are doubled only where they would be a placeholder: few readers know that a doubled one is single, and
    `${NAME}` is what people look for.
    """
    return _PLACEHOLDER.sub(r"{{\1}}", _MARKUP.sub(r"\\\1", printable(text, limit=_MESSAGE)))


def _location(at: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(at.repository_path), "uriBaseId": "%SRCROOT%"}}
    if at.line:
        physical["region"] = _region(at)
    return {"physicalLocation": physical}


def _region(at: Location) -> dict[str, int]:
    """Columns count from 1, and the end is the one behind the last, as SARIF has it."""
    region = {"startLine": at.line}
    if at.column:
        region["startColumn"] = at.column
    if at.end_line >= at.line:
        region["endLine"] = at.end_line
        if at.end_line == at.line and at.end_column > at.column > 0:
            region["endColumn"] = at.end_column
    return region


def _uri(path: str) -> str:
    """The path, byte by byte as it is on disk."""
    try:
        return quote(os.fsencode(path))
    except UnicodeEncodeError:  # half a character: no name of a file, so it comes from what a tool printed
        return quote(path.encode("utf-8", "replace"))


def _level(finding: Finding) -> str:
    """As it counts in the score: a guess is worth a note."""
    return _LEVELS[finding.counts_as]


def _invocation(outcome: Outcome, cut: int) -> dict[str, Any]:
    """How the run went: checks that were not or only partly measured, each with its reason."""
    report = outcome.report
    failed = report.interrupted or any(answer.status is Status.ERROR for answer in report)
    made = {
        "executionSuccessful": not failed,
        "exitCode": int(outcome.verdict.exit_code),
        "toolExecutionNotifications": list(_notifications(outcome, cut)),
    }
    if report.started:
        start = dt.datetime.fromisoformat(report.started)
        made |= {"startTimeUtc": _utc(start), "endTimeUtc": _utc(start + dt.timedelta(seconds=report.duration))}
    return made


def _utc(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _notifications(outcome: Outcome, cut: int) -> Iterator[dict[str, Any]]:
    for check in outcome.unmeasured:
        answer = check.answer
        if answer.status.measured:
            text, level = f"measured at {percent(answer.share)} only", "warning"
        else:
            text = f"{answer.status}: {answer.reason}"
            level = "error" if answer.status is Status.ERROR else "note"
        yield {
            "level": level,
            "descriptor": {"id": check.check.id},
            "message": {"text": _text(f"{check.check.id}: {text}")},
        }
    for lost in outcome.unjudged:
        text = f"This change hides {lost.path}, which cannot be judged: {lost.reason}"
        yield {"level": "error", "descriptor": {"id": "unjudged"}, "message": {"text": _text(text)}}
    if outcome.report.interrupted:
        yield {"level": "error", "message": {"text": "The run was interrupted."}}
    if cut:
        yield {"level": "warning", "message": {"text": f"{counted(cut, 'more finding')} in report.json"}}


def _first_paragraph(text: str) -> str:
    """The first one that is neither a heading nor a statement like `Severity: high`."""
    paragraphs = (" ".join(p.split()) for p in text.split("\n\n"))
    plain = (p for p in paragraphs if p and not p.startswith(("#", "Severity: ", "Source: ")))
    return next(plain, text)


def _shortened(text: str) -> str:
    return printable(text, limit=_TITLE)
