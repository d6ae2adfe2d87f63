"""
The only place that may hold a secret.

A value that looks like a secret is wrapped in `Secret` where it is found. Its text can be looked at here and by
the code that judges it (`reveal`). Everything that leaves the program goes through `mask` or `masked_line`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Iterator

_RUN_KEY = os.urandom(32)
"""Of this process only: groups equal secrets, and says nothing about them afterwards."""

_PUBLIC_PREFIXES = (
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "sk_live_", "sk_test_", "rk_live_", "pk_live_",
    "xoxb-", "xoxp-", "xoxa-", "xapp-", "AKIA", "ASIA", "AIza", "eyJ", "npm_", "pypi-", "dckr_pat_", "hf_", "sk-ant-",
)  # fmt: skip
"""What providers put in front of a token so that people recognise it; no part of the secret. Listed, not guessed: a
passphrase can look like a prefix too."""

_STRING = re.compile(r"""(")(?:[^"\\]|\\.)*+"?+|(')(?:[^'\\]|\\.)*+'?+""")
"""A quoted string, also one that ends on a later line. Possessive: a hostile line costs linear time."""
_WORD = re.compile(r"[\w.-]++")
_SECRETS_NAME = re.compile(r"(?i)pass|pwd|secret|token|credential|(?:api|private|access)[_-]?key|salt")
_VALUE = re.compile(r"""["']?+(?:\s*+[:=,]\s*+|\s++)(\S.*)""", re.DOTALL)
_REFERENCE = re.compile(r"""["']?\$(?:\w+|\{\w+\}|\{\{[^}]*\}\})["']?[\s\]},]*""")
_HARMLESS = re.compile(
    r"""["']?(?:true|false|read|write|none|null)["']?[\s\]},]*(?:\#.*)?""", re.IGNORECASE | re.DOTALL
)
"""What workflows give to `persist-credentials` and `id-token`: such a word is not a secret."""
_BLOCK = re.compile(r"""["']?\s*:\s*[|>][-+\d]*\s*(?:\#.*)?""")
"""What follows a key in YAML whose value is the indented text below it."""
_IN_URL = re.compile(r"(://[^\s:/@]*+:)[^\s@/]++@")
_NAMED = re.compile(
    r"""(?:\b(?:exec|stat|chdir|cwd|path|directory|mounting|executable(?:\ file)?|entrypoint|image|manifest\ for"""
    r"""|container(?:\ name)?|service|network|volume|platform|user|group|role|database|host|hostname|device"""
    r"""|interface|plugin|driver)\b[\ :(]*|\bto\ rootfs\ at\ )$"""
)
"""What programs put before a quoted name: of a file, a program, a container, a user. Names are no secrets."""
_NAME = re.compile(r"""["'](?![^"']*://)[\w./:+-]{1,200}(?:@sha256:\w+)?["']""")
MASK = "****"


class Secret:
    """A secret value that does not print itself: `repr`, `str` and `format` show the mask."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        """The mask, so that no log, traceback or test failure can leak the value."""
        return f"Secret({self})"

    def __str__(self) -> str:
        """The mask."""
        return mask(self._value)

    def __len__(self) -> int:
        """Characters of the value."""
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same value."""
        return isinstance(other, Secret) and hmac.compare_digest(self.token, other.token)

    def __hash__(self) -> int:
        """Of the per-process token."""
        return hash(self.token)

    def __reduce__(self) -> tuple[object, ...]:
        """A secret does not travel to another process."""
        raise TypeError("a Secret is never pickled; mask it first")

    @property
    def token(self) -> bytes:
        """A keyed digest, equal for equal secrets in this process and meaningless outside it."""
        return hmac.digest(_RUN_KEY, self._value.encode("utf-8", "surrogateescape"), hashlib.sha256)

    def reveal(self) -> str:
        """The value, for code that judges it. Never for a message."""
        return self._value


def mask(value: str) -> str:
    """
    What may be shown of a secret: a provider's public prefix if it has one, then asterisks.

    `ghp_16C7e42F292c6912E7710c838347Ae178B4a` becomes `ghp_****`; a password becomes `****`. The length is
    hidden.
    """
    prefix = next((p for p in _PUBLIC_PREFIXES if value.startswith(p)), "")
    return prefix + MASK if len(value) >= len(prefix) + 12 else MASK


def masked(text: str, secrets: Iterable[Secret]) -> str:
    """A text in which every known secret is masked; longer ones first, because one may contain another."""
    for secret in sorted(secrets, key=len, reverse=True):
        if secret.reveal():
            text = text.replace(secret.reveal(), mask(secret.reveal()))
    return text


def masked_line(line: str, secrets: Iterable[str] = ()) -> str:
    """
    A line of the repository made fit to identify a finding: known secrets and every quoted string are masked.

    Quoted strings go because any of them may be a secret, and identity does not need them.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if secret:
            line = line.replace(secret, MASK)
    return _STRING.sub(lambda m: f"{m[1] or m[2]}{MASK}{m[1] or m[2]}", line)


def masked_message(text: str) -> str:
    """
    What a program said, fit to be shown: quoted strings are masked as in `masked_line`.

    One stays if the word before it names a kind of thing: a file, a program, a container or a user.
    """

    def shown(found: re.Match[str]) -> str:
        quote = found[1] or found[2]
        named = _NAME.fullmatch(found[0]) and _NAMED.search(text, max(0, found.start() - 40), found.start())
        return found[0] if named else f"{quote}{MASK}{quote}"

    return _STRING.sub(shown, text)


def masked_values(line: str) -> str:
    """
    A line of the repository made fit to show: passwords of addresses are masked, and all that follows a secret's name.

    For what is shown although no check looked at it. How a value ends depends on the language, so the whole rest goes,
    unless it is a reference: `${PASSWORD}` stays.
    """
    line = _IN_URL.sub(rf"\g<1>{MASK}@", line)
    for word in _WORD.finditer(line):
        if _SECRETS_NAME.search(word[0]) is None:
            continue
        value = _VALUE.match(line, word.end())
        if value is not None:  # to the end of the line, so a reference is the last thing in it
            said = _REFERENCE.fullmatch(value[1]) or _HARMLESS.fullmatch(value[1])
            return line if said else line[: value.start(1)] + MASK
    return line


def masked_lines(lines: Iterable[str]) -> Iterator[str]:
    """
    A file of the repository made fit to show: each line as `masked_values`, and the indented text below a secret's key.

    Args:
        lines: with their ends, which stay. So two masked files differ where the files do, but for secrets.
    """
    deeper: int | None = None
    for line in lines:
        body = line.rstrip("\r\n")
        end, indent = line[len(body) :], len(body) - len(body.lstrip())
        if deeper is not None and body.strip() and indent > deeper:
            yield body[:indent] + MASK + end
            continue
        if body.strip():
            deeper = indent if _opens(body) else None
        yield masked_values(body) + end


def _opens(line: str) -> bool:
    words = _WORD.finditer(line)
    return any(_SECRETS_NAME.search(word[0]) and _BLOCK.fullmatch(line, word.end()) for word in words)
