"""Comments that hide findings: which there are, what they are about, and that they can be taken away in time."""

from __future__ import annotations

import pytest

from seatrial.change.allowed import added, view, words

LARGE = 100_000


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.yml", "x: 1  # seatrial: seatrial: allow"),
        ("a.yml", "x: 1  # gitleaks: gitleaks:allow"),
        ("a.yml", "x: 1  # zizmor: zizmor: ignore[a]"),
        ("a.yml", "x: 1  # pragma: pragma: allowlist secret"),
        ("Dockerfile", "# hadolint hadolint ignore=DL3006"),
        ("a.sh", "# shellcheck shellcheck disable=SC1"),
        ("a.py", "x = 1  # nosecnosec"),
    ],
)
def test_a_word_inside_another_loses_its_effect_too(path: str, line: str) -> None:
    data = f"{line}\n".encode()
    left = view.disarmed(data, words.find(path, view.lines_of(data) or ()))
    assert len(left) == len(data)
    assert words.find(path, view.lines_of(left) or ()) == ()


@pytest.mark.timeout(60)  # worse than linear takes minutes
@pytest.mark.parametrize(
    "part",
    ["nosec", "nosec '", "# nosec\n", " # nosec\n", "x # nosec \\\n", 'seatrial: allow "', "# zizmor: ignore[a]\n \n"],
)
@pytest.mark.parametrize("path", ["a.py", "a.yml", "Dockerfile"])
def test_thousands_of_words_take_no_square_of_time(path: str, part: str) -> None:
    data = (part * (LARGE // len(part))).encode()
    kept = view.lines_of(data) or []
    found = words.find(path, kept)
    added.keys(path, kept, found)
    view.disarmed(data, found)


def test_a_secret_that_is_cut_off_is_no_reason() -> None:
    line = "x = 1  # nosec B105: " + "because " * 70 + "'" + "hunter2" * 40 + "'"
    (word,) = words.find("a.py", [line])
    assert "hunter2" not in word.reason
    assert word.reason.startswith("B105: because")


def keys_of(path: str, text: str) -> list[str]:
    kept = text.splitlines()
    return [key for _, key in added.keys(path, kept, words.find(path, kept))]


def test_a_word_is_about_the_code_below_its_comment() -> None:
    before = keys_of("a.yml", "a:\n  # zizmor: ignore[x]\n  # and why\n  b: 1\nc: 2\n")
    assert keys_of("a.yml", "a:\n    # zizmor: ignore[x]\n    # and why\n    b:   1\nd: 3\n") == before
    assert keys_of("a.yml", "a:\n  # zizmor: ignore[x]\n  # and why\n  b: 2\n") != before
    assert keys_of("a.yml", "z:\n  # zizmor: ignore[x]\n  # and why\n  b: 1\n") != before


def test_a_word_is_about_the_whole_statement_and_instruction() -> None:
    assert keys_of("a.py", "f(\n  1,  # nosec\n  2,\n)\n") != keys_of("a.py", "f(\n  1,  # nosec\n  3,\n)\n")
    first = "# hadolint ignore=DL3018\nRUN apk add \\\n  a \\\n  b\n"
    assert keys_of("Dockerfile", first) != keys_of("Dockerfile", first.replace("  b", "  c"))
    assert keys_of("Dockerfile", first) == keys_of("Dockerfile", f"{first}RUN more\n")
