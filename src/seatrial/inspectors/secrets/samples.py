"""
Values made from templates: `ghp_{crc62:36}` becomes a token with a correct checksum, always the same one.

A template is text with fields in braces. A field is `{kind}`, `{kind:length}`, `{kind:shortest-longest}`,
`{kind:shortest+}` or `{=one|or|another}`; the kinds are in `ALPHABETS` and `MADE`. Nothing that looks like a token is
in the source, so no scanner reports it. The tests, `seatrial explain` and the documentation still have something that
a format matches.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from seatrial.inspectors.secrets import structure
from seatrial.inspectors.secrets.signing_box import authenticator
from seatrial.inspectors.secrets.structure import BASE58, BASE62, BECH32

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"

ALPHABETS: Mapping[str, str] = {
    "hex": "0123456789abcdef",
    "upperhex": "0123456789ABCDEF",
    "anyhex": "0123456789abcdefABCDEF",
    "digit": _DIGITS,
    "letter": _LOWER + _LOWER.upper(),
    "lower": _LOWER,
    "upper": _LOWER.upper(),
    "lower36": _DIGITS + _LOWER,
    "upper36": _DIGITS + _LOWER.upper(),
    "base32": _LOWER.upper() + "234567",
    "lower32": _LOWER + "234567",
    "base58": BASE58,
    "base62": BASE62,
    "word": BASE62 + "_",
    "base64": BASE62 + "+/",
    "base64url": BASE62 + "_-",
    "dotted": BASE62 + "_.-",
    "bech32": BECH32.upper(),
    "alnumdash": BASE62 + "-",
    "printable": BASE62 + "!#^*+.",
    "urlbase64": BASE62 + "%",
}
"""Characters of each plain kind."""

_FIELD = re.compile(r"\{(=[^{}]+|[a-z0-9]+)(?::([0-9A-Za-z]+)(?:([-+])([0-9]*))?)?\}")
_ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class SampleText:
    """Text that is taken as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class SampleChoice:
    """One of several texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """
    Characters of a kind.

    `high` is None where there is no upper bound. `argument` is the text after the colon, for kinds that are no
    alphabet.
    """

    kind: str
    low: int
    high: int | None
    argument: str = ""


Piece = SampleText | SampleChoice | Field


def pieces(template: str) -> tuple[Piece, ...]:
    """
    The template, taken apart.

    Raises:
        ValueError: for a kind that is not known.
    """
    result: list[Piece] = []
    at = 0
    for match in _FIELD.finditer(template):
        if template[at : match.start()]:
            result.append(SampleText(template[at : match.start()]))
        result.append(_field(match))
        at = match.end()
    if template[at:]:
        result.append(SampleText(template[at:]))
    return tuple(result)


def _field(match: re.Match[str]) -> Piece:
    kind, first, sign, second = match.groups()
    if kind.startswith("="):
        return SampleChoice(tuple(kind[1:].split("|")))
    if kind not in ALPHABETS and kind not in MADE:
        raise ValueError(f"unknown kind of field: {kind}")
    if not (first or "").isdigit():
        return Field(kind, 0, 0, first or "")
    low = int(first)
    if sign == "+":
        return Field(kind, low, None)
    return Field(kind, low, int(second) if second else low)


def expand(template: str, salt: str = "") -> str:
    """
    A value of the template, the same at every call with the same arguments. It is not one that `is_sample` rejects
    unless the template asks for it.
    """
    for attempt in range(_ATTEMPTS):
        rng = random.Random(f"{template}\0{salt}\0{attempt}")  # noqa: S311 - a sample, not a secret
        parts = [(piece, _make(piece, rng)) for piece in pieces(template)]
        if not any(isinstance(piece, Field) and structure.is_sample(text) for piece, text in parts):
            break
    return "".join(text for _, text in parts)


def _make(piece: Piece, rng: random.Random) -> str:
    if isinstance(piece, SampleText):
        return piece.text
    if isinstance(piece, SampleChoice):
        return rng.choice(piece.texts)
    if piece.kind in MADE:
        return MADE[piece.kind](rng, piece)
    return _random_text(rng, ALPHABETS[piece.kind], _length(piece, rng))


def _length(field: Field, rng: random.Random) -> int:
    return rng.randint(field.low, field.low + 8 if field.high is None else field.high)


def _random_text(rng: random.Random, alphabet: str, length: int) -> str:
    return "".join(rng.choices(alphabet, k=length))


# --- kinds with a structure ------------------------------------------------------------------------------------------


def _crc62(rng: random.Random, field: Field) -> str:
    body = _random_text(rng, BASE62, field.low - 6)
    return body + structure.crc32_base62(body)


def _uuid(rng: random.Random, _: Field) -> str:
    digits = _random_text(rng, ALPHABETS["hex"], 32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _jwt(rng: random.Random, _: Field) -> str:
    header = {"alg": "HS256", "typ": "JWT"}
    payload = {"sub": _random_text(rng, _DIGITS, 10), "iat": 1_700_000_000 + rng.randrange(10**7)}
    parts = [_base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, payload)]
    return ".".join([*parts, _base64url(rng.randbytes(32))])


def _macaroon(rng: random.Random, field: Field) -> str:
    location = b"test.pypi.org" if field.argument == "test" else b"pypi.org"
    identifier = rng.randbytes(36)
    raw = b"\x02\x01" + bytes([len(location)]) + location + b"\x02" + bytes([len(identifier)]) + identifier
    return _base64url(raw + b"\x00\x00\x06\x20" + rng.randbytes(64))


def _armored(label: str, raw: bytes) -> str:
    body = "\n".join(textwrap.wrap(base64.b64encode(raw).decode(), 64))
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----"


_DER = bytes.fromhex("308204a402010002820101")
"""Start of an RSA key in PKCS #1: a sequence, version 0, a modulus of 257 bytes."""
_LABELS = {"PKCS8": "PRIVATE KEY", "PGP": "PGP PRIVATE KEY BLOCK", "SSH2": "SSH2 ENCRYPTED PRIVATE KEY"}


