"""The numbers in docs/score.md are those of the code."""

from __future__ import annotations

from pathlib import Path

from seatrial.catalogue import load
from seatrial.domain import Answer, Confidence, Finding, Location, Severity
from seatrial.score import decimal, score

DOCUMENT = (Path(__file__).parents[2] / "docs" / "score.md").read_text("utf-8")
MODEL = load()


def block(name: str) -> str:
    return DOCUMENT.split(f"<!-- {name} -->\n")[1].split("<!-- end -->")[0]


def test_the_caps() -> None:
    rows = [
        f"| {severity.label} | {' | '.join(str(rule.limit(n)) for n in range(1, 6))} |\n"
        for severity, rule in MODEL.caps.items()
    ]
    head = "\n| open root causes | 1 | 2 | 3 | 4 | 5 and more |\n|---|--:|--:|--:|--:|--:|\n"
    assert block("caps") == head + "".join(rows) + "\n"
    assert all(rule.limit(6) == rule.limit(5) for rule in MODEL.caps.values())


def test_the_worked_example() -> None:
    critical = Finding("compose/privileged", Severity.CRITICAL, Confidence.HIGH, "", Location("compose.yaml", 3))
    lows = [Finding("bandit/B101", Severity.LOW, Confidence.HIGH, "", Location("a.py", n)) for n in range(1, 9)]
    special = {
        "compose/privileged": Answer.of_findings("compose/privileged", [critical]),
        "python/bandit": Answer.of_findings("python/bandit", lows),
        "secrets/passwords": Answer.skip("secrets/passwords", "chosen"),
    }
    assert len(MODEL.checks) == 66
    result = score([special.get(c.id, Answer.of_findings(c.id, [])) for c in MODEL.checks], MODEL)
    assert result.coverage is not None
    numbers = (
        ("score without the cap", decimal(result.raw)),
        ("headline", decimal(result.headline)),
        ("coverage", f"{decimal(100 * result.coverage)} %"),
        ("proven", decimal(result.floor)),
    )
    rows = "".join(f"| {name} | {number} |\n" for name, number in numbers)
    assert block("example") == f"\n| | |\n|---|--:|\n{rows}\n"
