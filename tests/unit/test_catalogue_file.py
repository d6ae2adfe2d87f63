"""A model file is complete and consistent, or it is refused with the line that is wrong."""

from __future__ import annotations

import itertools
from dataclasses import FrozenInstanceError
from fractions import Fraction
from hashlib import sha256
from importlib.resources import files

import pytest

from seatrial.domain import Effort, Severity
from seatrial.domain.errors import UsageError
from seatrial.domain.grading import Density, Measure, SubjectRole, Unit
from seatrial.verdict.catalogue import LATEST, MODELS, CatalogueError, OpenRule, load
from seatrial.verdict.catalogue.parse import parse

FILE = (files("seatrial.verdict.catalogue") / f"{LATEST}.yml").read_bytes()
GOOD = """\
model: "test"
findings:
  worst: {critical: 0, high: 30, medium: 60, low: 85, guess: 90}
  points: {critical: 16, high: 8, medium: 4, low: 2, guess: 1}
  half: {lines: 40, dependencies: 1, files: 8}
roles: {store: 200, exposed: 150, ordinary: 100, helper: 50}
open:
  critical: {first: 51, most: 100}
  high: {first: 5, most: 40}
categories:
  - id: one
    title: One
    weight: 60
    checks:
      - {id: a/first, title: The first holds, severity: high, required: true, weight: 2, effort: L}
      - {id: a/second, title: The second holds, severity: low, needs: [a/first], density: lines, fix: mend it}
  - id: two
    title: Two
    weight: 40
"""


def read(text: str) -> object:
    return parse(text.encode(), where="test.yml")


@pytest.mark.parametrize("model", MODELS)
def test_every_model_loads(model: str) -> None:
    loaded = load(model)
    assert loaded.model == model
    assert sum(category.weight for category in loaded.categories) == 100
    assert {check.category for check in loaded.checks} <= {category.id for category in loaded.categories}


def test_the_digest_is_that_of_the_file() -> None:
    assert load().sha256 == sha256(FILE).hexdigest()


def test_an_unknown_model_is_the_users_mistake() -> None:
    for name in ("1999.1", "../2026.2", ""):
        with pytest.raises(UsageError) as error:
            load(name)
        assert LATEST in error.value.remedy


def test_what_a_file_says_is_what_the_catalogue_holds() -> None:
    catalogue = parse(GOOD.encode(), where="test.yml")
    assert [(c.id, c.title, c.weight) for c in catalogue.categories] == [("one", "One", 60), ("two", "Two", 40)]
    first, second = catalogue.checks
    assert (first.severity, first.required, first.weight, first.effort) == (Severity.HIGH, True, 2, Effort.LARGE)
    assert (second.required, second.weight, second.effort, second.needs) == (False, 1, Effort.SMALL, ("a/first",))
    assert catalogue.by_id["a/second"] == second
    assert catalogue.of_category("one") == (first, second)
    assert catalogue.of_category("two") == ()
    assert catalogue.open == {
        Severity.CRITICAL: OpenRule(Fraction(51, 100), Fraction(1)),
        Severity.HIGH: OpenRule(Fraction(1, 20), Fraction(2, 5)),
    }
    assert (first.measure, first.per, first.fix) == (Measure.SHARE, None, "")
    assert (second.measure, second.per, second.fix) == (Measure.DENSITY, Unit.LINES, "mend it")
    assert catalogue.density("a/second", 900) == Density(Unit.LINES, 900, 40)
    assert catalogue.roles[SubjectRole.STORE] == 200
    with pytest.raises(ValueError, match="a/first is about subjects"):
        catalogue.density("a/first", 1)


def test_open_causes_take_the_first_most_and_never_all() -> None:
    rule = OpenRule(Fraction(1, 20), Fraction(2, 5))
    assert [rule.leaves(n) for n in (0, 1, 7)] == [1, Fraction(95, 100), Fraction(8, 10)]
    left = [rule.leaves(n) for n in range(300)]
    assert all(more < fewer for fewer, more in itertools.pairwise(left))
    assert left[-1] > Fraction(6, 10)


