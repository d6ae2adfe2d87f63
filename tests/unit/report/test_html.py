"""report.html: whatever the repository says, the page has our elements only, and says what was found."""

from __future__ import annotations

import re
from dataclasses import replace

import outcomes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from seatrial.app import explain
from seatrial.domain import Answer, Finding, Report, Severity, Subject
from seatrial.domain.measured import (
    Experiment,
    ExperimentResult,
    Measurement,
    MeasureUnit,
    Quantity,
    Shown,
    TimelineLane,
    TimeSpan,
)
from seatrial.domain.patches import Fixed, FixSafety, Patch
from seatrial.report import Outcome, files, html, ready
from seatrial.report import page as contents
from seatrial.verdict.baseline import Comparison, FindingChange

GIVEN = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b\ud800-\udfff]")
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "h1", "h2", "h3", "div",
    "p", "span", "small", "strong", "b", "i", "br", "a", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody",
    "tr", "th", "td", "details", "summary", "svg", "rect", "line", "circle",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content",
    "colspan", "name", "id", "class", "style", "href", "rel", "scope", "open",
    "tabindex", "role", "aria-label", "aria-labelledby", "aria-hidden", "viewbox", "viewBox", "preserveaspectratio",
    "preserveAspectRatio", "x", "y", "width", "height", "x1", "x2", "y1", "y2", "cx", "cy", "r", "vector-effect",
}  # fmt: skip


def page(outcome: Outcome) -> HtmlElement:
    return document_fromstring(html.render(outcome).encode())


def text(element: HtmlElement) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())


def of(*findings: Finding) -> Outcome:
    answers = [Answer.of_findings(c, findings if c == outcomes.CHECKS[0] else []) for c in outcomes.CHECKS]
    return outcomes.outcome(Report(Subject("x", files=1), tuple(answers)))


def with_experiment(one: Experiment) -> Outcome:
    answers = [Answer.of_findings(c, []) for c in outcomes.CHECKS]
    answers[0] = replace(answers[0], experiments=(one,))
    return outcomes.outcome(Report(Subject("x", files=1), tuple(answers)))


def check_harmless(outcome: Outcome) -> None:
    written = html.render(outcome)
    assert UNSAFE.search(written.replace("\n", "")) is None
    for element in document_fromstring(written.encode()).iter():
        assert isinstance(element.tag, str), "no comments"
        assert element.tag in ELEMENTS, element.tag
        assert set(element.attrib) <= ATTRIBUTES, element.attrib
        assert element.get("href", "https://").startswith("https://")
        assert re.fullmatch(r"|background:var\(--(held|taken|lost|none)\)|left:[0-9.]+%", element.get("style", ""))


@pytest.mark.parametrize("name", sorted(outcomes.ALL))
def test_a_page_is_only_our_elements(name: str) -> None:
    check_harmless(outcomes.ALL[name]())


@given(outcomes.outcomes)
@GIVEN
def test_any_page_is_only_our_elements(outcome: Outcome) -> None:
    check_harmless(outcome)


def test_it_asks_for_nothing_and_runs_nothing() -> None:
    written = html.render(outcomes.small())
    policy = document_fromstring(written.encode()).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]
    assert re.search(r"url\(|@import|src=|srcset=|<script|<link", written) is None


def test_the_verdict_stands_first() -> None:
    made = outcomes.small()
    assert text(page(made).find(".//title")) == f"Not ready: {made.headline} / 100 – shop"
    assert text(page(made).find(".//header")).startswith(f"Seatrial of shop ✗ Not ready {made.headline} / 100")
    assert text(page(outcomes.ready()).find(".//title")).startswith("Ready: 100.0 / 100")
    assert text(page(outcomes.empty()).find(".//title")) == "Inconclusive – empty"


def test_the_bar_is_all_points_and_the_gate_stands_at_the_share_that_it_asks_for() -> None:
    made = outcomes.small()
    (bar,) = page(made).xpath("//svg[@class='arithmetic']")
    widths = [float(rect.get("width")) for rect in bar.xpath("rect")]
    assert sum(widths) == pytest.approx(1000, abs=0.05)
    kept = made.score.earned * made.score.leaves
    assert widths[0] == pytest.approx(float(kept) * 10, abs=0.01)
    assert widths[1] == pytest.approx(float(made.score.earned - kept) * 10, abs=0.01)
    (tick,) = bar.xpath("line/@x1")
    assert float(tick) == pytest.approx(float(made.score.measured) * 10 * 0.8, abs=0.01)


