"""
The report in Markdown: summary.md, the job's summary and the comment on a pull or merge request.

Above the fold is what a reviewer needs: the verdict, why, the way out, the categories. Everything else is folded,
and shortened first where there is a budget; what is left out is counted. There is no chart: of categories it would
say what the table says, and an e-mail shows the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, worst_first
from seatrial.text.wording import counted
from seatrial.verdict.baseline import FindingChange
from seatrial.verdict.causes import Cause
from seatrial.verdict.decision import Decision, State
from seatrial.verdict.news_conditions import signed
from seatrial.verdict.score import CategoryScore, decimal, percent

from . import allowed, explained, trial
from .details import ELSEWHERE, Section, rows_of
from .markup import code, escaped, table
from .outcome import Outcome

SUMMARY_BUDGET = 900_000
"""Bytes; a job's summary holds 1 MiB."""
COMMENT_BUDGET = 59_000
"""Bytes; the marker comes on top, and the strictest CI system refuses a comment of more than 65,536 characters."""

_VERDICT = {
    Decision.PASSED: "✅ Ready",
    Decision.CLOSED: "❌ Not ready",
    Decision.INCONCLUSIVE: "⚠️ Inconclusive",
}
_SAID = {
    Decision.PASSED: "ℹ️ Reported as ready",
    Decision.CLOSED: "❌ Reported as not ready",
    Decision.INCONCLUSIVE: "⚠️ Reported as inconclusive",
}
"""The same in the words of others: nothing that looks as if we had found it so."""
_STATE = {State.GO: "✅", State.NO_GO: "❌", State.UNKNOWN: "⚠️"}
_FEW = 5
"""Lines of a list above the fold."""


def render(
    outcome: Outcome, *, budget: int = SUMMARY_BUDGET, untrusted: bool = False, run_url: str = "", leg: str = ""
) -> str:
    """
    The report.

    Args:
        outcome: the run.
        budget: bytes that it may take; the part above the fold is bounded by itself, at about 12 kB.
        untrusted: whether the report was handed in by a foreign run, and not measured by this one.
        run_url: the address of the run.
        leg: what tells this comment from those of a matrix job's other legs; empty if there is only one.
    """
    head = "\n".join(_head(outcome, leg, untrusted=untrusted))
    foot = f"<sub>{_subject(outcome, run_url)}</sub>\n"
    room = budget - len(head.encode()) - len(foot.encode()) - 2
    return f"{head}\n{_folded(list(_sections(outcome, charts=budget > COMMENT_BUDGET)), room)}{foot}"


def _head(outcome: Outcome, leg: str, *, untrusted: bool) -> Iterator[str]:
    words = _SAID if untrusted else _VERDICT
    which = f" · {code(leg, limit=120)}" if leg else ""
    yield f"### {_headline(words[outcome.verdict.decision], outcome)}{which}"
    yield ""
    if untrusted:
        yield "From a run of the pull request's own code. It was not measured again here, and decides nothing."
        yield ""
    yield from _identity(outcome)
    yield from _numbers(outcome)
    yield from _gate(outcome)
    yield from allowed.by_change(outcome)
    yield from _news(outcome)
    yield from _path(outcome)
    yield from _categories(outcome)
    yield from _change(outcome)
    yield from _policy(outcome)


def _headline(word: str, outcome: Outcome) -> str:
    return f"{word}: {explained.number(outcome)} · {explained.gate(outcome)} · {outcome.gate_label}"


def _identity(outcome: Outcome) -> Iterator[str]:
    if outcome.identity:
        yield escaped(outcome.identity)
        yield ""


def _numbers(outcome: Outcome) -> Iterator[str]:
    reasons = () if outcome.verdict.passed else outcome.not_met[:_FEW]
    if any(reason.name == "score" and reason.state is State.NO_GO for reason in reasons):
        return  # that reason says it
    if told := explained.taken(outcome):
        yield f"{told[0].upper()}{told[1:]}."
        yield ""


def _gate(outcome: Outcome) -> Iterator[str]:
    if outcome.verdict.passed:
        return
    for condition in outcome.not_met[:_FEW]:
        yield f"- {_STATE[condition.state]} {escaped(condition.sentence, limit=400)}"
    if len(outcome.not_met) > _FEW:
        yield f"- … and {counted(len(outcome.not_met) - _FEW, 'more reason')} {ELSEWHERE}"
    yield ""


def _news(outcome: Outcome) -> Iterator[str]:
    """What the change brought in, worst first."""
    new = _new_causes(outcome)
    if not new:
        return
    yield "**New in this change**"
    yield ""
    for cause in new[:_FEW]:
        yield f"- {_told(cause, _new_of(cause, outcome)[0])}"
    if len(new) > _FEW:
        yield f"- … and {len(new) - _FEW} more below"
    yield ""