def _pem(rng: random.Random, field: Field) -> str:
    label = _LABELS.get(field.argument, f"{field.argument} PRIVATE KEY")
    return _armored(label, _DER + rng.randbytes(400))


def _locked_pem(rng: random.Random, field: Field) -> str:
    begin, _, rest = _pem(rng, field).partition("\n")
    vector = _random_text(rng, ALPHABETS["upperhex"], 32)
    return f"{begin}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,{vector}\n\n{rest}"


def _openssh(rng: random.Random, field: Field) -> str:
    cipher = b"\0\0\0\x0aaes256-ctr" if field.argument == "locked" else b"\0\0\0\x04none"
    return _armored("OPENSSH PRIVATE KEY", b"openssh-key-v1\0" + cipher + rng.randbytes(240))


def _locked_pgp(rng: random.Random, _: Field) -> str:
    """A version 4 Ed25519 key (RFC 9580): time, algorithm, 32 bytes, then what says that it is encrypted."""
    key = b"\x04" + rng.randbytes(4) + b"\x1b" + rng.randbytes(32) + b"\xfe" + rng.randbytes(80)
    return _armored("PGP PRIVATE KEY BLOCK", bytes([0xC5, len(key)]) + key)


def _signing(rng: random.Random, field: Field) -> str:
    """A secret key of minisign: algorithms, salt and limits of the key derivation, key, checksum."""
    scheme = b"Sc" if field.argument == "locked" else b"\0\0"
    return base64.b64encode(b"Ed" + scheme + b"B2" + rng.randbytes(152)).decode()


def _signing_box(rng: random.Random, _: Field) -> str:
    """A key of cosign that the empty password opens, with a cheap derivation; what is in the box is drawn."""
    salt, nonce, inside = rng.randbytes(32), rng.randbytes(24), rng.randbytes(138)
    key = hashlib.scrypt(b"", salt=salt, n=16, r=8, p=1, dklen=32)
    encoded = [base64.b64encode(x).decode() for x in (salt, nonce, authenticator(key, nonce, inside) + inside)]
    kdf = {"name": "scrypt", "params": {"N": 16, "r": 8, "p": 1}, "salt": encoded[0]}
    document = {"kdf": kdf, "cipher": {"name": "nacl/secretbox", "nonce": encoded[1]}, "ciphertext": encoded[2]}
    return _armored("ENCRYPTED SIGSTORE PRIVATE KEY", json.dumps(document, separators=(",", ":")).encode())


