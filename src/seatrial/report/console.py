"""
The console report: one screen, the verdict first.

On a terminal with colours and bars; elsewhere (a CI log) plain text, one fact a line.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from seatrial.domain import Confidence, Effort
from seatrial.domain.grading import Grade
from seatrial.text.wording import counted
from seatrial.verdict.causes import Cause
from seatrial.verdict.decision import Decision
from seatrial.verdict.news_conditions import signed
from seatrial.verdict.score import CategoryScore, CheckScore, decimal, percent

from . import explained
from .outcome import Outcome
from .text import printable

_VERDICT = {
    Decision.PASSED: ("READY", "bold green"),
    Decision.CLOSED: ("NOT READY", "bold red"),
    Decision.INCONCLUSIVE: ("INCONCLUSIVE", "bold yellow"),
}
_GRADE = {
    Grade.CRITICAL: "bold red",
    Grade.HIGH: "red",
    Grade.MEDIUM: "yellow",
    Grade.LOW: "dim",
    Grade.GUESS: "dim italic",
}
_REMOTE_FONT = re.compile(r"\s*@font-face \{.*?\n\s*\}", re.DOTALL)
"""Rich names a font on a server; a picture of ours loads nothing."""
_SHOWN_CAUSES = 10
_SHOWN_LINES = 6
_BAR = 20


def render(
    outcome: Outcome, *, width: int, colour: bool, verbose: bool = False, quiet: bool = False, files: Iterable[str] = ()
) -> str:
    """
    The report as text.

    Args:
        outcome: the run.
        width: columns of the terminal; at least 60 are used.
        colour: whether escape sequences for colour may be in it.
        verbose: every finding instead of the worst.
        quiet: the verdict alone.
        files: where the reports are.
    """
    out = io.StringIO()
    console = Console(
        file=out, width=max(60, width), force_terminal=colour, no_color=not colour, legacy_windows=False,
        highlight=False, emoji=False, markup=False, color_system="standard" if colour else None,
    )  # fmt: skip
    console.print(_page(outcome, verbose=verbose, quiet=quiet, files=tuple(files)))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")) if not colour else out.getvalue()


def svg(outcome: Outcome, *, title: str, width: int = 104) -> str:
    """The report as a picture of a terminal. Equal outcomes give equal pictures."""
    console = Console(
        file=io.StringIO(), width=width, record=True, force_terminal=True, legacy_windows=False, highlight=False,
        emoji=False, markup=False, color_system="truecolor",
    )  # fmt: skip
    console.print(_page(outcome, verbose=False, quiet=False, files=()))
    picture = console.export_svg(title=title, unique_id="seatrial")
    return _REMOTE_FONT.sub("", picture)


def _page(outcome: Outcome, *, verbose: bool, quiet: bool, files: tuple[str, ...]) -> RenderableType:
    if quiet:
        return _headline(outcome)
    sections: list[RenderableType] = [_headline(outcome), *_identity(outcome), _numbers(outcome), Text()]
    sections.append(_categories(outcome))
    for title, lines in (
        ("Phases", _phases(outcome)),
        ("Why the gate is not open", _reasons(outcome)),
        ("The change", _change(outcome)),
        (_causes_title(outcome), _causes(outcome, len(outcome.causes) if verbose else _SHOWN_CAUSES)),
        ("Cheapest way to an open gate", _path(outcome)),
        ("Not measured", _unmeasured(outcome)),
        ("Notes", _notes(outcome, verbose=verbose)),
    ):
        found = list(lines)
        if found:
            sections += [Text(), Text(title, style="bold"), Padding(Group(*found), (0, 0, 0, 2))]
    sections += [Text(), *_footer(outcome, files)]
    return Group(*sections)


def _headline(outcome: Outcome) -> Text:
    word, style = _VERDICT[outcome.verdict.decision]
    text = Text.assemble((f" {word} ", f"{style} reverse"), "  ", (explained.number(outcome), "bold"))
    return text.append(f"  {explained.gate(outcome)}", style="dim")


def _identity(outcome: Outcome) -> Iterator[Text]:
    if outcome.identity:
        yield Text(printable(outcome.identity, limit=300))


def _numbers(outcome: Outcome) -> Text:
    score, subject = outcome.score, outcome.report.subject
    text = Text(style="dim")
    if score.applicable:
        text.append(
            f"points: {decimal(score.earned)} earned, {decimal(score.lost)} lost, "
            f"{decimal(100 - score.measured)} not measured"
        )
        text.append(f"  ·  {explained.taken(outcome)}\n" if score.taken else "\n")
    commit = f"commit {subject.commit[:7]}{' with changes' if subject.dirty else ''}" if subject.commit else "no commit"
    text.append(f"{printable(subject.name, limit=40)}  ·  {commit}  ·  {counted(subject.files, 'file')}  ·  ")
    text.append(f"model {score.model}  ·  {outcome.gate_label}")
    if more := explained.how_to_measure_the_rest(outcome):
        text.append(f"\n{more}", style="yellow")
    return text


def _categories(outcome: Outcome) -> RenderableType:
    lines: list[RenderableType] = []
    asked = [category for category in outcome.score.categories if category.asked]
    width = max((len(category.category.title) for category in asked), default=0)
    for category in asked:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
        for column in ({"min_width": width}, {"justify": "right", "min_width": 5}, {}, {}):
            table.add_column(**column)
        table.add_row(*_category_row(category))
        lines += [table, *(_cost(*cost) for cost in explained.costliest(category))]
    if outcome.nothing_to_ask:
        lines.append(Text(f"nothing to ask: {', '.join(outcome.nothing_to_ask)}", style="dim"))
    if outcome.not_scored:
        lines.append(Text(f"not scored by this version: {', '.join(outcome.not_scored)}", style="dim"))
    return Group(*lines)


def _category_row(category: CategoryScore) -> tuple[RenderableType, ...]:
    passed = f"{category.passed} of {counted(category.asked, 'check')} passed"
    if category.score is None:
        return Text(category.category.title), Text("–", style="yellow"), Text(), Text(f"{passed}, none measured", "dim")
    partly = category.coverage is not None and category.coverage < 1
    style = "green" if category.score >= 8 else "yellow" if category.score >= 5 else "red"
    coverage = f", {percent(category.coverage)} measured" if partly else ""
    return (
        Text(category.category.title),
        Text(decimal(category.score) + ("*" if partly else ""), style=f"bold {style}"),
        _bar(category.score / 10, style),
        Text(passed + coverage, style="dim"),
    )


def _cost(points: str, sentence: str) -> RenderableType:
    return Padding(
        Text.assemble((f"{points:>5}", "red"), f"  {printable(sentence, limit=150)}", style="dim"), (0, 0, 0, 2)
    )


def _bar(share: Fraction, style: str) -> Text:
    full = int(share * _BAR + Fraction(1, 2))
    return Text.assemble(("━" * full, style), ("╌" * (_BAR - full), "dim"))


def _phases(outcome: Outcome) -> Iterator[RenderableType]:
    """The labels of the configuration, a line each."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for column in ({"overflow": "fold"}, {"justify": "right", "min_width": 4, "no_wrap": True}, {}):
        table.add_column(**column)
    for name, score, counts in explained.phases(outcome):
        table.add_row(Text(printable(name, limit=80)), Text(score, style="bold"), Text(counts, style="dim"))
    if outcome.phases:
        yield table


