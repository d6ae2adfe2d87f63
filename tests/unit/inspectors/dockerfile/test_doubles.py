"""What our rules and hadolint's both say is said once, with the stronger verdict; what differs stays."""

from __future__ import annotations

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.dockerfile import hadolint
from seatrial.inspectors.dockerfile.syntax import parse

PAIRS = [(ours, code) for ours, codes in hadolint.SAME.items() for code in codes]
FILE = parse("Dockerfile", "FROM a\nRUN x \\\n  && y\nRUN z\n", frozenset())


def finding(rule: str, line: int, severity: Severity, confidence: Confidence = Confidence.HIGH) -> Finding:
    return Finding(
        rule=rule, severity=severity, confidence=confidence, message="m", location=Location("Dockerfile", line, 1),
        remedy="r",
    )  # fmt: skip


@pytest.mark.parametrize(("ours", "code"), PAIRS)
@pytest.mark.parametrize(("mine", "theirs"), [(Severity.LOW, Severity.MEDIUM), (Severity.HIGH, Severity.LOW)])
def test_the_stronger_verdict_wins_at_the_same_place(ours: str, code: str, mine: Severity, theirs: Severity) -> None:
    merged, left = hadolint.merged(
        [finding(ours, 2, mine, Confidence.LOW)], [finding(f"hadolint/{code}", 3, theirs)], [FILE]
    )
    assert left == []
    assert [(f.rule, f.severity, f.confidence) for f in merged] == [(ours, max(mine, theirs), Confidence.HIGH)]


@pytest.mark.parametrize(("ours", "code"), PAIRS)
def test_the_same_of_another_instruction_stays(ours: str, code: str) -> None:
    merged, left = hadolint.merged(
        [finding(ours, 2, Severity.LOW)], [finding(f"hadolint/{code}", 4, Severity.LOW)], [FILE]
    )
    assert len(merged) == len(left) == 1


@pytest.mark.parametrize("ours", [*hadolint.SAME, "dockerfile/admin-port"])
def test_another_fact_at_the_same_place_stays(ours: str) -> None:
    others = [code for rule, code in PAIRS if rule != ours]
    found = [finding(f"hadolint/{code}", 2, Severity.LOW) for code in (*others, "DL3059")]
    _, left = hadolint.merged([finding(ours, 2, Severity.LOW)], found, [FILE])
    assert left == found


DATA = "FROM a\nRUN <<'E' cat > /x.sh\napt-get install curl\nE\n"
RUN = "FROM a\nRUN cat <<E > /x && apt-get install curl\ntext\nE\n"
SCRIPT = "FROM a\nRUN <<E\napt-get install curl\nE\n"


@pytest.mark.parametrize(("text", "kept"), [(DATA, 0), (DATA.replace("cat >", "tee"), 0), (RUN, 1), (SCRIPT, 1)])
def test_a_text_that_is_written_into_a_file_is_no_command(text: str, kept: int) -> None:
    found = [finding("hadolint/DL3008", 2, Severity.LOW)]
    assert len(hadolint.merged([], found, [parse("Dockerfile", text, frozenset())])[1]) == kept


def test_another_rule_of_hadolint_stays_beside_such_a_text() -> None:
    found = [finding("hadolint/DL3020", 2, Severity.LOW)]
    assert hadolint.merged([], found, [parse("Dockerfile", DATA, frozenset())])[1] == found
