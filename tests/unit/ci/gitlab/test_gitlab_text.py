"""Hostile text in a note does nothing on GitLab: no quick action, no reference, no link."""

from __future__ import annotations

import outcomes
import pytest
from gitlab_markdown import live, text_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.ci.gitlab.notes import harmless
from seatrial.report import Outcome, markdown
from seatrial.report.markup import code, escaped

ORDERS = ["/close", "/merge", "/label ~bug", "/assign @root", "/target_branch evil", "/copy_metadata #1"]
REFERENCES = [
    "@root", "@all", "#1", "g/p#1", "!1", "g/p!1", "$1", "&1", "~bug", "~1", '~"a b"', "%v1", "%1", '%"a b"',
    "^alert#1", "*iteration:1", "[vulnerability:1]", '[feature_flag:"a"]', "[contact:a@b.c]", "GL-1", "gl-1",
    "deadbeef" * 5, "g/p@deadbee1", "https://a.b", "www.a.b", "ftp://a.b", ":tada:", "![x](http://a.b)", "[x](http://a.b)",
]  # fmt: skip
BETWEEN = [
    "",
    " ",
    "\n",
    "\r\n",
    "\n\n",
    "\r",
    "`",
    "```",
    "\n```\n",
    "\n>>>\n",
    "|",
    "&",
    "\\",
    "<",
    ">",
    "\u2028",
    "x",
]
hostile = st.lists(st.sampled_from([*ORDERS, *REFERENCES, *BETWEEN]), max_size=12).map("".join)


@pytest.mark.parametrize("reference", [r for r in REFERENCES if ":tada:" not in r and "deadbee" not in r])
def test_what_is_looked_for_is_found(reference: str) -> None:
    assert live(f"see {reference} there") != []


@pytest.mark.parametrize("reference", [*REFERENCES, *ORDERS])
def test_escaped_text_does_nothing(reference: str) -> None:
    assert live(harmless(escaped(reference))) == []
    assert live(harmless(f"- {escaped(reference)}\n{escaped(f'see {reference}')}")) == []


@given(hostile)
def test_any_text_does_nothing_and_shows_as_itself(text: str) -> None:
    note = f"{escaped(text)}\n\n- {code(text)} {escaped(text)}\n\n| a |\n|---|\n| {code(text)} |\n"
    assert live(harmless(note)) == []


@given(outcomes.outcomes)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=10, deadline=None)
def test_any_report_does_nothing(outcome: Outcome) -> None:
    assert live(harmless(markdown.render(outcome, budget=markdown.COMMENT_BUDGET))) == []


@pytest.mark.parametrize("name", sorted(outcomes.ALL))
def test_a_report_does_nothing(name: str) -> None:
    assert live(harmless(markdown.render(outcomes.ALL[name](), budget=markdown.COMMENT_BUDGET))) == []


def test_the_joiner_is_not_seen() -> None:
    assert text_of(escaped("~bug and 90% of !1")).replace("\u2060", "").strip() == "~bug and 90% of !1"
    assert text_of(escaped("90 %, $HOME")).strip().endswith("HOME")
