# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Scripts that drive a desktop: AutoHotkey, AutoIt, VBScript and Visual Basic for Applications."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import names, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile
from seatrial.inspectors.secrets.placeholders import is_place
from seatrial.inspectors.secrets.values import is_mixed
from seatrial.inspectors.secrets.wordlike import word_share

_TEXT = r"\"(?P<value{}>(?:[^\"\r\n]|\"\"){{3,200}})\""
_ARGUMENT = r"(?:\"(?:[^\"\r\n]|\"\")*\"|[^,\"\r\n()]{0,80}(?:\([^()\r\n]{0,80}\))?)"
_ASKED = r"[^\n]{0,200}?(?:pass(?:word|phrase|code|wort|wd)?\b|kennwort|log ?[io]n\b|\bpin\b)[^\n]{0,200}\n"
_KEYS = r"(?:Send(?:Input|Raw|Event|Play|Text|Keys)?)"
_SENT = re.compile(
    rf"^[ \t]{{0,60}}(?:;|'|#|(?:WshShell|\w{{1,30}})\.AppActivate|(?:If)?WinWait\w{{0,10}}|WinActivate|IfWinActive|#IfWinActive|InputBox|MsgBox){_ASKED}"
    rf"(?:[ \t]*(?!{_KEYS}\b|\w{{1,30}}\.SendKeys)[^\n]{{0,200}}\n){{0,3}}"
    rf"[ \t]*(?:\w{{1,30}}\.)?{_KEYS}\b,?[ \t]*\(?[ \t]*(?:\{{(?:Raw|Text)\}})?\"?(?P<value>[^\s\"'%$()+^!#{{}},]{{3,100}})"
    r"(?=\{(?:Enter|Return|Tab|~)\}|~|\"|[ \t]*\r?$)",
    re.MULTILINE | re.IGNORECASE,
)
_TYPED = re.compile(
    rf"^[^;\n]{{0,80}}?\b{_KEYS}\b,?[ \t]*\(?[ \t]*(?:\{{(?:Raw|Text)\}})?\"?(?:(?P<before>[^\s\"{{}}]{{0,60}}\{{Tab(?: \d)?\}}))?"
    r"(?P<value>[^\s\"'%$()+^!{},]{6,100})\{(?:Enter|Return)\}",
    re.MULTILINE | re.IGNORECASE,
)
"""What is typed and sent off, right after the field before it or by itself."""
_FEW_WORDS = 0.4
"""Share of the letters that are in words: what is typed by itself is mostly text."""
_RUN_AS = re.compile(
    rf"\bRunAs(?:Wait|Set)?[ \t]*,[ \t]*[^,\r\n]{{1,60}},[ \t]*(?P<value>[^\s,%\"][^\s,%]{{2,100}})"
    rf"|\bRunAs(?:Wait|Set)?\([ \t]*{_ARGUMENT},[ \t]*(?:@?{_ARGUMENT},[ \t]*)?{_TEXT.format(1)}",
    re.IGNORECASE,
)
_FIELD = re.compile(
    rf"\bControl(?:SetText|Send|SendRaw|SendText)\b[,(]?[ \t]*(?=[^\n]{{0,300}}(?:pass|log ?[io]n|kennwort))"
    rf"(?:[ \t]*[^,\"\r\n(]{{1,60}},[ \t]*(?P<value>[^\s,%\"{{}}]{{3,100}}),"
    rf"|[ \t]*(?:{_ARGUMENT},[ \t]*){{1,3}}{_TEXT.format(1)}\))",
    re.IGNORECASE,
)
_HOTSTRING = re.compile(
    r"^:(?P<options>[\w*?]{0,8}):(?P<name>[^:\s]{1,40})::(?P<value>[^\s;{}%]{3,100})[ \t]*\r?$", re.MULTILINE
)
_SHORT = re.compile(r"\W*(?:my)?(?:pw|pwd|pass|passw|psw)\d{0,2}\W*", re.IGNORECASE)
_LEGACY = re.compile(
    r"^[ \t]{0,60}(?:global[ \t]{1,4}|local[ \t]{1,4}|static[ \t]{1,4})?(?P<name>\w{2,60})[ \t]*=[ \t]*(?P<value>[^\s\"%(),;=][^\s\"%(),;]{2,100})[ \t]*\r?$",
    re.MULTILINE,
)
_CALLS = re.compile(
    rf"\.ConnectServer\([ \t]*(?:{_ARGUMENT},[ \t]*){{3}}{_TEXT.format('')}"
    rf"|\.MapNetworkDrive[ \t(]{{1,4}}(?:{_ARGUMENT},[ \t]*){{4}}{_TEXT.format(1)}"
    rf"|\.OpenDSObject\([ \t]*(?:{_ARGUMENT},[ \t]*){{2}}{_TEXT.format(2)}"
    rf"|\.(?:SetPassword|Unprotect|UnprotectSharing)[ \t(]{{1,4}}{_TEXT.format(3)}"
    rf"|\.ChangePassword[ \t(]{{1,4}}{_ARGUMENT},[ \t]*{_TEXT.format(4)}"
    rf"|\.Protect[ \t(]{{1,4}}{_TEXT.format(5)}"
    rf"|\bDriveMapAdd\([ \t]*(?:{_ARGUMENT},[ \t]*){{4}}{_TEXT.format(6)}"
    rf"|\bLogonUser\w?\([ \t]*(?:{_ARGUMENT},[ \t]*){{2}}{_TEXT.format(7)}"
    r"|\bnet(?:\.exe)?[ \t]{1,4}user[ \t]{1,4}[\w.\-]{1,40}[ \t]{1,4}(?P<value8>[^\s\"'/*%][^\s\"'%]{2,100})",
    re.IGNORECASE,
)


def _hotkeys(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`::mypw::…` types a password; `password = …` is an assignment without quotes."""
    for match in _TYPED.finditer(text):
        value = match["value"]
        if match["before"] or (is_mixed(value) and word_share(value) < _FEW_WORDS and not is_place(value)):
            yield from scans.of_match(match)
    for match in _HOTSTRING.finditer(text):
        if _SHORT.fullmatch(match["name"]) or names.is_secret(match["name"]):
            yield from scans.of_match(match)
    for match in _LEGACY.finditer(text):
        if names.is_secret(match["name"]):
            yield from scans.of_match(match, key=match["name"])


_DRIVEN = scans.matched(_SENT, _RUN_AS, _FIELD)

PARSERS = (
    CredentialFile(
        id="autohotkey-script",
        title="password in an AutoHotkey script",
        documentation="https://www.autohotkey.com/docs/v2/lib/RunAs.htm",
        names=("*.ahk", "*.ahk1", "*.ahk2"),
        scan=scans.all_of(_DRIVEN, _hotkeys),
    ),
    CredentialFile(
        id="autoit-script",
        title="password in an AutoIt script",
        documentation="https://www.autoitscript.com/autoit3/docs/functions/RunAs.htm",
        names=("*.au3",),
        scan=scans.all_of(_DRIVEN, scans.matched(_CALLS)),
    ),
    CredentialFile(
        id="visual-basic-script",
        title="password in a Visual Basic script",
        documentation="https://learn.microsoft.com/windows/win32/wmisdk/swbemlocator-connectserver",
        names=("*.vbs", "*.vba", "*.bas", "*.wsf", "*.vb", "*.hta", "*.cls", "*.frm"),
        scan=scans.all_of(scans.matched(_CALLS), scans.matched(_SENT)),
    ),
)
