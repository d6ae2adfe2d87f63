"""Known secrets in answers and reports."""

from __future__ import annotations

import pickle

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject
from seatrial.inspectors import masking
from seatrial.text.vault import Masker, Vault

VALUE = "k3y-of-4ll-th1ngs"


def finding(anchor: str, path: str = "a.py", text: str = "m") -> Finding:
    at = Location(path, 1)
    return Finding("x/y", Severity.LOW, Confidence.HIGH, text, at, remedy=text, subject=text, cause=text, anchor=anchor)


def test_every_text_of_a_report_is_masked() -> None:
    found = finding(VALUE, f"{VALUE}.py", VALUE)
    answer = Answer.of_findings("x", [found], evidence=VALUE, notes=[VALUE])
    report = Report(Subject(VALUE, notes=(VALUE,)), (answer,))
    assert VALUE not in repr(masking.masked(report, Masker([VALUE])))
    assert masking.masked(report, Masker([VALUE])).findings[0].anchor == "****"


def test_findings_without_a_secret_stay_the_same_objects() -> None:
    answer = Answer.of_findings("x", [finding("one"), finding("two")])
    assert masking.answers([answer], Masker([VALUE]))[0] is answer


def test_two_anchors_that_become_one_are_counted() -> None:
    answer = Answer.of_findings("x", [finding(VALUE), finding("other-s3cret-value")])
    (clean,) = masking.answers([answer], Masker([VALUE, "other-s3cret-value"]))
    assert len({f.fingerprint for f in clean.findings}) == 2


@pytest.mark.parametrize(
    ("value", "text", "shown"),
    [
        ("p4ss/word+1", "https://u:p4ss%2Fword%2B1@h", "https://u:****@h"),
        ("p4ss/word+1", "cDRzcy93b3JkKzE=", "****"),
        ("P4ssWord-One", "image: p4ssword-one", "image: ****"),
        ("ghp_" + "a1" * 18, "see ghp_" + "a1" * 18, "see ghp_****"),
    ],
)
def test_encoded_forms_are_masked(value: str, text: str, shown: str) -> None:
    assert Masker([value]).text(text) == shown


def test_the_longest_value_goes_first() -> None:
    assert Masker(["abcdefg1", "abcdefg1-and-more"]).text("abcdefg1-and-more abcdefg1") == "**** ****"


@pytest.mark.parametrize("value", ["short1", "password", "my secret password", "20261126", "postgres"])
def test_ordinary_values_are_not_masked_everywhere(value: str) -> None:
    vault = Vault()
    vault.learn(value)
    assert vault.masker.text(f"the {value} here") == f"the {value} here"


def test_values_reach_another_vault_once_and_lines_of_a_key_are_known() -> None:
    child, parent = Vault(), Vault()
    child.learn(f"first-l1ne-of-key\n{VALUE}\n")
    parent.take(child.fresh())
    assert child.fresh() == ()
    assert parent.masker.text(f"x {VALUE}") == "x ****"


def test_a_vault_does_not_travel() -> None:
    for thing in (Vault(), Masker([VALUE])):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
