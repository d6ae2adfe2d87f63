"""
Samples with values that are made at run time, so that no scanner trips over the tests.

A template has `«kind»` where a value belongs, and what replaces it is random, but the same in every run.
"""

from __future__ import annotations

import base64
import random
import re
import string
from dataclasses import dataclass

_MARK = re.compile(r"«([^«»]*)»")
_CRYPT = "./" + string.ascii_letters + string.digits
_LETTERS = string.ascii_letters + string.digits
_SCHEMES = {
    "apr1": ("$apr" + "1$", 8, 22),
    "md5crypt": ("$" + "1$", 8, 22),
    "sha512crypt": ("$" + "6$", 16, 86),
    "bcrypt": ("$2" + "y$10$", 0, 53),
    "phpass": ("$" + "P$", 0, 31),
    "ssha": ("{SS" + "HA}", 0, 32),
}


@dataclass(frozen=True)
class Sample:
    """One file of one kind: a bad text, in which every marked value is found and nothing else, and a good one."""

    parser: str
    path: str
    bad: str
    good: str
    key: str = "password"


@dataclass(frozen=True)
class Planted:
    """A text with its values in place."""

    text: str
    spans: tuple[tuple[int, int], ...]


def plant(template: str, seed: str = "") -> Planted:
    """The template with a value at every mark."""
    source = random.Random(template + seed)
    text, spans, position = "", [], 0
    for match in _MARK.finditer(template):
        text += template[position : match.start()]
        value = made(match[1], source)
        spans.append((len(text), len(text) + len(value)))
        text += value
        position = match.end()
    return Planted(text + template[position:], tuple(spans))


def made(kind: str, source: random.Random) -> str:
    """A value of a kind: `pw` a password, `hex:40`, `b64:40`, `auth` (Base64 of user and password), `apr1`, ..."""
    name, _, count = kind.partition(":")
    if name in _SCHEMES:
        prefix, salt, length = _SCHEMES[name]
        return prefix + _draw(_CRYPT[2:], salt, source) + ("$" if salt else "") + _draw(_CRYPT, length, source)
    if name == "pem":
        kind_of = "PRIVATE" + " KEY-----"
        return f"-----BEGIN {kind_of}\\n{_draw(_LETTERS, 400, source)}\\n-----END {kind_of}\\n"
    makers = {
        "pw": lambda: _password(source),
        "hex": lambda: _draw("0123456789abcdef", int(count), source),
        "HEX": lambda: _draw("0123456789ABCDEF", int(count), source),
        "alnum": lambda: _draw(_LETTERS, int(count), source),
        "auth": lambda: _encoded(f"deploy:{_password(source)}".encode()),
        "b64pw": lambda: _encoded(_password(source).encode()),
        "b64": lambda: _encoded(bytes([0xFF, *source.randbytes(int(count) - 1)])),
        "base32": lambda: _draw("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", int(count), source),
        "pgmd5": lambda: "md5" + _draw("0123456789abcdef", 32, source),
        "tor": lambda: f"16:{made('HEX:58', source)}",
        "grub": lambda: f"grub.pbkdf2.sha512.10000.{made(f'HEX:{count}', source)}.{made(f'HEX:{count}', source)}",
        "couchdb": lambda: f"-pbkdf2-{made('hex:40', source)},{made('hex:32', source)},10",
        "mosquitto": lambda: f"$7$101${_encoded(source.randbytes(12))}${_encoded(source.randbytes(64))}",
        "argon2": lambda: (
            "$argon2id$v=19$m=6144,t=2,p=2$" + _draw(_CRYPT[2:], 22, source) + "$" + _draw(_CRYPT, 43, source)
        ),
        "turn": lambda: "0x" + _draw("0123456789abcdef", 32, source),
        "obf": lambda: "OBF:" + _draw(_LETTERS.lower(), 24, source),
        "windows": lambda: _encoded((_password(source) + count).encode("utf-16-le")),
        "bootstrap": lambda: f"{made('hex:6', source)}.{made('hex:16', source)}",
        "myhash": lambda: "*" + _draw("0123456789ABCDEF", 40, source),
    }
    return makers[name]()


def _password(source: random.Random) -> str:
    """Letters and digits in turns, as a generator makes them; no word in it."""
    consonants = "bcdfghjkmnpqrstvwxz"
    return "".join(_draw(consonants + consonants.upper(), 2, source) + source.choice("23456789") for _ in range(5))


def _draw(alphabet: str, count: int, source: random.Random) -> str:
    return "".join(source.choices(alphabet, k=count))


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