def _reasons(outcome: Outcome) -> Iterator[Text]:
    for condition in outcome.not_met:
        style = "red" if condition.state.value == "NO-GO" else "yellow"
        yield Text.assemble((f"{condition.state.value:<8}", style), printable(condition.sentence))


def _change(outcome: Outcome) -> Iterator[Text]:
    """What the change did, what it would do to the policy, and what could not be had."""
    if outcome.comparison is not None:
        counts = ", ".join(f"{number} {change}" for change, number in outcome.change_counts.items())
        text = Text(f"against {printable(outcome.comparison.label)}: {counts or 'no findings on either side'}")
        if outcome.comparison.score is not None:
            before = ", before open causes take their part" if outcome.score.taken else ""
            change = f"  (score {signed(outcome.comparison.score)} of what both sides measured{before})"
            text.append(change, style="dim")
        yield text
        yield from (Text(printable(note), style="yellow") for note in outcome.comparison.notes)
    yield from _allowed(outcome)
    for line in outcome.policy_changes:
        yield Text(f"policy changed, in force once merged: {printable(line, limit=200)}", style="yellow")
    for notice in outcome.notices:
        yield Text(printable(notice), style="yellow")


def _allowed(outcome: Outcome) -> Iterator[Text]:
    """What the change hides, line by line, and how much is hidden altogether."""
    ours = outcome.allowed_by_change
    if ours:
        yield Text(f"{outcome.allowed_by_change_title}:", style="yellow")
    for one in ours[:_SHOWN_LINES]:
        reason = f": {one.reason}" if one.reason else ""
        yield Text(printable(f"  {one.rule} at {one.location}, by {one.kind}{reason}", limit=300), style="yellow")
    if len(ours) > _SHOWN_LINES:
        yield Text(f"  … and {len(ours) - _SHOWN_LINES} more in report.json", style="dim")
    if outcome.unjudged:
        yield Text(f"{outcome.unjudged_title}:", style="yellow")
    for lost in outcome.unjudged[:_SHOWN_LINES]:
        yield Text(printable(f"  {lost.path}: {lost.reason}", limit=300), style="yellow")
    if len(outcome.unjudged) > _SHOWN_LINES:
        yield Text(f"  … and {len(outcome.unjudged) - _SHOWN_LINES} more in report.json", style="dim")
    if outcome.allowed:
        yield Text(outcome.allowed_summary, style="dim")


