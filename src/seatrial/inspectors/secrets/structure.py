"""
What a token says about itself: checksums, encodings and alphabets of the providers, and how random it looks.

Every check is pure. It takes the text of the `secret` group and answers whether it can be what its format says. A
check never raises for bad input: what cannot be decoded is not a token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import unquote

StructureCheck = Callable[[str], bool]

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

_SAID_TO_BE_FAKE = re.compile(
    r"example|sample|placeholder|change_?me|your[-_]|your(?:api|app|token|secret|key|pass)|insert[-_]|replace|redacted"
    r"|dummy|fake|foobar|x{4,}|\*{3,}|\.{3,}|qwerty|asdfgh|deadbeef|cafebabe|0123|1234567|abcdefg|abc123|fedcba|lorem"
    r"|(?:test|my|some|access|secret)[-_]?(?:token|secret|key)|(?:secret|token|key)[-_]?here|supersecret|notreal",
    re.IGNORECASE,
)
_PUBLISHED = (
    "Eby8vdM02xNOcqFlqUwJ",  # Azurite, the storage emulator
    "C2y6yDjf5/R+ob0N8A7C",  # the Cosmos DB emulator
    "16C7e42F292c6912E771",  # docs.github.com
    "4eC39HqLyjWDarjtT1zd",  # docs.stripe.com
    "BQokikJOvBiI2HlWgH4o",  # docs.stripe.com
    "tR3PYbcVNZZ796tH88S4",  # docs.stripe.com
    "AAHdqTcvCH1vGWJxfSeo",  # core.telegram.org
    "ZnCjm1XVW7vRze4b7Cq4",  # discord.com/developers
    "pdFZKVeTuE8sk7oOcHrz",  # api.slack.com
    "GmWKa4JsXZ-HjGw7ISLn",  # developers.google.com
)
"""Pieces of values that providers print in their own documentation or ship in their emulators."""
_LOOKED_AT = 160
"""Characters that `is_sample` reads: a four-letter word is chance in a kilobyte of base64."""
_LONGEST_RUN = 6
"""Characters in a row that only a person types: `000000`, `abcdef`, `987654`, `a1b2c3d4e5f6`."""
_STEPS = (-1, 0, 1)
_RANDOM_CHANGES = 0.36
"""Share of neighbours that differ in case; random letters have 0.5, words in camel case up to a third."""


def shannon(value: str) -> float:
    """Entropy in bits per character, from the frequencies within `value` itself (Shannon 1948); 0 for nothing."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0


def is_sample(value: str) -> bool:
    """
    Whether a token-shaped value was typed by a person as a stand-in: `AKIA...EXAMPLE`, `xxxx`, `1234567890`,
    `a1b2c3d4e5f6`, `abababab`. The provider's prefix may be part of it.
    """
    text = value[:_LOOKED_AT]
    if is_published(text):
        return True
    return bool(_SAID_TO_BE_FAKE.search(text)) or _has_run(text) or _is_repetition(text)


def is_published(value: str) -> bool:
    """Whether a provider prints the value in its own documentation, or ships it in an emulator."""
    return any(piece in value for piece in _PUBLISHED)


def _has_run(text: str) -> bool:
    """Whether a stretch counts up, counts down or stays the same, in every character or every other one."""
    codes = text.encode("utf-8", "surrogateescape")
    return any(_longest_run(codes, step) >= _LONGEST_RUN for step in _STEPS) or any(
        _longest_run(codes[0::2], step) >= _LONGEST_RUN and _longest_run(codes[1::2], step) >= _LONGEST_RUN
        for step in _STEPS
    )


def _longest_run(codes: bytes, step: int) -> int:
    longest = run = 1
    for i in range(1, len(codes)):
        run = run + 1 if codes[i] - codes[i - 1] == step else 1
        longest = max(longest, run)
    return longest


