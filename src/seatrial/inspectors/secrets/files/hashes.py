"""The stored forms of passwords: which scheme a hash is of. An offline guess at a weak password takes minutes."""

from __future__ import annotations

import re

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("bcrypt", r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}"),
        ("MD5-crypt", r"\$(?:1|apr1)\$[^$:\s]{0,16}\$[./A-Za-z0-9]{22}"),
        ("SHA-256-crypt", r"\$5\$(?:rounds=\d+\$)?[^$:\s]{0,16}\$[./A-Za-z0-9]{43}"),
        ("SHA-512-crypt", r"\$6\$(?:rounds=\d+\$)?[^$:\s]{0,16}\$[./A-Za-z0-9]{86}"),
        ("yescrypt", r"\$(?:y|gy|7)\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{0,86}\$[./A-Za-z0-9]{43}"),
        ("PBKDF2 of Mosquitto", r"\$[67]\$(?:\d{1,7}\$)?[\w+/]{8,88}={0,2}\$[\w+/]{80,90}={0,2}"),
        ("scrypt", r"\$7\$[./A-Za-z0-9$]{40,200}"),
        ("phpass", r"\$[PH]\$[./A-Za-z0-9]{31}"),
        ("Drupal SHA-512", r"U?\$S\$[./A-Za-z0-9]{52}"),
        ("Argon2", r"\$argon2(?:id|i|d)\$[\w=,$+/.\-]{20,400}"),
        (
            "LDAP",
            r"\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|BLF-CRYPT|SHA512-CRYPT|PBKDF2[\w\-]*|ARGON2\w*)(?:\.\w+)?\}[\w./+=$,\-]{8,400}",
        ),
        ("Django", r"(?:pbkdf2_sha256|pbkdf2_sha1|bcrypt_sha256|bcrypt|argon2|scrypt|sha1|md5)\$[\w./+=$,\-]{20,400}"),
        ("Werkzeug", r"(?:pbkdf2:sha\d+(?::\d+)?|scrypt:\d+:\d+:\d+)\$[\w./+=\-]+\$[0-9a-f]{32,128}"),
        ("MySQL", r"\*[0-9A-Fa-f]{40}"),
        ("PostgreSQL MD5", r"md5[0-9a-f]{32}"),
        ("SCRAM", r"SCRAM-SHA-(?:1|256|512)\$\d+:[\w+/=]+\$[\w+/=]+:[\w+/=]+"),
        ("Solaris MD5", r"\$md5[^:\s]{10,100}"),
        ("NT", r"\$3\$\$[0-9a-f]{32}|\$NT\$[0-9a-f]{32}"),
        ("SHA-1 crypt", r"\$sha1\$\d+\$[./\w]+\$[./\w]{28}"),
        ("BSDi", r"_[./A-Za-z0-9]{19}"),
    )
)
_BARE = re.compile(
    r"(?=[0-9A-Fa-f]*\d)(?=[0-9A-Fa-f]*[A-Fa-f])(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{56}"
    r"|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128})(?::[\w./+=\-]{1,64})?"
)
_DES = re.compile(r"[./0-9A-Za-z]{13}")


def kind(value: str, *, bare: bool = False, des: bool = False) -> str | None:
    """
    The scheme of a password hash, or `None`.

    Args:
        value: the whole text.
        bare: whether plain hexadecimal digests count, where the place says that it holds a password.
        des: whether the 13 characters of the old crypt count.
    """
    for name, pattern in _KINDS:
        if pattern.fullmatch(value):
            return name
    if bare and _BARE.fullmatch(value):
        return "hexadecimal"
    if des and _DES.fullmatch(value):
        return "DES"
    return None
