"""
Tables whose keys are codes or paths: `PW` of Palau among other countries, and the checksums of files by their names.

`PW` alone is how many people write `password`, and `src/token.rs` ends in a secret's word. The form of
its keys and values shows what a table is about. So a password under `PW` in a table of settings stays one.
"""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.wordlike import switches

_COUNTRY = re.compile(r"(?:(?P<before>[a-z]{2,3}[-_](?:[A-Z][a-z]{3}[-_])?))?PW\Z")
"""Palau, alone or behind a language: https://www.iso.org/iso-3166-country-codes.html, RFC 5646."""
_NEXT_TO_IT = re.compile(
    r"(?<![\w-])[\"']?(?:[a-z]{2,3}[-_](?:[A-Z][a-z]{3}[-_])?)?(?:PR|PS|PT|PY|QA)[\"']?\s{0,8}(?::|=>?)"
)
"""The countries that are next to it in the order of the alphabet, as keys."""
_NEAR = 160
"""Characters on either side."""
_PATH = re.compile(
    r"[^\s:?#]*[/\\][^\s/\\:?#]+\.\w{1,12}\Z|[\w.-]+\.(?:c|cc|cpp|cs|css|go|h|hpp|html?|java|js|md|mjs|php|py|rb|rs|ts|tsx)\Z"
)
_DIGEST = re.compile(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})\Z"
    r"|(?:md5|sha1|sha224|sha256|sha384|sha512|blake3)[-:=][0-9A-Za-z+/=_-]{20,130}\Z",
    re.IGNORECASE,
)


def is_country(name: str, value: str, text: str, at: int) -> bool:
    """
    Whether a name is that of a country in a table of countries.

    Args:
        name: the key; `PW`, or a language and `PW`.
        value: what it is given.
        text: what the key and the value are in.
        at: where in it.
    """
    if not name.endswith("PW") or not _COUNTRY.match(name) or switches(value.rpartition("-")[2]) >= 2:
        return False
    return _NEXT_TO_IT.search(text, max(0, at - _NEAR), at + _NEAR) is not None


def is_checksum_of_file(name: str, value: str) -> bool:
    """Whether a name is the path of a file, and the value has the form of a checksum."""
    return _PATH.match(name) is not None and _DIGEST.match(value) is not None
