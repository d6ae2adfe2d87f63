"""Requests that people keep as files: Hurl's, and those of editors (`.http`, `.rest`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile

_SECTION = re.compile(
    r"^\[BasicAuth\][ \t]*\r?\n(?P<body>(?:[ \t]*(?:#[^\r\n]*|[^\s\[{:]{1,100}[ \t]*:[^\r\n]*)?\r?\n){1,8})",
    re.MULTILINE,
)
_LOGIN = re.compile(
    r"^[ \t]*(?P<user>[^\s\[{:#]{1,100})[ \t]*:[ \t]*(?P<value>[^\s{][^\r\n]{2,200}?)[ \t]*\r?$", re.MULTILINE
)
_OPTION = re.compile(
    r"^[ \t]*(?:user|proxy-user)[ \t]*:[ \t]*(?P<user>[^\s:{]{1,80}):(?P<value>[^\s{]{3,200})", re.MULTILINE
)
_BASIC = re.compile(
    r"^[ \t]*(?:Proxy-)?Authorization[ \t]*:[ \t]*(?:Basic|Digest)[ \t]{1,8}(?P<user>[^\s:{]{1,80})(?:[ \t]{1,8}|:)"
    r"(?P<value>[^\s:{]{3,200})[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)


def _hurl(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`[BasicAuth]` and the line `user: password` below it; a response's lines begin with `HTTP`."""
    for section in _SECTION.finditer(text if text.endswith("\n") else text + "\n"):
        if login := _LOGIN.search(section["body"]):
            yield from scans.of_match(login, at=section.start("body"))
    for option in _OPTION.finditer(text):
        yield from scans.of_match(option)


PARSERS = (
    CredentialFile(
        id="hurl-file",
        title="password in a request of Hurl",
        documentation="https://hurl.dev/docs/request.html#basic-authentication",
        names=("*.hurl",),
        scan=_hurl,
    ),
    CredentialFile(
        id="http-file",
        title="password in a request of an editor",
        documentation="https://www.jetbrains.com/help/idea/exploring-http-syntax.html",
        names=("*.http", "*.rest"),
        scan=scans.matched(_BASIC),
    ),
)
