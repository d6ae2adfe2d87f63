# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Passwords that a script gives to a command's standard input in a here-document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_START = re.compile(
    r"^(?P<command>[^\n]{0,400}?)<<-?[ \t]{0,4}[\"'\\]?(?P<word>[A-Za-z_]\w{0,30})[\"']?(?P<after>[^\n]{0,200})$",
    re.MULTILINE,
)
_END = r"^[ \t]{{0,40}}{}[ \t]*\r?$"
_MOST = 200
"""Here-documents of one file that are read."""
_LONGEST = 20_000
_FIRST_LINES = 300
_ACCOUNTS = re.compile(r"\b(?:chpasswd|newusers)\b(?![^|\n]{0,80}[ \t]-(?:e\b|-encrypted))")
_ACCOUNT = re.compile(r"^[ \t]{0,60}(?P<user>[\w.\-]{1,40}):(?P<value>[^\s:\"'`<>${}]{3,200})(?=[:\s])", re.MULTILINE)
_LINES = re.compile(
    r"\b(?:smbpasswd|(?:kasm|tiger)?vncpasswd|saslpasswd2|kinit|cryptsetup|pdbedit)\b"
    r"|(?<![\w/.])passwd\b(?![^\n|]{0,80}/)|\bhtpasswd[ \t][^\n|]{0,80}?-\w{0,4}i|--password-stdin\b|--with-token\b"
    r"|\bsudo[ \t]{1,4}(?:-\w{1,8}[ \t]{1,4}){0,3}-\w{0,4}S\b|--passphrase-fd[= \t]{1,2}0\b|\brealm[ \t]{1,4}join\b"
    r"|\b(?:docker|podman|nerdctl)[ \t]{1,4}secret[ \t]{1,4}create\b|\bopenssl\b[^\n|]{0,200}-pass(?:in|out)?[ \t]{1,4}stdin\b"
    r"|\brclone[ \t]{1,4}obscure[ \t]{1,4}-|\bvault[ \t]{1,4}login\b[^\n|]{0,80}[ \t]-(?:\s|$)"
)
"""Commands that read a password from a line of their own."""
_LINE = re.compile(r"^[ \t]{0,60}(?P<value>[^\s\"'`<>${}:=][^\s\"'`<>${}]{2,200})[ \t]*\r?$", re.MULTILINE)
_STORE = re.compile(r"\b(?:redis|valkey|keydb)-cli\b")
_AUTH = re.compile(
    r"^[ \t]{0,60}AUTH[ \t]{1,8}(?:(?P<user>[\w.\-]{1,40})[ \t]{1,8})?[\"']?(?P<value>[^\s\"'`<>${}]{3,200})[\"']?[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
_ORACLE = re.compile(r"\b(?:sqlplus|rman|sql|sqlcl)\b")
_CONNECT = re.compile(
    r"^[ \t]{0,60}conn(?:ect)?[ \t]{1,8}[\"']?(?P<user>[\w$#]{1,40})/[\"']?(?P<value>[^\s\"'`<>${}@/;]{3,100})",
    re.MULTILINE | re.IGNORECASE,
)

_DIALOGUE = re.compile(r"(?<![\w/.-])(?:telnet|busybox[ \t]{1,4}telnet)\b(?![^|\n]{0,80}-(?:server|client))")
_LOGIN = re.compile(
    r"^[ \t]{0,60}(?P<user>[A-Za-z_][\w.@\-]{0,40})[ \t]*\r?\n[ \t]{0,60}(?P<value>[^\s\"'`<>${}]{4,200})[ \t]*\r?$",
    re.MULTILINE,
)
"""The first two lines of a session: who logs in, and the password."""


def _documents(text: str) -> Iterator[tuple[str, int, int]]:
    """The command line of each, and where its text begins and ends."""
    at = 0
    for _ in range(_MOST):
        start = _START.search(text, at)
        if start is None:
            return
        end = re.compile(_END.format(re.escape(start["word"])), re.MULTILINE).search(text, start.end())
        if end is None:
            at = start.end()
            continue
        yield f"{start['command']} {start['after']}", start.end(), min(end.start(), start.end() + _LONGEST)
        at = end.end()


def _scan(_path: str, text: str) -> Iterator[CredentialEntry]:
    for command, start, end in _documents(text):
        if _ACCOUNTS.search(command):
            yield from _all(_ACCOUNT, text, start, end)
        elif _LINES.search(command):
            yield from _first_line(text, start, end)
        elif _DIALOGUE.search(command):
            login = _LOGIN.search(text, start, min(end, start + _FIRST_LINES))
            yield from scans.of_match(login) if login else ()
        elif _STORE.search(command):
            yield from _all(_AUTH, text, start, end)
        elif _ORACLE.search(command):
            yield from _all(_CONNECT, text, start, end)


def _all(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[CredentialEntry]:
    for match in pattern.finditer(text, start, end):
        yield from scans.of_match(match)


def _first_line(text: str, start: int, end: int) -> Iterator[CredentialEntry]:
    """The first line that could be one, and the same once more, as programs ask for it twice."""
    first = ""
    for match in _LINE.finditer(text, start, end):
        if not first or match["value"] == first:
            first = match["value"]
            yield CredentialEntry("password", TextSpan(first, *match.span("value")), "password on standard input")


PARSERS = (
    CredentialFile(
        id="here-document",
        title="password in a here-document",
        documentation="https://www.gnu.org/software/bash/manual/html_node/Redirections.html#Here-Documents",
        names=(
            *("*.sh", "*.bash", "*.zsh", "*.ksh", "*.yml", "*.yaml", "*.txt", "*.tf", "*.tpl", "*.tftpl"),
            *("dockerfile", "dockerfile*", "*.dockerfile", "containerfile", "jenkinsfile", "makefile", "justfile"),
            *("vagrantfile", ".bash_history", ".zsh_history", "user-data", "user_data", "user-data*"),
        ),
        scan=_scan,
        sniff=lambda text: "<<" in text,
    ),
)
