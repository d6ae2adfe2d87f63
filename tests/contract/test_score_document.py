"""The numbers in docs/score.md are those of the code."""

from __future__ import annotations

from pathlib import Path

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, WeightedShare
from seatrial.domain.grading import Grade, GradedSubject, SubjectRole, Unit
from seatrial.verdict.catalogue import load
from seatrial.verdict.score import decimal, percent, score

DOCUMENT = (Path(__file__).parents[2] / "docs" / "score.md").read_text("utf-8")
MODEL = load()
ROLES = {
    SubjectRole.STORE: "it keeps data",
    SubjectRole.EXPOSED: "other machines can speak to it",
    SubjectRole.ORDINARY: "all others",
    SubjectRole.HELPER: "it only watches or serves the others: an exporter, an administration tool",
}
UNITS = {Unit.LINES: "1,000 lines", Unit.DEPENDENCIES: "dependency", Unit.FILES: "file"}


def block(name: str) -> str:
    return DOCUMENT.split(f"<!-- {name} -->\n")[1].split("<!-- end -->")[0]


def test_the_roles() -> None:
    rows = "".join(f"| {role} | {MODEL.roles[role]} | {text} |\n" for role, text in ROLES.items())
    assert block("roles") == f"\n| role | weight | which |\n|---|--:|---|\n{rows}\n"


def test_the_densities() -> None:
    grades = tuple(reversed(Grade))
    starts = " | ".join(f"{MODEL.worst[grade]} %" for grade in grades)
    points = " | ".join(str(MODEL.points[grade]) for grade in grades)
    names = " | ".join(grade.value for grade in grades)
    checks = {unit: ", ".join(f"`{c.id}`" for c in MODEL.checks if c.per is unit) for unit in Unit}
    rows = "".join(f"| {UNITS[unit]} | {MODEL.half[unit]} | {checks[unit]} |\n" for unit in Unit)
    assert block("densities") == (
        f"\n| | {names} |\n|---|--:|--:|--:|--:|--:|\n| start, if it is the worst | {starts} |\n"
        f"| points, for each further one | {points} |\n\n| unit | half | checks |\n|---|--:|---|\n{rows}\n"
    )


def test_what_open_causes_take() -> None:
    def row(severity: Severity) -> str:
        rule = MODEL.open[severity]
        left = " | ".join(percent(rule.leaves(n)) for n in (1, 2, 3, 5, 10))
        return f"| {severity.label} | {100 * rule.first} % | {100 * rule.most} % | {left} |\n"

    head = "\n| open root causes | first | most | 1 leaves | 2 leave | 3 leave | 5 leave | 10 leave |\n"
    lines = "|---|--:|--:|--:|--:|--:|--:|--:|\n"
    assert block("open") == head + lines + "".join(map(row, MODEL.open)) + "\n"


def test_the_worked_example() -> None:
    services = WeightedShare(tuple(GradedSubject(name) for name in ("api", "web", "worker", "cache")), "service")
    critical = Finding("compose/privileged", Severity.CRITICAL, Confidence.HIGH, "", Location("c"), about=("#api",))
    lows = [Finding("bandit/B101", Severity.LOW, Confidence.HIGH, "", Location("a.py", n)) for n in range(1, 9)]
    special = {
        "compose/privileged": Answer.of_findings("compose/privileged", [critical], basis=services),
        "python/bandit": Answer.of_findings("python/bandit", lows, basis=MODEL.density("python/bandit", 2_000)),
        "secrets/passwords": Answer.skip("secrets/passwords", "chosen"),
    }
    result = score([special.get(c.id, Answer.of_findings(c.id, [])) for c in MODEL.checks], MODEL)
    values = {c.check.id: c.worth for c in result.checks}
    numbers = (
        ("value of `compose/privileged`", percent(values["compose/privileged"])),
        ("value of `python/bandit`", percent(values["python/bandit"])),
        ("raw score", decimal(result.raw)),
        ("score", decimal(result.headline)),
        ("coverage", percent(result.coverage)),
        ("proven", decimal(result.floor)),
    )
    rows = "".join(f"| {name} | {number} |\n" for name, number in numbers)
    assert block("example") == f"\n| | |\n|---|--:|\n{rows}\n"
