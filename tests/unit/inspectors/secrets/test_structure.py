"""Checksums, encodings, stand-ins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.inspectors.secrets import key_structure, structure
from seatrial.inspectors.secrets.samples import ALPHABETS, expand
from seatrial.inspectors.secrets.structure import BASE58, BASE62, BECH32

CHECKS: tuple[structure.StructureCheck, ...] = (
    structure.is_sample,
    structure.is_token,
    structure.is_mixed,
    structure.is_base64_secret,
    structure.has_crc32,
    structure.has_wrong_crc32,
    structure.is_base58check,
    structure.is_bech32,
    structure.is_stellar_seed,
    structure.is_jwt,
    structure.is_broken_jwt,
    structure.is_pypi_macaroon,
    structure.is_openai_key,
    structure.is_basic_credential,
    structure.is_discord_token,
    structure.is_base64_json,
    key_structure.is_key_body,
    key_structure.is_open_openssh,
    key_structure.is_locked_openssh,
    key_structure.is_open_openpgp,
    key_structure.is_locked_openpgp,
    key_structure.is_open_pem64,
    key_structure.is_locked_pem64,
    key_structure.is_open_signing_key,
    key_structure.is_locked_signing_key,
    structure.is_password,
)


@given(st.text(max_size=300))
def test_no_check_raises(value: str) -> None:
    for check in CHECKS:
        assert check(value) in (True, False)


@pytest.mark.parametrize("check", CHECKS)
def test_checks_are_fast_on_long_hostile_text(check: structure.StructureCheck) -> None:
    for piece in ("a", "ab", "x-", "user_", "my", "1", "\\n", '" + "', "=", ".", "{"):
        check(piece * (20_000 // len(piece)))


@given(st.binary(min_size=1, max_size=400))
def test_entropy_is_between_nothing_and_eight_bits(raw: bytes) -> None:
    assert 0 <= structure.shannon(raw.decode("latin-1")) <= 8


def test_entropy_of_known_texts() -> None:
    assert structure.shannon("") == 0
    assert structure.shannon("aaaa") == 0
    assert structure.shannon("abab") == 1
    assert structure.shannon(ALPHABETS["hex"]) == 4


@given(salt=st.integers(), at=st.integers(0, 35), by=st.integers(1, 61))
def test_one_changed_character_breaks_githubs_checksum(salt: int, at: int, by: int) -> None:
    value = expand("ghp_{crc62:36}", str(salt))
    assert structure.has_crc32(value)
    assert not structure.has_crc32(changed(value, 4 + at, BASE62, by))


@given(salt=st.integers(), at=st.integers(0, 51), by=st.integers(1, 57))
def test_one_changed_character_breaks_base58check(salt: int, at: int, by: int) -> None:
    value = expand("{base58check:wif}", str(salt))
    assert not structure.is_base58check(changed(value, at, BASE58, by))


@given(salt=st.integers(), at=st.integers(16, 73), by=st.integers(1, 31))
def test_one_changed_character_breaks_bech32(salt: int, at: int, by: int) -> None:
    value = expand("{bechkey:age}", str(salt))
    assert not structure.is_bech32(changed(value, at, BECH32.upper(), by))


@given(salt=st.integers(), at=st.integers(1, 55), by=st.integers(1, 31))
def test_one_changed_character_breaks_a_stellar_seed(salt: int, at: int, by: int) -> None:
    value = expand("{stellar}", str(salt))
    assert not structure.is_stellar_seed(changed(value, at, ALPHABETS["base32"], by))


def changed(value: str, at: int, alphabet: str, by: int) -> str:
    """The value with one character replaced by another of the alphabet."""
    other = alphabet[(alphabet.index(value[at]) + by) % len(alphabet)]
    return value[:at] + other + value[at + 1 :]


def test_published_vectors_of_the_checksums() -> None:
    assert structure.crc32_base62("") == "000000"
    assert structure.crc16_xmodem(b"123456789") == 0x31C3  # the catalogue's check value
    assert structure.is_bech32("A12UEL5L")  # BIP-173
    assert not structure.is_bech32("A12UEL5M")
    assert structure.is_base58check("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH")  # address of the key 1, from Bitcoin's wiki


@pytest.mark.parametrize(
    "value",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "sk_live_" + "0" * 24,
        "token-1234567890abcdef",
        "deadbeef" * 4,
        "a1b2c3d4e5f6a7b8",
        "abcdefghijklmnop",
        "zyxwvutsrqponm",
        "your-api-token",
        "ffffffffffffffff",
        "<redacted>",
        "0f0f0f0f0f0f0f0f0f0f",
        "",
    ],
)
def test_stand_ins(value: str) -> None:
    assert structure.is_sample(value) or not value


@pytest.mark.parametrize("template", ["{hex:32}", "{base62:40}", "{base64:86}", "{upper36:20}", "{uuid}"])
def test_random_text_is_hardly_ever_a_stand_in(template: str) -> None:
    alphabet = template.strip("{}").partition(":")
    plain = [expand(template + " ", str(salt)) for salt in range(500)]
    assert sum(structure.is_sample(value) for value in plain) <= 2, alphabet


def test_a_name_is_not_mixed_and_a_token_is() -> None:
    assert not structure.is_mixed("re_compileAllPatternsOfTheTable")
    assert not structure.is_mixed("some_function_name_2024")
    assert structure.is_mixed(expand("{base62:32}"))
    assert structure.is_mixed(expand("{hex:32}"))


@pytest.mark.parametrize(
    ("value", "real"),
    [
        ("hT7#kw!2pQ", True),
        ("Tr0ub4dor&3", True),
        ("blue-Whale77", True),
        ("password", False),
        ("postgres", False),
        ("db_password", False),
        ("your-password", False),
        ("${DB_PASS}", False),
        ("$DB_PASS", False),
        ("{password}", False),
        ("<password>", False),
        ("%s", False),
        ("%(pw)s", False),
        ("xxxxxxxx", False),
        ("********", False),
        ("123456", False),
        ("changeme", False),
        ("guest", False),
        ("mysecret", False),
        ("fake_pass", False),
        ("pass%20pass", False),
        ("testpass123", False),
        ("abc", False),
        ("", False),
    ],
)
def test_passwords(value: str, real: bool) -> None:
    assert structure.is_password(value) is real


def test_a_jwt_needs_two_json_objects() -> None:
    header, payload, signature = expand("{jwt}").split(".")
    assert structure.is_jwt(f"{header}.{payload}.{signature}")
    assert not structure.is_jwt(f"{payload}.{header}.{signature}")  # no `alg` in front
    assert not structure.is_jwt(f"{header}.{signature}.{signature}")
    assert structure.is_broken_jwt(f"{header}.{signature}{signature}.{signature}")
    assert not structure.is_broken_jwt(f"{header}.{payload}.{signature}")


def test_openssh_keys_begin_with_their_magic() -> None:
    body = expand("{openssh}").split("\n", 1)[1]
    assert key_structure.is_open_openssh(body)
    assert not key_structure.is_open_openssh(expand("{pem:RSA}").split("\n", 1)[1])


def test_prose_is_no_key_body() -> None:
    assert not key_structure.is_key_body(
        "and then the file ends with the footer, which every reader of the text knows\n" * 4
    )


@pytest.mark.timeout(60)  # worse than linear takes minutes
def test_the_macaroon_names_its_location() -> None:
    value = expand("pypi-{macaroon}")
    assert structure.is_pypi_macaroon(value)
    assert not structure.is_pypi_macaroon(value.replace("cHlwaS5vcmc", "cHlwaS5jb20"))


def test_a_long_base58_text_is_no_key_and_takes_no_time() -> None:
    assert structure.base58check("5K" * 2_000_000) is None
