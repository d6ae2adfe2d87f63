"""Hostile texts: no parser raises, and none takes more than linear time."""

from __future__ import annotations

import random
import time

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


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.parser)
def test_time_is_linear(sample: Sample) -> None:
    """The sample and the marks that start something, over and over; a quadratic scan takes minutes here."""
    text = plant(sample.bad).text
    hostile = [
        text * 40,
        text[: len(text) // 2] * 80,
        "password = '" * 2000,
        text + '{"a":[' * 3000,
        text + "<a b='" * 3000,
    ]
    started = time.process_time()
    for each in hostile:
        _read(sample, each)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("mark", MARKS)
def test_one_mark_a_hundred_thousand_times(mark: str) -> None:
    started = time.process_time()
    for path in ("a.json", "a.yml", "a.xml", "a.sql", "a.ini", ".env", "config.php", "a.sh", "wp-config.php"):
        list(files.credentials(path, "password secret key " + mark * 100_000))
    assert time.process_time() - started < 10


def test_dispatch_is_fast() -> None:
    source = random.Random(1)
    names = [
        "main.py",
        "index.ts",
        "README.md",
        "a.json",
        "wp-config.php",
        ".env.production",
        "x.test.spec.js",
        "Makefile",
    ]
    paths = [f"d{source.randrange(500)}/e{i}/{source.choice(names)}" for i in range(20_000)]
    started = time.process_time()
    for path in paths:
        files.parsers_for(path)
    assert time.process_time() - started < 2