def _new_causes(outcome: Outcome) -> list[Cause]:
    return [cause for cause in outcome.causes if _new_of(cause, outcome)]


def _new_of(cause: Cause, outcome: Outcome) -> tuple[Finding, ...]:
    return outcome.comparison.introduced(cause.findings) if outcome.comparison is not None else ()


def _told(cause: Cause, finding: Finding) -> str:
    return (
        f"{finding.grade} {code(finding.rule, limit=80)} at {_where(finding)}{_marks(cause, finding)}: "
        f"{escaped(finding.message, limit=180)}"
    )


def _where(finding: Finding) -> str:
    commit = f" in {code(finding.commit, limit=10)}" if finding.commit else ""
    return code(str(finding.location), limit=120) + commit


def _marks(cause: Cause, finding: Finding) -> str:
    del finding
    marks = ["waived"] if cause.waived else []
    marks += [f"{len(cause.findings)} places"] if len(cause.findings) > 1 else []
    return f" ({', '.join(marks)})" if marks else ""


def _path(outcome: Outcome) -> Iterator[str]:
    path = outcome.path
    if outcome.verdict.passed or not path.steps:
        return
    sure = "Cheapest way" if path.cheapest else "A way, perhaps not the cheapest,"
    yield f"**{sure} to an open gate** (effort {path.cost})"
    yield ""
    for number, step in enumerate(path.steps, 1):
        yield f"{number}. {escaped(explained.step(step), limit=400)} **({explained.gain(step)})**"
    if not path.opens and path.remaining:
        yield ""
        yield f"Fixing alone does not open it: {escaped(path.remaining[0], limit=300)}"
    yield ""


def _categories(outcome: Outcome) -> Iterator[str]:
    shown = [c for c in outcome.score.categories if c.asked]
    if not shown:
        return
    if outcome.comparison is None:
        rows = ((*_category(c), _costs(c)) for c in shown)
        yield from table(("Category", "Score", "Passed", "Measured", "What costs most"), rows)
    else:
        rows = ((*_category(c), _delta(c, outcome), _costs(c)) for c in shown)
        yield from table(("Category", "Score", "Passed", "Measured", "Δ base", "What costs most"), rows)


def _category(one: CategoryScore) -> tuple[str, ...]:
    score = "–" if one.score is None else decimal(one.score)
    return one.category.title, score, f"{one.passed} of {one.asked}", percent(one.coverage)


def _costs(one: CategoryScore) -> str:
    return "<br>".join(f"{points} {escaped(told, limit=150)}" for points, told in explained.costliest(one))


def _delta(one: CategoryScore, outcome: Outcome) -> str:
    """Only of what both sides measured."""
    differences = outcome.comparison.categories if outcome.comparison is not None else {}
    return signed(differences[one.category.id]) if one.category.id in differences else "–"


def _change(outcome: Outcome) -> Iterator[str]:
    comparison = outcome.comparison
    if comparison is not None:
        counts = [f"{number:,} {change}" for change, number in outcome.change_counts.items()]
        before = " before open causes take their part" if outcome.score.taken else ""
        score = f" · score {signed(comparison.score)}{before}" if comparison.score is not None else ""
        yield f"{' · '.join(counts) or 'No findings on either side'}, against {code(comparison.label, limit=80)}{score}"
        yield ""
        for note in comparison.notes:
            yield f"- {escaped(note)}"
        if comparison.notes:
            yield ""


def _policy(outcome: Outcome) -> Iterator[str]:
    changes, notices = outcome.policy_changes, outcome.notices
    if changes:
        yield "**This change edits the policy.** The base's policy judged; in force once merged:"
        yield ""
        yield from _few([f"- {code(line, limit=160)}" for line in changes])
        yield ""
    if notices:
        yield from _few([f"- {escaped(notice, limit=300)}" for notice in notices])
        yield ""


def _few(lines: list[str]) -> Iterator[str]:
    """A list of `_FEW` lines at most; its last line counts what is left out."""
    if len(lines) <= _FEW:
        yield from lines
        return
    yield from lines[: _FEW - 1]
    yield f"- … and {len(lines) - _FEW + 1} more {ELSEWHERE}"


def _folded(sections: list[Section], room: int) -> str:
    """As much of each section as fits; the first sections are filled first, and every title is there."""
    parts = [section.render(0) for section in sections]
    left = room - sum(len(part.encode()) for part in parts)
    for index, section in enumerate(sections):
        shown = 0
        for row in section.rows:
            cost = len(row.encode()) + 1
            if cost > left:
                break
            left -= cost
            shown += 1
        parts[index] = section.render(shown)
    return "".join(parts)


