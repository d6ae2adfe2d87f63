"""Hostile texts: no parser raises, and none takes more than linear time."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planting import Sample, plant
from test_file_parsers import BY_ID, SAMPLES

from seatrial.inspectors.secrets import files

MARKS = [
    *"{}[]()<>\"'`:=;,#-|&*!@$%\\/ \n\t\r\0",
    '\\"',
    "<!--",
    "<![CDATA[",
    "INSERT INTO a(",
    "CREATE TABLE a(",
    "- ",
    "://",
    "é",
    "\U0001f600",
]


def _read(sample: Sample, text: str) -> None:
    for found in BY_ID[sample.parser].parse(sample.path, text):
        assert 0 <= found.start <= found.end <= len(text)
        assert text[found.start : found.end] == found.value.reveal()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.parser)
def test_truncations_and_damage(sample: Sample) -> None:
    source, text = random.Random(sample.parser), plant(sample.bad).text
    for _ in range(30):
        _read(sample, text[: source.randrange(len(text))])
        place = source.randrange(len(text))
        _read(sample, text[:place] + source.choice(MARKS) + text[place + source.randrange(3) :])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_random_bytes(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    noise = data.draw(st.binary(max_size=300)).decode("latin-1")
    _read(sample, plant(sample.bad).text + noise + plant(sample.bad, "again").text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_any_path_and_text(path: str, text: str) -> None:
    list(files.credentials(path, text))
    list(files.credentials(f"x/{path}.json", text))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.parser)
def test_time_is_linear(sample: Sample) -> None:
    """The sample and the marks that start something, over and over; a quadratic scan does not end in time here."""
    text = plant(sample.bad).text
    hostile = [
        text * 200,
        text[: len(text) // 2] * 400,
        "password = '" * 10_000,
        text + '{"a":[' * 15_000,
        text + "<a b='" * 15_000,
    ]
    for each in hostile:
        _read(sample, each)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("mark", MARKS)
def test_one_mark_a_hundred_thousand_times(mark: str) -> None:
    for path in ("a.json", "a.yml", "a.xml", "a.sql", "a.ini", ".env", "config.php", "a.sh", "wp-config.php"):
        list(files.credentials(path, "password secret key " + mark * 100_000))


def test_names_that_end_alike_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of the files of any tree: their parsers are found without a search for each."""
    ends = ("main.py", "index.ts", "README.md", "a.json", "x.test.spec.js", "Makefile")
    looked_up = []

    def chosen(keys: Iterable[str]) -> tuple[files.CredentialFile, ...]:
        looked_up.append(keys)
        return ()

    monkeypatch.setattr(files, "_chosen", chosen)
    files._by_suffix.cache_clear()
    try:
        for number in range(200):
            for end in ends:
                files.parsers_for(f"d{number}/e{number}/{number}{end}")
        assert len(looked_up) == len(ends)
    finally:
        files._by_suffix.cache_clear()
