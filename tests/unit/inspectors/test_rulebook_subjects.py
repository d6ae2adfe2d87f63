"""Which of the things that a check judges a finding makes wrong, as the rules of several inspectors say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from seatrial.domain import Finding, Location, Severity
from seatrial.domain.grading import GradedSubject, SubjectPlace, SubjectRole, WeightedShare, keys
from seatrial.inspectors.rulebook import attributed, found, names_of, of_files, role_weight, whole_file
from seatrial.verdict.catalogue import load

WEB, OTHER_WEB, DB = (
    GradedSubject("web", "a.yml", 150),
    GradedSubject("web", "b.yml"),
    GradedSubject("db", "b.yml", 200),
)
FILE = GradedSubject("c.yml", "c.yml")
SUBJECTS = (WEB, OTHER_WEB, DB, FILE)


def finding(subject: str, path: str, *related: str) -> Finding:
    places = [Location(other, 1) for other in related]
    return found("r/r", Severity.LOW, Location(path, 1), "bad", subject=subject, related=places)


def about(one: Finding, *, spreads: bool = False, names: Callable[[Finding], tuple[str, ...]] = names_of) -> list[str]:
    [judged] = attributed([one], SUBJECTS, spreads=spreads, names=names)
    assert judged == replace(one, about=judged.about)
    return sorted(judged.about)


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (finding("web", "a.yml"), ["a.yml#web"]),
        (finding("web", "b.yml"), ["b.yml#web"]),
        (finding("web, db", "b.yml"), ["b.yml#db", "b.yml#web"]),
        (finding("web", "d.yml", "b.yml"), ["b.yml#web"]),
        (finding("web", "d.yml"), ["a.yml#web", "b.yml#web"]),
        (finding("web", "a.yml", "b.yml"), ["a.yml#web", "b.yml#web"]),
        (finding("", "c.yml"), ["c.yml#c.yml"]),
        (finding("", "d.yml", "c.yml"), ["c.yml#c.yml"]),
        (finding("cache", "b.yml"), ["b.yml#cache"]),
        (finding("", "b.yml"), ["b.yml#"]),
        (finding("cache", "d.yml"), ["d.yml#cache"]),
    ],
)
def test_a_finding_is_about_what_it_names_in_its_files(one: Finding, wrong: list[str]) -> None:
    assert about(one) == wrong


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (finding("", "b.yml"), ["b.yml#db", "b.yml#web"]),
        (finding("cache", "d.yml", "b.yml"), ["b.yml#db", "b.yml#web"]),
        (finding("db", "b.yml"), ["b.yml#db"]),
        (finding("", "d.yml"), ["d.yml#"]),
    ],
)
def test_what_is_wrong_with_a_file_may_hold_for_everything_in_it(one: Finding, wrong: list[str]) -> None:
    assert about(one, spreads=True) == wrong


def test_names_are_those_that_the_caller_reads_from_a_finding() -> None:
    one = finding("web", "b.yml")
    assert about(one, names=whole_file, spreads=True) == ["b.yml#db", "b.yml#web"]
    assert about(one, names=lambda _: ("db",)) == ["b.yml#db"]


@pytest.mark.parametrize("spreads", [False, True])
def test_the_index_of_names_answers_as_a_look_at_every_subject(spreads: bool) -> None:
    for name in ("", "web", "db", "cache", "c.yml", "web, db", "web, cache"):
        for paths in (["a.yml"], ["b.yml"], ["c.yml"], ["d.yml", "b.yml"], ["b.yml", "c.yml"]):
            one = finding(name, *paths)
            every = keys(SubjectPlace(names_of(one), tuple(paths)), SUBJECTS, spreads=spreads)
            assert about(one, spreads=spreads) == sorted(every), (name, paths)


def test_several_names_have_commas_between_them() -> None:
    assert names_of(finding("web, db", "a.yml")) == ("web", "db")
    assert names_of(finding("web", "a.yml")) == ("web",)
    assert names_of(finding("", "a.yml")) == ()
    assert whole_file(finding("web", "a.yml")) == ()


def test_files_are_subjects_once_each_in_their_order() -> None:
    share = of_files(["b.yml", "a.yml", "b.yml"], one="file", many="filez")
    assert share == WeightedShare((GradedSubject("b.yml", "b.yml"), GradedSubject("a.yml", "a.yml")), "file", "filez")
    assert of_files([], one="entry") == WeightedShare((), "entry", "")


def test_a_role_weighs_what_the_model_says() -> None:
    assert {role: role_weight(role) for role in SubjectRole} == load().roles
