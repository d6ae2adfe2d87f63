"""
Keys of cosign and other programs of The Update Framework: whether the empty password opens them.

Such a key is JSON: parameters of scrypt, a nonce, and a box of NaCl (XSalsa20 and Poly1305). cosign accepts an empty
password, and then the file alone is the key. Only the box's authenticator is computed, never the key in it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import struct
from functools import lru_cache

_MOST_WORK = 65536 * 8
"""Of scrypt, as N times r: what cosign uses, 64 MB and a fifth of a second."""
_BUDGET = 8 * _MOST_WORK
"""Of a process: a tree full of such files does not slow the search down."""
_KEY, _NONCE, _TAG, _SALT = 32, 24, 16, 256
_SIGMA = struct.unpack("<4I", b"expand 32-byte k")
_WORD = 0xFFFFFFFF
_spent: list[int] = []


def opens_without_password(body: str) -> bool:
    """
    Whether the empty password opens the box.

    Args:
        body: what is between the lines of the armour, Base64 of the JSON.

    Returns:
        False also for anything else, and once a process has tried enough of them.
    """
    try:
        document = json.loads(base64.b64decode(body, validate=True))
        kdf, cipher = document["kdf"], document["cipher"]
        cost = kdf["params"]
        n, r, p = cost["N"], cost["r"], cost["p"]
        salt, nonce = (base64.b64decode(text, validate=True) for text in (kdf["salt"], cipher["nonce"]))
        box = base64.b64decode(document["ciphertext"], validate=True)
        known = (kdf["name"], cipher["name"]) == ("scrypt", "nacl/secretbox")
        if not known or n * r > _MOST_WORK or p != 1 or len(nonce) != _NONCE or len(salt) > _SALT or len(box) <= _TAG:
            return False
        key = _empty_key(salt, n, r)
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError, OverflowError, MemoryError):
        return False
    return key is not None and authenticator(key, nonce, box[_TAG:]) == box[:_TAG]


@lru_cache(maxsize=256)
def _empty_key(salt: bytes, n: int, r: int) -> bytes | None:
    """What scrypt makes of the empty password; None if enough were tried."""
    if sum(_spent) + n * r > _BUDGET:
        return None
    _spent.append(n * r)
    return hashlib.scrypt(b"", salt=salt, n=n, r=r, p=1, dklen=_KEY, maxmem=2**28)


def authenticator(key: bytes, nonce: bytes, ciphertext: bytes) -> bytes:
    """The first 16 bytes of a box of NaCl: https://nacl.cr.yp.to/secretbox.html"""
    first = _salsa20(_hsalsa20(key, nonce[:16]), nonce[16:])
    return _poly1305(first[:_KEY], ciphertext)


def _rounds(state: list[int]) -> list[int]:
    """Twenty rounds of Salsa20: https://cr.yp.to/snuffle/spec.pdf"""
    x = list(state)
    for _ in range(10):
        for base, step in ((0, 4), (5, 4), (10, 4), (15, 4)):
            _quarter(x, [(base + step * i) % 16 for i in range(4)])
        for row in range(4):
            _quarter(x, [4 * row + (row + i) % 4 for i in range(4)])
    return x


def _quarter(x: list[int], places: list[int]) -> None:
    a, b, c, d = places
    for to, first, second, by in ((b, a, d, 7), (c, b, a, 9), (d, c, b, 13), (a, d, c, 18)):
        total = (x[first] + x[second]) & _WORD
        x[to] ^= (total << by | total >> (32 - by)) & _WORD


def _state(key: bytes, rest: bytes) -> list[int]:
    k, n = struct.unpack("<8I", key), struct.unpack("<4I", rest)
    return [_SIGMA[0], *k[:4], _SIGMA[1], *n, _SIGMA[2], *k[4:], _SIGMA[3]]


def _hsalsa20(key: bytes, nonce: bytes) -> bytes:
    x = _rounds(_state(key, nonce))
    return struct.pack("<8I", *(x[place] for place in (0, 5, 10, 15, 6, 7, 8, 9)))


def _salsa20(key: bytes, nonce: bytes) -> bytes:
    """The first block of the stream."""
    state = _state(key, nonce + bytes(8))
    return struct.pack("<16I", *((a + b) & _WORD for a, b in zip(_rounds(state), state, strict=True)))


def _poly1305(key: bytes, message: bytes) -> bytes:
    """https://www.rfc-editor.org/rfc/rfc8439#section-2.5"""
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at : at + 16] + b"\x01", "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:], "little")) & ((1 << 128) - 1)).to_bytes(16, "little")
