# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Programs that play a person: Expect and Tcl scripts, Robot Framework, AppleScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import names, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_SEND = re.compile(
    r"\b(?:exp_)?send(?:_tty)?[ \t]{1,8}(?:-[ihs-][ \t]{1,8}(?:\$\w{1,40}[ \t]{1,8})?){0,3}"
    r"(?:\"(?P<value>[^\"$\[\]\r\n\\]{3,200})(?:\\[rn]){0,3}\"|\{(?P<value1>[^{}$\r\n\\]{3,200})(?:\\[rn]){0,3}\}"
    r"|(?P<value2>[^\s\"{}$\[\];\\]{3,200})\\{1,2}[rn])"
)
_PROMPT = re.compile(r"(?<!\$[pP])ass(?:word|phrase|code)|\bPIN\b|\bpass[:?]", re.IGNORECASE)
_BETWEEN = 400
"""Characters from a prompt to the answer, at most."""
_SET = re.compile(
    r"\b(?:set|variable|dict[ \t]{1,8}set[ \t]{1,8}[\w:]{1,60}|array[ \t]{1,8}set[ \t]{1,8}[\w:]{1,60}[ \t]{1,8}\{)"
    r"[ \t]{1,8}(?P<name>[\w:]{0,60}(?:\([\w.,:\-]{1,60}\)|\w))[ \t]{1,8}"
    r"(?:\"(?P<value>[^\"$\[\r\n]{3,200})\"|\{(?P<value1>[^{}\s]{3,200})\}|(?P<value2>[^\s\"'{}$\[\];]{3,200}))"
)
_LIST = re.compile(
    r"\barray[ \t]{1,8}set[ \t]{1,8}[\w:]{1,60}[ \t]{1,8}\{(?P<body>[^{}]{1,2000})\}|"
    r"\b(?:dict[ \t]{1,8}create|list)[ \t]{1,8}(?P<body1>[^\[\]\r\n;]{1,1000})"
)
_ITEM = re.compile(r"(?:\"([^\"$\[\r\n]{1,200})\"|([^\s\"{}$\[\]\\]{1,200}))")
_ROBOT = re.compile(
    r"^[$&%]\{(?P<name>[\w .\-]{2,60})\}[ ]?=?(?:[ ]{2,40}|\t[ \t]{0,20})"
    r"(?P<value>[^\s$@&%{}#][^\s{}]{2,200})[ \t]*\r?$",
    re.MULTILINE,
)
_ROBOT_INPUT = re.compile(
    r"^[ \t]{1,20}(?:\w{1,30}\.)?(?:Input|Fill|Type|Enter)[ _](?:Password|Secret)(?:[ ]{2,40}|\t)\S{1,200}"
    r"(?:[ ]{2,40}|\t)(?P<value>[^\s$@&%{}#][^\s{}]{2,200})",
    re.MULTILINE | re.IGNORECASE,
)
_ROBOT_LOGIN = re.compile(
    r"^[ \t]{1,20}(?:\w{1,30}\.)?(?:(?:Open Connection And )?Log ?In|Connect(?: With)?)(?:[ ]{2,40}|\t)"
    r"(?P<user>[^\s$@&%{}=#]\S{0,60})(?:[ ]{2,40}|\t)(?P<value>[^\s$@&%{}#=:/][^\s{}=]{2,100})[ \t]*\r?$"
    r"|^[ \t]{1,20}(?:\w{1,30}\.)?Connect To Database(?:(?:[ ]{2,40}|\t)[^\s=]{1,60}){3}(?:[ ]{2,40}|\t)(?P<value1>[^\s$@&%{}#=]{3,100})",
    re.MULTILINE | re.IGNORECASE,
)
_ROBOT_FIELD = re.compile(
    r"^[ \t]{1,20}(?:\w{1,30}\.)?(?:Input|Fill|Type|Enter|Set)[ _](?:Text|Value|Field)\w{0,10}(?:[ ]{2,40}|\t)"
    r"(?=\S{0,100}pass)\S{1,100}(?:[ ]{2,40}|\t)(?P<value>[^\s$@&%{}#][^\s{}]{2,100})",
    re.MULTILINE | re.IGNORECASE,
)
_ROBOT_SET = re.compile(
    r"^[ \t]{1,20}(?:(?:Set (?:Suite|Global|Test|Task|Local)[ ]?Variable|VAR)(?:[ ]{2,40}|\t)[\\]?[$&]\{?(?P<name>[\w .\-]{2,60})\}?"
    r"|[$]\{(?P<name1>[\w .\-]{2,60})\}[ ]?=?(?:[ ]{2,40}|\t)Set Variable)"
    r"(?:[ ]{2,40}|\t)(?P<value>[^\s$@&%{}#][^\s{}]{2,100})[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
_APPLE = re.compile(r"\bset[ \t]{1,4}(?P<name>\w{2,60})[ \t]{1,4}to[ \t]{1,4}\"(?P<value>[^\"\r\n]{3,200})\"")
_APPLE_ADMIN = re.compile(
    r"\bdo shell script[^\r\n]{0,300}?\bpassword[ \t]{1,4}\"(?P<value>[^\"\r\n]{3,200})\"[ \t]{1,4}with\b"
)


def _sent(_path: str, text: str) -> Iterator[CredentialEntry]:
    """A literal that a script sends where a password was asked for, and nothing was sent between."""
    before = 0
    for match in _SEND.finditer(text):
        since = max(before, text.rfind("send", before, match.start()), match.start() - _BETWEEN)
        if _PROMPT.search(text, since, match.start()):
            yield from scans.of_match(match)
        before = match.end()


def _named(pattern: re.Pattern[str], text: str) -> Iterator[CredentialEntry]:
    for match in pattern.finditer(text):
        name = match["name"].replace(" ", "_").replace("(", ".").rstrip(")")
        if names.is_secret(name):
            yield from scans.of_match(match, key=name)


def _tcl(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`set password "…"`, `variable password …`, `dict set d password …`, `array set a {password …}`."""
    yield from _named(_SET, text)
    for block in _LIST.finditer(text):
        group = "body" if block["body"] is not None else "body1"
        items = list(_ITEM.finditer(block[group]))
        for name, value in zip(items[::2], items[1::2], strict=False):
            key = name[name.lastindex or 1]
            if names.is_secret(key):
                at, place = block.start(group), value.lastindex or 1
                yield CredentialEntry(key, TextSpan(value[place], value.start(place) + at, value.end(place) + at))


def _robot(_path: str, text: str) -> Iterator[CredentialEntry]:
    yield from _named(_ROBOT, text)
    for pattern in (_ROBOT_INPUT, _ROBOT_LOGIN, _ROBOT_FIELD):
        for match in pattern.finditer(text):
            yield from scans.of_match(match)
    for match in _ROBOT_SET.finditer(text):
        name = (match["name"] or match["name1"]).replace(" ", "_")
        if names.is_secret(name):
            yield from scans.of_match(match, key=name)


def _apple(_path: str, text: str) -> Iterator[CredentialEntry]:
    yield from _named(_APPLE, text)
    for match in _APPLE_ADMIN.finditer(text):
        yield from scans.of_match(match)


PARSERS = (
    CredentialFile(
        id="expect-script",
        title="password in an Expect or Tcl script",
        documentation="https://core.tcl-lang.org/expect/index",
        names=("*.exp", "*.expect", "*.tcl", "*.itcl"),
        scan=scans.all_of(_sent, _tcl),
    ),
    CredentialFile(
        id="robot-script",
        title="password in a test of Robot Framework",
        documentation="https://robotframework.org/robotframework/latest/RobotFrameworkUserGuide.html#variables",
        names=("*.robot", "*.resource"),
        scan=_robot,
    ),
    CredentialFile(
        id="apple-script",
        title="password in an AppleScript",
        documentation="https://developer.apple.com/library/archive/technotes/tn2065/_index.html",
        names=("*.applescript", "*.scpt", "*.osascript"),
        scan=_apple,
    ),
)