def _causes_title(outcome: Outcome) -> str:
    findings = counted(len(outcome.findings), "finding")
    return f"Found: {findings}, {counted(len(outcome.causes), 'root cause')}"


def _causes(outcome: Outcome, limit: int) -> Iterator[RenderableType]:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for cause in outcome.causes[:limit]:
        table.add_row(Text(cause.grade.value, style=_GRADE[cause.grade]), _cause(cause, outcome))
    if outcome.causes:
        yield table
    if len(outcome.causes) > limit:
        yield Text(f"… and {counted(len(outcome.causes) - limit, 'more root cause')} in report.json", style="dim")
    if told := explained.waived(outcome):
        yield Text(printable(told, limit=300), style="dim")


def _cause(cause: Cause, outcome: Outcome) -> Text:
    if not cause.findings:
        return Text.assemble((cause.check.id, "cyan"), f"  does not hold: {cause.check.title}")
    worst = cause.findings[0]
    text = Text.assemble((printable(worst.rule), "cyan"), "  ", (printable(str(worst.location)), "bold"))
    text.append(f"\n{printable(worst.message, limit=220)}")
    marks = []
    if outcome.comparison is not None and outcome.comparison.introduced(cause.findings):
        marks.append("new")
    if len(cause.findings) > 1:
        marks.append(f"{len(cause.findings)} places")
    if worst.commit:
        marks.append(f"in commit {worst.commit[:10]}")
    if worst.confidence is Confidence.LOW:
        marks.append("low confidence")
    if cause.waived:
        marks.append("waived")
    return text.append(f"  ({', '.join(marks)})", style="dim") if marks else text


def _path(outcome: Outcome) -> Iterator[Text]:
    path = outcome.path
    if outcome.verdict.passed:
        return
    for index, step in enumerate(path.steps, 1):
        text = Text(f"{index}. {printable(explained.step(step), limit=300)}")
        yield text.append(f"  ({explained.gain(step)})", style="dim")
    if path.steps and path.opens:
        efforts = ", ".join(f"{effort} {effort.cost}" for effort in Effort)
        told = f"the score is then {decimal(path.after.headline)}; effort {path.cost} in all ({efforts} for a fix)"
        yield Text(told, style="dim")
    if not path.opens:
        yield Text(f"Fixing alone does not open it: {printable(path.remaining[0])}" if path.remaining else "")


def _unmeasured(outcome: Outcome) -> Iterator[Text]:
    missing = outcome.unmeasured
    for one in missing[:_SHOWN_LINES]:
        part = one.answer.reason or f"in part, {percent(one.answer.share)} of it"
        yield Text.assemble(
            (one.check.id, "cyan"), f"  {_how(one)}{printable(part, limit=200)}  ",
            (f"({decimal(one.points - one.measured)} points)", "dim"),
        )  # fmt: skip
    if len(missing) > _SHOWN_LINES:
        yield Text(f"… and {counted(len(missing) - _SHOWN_LINES, 'more check')} in report.json", style="dim")


def _how(one: CheckScore) -> str:
    return "measured " if one.answer.status.measured else f"{one.answer.status}: "


def _notes(outcome: Outcome, *, verbose: bool) -> Iterator[Text]:
    limit = len(outcome.notes) if verbose else _SHOWN_LINES
    for note in outcome.notes[:limit]:
        yield Text(printable(note, limit=300))
    if len(outcome.notes) > limit:
        yield Text(f"… and {len(outcome.notes) - limit} more in report.json", style="dim")
    for waiver in outcome.waived.expiring:
        yield Text(f"the waiver of {printable(waiver.target)} ends on {waiver.expires}", style="yellow")
    for waiver in outcome.waived.unused:
        yield Text(f"the waiver of {printable(waiver.target)} covers nothing any more", style="yellow")


def _footer(outcome: Outcome, files: tuple[str, ...]) -> Iterator[Text]:
    if files:
        yield Text(f"reports: {', '.join(files)}", style="dim")
    if outcome.findings:
        yield Text(f"read about a rule: seatrial explain {outcome.findings[0].rule}", style="dim")
    yield Text(outcome.arithmetic, style="dim")
