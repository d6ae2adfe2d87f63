"""
summary.md: GitHub-flavoured Markdown for a step summary.

Everything that comes from the repository is escaped: no mention fires, no link, no HTML, no broken table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from seatrial.causes import Cause
from seatrial.domain import Confidence
from seatrial.gate import Decision, State
from seatrial.score import decimal, exact, percent
from seatrial.wording import counted

from .outcome import Outcome
from .text import printable

_ROWS = 50
_LINE = 300
_SPECIAL = re.compile(
    r"[\\`*_\[\]<>|~$@&]"  # Markdown, HTML, tables, mathematics, mentions
    r"|:(?=//|\w+:)|#(?=\w)|(?<=[Gg][Hh])-(?=\d)"  # links, emoji, references to issues
)
_VERDICT = {
    Decision.PASSED: "✅ Ready",
    Decision.CLOSED: "❌ Not ready",
    Decision.INCONCLUSIVE: "⚠️ Inconclusive",
}
_STATE = {State.GO: "✅ GO", State.NO_GO: "❌ NO-GO", State.UNKNOWN: "⚠️ UNKNOWN"}


def render(outcome: Outcome) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(outcome)).rstrip() + "\n"


def escaped(text: str, *, limit: int = _LINE) -> str:
    """
    Text that shows as itself, on one line, and does nothing.

    Every character that Markdown, HTML or GitHub's own syntax could act on becomes an entity; bare domain names are
    broken with an invisible joiner, because GitHub turns them into links.
    """
    visible = printable(text, limit=limit)
    return _SPECIAL.sub(lambda m: f"&#{ord(m[0])};", re.sub(r"\b(?=www\.)|(?<=\d)(?=\. )", "&#8288;", visible))


def code(text: str, *, limit: int = _LINE) -> str:
    """A code span that holds the text whatever it is; a pipe would end a table's cell, so it is shown as `¦`."""
    visible = printable(text, limit=limit).replace("|", "¦") or " "
    longest = max((len(run) for run in re.findall(r"`+", visible)), default=0)
    fence = "`" * (longest + 1)
    space = " " if visible[0] in "` " or visible[-1] in "` " else ""
    return f"{fence}{space}{visible}{space}{fence}"


def _lines(outcome: Outcome) -> Iterator[str]:
    yield f"### {_headline(outcome)}"
    yield ""
    yield from _numbers(outcome)
    yield from _gate(outcome)
    yield from _path(outcome)
    yield from _categories(outcome)
    yield from _findings(outcome)
    yield from _unmeasured(outcome)
    yield from _notes(outcome)
    yield f"<sub>{_subject(outcome)}</sub>"


def _headline(outcome: Outcome) -> str:
    word = _VERDICT[outcome.verdict.decision]
    gate = decimal(exact(outcome.settings.fail_below))
    if outcome.score.headline is None:
        return f"{word}: nothing was measured"
    without = ""
    if outcome.score.capped and outcome.score.cap is not None:
        without = f" ({decimal(outcome.score.raw)} without {outcome.score.cap.reason})"
    measured = percent(outcome.score.coverage)
    return f"{word}: {outcome.headline} / 100{without} · {measured} measured · gate at {gate}"


def _numbers(outcome: Outcome) -> Iterator[str]:
    score = outcome.score
    if score.floor is not None:
        yield (
            f"At least {decimal(score.floor)} proven. Points: {decimal(score.earned)} earned, "
            f"{decimal(score.lost)} lost, {decimal(100 - score.measured)} not measured."
        )
        yield ""


def _gate(outcome: Outcome) -> Iterator[str]:
    if outcome.verdict.passed:
        return
    yield "**Why the gate is not open**"
    yield ""
    for condition in outcome.not_met:
        yield f"- {_STATE[condition.state]} {escaped(condition.sentence, limit=600)}"
    yield ""


def _path(outcome: Outcome) -> Iterator[str]:
    path = outcome.path
    if outcome.verdict.passed or not path.steps:
        return
    yield f"**Cheapest way to an open gate** (effort {path.cost})"
    yield ""
    for number, step in enumerate(path.steps[:8], 1):
        fixes = counted(len(step.causes), "fix", "fixes")
        yield f"{number}. {code(step.check.id)} {escaped(step.check.title)} ({fixes}) → {decimal(step.score.headline)}"
    if len(path.steps) > 8:
        yield f"9. … and {counted(len(path.steps) - 8, 'step')} more in report.json"
    yield ""


def _categories(outcome: Outcome) -> Iterator[str]:
    rows = [
        (c.category.title, decimal(c.score), f"{c.passed} of {c.asked}", percent(c.coverage))
        for c in outcome.score.categories
        if c.asked
    ]
    if rows:
        yield from _table(("Category", "Score", "Passed", "Measured"), rows, right=3)


def _findings(outcome: Outcome) -> Iterator[str]:
    if not outcome.causes:
        return
    found = counted(len(outcome.findings), "finding")
    yield f"<details><summary>{found}, {counted(len(outcome.causes), 'root cause')}</summary>"
    yield ""
    yield from _table(("Severity", "Rule", "Where", "What"), (_row(c) for c in outcome.causes[:_ROWS]))
    if len(outcome.causes) > _ROWS:
        yield f"… and {counted(len(outcome.causes) - _ROWS, 'more root cause')} in report.json"
        yield ""
    yield "</details>"
    yield ""


def _row(cause: Cause) -> tuple[str, ...]:
    if not cause.findings:
        return cause.severity.label, code(cause.check.id), "", f"does not hold: {escaped(cause.check.title)}"
    worst = cause.findings[0]
    more = f" (and {len(cause.findings) - 1} more)" if len(cause.findings) > 1 else ""
    marks = " · low confidence" if worst.confidence is Confidence.LOW else ""
    marks += " · waived" if cause.waived else ""
    commit = f" in {worst.commit[:10]}" if worst.commit else ""
    where = code(str(worst.location), limit=120) + commit + more
    return worst.severity.label + marks, code(worst.rule), where, escaped(worst.message)


def _unmeasured(outcome: Outcome) -> Iterator[str]:
    if not outcome.unmeasured:
        return
    yield f"<details><summary>{counted(len(outcome.unmeasured), 'check')} not or only partly measured</summary>"
    yield ""
    rows = (
        (code(c.check.id), str(c.answer.status), escaped(c.answer.reason or "in part"), decimal(c.points - c.measured))
        for c in outcome.unmeasured
    )
    yield from _table(("Check", "Status", "Why", "Points"), rows)
    yield "</details>"
    yield ""


def _notes(outcome: Outcome) -> Iterator[str]:
    if not outcome.notes:
        return
    yield f"<details><summary>{counted(len(outcome.notes), 'note')}</summary>"
    yield ""
    for note in outcome.notes[:_ROWS]:
        yield f"- {escaped(note)}"
    if len(outcome.notes) > _ROWS:
        yield f"- … and {len(outcome.notes) - _ROWS} more in report.json"
    yield ""
    yield "</details>"
    yield ""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], *, right: int = 0) -> Iterator[str]:
    head = list(head)
    yield f"| {' | '.join(head)} |"
    yield "|" + "|".join("--:" if n >= len(head) - right else "---" for n in range(len(head))) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _subject(outcome: Outcome) -> str:
    subject = outcome.report.subject
    commit = f" · commit {subject.commit[:7]}{' with changes' if subject.dirty else ''}" if subject.commit else ""
    return (
        f"model {outcome.score.model}{commit} · {counted(subject.files, 'file')} · score = 100 × earned / measured; "
        "a critical cause caps it at 49; what is skipped is never proven"
    )