def test_every_condition_category_and_missing_answer_is_there() -> None:
    made = outcomes.small()
    rows = {section.get("aria-labelledby"): section.xpath(".//tbody/tr") for section in page(made).xpath("//section")}
    assert len(rows["gate"]) == len(made.verdict.conditions)
    asked = [c for c in made.score.categories if c.asked]
    assert len(rows["categories"]) == len(asked) + sum(c.lost > 0 for one in asked for c in one.checks)
    assert len(rows["unmeasured"]) == len(made.unmeasured)
    assert [text(r)[:1] for r in rows["gate"]] == sorted((text(r)[:1] for r in rows["gate"]), key="✗?✓".index)


def test_nothing_found_is_said() -> None:
    section = page(outcomes.ready()).xpath("//section[@aria-labelledby='findings']")[0]
    assert text(section) == "0 findings, 0 root causes Nothing was found by what was measured."


def test_every_root_cause_is_there_worst_first() -> None:
    made = of(*(outcomes.finding(n, Severity(n % 4 + 1)) for n in range(1, 9)))
    section = page(made).xpath("//section[@aria-labelledby='findings']")[0]
    assert text(section.find("h2")) == "8 findings, 8 root causes"
    assert [text(h) for h in section.findall("h3")] == ["Critical (2)", "High (2)", "Medium (2)", "Low (2)"]
    assert len(section.findall("details")) == 8
    assert len(section.xpath("details[@open]")) == 2


def test_a_cause_tells_its_places_its_remedy_and_where_to_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "_PLACES", 2)
    made = replace(of(*(replace(outcomes.finding(n), cause="one") for n in range(1, 6))), page_of=explain.rule_page)
    (details,) = page(made).xpath("//section[@aria-labelledby='findings']/details")
    assert "compose/privileged deploy/1.yaml:1:3 5 places something is wrong" in text(details)
    assert [text(li) for li in details.findall("ul/li")] == [
        "deploy/2.yaml:2:3", "deploy/3.yaml:3:3", "… and 2 more in report.json"
    ]  # fmt: skip
    assert details.find("pre").text == "services:\n  api:\n    cap_drop: [ALL]"
    assert details.xpath("p/a/@href") == ["https://docs.docker.com/reference/compose-file/services/#privileged"]


def test_what_is_new_is_marked() -> None:
    old, new = outcomes.finding(1), outcomes.finding(2)
    changes = {old.fingerprint: FindingChange.UNCHANGED, new.fingerprint: FindingChange.INTRODUCED}
    made = replace(of(old, new), comparison=Comparison("", "main", changes))
    marked = [d for d in page(made).xpath("//section[@aria-labelledby='findings']/details") if d.xpath(".//span")]
    assert [text(d.find("summary")) for d in marked] == ["compose/privileged deploy/2.yaml:2:3 new something is wrong"]


def test_more_causes_than_a_browser_likes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "CAUSES", 3)
    made = of(*(outcomes.finding(n) for n in range(1, 9)))
    section = page(made).xpath("//section[@aria-labelledby='findings']")[0]
    assert len(section.findall("details")) == 3
    assert "… and 5 more root causes in report.json" in text(section)


def test_an_experiment_has_its_figures_and_its_course() -> None:
    one = Experiment(
        "crash",
        "store",
        ExperimentResult.FAILED,
        complaints=("store: api: down for 12 s",),
        evidence="exit code 137",
        measurements=(
            Measurement("api success", 60.7, MeasureUnit.PERCENT, None, Quantity.SUCCESS),
            Measurement("api recovery", 1.25, MeasureUnit.SECONDS, None, Quantity.RECOVERY),
            Measurement("lost writes", 3, MeasureUnit.WRITES),
        ),
        timeline=((0.0, "killed"), (2.0, "up"), (4.0, "serves")),
    )
    section = page(with_experiment(one)).xpath("//section[@aria-labelledby='experiments']")[0]
    assert text(section.find("details/summary")) == (
        "✗ failed crash store – store: api: down for 12 s (worst served 61 %, all back after 1.25 s)"
    )
    assert [text(row) for row in section.xpath(".//tbody/tr")] == [
        "api success 60.7 %", "api recovery 1.25 s", "lost writes 3 write"
    ]  # fmt: skip
    assert section.xpath(".//circle/@cx") == ["0", "500", "1000"]
    assert [text(li) for li in section.findall(".//li")] == ["0.00 s – killed", "2.00 s – up", "4.00 s – serves"]