def _sections(outcome: Outcome, *, charts: bool) -> Iterator[Section]:
    yield from _phases(outcome)
    yield from _findings(outcome)
    experiments = [e for c in outcome.score.checks for e in c.answer.experiments]
    if experiments:
        yield trial.table_of(experiments)
        if charts:
            yield from map(trial.timeline_of, (e for e in experiments if e.timeline))
    yield from _fixed(outcome)
    yield from _unmeasured(outcome)
    yield from _waivers(outcome)
    yield from allowed.table_of(outcome)
    if outcome.notes:
        yield Section(counted(len(outcome.notes), "note"), (), tuple(f"- {escaped(n)}" for n in outcome.notes), "notes")


def _phases(outcome: Outcome) -> Iterator[Section]:
    cells = ((escaped(name, limit=80), counts, score) for name, score, counts in explained.phases(outcome))
    head, rows = rows_of(("Phase", "Checks", "Score of 10"), cells, right=1)
    if rows:
        yield Section(counted(len(rows), "phase"), head, rows, "phases")


def _findings(outcome: Outcome) -> Iterator[Section]:
    if not outcome.causes:
        return
    found, causes = counted(len(outcome.findings), "finding"), counted(len(outcome.causes), "root cause")
    ordered = sorted(outcome.causes, key=lambda cause: not _new_of(cause, outcome))
    head, rows = rows_of(("Severity", "Rule", "Where", "What"), (_row(cause, outcome) for cause in ordered))
    yield Section(f"{found}, {causes}", head, rows, "root causes")


def _row(cause: Cause, outcome: Outcome) -> tuple[str, ...]:
    if not cause.findings:
        return cause.grade.value, code(cause.check.id), "", f"does not hold: {escaped(cause.check.title)}"
    new = _new_of(cause, outcome)
    finding = min(new or cause.findings, key=worst_first)
    mark = " · new" if new else _other_change(finding, outcome)
    severity = finding.grade.value + mark + _marks(cause, finding)
    return severity, code(finding.rule, limit=80), _where(finding), escaped(finding.message)


def _other_change(finding: Finding, outcome: Outcome) -> str:
    if outcome.comparison is None:
        return ""
    change = outcome.comparison.of(finding)
    return f" · {change}" if change in (FindingChange.NEWLY_KNOWN, FindingChange.UNMASKED) else ""


def _fixed(outcome: Outcome) -> Iterator[Section]:
    fixed = outcome.comparison.fixed if outcome.comparison is not None else ()
    if not fixed:
        return
    cells = ((f.grade.value, code(f.rule, limit=80), _where(f), escaped(f.message, limit=180)) for f in fixed)
    head, rows = rows_of(("Severity", "Rule", "Where it was", "What"), cells)
    yield Section(f"{counted(len(fixed), 'finding')} fixed", head, rows, "fixed findings")


def _unmeasured(outcome: Outcome) -> Iterator[Section]:
    if not outcome.unmeasured:
        return
    cells = (
        (code(c.check.id), str(c.answer.status), escaped(c.answer.reason or "in part"), decimal(c.points - c.measured))
        for c in outcome.unmeasured
    )
    head, rows = rows_of(("Check", "Status", "Why", "Points"), cells, right=1)
    yield Section(f"{counted(len(rows), 'check')} not or only partly measured", head, rows, "checks")


def _waivers(outcome: Outcome) -> Iterator[Section]:
    waived = outcome.waived
    cells = [
        (code(m.waiver.target, limit=120), str(m.waiver.expires), escaped(m.waiver.owner), escaped(m.waiver.reason))
        for m in waived.matches
    ]
    words = [escaped(word) for word in (*waived.notices, *waived.warnings)]
    if not cells and not words:
        return
    if not cells:
        yield Section(counted(len(words), "word") + " on waivers", (), tuple(f"- {w}" for w in words), "words")
        return
    head, rows = rows_of(("Waived", "Until", "Owner", "Why"), iter(cells))
    ends = min(m.waiver.expires for m in waived.matches)
    before = [line for word in words for line in (f"- {word}", "")]
    title = f"{counted(len(cells), 'waiver')} in force, the next ends on {ends}"
    yield Section(title, (*before, *head), rows, "waivers")


def _subject(outcome: Outcome, run_url: str) -> str:
    subject = outcome.report.subject
    commit = f" · commit {subject.commit[:7]}{' with changes' if subject.dirty else ''}" if subject.commit else ""
    run = f' · <a href="{run_url}">run</a>' if run_url.startswith("https://") and '"' not in run_url else ""
    return f"model {outcome.score.model}{commit} · {counted(subject.files, 'file')}{run} · {outcome.arithmetic}"