def _der(rng: random.Random, field: Field) -> str:
    pkcs8 = bytes.fromhex("308204be020100300d06092a864886f70d0101010500048204a8")
    return base64.b64encode((pkcs8 if field.argument == "PKCS8" else _DER) + rng.randbytes(300)).decode().rstrip("=")


def _pem64(rng: random.Random, field: Field) -> str:
    return base64.b64encode(_pem(rng, field).encode()).decode()


def _basic(rng: random.Random, _: Field) -> str:
    return base64.b64encode(f"deploy:{_random_text(rng, BASE62, 17)}".encode()).decode()


def _docker_logins(rng: random.Random, field: Field) -> str:
    logins = {"auths": {"registry.example.org": {"auth": _basic(rng, field)}}}
    return base64.b64encode(json.dumps(logins, separators=(",", ":")).encode()).decode()


def _base58check(rng: random.Random, field: Field) -> str:
    kinds = {"wif": b"\x80", "xprv": bytes.fromhex("0488ade4")}
    size = {"wif": 32, "xprv": 74}[field.argument]
    payload = kinds[field.argument] + rng.randbytes(size) + (b"\x01" if field.argument == "wif" else b"")
    number, digits = int.from_bytes(payload + structure.base58check_sum(payload), "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return digits


def _bech32(rng: random.Random, field: Field) -> str:
    """A whole Bech32 text; `{bechkey:age}` is an age identity, `{bechkey:nsec}` a Nostr key."""
    prefix = {"age": "age-secret-key-", "nsec": "nsec"}[field.argument]
    data = [rng.randrange(32) for _ in range(51)] + [rng.choice((0, 16))]
    check = structure.bech32_polymod(structure.bech32_expanded(prefix) + data + [0] * 6) ^ 1
    digits = "".join(BECH32[d] for d in [*data, *(check >> 5 * (5 - i) & 31 for i in range(6))])
    text = f"{prefix}1{digits}"
    return text.upper() if field.argument == "age" else text


def _stellar(rng: random.Random, _: Field) -> str:
    payload = bytes([18 << 3]) + rng.randbytes(32)
    return base64.b32encode(payload + structure.crc16_xmodem(payload).to_bytes(2, "little")).decode()


def _nkey(rng: random.Random, _: Field) -> str:
    """A NATS seed of a user (`SU`): the prefix bytes are 18 << 3 and 20 << 3, the second shifted by three bits."""
    kind = 20 << 3
    payload = bytes([18 << 3 | kind >> 5, (kind & 31) << 3]) + rng.randbytes(32)
    text = base64.b32encode(payload + structure.crc16_xmodem(payload).to_bytes(2, "little")).decode()
    return text.rstrip("=")


def _discord(rng: random.Random, _: Field) -> str:
    bot = _base64url(str(rng.randrange(10**17, 10**18)).encode())
    return f"{bot}.{_random_text(rng, ALPHABETS['base64url'], 6)}.{_random_text(rng, ALPHABETS['base64url'], 38)}"


MADE: Mapping[str, Callable[[random.Random, Field], str]] = {
    "crc62": _crc62,
    "uuid": _uuid,
    "jwt": _jwt,
    "macaroon": _macaroon,
    "pem": _pem,
    "pemb64": _pem64,
    "openssh": _openssh,
    "pemlocked": _locked_pem,
    "pgplocked": _locked_pgp,
    "signing": _signing,
    "signingbox": _signing_box,
    "der": _der,
    "basic": _basic,
    "dockerlogins": _docker_logins,
    "base58check": _base58check,
    "bechkey": _bech32,
    "stellar": _stellar,
    "nkey": _nkey,
    "discord": _discord,
}
"""Kinds that take more than an alphabet."""