def drawn(*lanes: TimelineLane) -> HtmlElement:
    one = Experiment("partition", "db", ExperimentResult.FAILED, timeline=((0.0, "begins"),), lanes=lanes)
    return page(with_experiment(one)).xpath("//section[@aria-labelledby='experiments']")[0]


def test_an_experiment_is_a_picture_with_a_lane_for_everything() -> None:
    section = drawn(
        TimelineLane("partition db", "on for 5 s", (TimeSpan(Shown.FAULT, 0, 5), TimeSpan(Shown.BACK, 5, 9))),
        TimelineLane(
            "web GET :80/", "0 % good", (TimeSpan(Shown.GOOD, -1, 0), TimeSpan(Shown.SILENT, 0, 9, "timeout"))
        ),
        TimelineLane(
            "log of <web>",
            "3 lines",
            (TimeSpan(Shown.ERRORS, 6, 7, "2 errors"), TimeSpan(Shown.ERRORS, 7, 8, "1 error")),
        ),
        TimelineLane("… and 2 more questions", ""),
    )
    lanes = section.xpath(".//div[@class='lane'][not(@aria-hidden)]")
    assert [text(lane.xpath("./span")[0]) for lane in lanes] == [
        "partition db", "web GET :80/", "log of <web>", "… and 2 more questions"
    ]  # fmt: skip
    assert [text(lane.xpath("./span")[1]) for lane in lanes][:2] == ["on for 5 s", "0 % good"]
    boxes = lanes[1].xpath("./svg/rect[not(@class='while')]")
    assert [(box.get("class"), box.get("x"), box.get("width")) for box in boxes] == [
        ("good", "0.0", "100.0"), ("silent", "100.0", "900.0")
    ]  # fmt: skip
    assert boxes[1].find("title").text == "no answer in time, 0.0 s to 9.0 s: timeout"
    assert [lane.xpath("./svg/rect[@class='while']/@width") for lane in lanes] == [["500.0"]] * 4
    assert [box.get("height") for box in lanes[2].xpath("./svg/rect[@class='errors']")] == ["16.0", "8.0"]
    assert section.xpath(".//div[@class='scale']/span/text()")[0] == "-1 s"
    told = section.xpath(".//ul[@class='legend small']/li")
    assert text(told[0]) == "the fault is on"
    assert len(told) == 5, "only what is there"


@pytest.mark.parametrize("moment", [1e6, 1e17, 1e300, -1e300])
def test_times_that_no_experiment_has_draw_no_endless_scale(moment: float) -> None:
    section = drawn(
        TimelineLane("a", "b", (TimeSpan(Shown.FAULT, moment, moment), TimeSpan(Shown.GOOD, moment, moment + 1)))
    )
    assert len(section.xpath(".//div[@class='scale']/span")) <= 11
    assert "nan" not in text(section)
    far = drawn(TimelineLane("a", "b", (TimeSpan(Shown.FAULT, 0, abs(moment)), TimeSpan(Shown.GOOD, -abs(moment), 1))))
    assert far.xpath(".//svg[@class='axis']"), "what cannot be drawn is a list"


def patched(*patches: Patch) -> Outcome:
    return replace(outcomes.small(), patches=patches)


def a_patch(before: str | None, after: str, path: str = "compose.yaml", about: str = "db") -> Patch:
    return Patch(path, before, after, (Fixed(outcomes.finding(), "add a limit", FixSafety.UNSAFE, path, (about,)),))


def ready_patches(outcome: Outcome) -> HtmlElement:
    (section,) = page(outcome).xpath("//section[@aria-labelledby='patches']")
    return section