def _is_repetition(text: str) -> bool:
    """Whether the last three quarters are one short block again and again: `deadbeefdeadbeef`, `0f0f0f0f`."""
    body = text[len(text) // 4 :]
    return any(
        len(body) >= 3 * period and body == (body[:period] * (len(body) // period + 1))[: len(body)]
        for period in range(1, 11)
    )


def is_token(value: str) -> bool:
    """Not a stand-in. The check of every format that has none of its own."""
    return not is_sample(value)


def is_mixed(value: str) -> bool:
    """
    Not a stand-in, and made of letters and digits as random text is.

    For formats whose prefix also begins ordinary names (`re_`, `pa-`): a name has digits at its end, if at all, and
    changes between upper and lower case once a word.
    """
    core = value.rstrip("0123456789")
    if not any(c.isalpha() for c in core[-len(core) // 2 :]) or is_sample(value):
        return False
    return any(c.isdigit() for c in core[len(value) // 3 :]) or _changes_case(core)


def _changes_case(text: str) -> bool:
    """Whether upper and lower case alternate more than words in camel case do."""
    changes = sum(a.isupper() != b.isupper() for a, b in pairwise(text))
    return changes >= _RANDOM_CHANGES * len(text)


def is_base64_secret(value: str) -> bool:
    """A random base64 text with both cases and a digit: neither a hash in hex nor a path nor a name."""
    kinds = (str.isupper, str.islower, str.isdigit)
    return all(any(kind(c) for c in value) for kind in kinds) and value.count("/") <= 5 and not is_sample(value)


def both(first: StructureCheck, second: StructureCheck) -> StructureCheck:
    """The check that needs both."""
    return lambda value: first(value) and second(value)


# --- checksums -------------------------------------------------------------------------------------------------------


def crc32_base62(body: str) -> str:
    """
    The six characters that GitHub and npm append: CRC-32 in base62, padded with zeros.

    Source: "Behind GitHub's new authentication token formats" (github.blog, 2021-04-05); npm took over the scheme.
    """
    number, digits = zlib.crc32(body.encode("utf-8", "surrogateescape")), ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits.rjust(6, "0")


def has_crc32(value: str) -> bool:
    """Whether `prefix_` + 30 characters + checksum add up (GitHub's `gh?_`, npm's `npm_`)."""
    body = value.partition("_")[2]
    return crc32_base62(body[:-6]) == body[-6:]


def has_wrong_crc32(value: str) -> bool:
    """A value with the shape, not a stand-in, whose checksum is wrong: edited or made up."""
    return not has_crc32(value) and is_mixed(value)


_LONGEST_BASE58 = 128
"""Characters; an extended key has 111. The time grows with the square of the length."""


def base58check(value: str) -> bytes | None:
    """
    The payload of a Base58Check text, or nothing if its checksum (double SHA-256, four bytes) is wrong.

    Source: Bitcoin's wallet import format and BIP-32.
    """
    if len(value) > _LONGEST_BASE58:
        return None
    number = 0
    for character in value:
        digit = BASE58.find(character)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(value) - len(value.lstrip("1"))
    raw = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, checksum = raw[:-4], raw[-4:]
    return payload if payload and base58check_sum(payload) == checksum else None


def base58check_sum(payload: bytes) -> bytes:
    """The four checksum bytes of Base58Check."""
    return hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]


def is_base58check(value: str) -> bool:
    """Whether the Base58Check checksum is right (Bitcoin WIF, BIP-32 `xprv`)."""
    return base58check(value) is not None


def bech32_polymod(values: list[int]) -> int:
    """The checksum register of Bech32 (BIP-173)."""
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, coefficient in enumerate(generator):
            if top >> i & 1:
                check ^= coefficient
    return check


def bech32_expanded(prefix: str) -> list[int]:
    """The human-readable part as it enters the checksum (BIP-173)."""
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def is_bech32(value: str) -> bool:
    """Whether a Bech32 text's checksum is right (age secret keys, Nostr `nsec1`; BIP-173, NIP-19)."""
    prefix, _, data = value.lower().rpartition("1")
    digits = [BECH32.find(c) for c in data]
    return bool(prefix) and -1 not in digits and bech32_polymod(bech32_expanded(prefix) + digits) == 1


def crc16_xmodem(payload: bytes) -> int:
    """CRC-16/XMODEM, as Stellar's StrKey uses it (SEP-23)."""
    return binascii.crc_hqx(payload, 0)


def is_nkey_seed(value: str) -> bool:
    """
    A NATS seed: base32 of two prefix bytes (the first is 18 << 3, `S`), 32 bytes and a CRC-16, little endian.

    Source: https://github.com/nats-io/nkeys, strkey.go.
    """
    try:
        raw = base64.b32decode(value + "=" * (-len(value) % 8))
    except (binascii.Error, ValueError):
        return False
    return len(raw) == 36 and raw[0] & 0xF8 == 18 << 3 and crc16_xmodem(raw[:-2]).to_bytes(2, "little") == raw[-2:]


def is_stellar_seed(value: str) -> bool:
    """A Stellar secret seed: base32, version byte, CRC-16, little endian (SEP-23)."""
    try:
        raw = base64.b32decode(value)
    except (binascii.Error, ValueError):
        return False
    return crc16_xmodem(raw[:-2]).to_bytes(2, "little") == raw[-2:]


# --- encodings -------------------------------------------------------------------------------------------------------


def base64_bytes(value: str) -> bytes | None:
    """The bytes of a base64 or base64url text, padding optional; nothing if it is not that."""
    text = value.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _json_object(value: str) -> dict[str, object] | None:
    raw = base64_bytes(value)
    if raw is None or raw[:1].strip() not in (b"{", b""):
        return None
    try:
        decoded = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None


_SAMPLE_JWT = "SflKxwRJSMeKKF2QT4fwpM"
"""Start of the signature that jwt.io shows everybody."""


def is_jwt(value: str) -> bool:
    """
    A JSON Web Token whose header and payload are JSON objects, the header with `alg` (RFC 7519). The sample of jwt.io
    is excluded.
    """
    header, _, rest = value.partition(".")
    payload, _, signature = rest.partition(".")
    if signature.startswith(_SAMPLE_JWT) or _json_object(payload) is None:
        return False
    return "alg" in (_json_object(header) or {})


def is_broken_jwt(value: str) -> bool:
    """Three parts like a JSON Web Token's that do not decode, and no stand-in: edited or redacted in the middle."""
    parts = value.split(".")
    if any(_json_object(part) is not None for part in parts[1:2]):
        return False
    return shannon(value) > 4.5 and not any(is_sample(part) for part in parts)


def is_pypi_macaroon(value: str) -> bool:
    """
    A PyPI API token: a version-2 macaroon whose location is `pypi.org` or `test.pypi.org`.

    Source: pypi.org/help/#apitoken and the macaroon format of libmacaroons: version 2, field 1 (location).
    """
    raw = base64_bytes(value.partition("-")[2][:120].rstrip("="))
    return raw is not None and raw[:2] == b"\x02\x01" and raw[3 : 3 + raw[2]] in (b"pypi.org", b"test.pypi.org")


def is_openai_key(value: str) -> bool:
    """OpenAI's keys carry `T3BlbkFJ` (base64 of "OpenAI") in their middle."""
    return "T3BlbkFJ" in value and not is_sample(value)


def is_basic_credential(value: str) -> bool:
    """The `user:password` of HTTP Basic authentication (RFC 7617): base64 of printable text with a real password."""
    raw = base64_bytes(value)
    if raw is None or b":" not in raw or not raw.isascii():
        return False
    text = raw.decode("ascii")
    return text.isprintable() and is_password(text.partition(":")[2])


def is_discord_token(value: str) -> bool:
    """A Discord bot token: the first part is the bot's numeric id in base64 (discord.com/developers)."""
    raw = base64_bytes(value.partition(".")[0])
    return raw is not None and raw.isdigit() and len(raw) >= 16 and not is_sample(value)


def has_registry_login(value: str) -> bool:
    """Base64 of Docker's `config.json` with a login in it (docs.docker.com/reference/cli/docker/login)."""
    raw = base64_bytes(value) or b""
    return re.search(rb'"(?:auth|password|identitytoken)":\s{0,8}"[^"]{6}', raw) is not None


def is_base64_json(value: str) -> bool:
    """The start of a JSON object in base64, such as a service account's key file."""
    raw = base64_bytes(value[: len(value) // 4 * 4][:64])
    return raw is not None and raw.lstrip().startswith(b"{") and b'"' in raw


# --- passwords -------------------------------------------------------------------------------------------------------

_REFERENCE = re.compile(
    r"\$\{|\$\(|\{\{|#\{|<%|^\$[A-Za-z_]|^\{.*\}$|^<.*>$|^\[.*\]$|^%[sdrqv]|%\(|^%[A-Za-z_]+%$|^:[a-z_]+$|^@|\{[a-z_.]*\}"
    r"|^\W+$|[(){}]|^(?:process\.)?env\b",
    re.IGNORECASE,
)
_STAND_IN_WORD = (
    r"(?:my|your|the|some|a|an|new|old|strong|secure|super|very|real|random|plain|encoded|url|fake|dummy|sample|example"
    r"|demo|mock|invalid|wrong|bad|personal|p[a@4][s$5]{2}(?:w[o0]?r?d|wd|w|phrase|wort)?|pwd|psw|pw|secret|s[3e]cr[3e]t"
    r"|token|api_?key|key|cred(?:ential)?s?|value|string|here|test(?:er|ing)?|foo|bar|baz|qux|abcd?|abcdef|xxx+|x|default"
    r"|none|null|undefined|empty|hidden|basic|hello|world|change_?me|change_?it|hunter2|letmein|qwerty|tiger|blah|oauth)"
)
_ACCOUNT_WORD = (
    r"(?:db|database|user_?name|users?|login|root|admin|mysql|mariadb|postgres(?:ql)?|pgsql|pg|mongo(?:db)?|redis|rabbitmq"
    r"|rabbit|amqp|smtp|mail|proxy|app|api|client|service|git|access|auth|bot|guest|minioadmin|docker|localhost|local|dev"
    r"|prod|elastic|neo4j|sa|me|pat|id|anonymous|anon|host|server)"
)
_STAND_IN = re.compile(
    rf"^(?:(?:{_ACCOUNT_WORD}[-_. ]?){{0,3}}(?:{_STAND_IN_WORD}[-_. ]?){{1,4}}[0-9!@#$*_.-]{{0,4}}"
    rf"|(?:{_ACCOUNT_WORD}[-_. ]?){{1,4}})$",
    re.IGNORECASE,
)
"""Words that replace a password, also with digits after them; names of accounts that are their own password."""
_FILLER = re.compile(
    r"x{3,}|\*{2,}|\.{3}|1234|placeholder|redacted|example|change_?me|your[-_ ]|password|_here\b", re.IGNORECASE
)


_ATTRIBUTE = re.compile(
    r"(?:user|usr|self|cls|this|args|opts|options|conf|cfg|config|settings|request|req|form|ctx|cred|creds|credentials"
    r"|account|login|auth)(?:\.[A-Za-z_]{1,40}){1,4}\)?\Z"
)
"""The argument of a call that reads like a keyword string: `f(host=h, user=user, password=user.passwd)`."""


def is_password(value: str) -> bool:
    """
    Whether a password in a connection string, URL or header is one: not a reference (`${DB_PASS}`, `%s`,
    `{password}`), not a stand-in (`password`, `your-password`, `xxxx`, `guest`), not a row of digits.
    """
    text = unquote(value)
    if (
        len(text) < 4
        or _REFERENCE.search(text)
        or _STAND_IN.match(text)
        or _FILLER.search(text)
        or _ATTRIBUTE.match(text)
    ):
        return False
    return len(set(text)) > 2 and not _has_run(text)
