"""Numbers that others wrote: odd digits, long ones, and the places that read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain import Location
from seatrial.inspectors.compose.ports import complaint, parse_port
from seatrial.inspectors.compose.project import survey
from seatrial.inspectors.compose.rules import RULES
from seatrial.inspectors.compose.values import ComposeText, Entry, Map
from seatrial.system.source import open_tree
from seatrial.text import durations
from seatrial.text.numerals import whole

ODD = ["²", "①", "٣", "𝟜", "9" * 5000, "-1", "+1", "1_000", "1e3", "", " 1", "1.0"]
AT = Location("compose.yaml", 1, 1)


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_whole_number(text: str) -> None:
    assert whole(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("8080", 8080), ("9" * 15, 10**15 - 1)])
def test_whole_numbers(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("odd", ["²", "①", "9" * 5000])
def test_a_port_of_odd_digits_is_none(odd: str) -> None:
    long = Map(
        {"target": Entry(AT, ComposeText(odd, AT, odd)), "published": Entry(AT, ComposeText("80", AT, "80"))}, AT
    )
    assert parse_port(long) is None
    for text in (odd, f"80:{odd}", f"127.0.0.1:80:{odd}", f"{odd}/udp"):
        port = ComposeText(text, AT, text)
        assert parse_port(port) is None
        complaint(port)


@pytest.mark.parametrize("odd", ODD)
def test_odd_numbers_break_no_rule(tmp_path: Path, odd: str) -> None:
    quoted = f"'{odd}'"
    (tmp_path / "compose.yaml").write_text(
        f"""services:
  a:
    image: postgres:{odd or 1}
    container_name: x
    scale: {quoted}
    mem_limit: '{odd}g'
    memswap_limit: '{odd}'
    stop_grace_period: '{odd}s'
    ports: [{{target: {quoted}, published: {quoted}}}, '{odd}:{odd}']
    deploy: {{replicas: {quoted}}}
    ulimits: {{nofile: {{soft: {quoted}, hard: {quoted}}}}}
    healthcheck: {{test: [CMD, a], interval: '{odd}s', timeout: '{odd}h', retries: {quoted}, start_period: '{odd}m'}}
""",
        "utf-8",
    )
    for project in survey(open_tree(tmp_path)).projects:
        for rule in RULES:
            assert isinstance(list(rule.find(project)), list)


@pytest.mark.parametrize(
    ("text", "length"),
    [("1m30s", 90.0), ("1.5h", 5400.0), ("10ms", 0.01), ("x", 7.0), ("9" * 400 + "s", 7.0), ("1" * 100_000, 7.0)],
)
def test_durations(text: str, length: float) -> None:
    assert durations.seconds(text, 7.0) == pytest.approx(length)
