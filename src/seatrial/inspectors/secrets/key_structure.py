"""
What a private key says about itself: whether it is one at all, and whether a passphrase guards it.

Every check is pure. It takes the text of the `secret` group and never raises for bad input.
"""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.signing_box import opens_without_password
from seatrial.inspectors.secrets.structure import base64_bytes, is_sample, shannon

_GLUE = re.compile(r"""\\+[nrt]|["'`]\s*[+.,]\s*(?:\\?\s)*["'`]|[\s"'`\\,]+""")
_BASE64_RUN = re.compile(r"[0-9A-Za-z+/]{30,}")
_ZEROS = re.compile(r"A{4,}")
_LEAST_KEY = 60
"""Base64 characters of the smallest key: an Ed25519 key in PKCS #8 has 64."""


def key_body(value: str) -> str:
    """The base64 of an armoured key, freed from line ends, escapes and the joints of string literals."""
    lines = _GLUE.sub("\n", value).split("\n")
    return "".join(line for line in lines if line.strip("+#*|>"))


def is_key_body(value: str) -> bool:
    """Whether the text between `BEGIN` and `END` holds base64 as dense as a key's (RFC 7468, RFC 9580)."""
    longest = max(_BASE64_RUN.findall(_GLUE.sub("\n", value)), key=len, default="")
    kinds = (str.isupper, str.islower, str.isdigit)
    if len(key_body(value)) < _LEAST_KEY or not all(any(kind(c) for c in longest) for kind in kinds):
        return False
    # Zeros are nine "A" in a row in every OpenSSH key without a passphrase (its kdf is "none", its options are empty).
    return shannon(longest) > 3.5 and not is_sample(_ZEROS.sub("", longest))


# --- OpenSSH: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key ------------------------------------

_OPENSSH = b"openssh-key-v1\0"
_NO_CIPHER = b"\0\0\0\x04none"


def _openssh_start(value: str) -> bytes:
    """The magic and the name of the cipher; empty if it is not an OpenSSH key."""
    start = base64_bytes(key_body(value)[:32]) or b""
    return start if start.startswith(_OPENSSH) and is_key_body(value) else b""


def is_open_openssh(value: str) -> bool:
    """An OpenSSH private key that no passphrase guards: its cipher is `none`."""
    return _openssh_start(value)[len(_OPENSSH) :].startswith(_NO_CIPHER)


def is_locked_openssh(value: str) -> bool:
    """An OpenSSH private key that is encrypted with a passphrase."""
    start = _openssh_start(value)
    return bool(start) and not start[len(_OPENSSH) :].startswith(_NO_CIPHER)


# --- OpenPGP: https://www.rfc-editor.org/rfc/rfc9580#section-5.5.3 ----------------------------------------------------

_SECRET_KEY = 5
_NUMBERS = {1: 2, 2: 2, 3: 2, 16: 3, 17: 4}
"""How many integers the public part of a key has, by algorithm."""
_CURVES = (18, 19, 22)
"""Algorithms whose public part is the curve and a point."""
_FIXED = {25: 32, 26: 56, 27: 32, 28: 57}
"""Bytes of the public part, by algorithm."""
_ECDH = 18


def is_open_openpgp(value: str) -> bool:
    """An OpenPGP private key that no passphrase guards, or of which that is not known."""
    return is_key_body(value) and not _is_locked_openpgp(value)


def is_locked_openpgp(value: str) -> bool:
    """An OpenPGP private key that is encrypted, or a stub of one on a smart card."""
    return is_key_body(value) and _is_locked_openpgp(value)


def _is_locked_openpgp(value: str) -> bool:
    raw = base64_bytes(key_body(value.partition("=")[0])[: _LOOKED_AT // 3 * 4]) or b""
    try:
        return _first_key_usage(raw) != 0
    except (IndexError, ValueError):
        return False


_LOOKED_AT = 3000
"""Bytes of a key that are read: more than the public part of any."""


def _first_key_usage(raw: bytes) -> int:
    """
    The octet that says how the first secret key of a message is protected; 0: not at all.

    Raises:
        IndexError: the message is cut off.
        ValueError: it does not begin with a secret key of a known kind.
    """
    tag = raw[0]
    if tag & 0x40:
        kind, at = tag & 0x3F, 2 if raw[1] < 192 else 3 if raw[1] < 224 else 6
    else:
        kind, at = tag >> 2 & 0xF, 1 + (1, 2, 4)[tag & 3]
    version, algorithm = raw[at], raw[at + 5]
    if not tag & 0x80 or kind != _SECRET_KEY or version not in (4, 6):
        raise ValueError
    at += 6
    if version == 6:
        return raw[at + 4 + int.from_bytes(raw[at : at + 4])]
    return raw[_after_public_part(raw, at, algorithm)]


def _after_public_part(raw: bytes, at: int, algorithm: int) -> int:
    if algorithm in _FIXED:
        return at + _FIXED[algorithm]
    if algorithm in _CURVES:
        at = _after_number(raw, at + 1 + raw[at])
        return at + 1 + raw[at] if algorithm == _ECDH else at
    if algorithm not in _NUMBERS:
        raise ValueError
    for _ in range(_NUMBERS[algorithm]):
        at = _after_number(raw, at)
    return at


def _after_number(raw: bytes, at: int) -> int:
    return at + 2 + (int.from_bytes(raw[at : at + 2]) + 7) // 8


# --- PEM in base64 ----------------------------------------------------------------------------------------------------


def is_open_pem64(value: str) -> bool:
    """A PEM private key in base64 once more that no passphrase guards."""
    return not _is_locked_pem64(value)


def is_locked_pem64(value: str) -> bool:
    """A PEM private key in base64 once more that is encrypted with a passphrase."""
    return _is_locked_pem64(value)


def _is_locked_pem64(value: str) -> bool:
    text = (base64_bytes(value[: len(value) // 4 * 4][:400]) or b"").decode("ascii", "replace")
    if "OPENSSH" in text[:40]:
        return is_locked_openssh(text.partition("\n")[2])
    return "ENCRYPTED" in text[:160]


# --- cosign: https://docs.sigstore.dev/cosign/key_management/signing_with_self-managed_keys/ ---


def is_open_signing_box(value: str) -> bool:
    """A key of cosign that the empty password opens."""
    return is_key_body(value) and opens_without_password(key_body(value))


def is_locked_pkcs8(value: str) -> bool:
    """An encrypted key, of cosign too, unless the empty password opens it."""
    return is_key_body(value) and not is_open_signing_box(value)


# --- signatures of releases: https://jedisct1.github.io/minisign/ and https://man.openbsd.org/signify ---


def is_open_signing_key(value: str) -> bool:
    """A secret key of minisign or signify without a password: no key derivation, or none of its rounds."""
    raw = base64_bytes(value) or b""
    return _is_signing_key(raw) and not _is_locked_signing_key(raw)


def is_locked_signing_key(value: str) -> bool:
    """A secret key of minisign or signify that a password guards."""
    raw = base64_bytes(value) or b""
    return _is_signing_key(raw) and _is_locked_signing_key(raw)


def _is_signing_key(raw: bytes) -> bool:
    return raw[:2] == b"Ed" and len(raw) in (104, 158) and len(set(raw)) > 40


def _is_locked_signing_key(raw: bytes) -> bool:
    """Signify counts the rounds of its key derivation; minisign names the algorithm (`Sc`), or none."""
    return any(raw[4:8]) if raw[2:4] == b"BK" else any(raw[2:4])
