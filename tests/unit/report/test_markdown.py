"""Markdown as GitHub renders it: our elements, their text, and nothing that fires."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import cmarkgfm
import outcomes
import pytest
from cmarkgfm.cmark import Options
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from seatrial.domain import Severity
from seatrial.domain.allowance import Unjudged
from seatrial.report import Outcome, markdown
from seatrial.report.markup import code, escaped
from seatrial.report.text import printable
from seatrial.settings import Settings
from seatrial.verdict.baseline import Comparison, FindingChange

GIVEN = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
PIECES = st.sampled_from([
    *"\\`*_[]()<>|~$&#@:!-+=.{}\"'/ 19\n\t", "www.", "http://", "ftp://a.b", "@octocat", "#12", "GH-7",
    "o/r#3", ":tada:", "a@b.cd", "deadbeef", "<!--", "-->", "![x](y)", "[^1]", "- [ ] x", "1. ", "```", "&lt;", "&#64;",
    "<b>", "</details>", "https://example.test/x?y=1", "word", "~~x~~", "$x$", "> [!NOTE]", "| a | b |", "---",
    "mailto:a@b.cd", "xmpp:a@b.cd",
])  # fmt: skip
HOSTILE = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30)
ELEMENTS = {
    "html", "body", "div", "h3", "p", "ul", "ol", "li", "strong", "code", "table", "thead", "tbody", "tr", "th", "td",
    "details", "summary", "sub", "br",
}  # fmt: skip
FIRES = re.compile(
    r"(?<![\w`])@[A-Za-z0-9]"  # a mention
    r"|#\d|\bGH-\d"  # a reference to an issue
    r"|(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])"  # a commit
    r"|\w@[\w-]+\.\w"  # an address
    r"|(?:https?|ftp)://|\bwww\.\w"  # a link
    r"|:[\w+-]+:",  # an emoji
    re.IGNORECASE,
)


def rendered(text: str) -> html.HtmlElement:
    page = cmarkgfm.github_flavored_markdown_to_html(
        text, options=Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    )
    return html.document_fromstring(f"<html><body><div>{page}</div></body></html>")


def texts_outside_code(element: html.HtmlElement) -> Iterator[str]:
    """The text that GitHub's filters look at; our own last line may name the commit, and be a link to it."""
    if element.tag not in ("code", "sub"):
        yield element.text or ""
        for child in element:
            yield from texts_outside_code(child)
            yield child.tail or ""


def plain(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())


@given(HOSTILE)
@settings(max_examples=600, deadline=None)
def test_escaped_text_is_its_text_and_nothing_else(hostile: str) -> None:
    for frame in ("- {}\n", "x {} y\n", "| a | b |\n|---|---|\n| {} | z |\n", "1. {}\n"):
        page = rendered(frame.format(escaped(hostile)))
        assert {e.tag for e in page.iter()} <= ELEMENTS
        expected = plain(printable(hostile, limit=300))
        assert expected in plain(page.text_content())
        assert not [t for t in texts_outside_code(page) if FIRES.search(t)]
        assert len(page.findall(".//td")) in (0, 2)


@given(HOSTILE)
@settings(max_examples=600, deadline=None)
def test_code_is_its_text_and_nothing_else(hostile: str) -> None:
    for frame in ("x {} y\n", "| a | b |\n|---|---|\n| {} | z |\n"):
        page = rendered(frame.format(code(hostile)))
        assert {e.tag for e in page.iter()} <= ELEMENTS
        [element] = page.findall(".//code")
        assert plain(element.text_content()) == (plain(printable(hostile, limit=300)) or "(empty)")
        assert len(element) == 0
        assert len(page.findall(".//td")) in (0, 2)


def compared(outcome: Outcome) -> Outcome:
    kinds = [FindingChange.INTRODUCED, FindingChange.UNCHANGED, FindingChange.NEWLY_KNOWN, FindingChange.UNMASKED]
    changes = {f.fingerprint: kinds[n % 4] for n, f in enumerate(outcome.findings)}
    comparison = Comparison(
        "c" * 40, f"{outcomes.UGLY} at ccccccc", changes, fixed=outcome.findings[:3], score=Fraction(-9, 10),
        categories={"security": Fraction(-1, 3), "deployment": Fraction(0)}, notes=(outcomes.UGLY,),
    )  # fmt: skip
    lines = (outcomes.UGLY,) * 7
    hidden = outcomes.allowed(outcome.findings)
    lost = (Unjudged(outcomes.UGLY, outcomes.UGLY),) * 2
    return replace(outcome, comparison=comparison, policy_changes=lines, notices=lines, allowed=hidden, unjudged=lost)


