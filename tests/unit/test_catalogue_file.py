"""A model file is complete and consistent, or it is refused with the line that is wrong."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from hashlib import sha256
from importlib.resources import files

import pytest

from seatrial.catalogue import LATEST, MODELS, CapRule, CatalogueError, load
from seatrial.catalogue.parse import parse
from seatrial.domain import Effort, Severity
from seatrial.errors import UsageError

FILE = (files("seatrial.catalogue") / f"{LATEST}.yml").read_bytes()
GOOD = """\
model: "test"
findings:
  points: {critical: 8, high: 4, medium: 2, low: 1}
  half_life: 8
caps:
  critical: {first: 49, step: 10, least: 9}
  high: {first: 79, step: 5, least: 59}
categories:
  - id: one
    title: One
    weight: 60
    checks:
      - {id: a/first, title: The first holds, severity: high, required: true, weight: 2, effort: L}
      - {id: a/second, title: The second holds, severity: low, needs: [a/first]}
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
    assert catalogue.caps == {Severity.CRITICAL: CapRule(49, 10, 9), Severity.HIGH: CapRule(79, 5, 59)}


def test_a_catalogue_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        load().model = "other"  # type: ignore[misc]
    for mapping in (load().caps, load().severity_points, load().by_id):
        with pytest.raises(TypeError):
            mapping["x"] = 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('model: "test"\n', "", "test.yml:1: 'model' is missing"),
        ('model: "test"', "model: 2026.2", "test.yml:1: model: a text was expected"),
        ('model: "test"', "model: ''", "test.yml:1: model: is empty"),
        ("half_life: 8", "half_life: 0", "test.yml:4: half_life: a whole number at least 1 was expected, not 0"),
        ("half_life: 8", "half_life: eight", "test.yml:4: half_life: a whole number was expected"),
        (", low: 1}", "}", "test.yml:3: 'low' is missing"),
        ("step: 10", "step: -10", "test.yml:6: step: a whole number from 0 to 100 was expected, not -10"),
        ("first: 79", "first: 101", "test.yml:7: first: a whole number from 0 to 100 was expected, not 101"),
        ("least: 9}", "least: 50}", "caps: critical: least is above first"),
        ("least: 59", "least: 40", "caps: critical can cap higher than high"),
        ("least: 59}", "least: 59}\n  low: {first: 99, step: 0, least: 99}", "test.yml:8: unknown key 'low'"),
        ("severity: high", "severty: high", "test.yml:13: 'severity' is missing"),
        ("weight: 2,", "wieght: 2,", "test.yml:13: unknown key 'wieght'; did you mean 'weight'?"),
        (
            "severity: high",
            "severity: severe",
            "test.yml:13: severity: 'severe' is none of critical, high, medium, low",
        ),
        ("effort: L", "effort: XL", "test.yml:13: effort: 'XL' is none of S, M, L"),
        ("required: true", "required: 1", "test.yml:13: required: true or false was expected"),
        ("required: true", "required: yes", "test.yml:13: required: true or false was expected, not yes"),
        ("id: a/first", "id: First", "test.yml:13: id: 'First' does not look like"),
        ("id: a/second", "id: a/first", "check 'a/first' is there twice"),
        ("id: two", "id: one", "category 'one' is there twice"),
        ("needs: [a/first]", "needs: [a/third]", "check 'a/second' needs 'a/third', which is no check"),
        ("needs: [a/first]", "needs: [a/second]", "checks need each other in a circle: a/second"),
        ("needs: [a/first]", "needs: a/first", "test.yml:14: needs: a list was expected, not a single value"),
        ("needs: [a/first]", "needs: [1]", "test.yml:14: needs: a list of texts was expected"),
        ("weight: 40", "weight: 41", "the weights of the categories sum to 101, not to 100"),
        ("    title: Two", "    title: Two\n    title: Three", "test.yml:17: 'title' is there twice"),
        ("    weight: 40", "    weight: 40\n    extra: 1", "test.yml:18: unknown key 'extra'"),
        ("  half_life: 8", "  half_life: [8", "test.yml: not YAML"),
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
