"""Whether the empty password opens a key of cosign: known answers, and what is no such key."""

from __future__ import annotations

import base64
import json

import pytest

from seatrial.inspectors.secrets import signing_box
from seatrial.inspectors.secrets.samples import expand
from seatrial.inspectors.secrets.signing_box import authenticator, opens_without_password


def test_the_authenticator_of_nacls_own_test_vector() -> None:
    """`tests/secretbox.c` of NaCl: https://nacl.cr.yp.to/secretbox.html"""
    key = bytes.fromhex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389")
    nonce = bytes.fromhex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37")
    ciphertext = bytes.fromhex(
        "8e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2"
        "270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
        "7973f622a43d14a6599b1f654cb45a74e355a5"
    )
    assert authenticator(key, nonce, ciphertext).hex() == "f3ffc7703f9400e52a7dfb4b3d3305d9"


def _document() -> dict[str, object]:
    body = "".join(expand("{signingbox}").split("\n")[1:-1])
    found: dict[str, object] = json.loads(base64.b64decode(body))
    return found


def _body(document: object) -> str:
    return base64.b64encode(json.dumps(document).encode()).decode()


@pytest.fixture(autouse=True)
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_box, "_spent", [])
    signing_box._empty_key.cache_clear()


def test_a_box_of_the_empty_password_is_open() -> None:
    assert opens_without_password(_body(_document()))


@pytest.mark.parametrize(
    "change",
    [
        {"ciphertext": base64.b64encode(bytes(90)).decode()},
        {"ciphertext": ""},
        {"ciphertext": 7},
        {"cipher": {"name": "nacl/secretbox", "nonce": ""}},
        {"cipher": {"name": "other", "nonce": base64.b64encode(bytes(24)).decode()}},
        {"kdf": {"name": "scrypt", "params": {"N": 2**30, "r": 8, "p": 1}, "salt": ""}},
        {"kdf": {"name": "scrypt", "params": {"N": -1, "r": 8, "p": 1}, "salt": ""}},
        {"kdf": {"name": "scrypt", "params": {"N": "16", "r": 8, "p": 1}, "salt": ""}},
        {"kdf": {"name": "scrypt", "params": [], "salt": ""}},
        {"kdf": None},
    ],
)
def test_another_box_is_not(change: dict[str, object]) -> None:
    assert not opens_without_password(_body(_document() | change))


@pytest.mark.parametrize("body", ["", "e30=", "W10=", "bm8=", "\u00e9", _body([1]), _body({"kdf": 1})])
def test_what_is_no_box_is_not(body: str) -> None:
    assert not opens_without_password(body)


def test_a_process_tries_few_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree full of them costs no more than the first: what follows stays a finding of low severity."""
    monkeypatch.setattr(signing_box, "_BUDGET", 8 * 16 * 8)
    bodies = ["".join(expand("{signingbox}", str(n)).split("\n")[1:-1]) for n in range(12)]
    assert [opens_without_password(body) for body in bodies] == [True] * 8 + [False] * 4
