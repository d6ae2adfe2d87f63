"""Comments that accept a finding."""

from __future__ import annotations

import pytest

from seatrial.inspectors.secrets.allow import is_allowed, may_allow
from seatrial.inspectors.secrets.contents import LineStarts

RULE = "secrets/password"


def accepts(text: str, first: int = 1, last: int = 0) -> bool:
    return may_allow(text) and is_allowed(LineStarts.of(text, [len(text)]), first, last or first, RULE)


@pytest.mark.parametrize(
    "comment",
    [
        "# seatrial: allow",
        "# seatrial:allow",
        "// seatrial: allow (rotated in May)",
        "/* seatrial: allow */",
        "<!-- seatrial: allow -->",
        "-- seatrial: allow",
        "; seatrial: allow",
        "{# seatrial: allow #}",
        "REM seatrial: allow",
        "' seatrial: allow",
        "# Seatrial: Allow",
        "# gitleaks:allow",
        "// gitleaks:allow",
        "# pragma: allowlist secret",
        "// pragma: whitelist secret",
        "# noqa: S105  # pragma: allowlist secret",
        "# noqa: S105, seatrial: allow",
        "# seatrial: allow secrets/password",
        "# seatrial: allow compose/privileged, secrets/password",
        "# seatrial: allow compose/privileged  # seatrial: allow secrets/password",
        "# seatrial: allow compose/privileged  # gitleaks:allow",
        "// seatrial: allow secrets/password.",
    ],
)
def test_accepted(comment: str) -> None:
    assert accepts(f'key = "value"  {comment}')


@pytest.mark.parametrize(
    "comment",
    [
        "# nosec",
        "# nosec B105",
        "# noqa",
        "# seatrial: allowed-later",
        "# seatrial: allow-list",
        "# seatrial: allow compose/privileged",
        "# seatrial: allow secrets/password-in-url",
        "# seatrial: allow secrets/passwor",
        "# seatrial allow",
        "# pragma: allowlist nextline secret",
        "# pragma: no cover",
        "seatrial: allow",
        "# allow",
    ],
)
def test_not_accepted(comment: str) -> None:
    assert not accepts(f'key = "value"  {comment}')


def test_the_next_line_can_be_accepted_from_above() -> None:
    text = '# pragma: allowlist nextline secret\nkey = "value"\nother = "value"\n'
    assert accepts(text, 2)
    assert not accepts(text, 3)


def test_other_lines_are_not_concerned() -> None:
    text = 'a = "1"\nb = "2"  # seatrial: allow\nc = "3"\n'
    assert [accepts(text, line) for line in (1, 2, 3)] == [False, True, False]


def test_a_value_of_many_lines_is_accepted_at_either_end() -> None:
    text = "a = '''x  # seatrial: allow\ny\nz''' # end\n"
    assert accepts(text, 1, 3)
    assert accepts(text.replace("  # seatrial: allow", "").replace("# end", "# seatrial: allow"), 1, 3)


def test_a_huge_line_is_read_at_its_end() -> None:
    assert accepts("x" * 100_000 + " // gitleaks:allow")