def test_a_ready_patch_shows_its_changed_lines() -> None:
    before = "services:\n  db:\n    image: postgres:16\n    ports: [5432:5432]\n  api:\n    image: api:1\n"
    after = before.replace("[5432", "[127.0.0.1:5432").replace("api:1\n", "api:1\n    mem_limit: 512m\n")
    section = ready_patches(patched(a_patch(before, after)))
    assert text(section.find("details/summary")) == "compose.yaml 1 unsafe fix"
    assert [text(one) for one in section.xpath("details/ul/li")] == ["add a limit: db (unsafe)"]
    assert section.find("details/pre").text.split("\n") == [
        "--- a/compose.yaml",
        "+++ b/compose.yaml",
        "@@ -4 +4 @@",
        "-    ports: [5432:5432]",
        "+    ports: [127.0.0.1:5432:5432]",
        "@@ -6,0 +7 @@",
        "+    mem_limit: 512m",
    ]


def test_a_ready_patch_shows_no_secret_of_its_file() -> None:
    before = (
        "services:\n  db:\n    environment: {PASSWORD: hunter2}\n    command: serve --token sesame\n    user: root\n"
    )
    after = before.replace("serve", "exec serve").replace("user: root", "user: app")
    written = html.render(patched(a_patch(before, after)))
    assert "hunter2" not in written, "it stands beside a change"
    assert "sesame" not in written, "it stands in a changed line"
    assert "+    command: exec serve --token ****" in written


def test_a_hostile_patch_is_text_only() -> None:
    hostile = f"</pre></details></section><script>alert(1)</script>{outcomes.UGLY}"
    made = patched(
        a_patch(f"a: {hostile}\n", f"b: {hostile}\n", f"{hostile}.yaml", hostile), a_patch(None, hostile, "new")
    )
    check_harmless(made)
    shown = [pre.text for pre in ready_patches(made).findall("details/pre")]
    assert len(shown) == 2
    assert all("+" in diff and "</pre></details></section><script>alert(1)</script>" in diff for diff in shown)


@given(st.lists(st.builds(a_patch, st.none() | outcomes.texts, outcomes.texts, outcomes.texts, outcomes.texts)))
@GIVEN
def test_any_patch_is_text_only(patches: list[Patch]) -> None:
    check_harmless(patched(*patches))


def test_patches_that_are_too_many_or_too_long_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "MOST", 2)
    long, huge = "".join(f"{n}\n" for n in range(1000)), "x\n" * 5001
    section = ready_patches(
        patched(a_patch(None, long), a_patch(huge, "y" + huge), a_patch("a", "b"), a_patch("a", "c"))
    )
    first, second = section.findall("details/pre")
    assert first.text.endswith("\n+396\n… and 603 more lines")
    assert second.text == "5,001 lines are too many to show"
    assert text(section).endswith("… and 2 more files")
    (wide,) = ready_patches(patched(a_patch(None, "x" * 10_000))).findall("details/pre")
    assert max(map(len, wide.text.split("\n"))) == 300


def test_other_reports_know_nothing_of_patches() -> None:
    without, made = outcomes.small(), patched(a_patch("a: 1\n", "a: 2\n"))
    for name, write in files(made).items():
        assert (write() == files(without)[name]()) is (name != "report.html"), name
    assert "Ready patches" not in html.render(without)


@pytest.mark.parametrize(
    ("message", "shown", "code"),
    [
        ("nothing backs up `db` (volume `pg`)", "nothing backs up db (volume pg)", ["db", "pg"]),
        ("a ` alone stays", "a ` alone stays", []),
        ("`a` and ` alone", "a and ` alone", ["a"]),
        ("`<script>alert(1)</script>` & <b>", "<script>alert(1)</script> & <b>", ["<script>alert(1)</script>"]),
    ],
)
def test_what_stands_between_backticks_is_code(message: str, shown: str, code: list[str]) -> None:
    outcome = outcomes.with_findings([replace(outcomes.finding(), message=message)])
    (summary,) = page(outcome).xpath("//section[@aria-labelledby='findings']//summary")
    told = summary.find("br")
    parts = [told.tail or "", *(part for one in told.itersiblings() for part in (text(one), one.tail or ""))]
    assert "".join(parts).strip() == shown
    assert [text(one) for one in told.itersiblings("code")] == code