@pytest.mark.parametrize("name", sorted(outcomes.ALL))
@pytest.mark.parametrize("change", [lambda o: o, compared])
def test_a_report_is_only_our_elements_and_nothing_fires(name: str, change: object) -> None:
    check(change(outcomes.ALL[name]()))  # type: ignore[operator]


@given(outcomes.outcomes)
@GIVEN
def test_any_report_is_only_our_elements_and_nothing_fires(outcome: Outcome) -> None:
    check(compared(outcome))


def check(outcome: Outcome, budget: int = markdown.COMMENT_BUDGET) -> str:
    text = markdown.render(outcome, budget=budget)
    assert len(text.encode()) <= budget
    assert text.count("<details>") == text.count("</details>")
    page = rendered(text)
    assert {e.tag for e in page.iter()} <= ELEMENTS
    assert not [t for t in texts_outside_code(page) if FIRES.search(t)]
    for row in page.findall(".//tr"):
        assert len(row) == len(row.getparent().getparent().findall(".//thead/tr/*"))
    return text


def many(number: int, length: int) -> Outcome:
    found = [
        replace(outcomes.finding(n, Severity(n % 3 + 1), "é" * length), anchor=f"{n}", remedy="x")
        for n in range(number)
    ]
    return compared(outcomes.with_findings(found))


@pytest.mark.parametrize("budget", [16_000, 30_000, 59_000])
@pytest.mark.parametrize(("number", "length"), [(3000, 50), (300, 10_000)])
def test_a_budget_is_kept_and_what_is_left_out_is_counted(budget: int, number: int, length: int) -> None:
    outcome = many(number, length)
    text = check(outcome, budget)
    [left] = [int(n.replace(",", "")) for n in re.findall(r"… and ([\d,]+) more root causes", text)]
    shown = len(re.findall(r"^\| (?:low|medium|high|critical)[^|]*\| `compose/privileged`", text, re.MULTILINE))
    assert left > 0
    assert left + shown >= len(outcome.causes)
    assert text == markdown.render(outcome, budget=budget)


def test_the_verdict_is_the_first_line_and_the_fold_is_near() -> None:
    text = markdown.render(compared(outcomes.small()))
    assert text.startswith("### ❌ Not ready: ")
    above = text.partition("<details>")[0]
    assert len([line for line in above.splitlines() if line]) <= 40
    assert "**New in this change**" in above
    assert "**This change edits the policy.**" in above
    assert "| Δ base |" in above
    assert "1 introduced" in above


def test_what_open_causes_take_is_said_once_whether_the_score_closes_the_gate_or_not() -> None:
    low, enough = outcomes.small(), outcomes.outcome(outcomes.small().report, Settings(fail_below=0))
    assert "below 80.0: 1 critical open, " in markdown.render(low)
    assert "\n1 critical open: " not in markdown.render(low)
    assert "\n1 critical open: " in markdown.render(enough)


def test_what_is_new_stands_first_and_is_marked() -> None:
    outcome = compared(outcomes.small())
    rows = re.findall(r"^\| (?:low|critical) .*$", markdown.render(outcome), re.MULTILINE)
    assert " · new" in rows[0]


def test_a_run_is_linked_only_by_an_address_of_the_runner() -> None:
    outcome = outcomes.small()
    assert '<a href="https://github.com/o/r/actions/runs/1">run</a>' in markdown.render(
        outcome, run_url="https://github.com/o/r/actions/runs/1"
    )
    for evil in ('https://x"onclick=', "javascript:alert(1)", ""):
        assert "<a " not in markdown.render(outcome, run_url=evil)


def test_a_report_from_elsewhere_says_so() -> None:
    assert "not measured again" in markdown.render(outcomes.small(), untrusted=True)
    assert "not measured again" not in markdown.render(outcomes.small())


def test_a_path_that_may_not_be_the_cheapest_says_so() -> None:
    outcome = outcomes.small()
    assert "**Cheapest way to an open gate**" in markdown.render(outcome)
    unsure = replace(outcome, path=replace(outcome.path, cheapest=False))
    assert "**A way, perhaps not the cheapest, to an open gate**" in markdown.render(unsure)
