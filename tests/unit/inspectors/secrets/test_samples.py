"""Templates and what they become."""

from __future__ import annotations

import pytest

from seatrial.inspectors.secrets import key_structure, structure
from seatrial.inspectors.secrets.samples import ALPHABETS, Field, SampleChoice, SampleText, expand, pieces


def test_a_template_is_taken_apart() -> None:
    assert pieces("a{hex:4}b{=c|d}{base62:2-3}{digit:5+}{pem:RSA}") == (
        SampleText("a"),
        Field("hex", 4, 4),
        SampleText("b"),
        SampleChoice(("c", "d")),
        Field("base62", 2, 3),
        Field("digit", 5, None),
        Field("pem", 0, 0, "RSA"),
    )


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind of field: nonsense"):
        pieces("{nonsense:4}")


def test_a_sample_is_always_the_same_and_differs_by_salt() -> None:
    assert expand("{hex:32}") == expand("{hex:32}")
    assert expand("{hex:32}") != expand("{hex:32}", "1")
    assert expand("{hex:32}") != expand("{hex:32} ")[:-1]


@pytest.mark.parametrize("kind", sorted(ALPHABETS))
def test_an_alphabet_is_kept_to(kind: str) -> None:
    text = expand(f"{{{kind}:200}}")
    assert len(text) == 200
    assert set(text) <= set(ALPHABETS[kind])


def test_ranges_and_open_ends_are_kept_to() -> None:
    lengths = {len(expand("{hex:3-5}", str(salt))) for salt in range(50)}
    assert lengths == {3, 4, 5}
    assert all(len(expand("{hex:7+}", str(salt))) >= 7 for salt in range(50))


def test_a_choice_takes_every_text() -> None:
    assert {expand("{=a|b}", str(salt)) for salt in range(20)} == {"a", "b"}


@pytest.mark.parametrize(
    ("template", "check"),
    [
        ("ghp_{crc62:36}", structure.has_crc32),
        ("{jwt}", structure.is_jwt),
        ("pypi-{macaroon}", structure.is_pypi_macaroon),
        ("pypi-{macaroon:test}", structure.is_pypi_macaroon),
        ("{basic}", structure.is_basic_credential),
        ("{base58check:wif}", structure.is_base58check),
        ("{base58check:xprv}", structure.is_base58check),
        ("{bechkey:age}", structure.is_bech32),
        ("{bechkey:nsec}", structure.is_bech32),
        ("{stellar}", structure.is_stellar_seed),
        ("{discord}", structure.is_discord_token),
        ("{der:PKCS8}", key_structure.is_key_body),
    ],
)
def test_structured_kinds_satisfy_their_checks(template: str, check: structure.StructureCheck) -> None:
    assert all(check(expand(template, str(salt))) for salt in range(20))


def test_key_blocks_have_their_labels() -> None:
    assert expand("{pem:EC}").startswith("-----BEGIN EC PRIVATE" + " KEY-----\n")
    assert expand("{pem:PGP}").startswith("-----BEGIN PGP PRIVATE" + " KEY BLOCK-----\n")