def test_a_catalogue_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        load().model = "other"  # type: ignore[misc]
    for mapping in (load().open, load().points, load().worst, load().half, load().roles, load().by_id):
        with pytest.raises(TypeError):
            mapping["x"] = 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('model: "test"\n', "", "test.yml:1: 'model' is missing"),
        ('model: "test"', "model: 2026.2", "test.yml:1: model: a text was expected"),
        ('model: "test"', "model: ''", "test.yml:1: model: is empty"),
        ("lines: 40", "lines: 0", "test.yml:5: lines: a whole number at least 1 was expected, not 0"),
        ("lines: 40", "lines: many", "test.yml:5: lines: a whole number was expected"),
        (", guess: 1}", "}", "test.yml:4: 'guess' is missing"),
        ("high: 30", "high: 100", "test.yml:3: high: a whole number from 0 to 99 was expected, not 100"),
        ("high: 30", "high: 0", "findings: worst: critical leaves as much as high"),
        ("low: 85", "low: 95", "findings: worst: low leaves as much as guess"),
        ("high: 8,", "high: 3,", "findings: points: high costs less than medium"),
        ("store: 200", "shop: 200", "test.yml:6: 'store' is missing"),
        ("first: 51", "first: -51", "test.yml:8: first: a whole number from 1 to 100 was expected, not -51"),
        ("first: 51", "first: 50", "open: critical: first has to be more than half"),
        ("first: 5,", "first: 41,", "open: high: first is above most"),
        ("most: 40}", "most: 40}\n  low: {first: 1, most: 2}", "test.yml:10: unknown key 'low'"),
        ("density: lines", "density: pages", "density: 'pages' is none of lines, dependencies, files"),
        ("severity: high", "severty: high", "test.yml:15: 'severity' is missing"),
        ("weight: 2,", "wieght: 2,", "test.yml:15: unknown key 'wieght'; did you mean 'weight'?"),
        (
            "severity: high",
            "severity: severe",
            "test.yml:15: severity: 'severe' is none of critical, high, medium, low",
        ),
        ("effort: L", "effort: XL", "test.yml:15: effort: 'XL' is none of S, M, L"),
        ("required: true", "required: 1", "test.yml:15: required: true or false was expected"),
        ("required: true", "required: yes", "test.yml:15: required: true or false was expected, not yes"),
        ("id: a/first", "id: First", "test.yml:15: id: 'First' does not look like"),
        ("id: a/second", "id: a/first", "check 'a/first' is there twice"),
        ("id: two", "id: one", "category 'one' is there twice"),
        ("needs: [a/first]", "needs: [a/third]", "check 'a/second' needs 'a/third', which is not a check"),
        ("needs: [a/first]", "needs: [a/second]", "checks need each other in a circle: a/second"),
        ("needs: [a/first]", "needs: a/first", "test.yml:16: needs: a list was expected, not a single value"),
        ("needs: [a/first]", "needs: [1]", "test.yml:16: needs: a list of texts was expected"),
        ("weight: 40", "weight: 41", "the weights of the categories sum to 101, not to 100"),
        ("    title: Two", "    title: Two\n    title: Three", "test.yml:19: 'title' is there twice"),
        ("    weight: 40", "    weight: 40\n    extra: 1", "test.yml:20: unknown key 'extra'"),
        ("  half: {lines", "  half: [lines", "test.yml: not YAML"),
        ("  - id: two\n    title: Two\n    weight: 40\n", "  - two\n", "a mapping was expected, not a single value"),
        (GOOD, "", "test.yml: empty"),
        (GOOD, "- a list", "test.yml:1: a mapping was expected, not a list"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(CatalogueError) as error:
        read(GOOD.replace(old, new, 1))
    assert message in str(error.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(CatalogueError, match="not YAML"):
        parse(b"model: \xff\xfe\x00", where="test.yml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 30, "nested deeper than 20 levels"),
        ("{a: " * 100_000, "nested deeper than 20 levels"),
        ("- " * 50_000 + "a", "nested deeper than 20 levels"),
        ("[a]: b\n", "test.yml:1: a key is a list or a mapping"),
        ("model: x\n{a: b}: c\n", "test.yml:2: a key is a list or a mapping"),
    ],
)
def test_nests_and_odd_keys_are_refused(text: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        read(text)
