# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Forms of tools that take a password as an argument, and of dialogues in which a program answers a prompt."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.form import BARE_PRE, Form

_SCRIPTS = frozenset({FileKind.SHELL, FileKind.CONFIG, FileKind.TEXT})
_VALUE = r"[\"']?(?P<value{}>[^\s\"'`<>{{}}$(),;|\\*][^\s\"'`<>{{}}$(),;|\\]{{2,200}})"
_ANYTHING = "…"
"""In a row below: any arguments of the same command."""

_BY_OPTION = (
    r"\b(?:crackmapexec|cme|netexec|nxc|bloodhound-python|hydra|medusa|ncrack|certipy(?:-ad)?|enum4linux(?:-ng)?|psexec(?:64)?(?:\.exe)?|paexec)[ \t]…[ \t]-p[ \t]{1,4}",
    r"\bsecurity[ \t]{1,4}(?:unlock|create|set)-keychain\w{0,12}[ \t]…-p[ \t]{1,4}",
    r"\b(?:kadmin(?:\.local)?|ipa-(?:client|server|replica)-install)[ \t]…[ \t]-(?:w|pw|a)[ \t]{1,4}",
    r"\b(?:addprinc|add_principal|cpw|change_password|ank)[ \t]…-pw[ \t]{1,4}",
    r"\bsigntool(?:\.exe)?[ \t]…[ \t][/-]p[ \t]{1,4}",
    r"\bschtasks(?:\.exe)?[ \t]…[ \t]/rp[ \t]{1,4}",
    r"\b(?:cmdkey|wmic|winrs|odbcconf|wevtutil)(?:\.exe)?[ \t]…[/-](?:pass|password|pwd|p|rp):",
    r"\bfs_cli[ \t]…-(?:p|-password)[= \t]{1,4}",
    r"\bsc(?:\.exe)?[ \t]{1,4}(?:config|create)[ \t]…[ \t]password=[ \t]{0,4}",
)
"""Before the value: `-p`, `-w`, `/pass:` and their like."""
_BY_PLACE = (
    r"\bnet(?:\.exe)?[ \t]{1,4}user[ \t]{1,4}[\w.\-]{1,40}[ \t]{1,4}(?!/)",
    r"\bsamba-tool[ \t]{1,4}user[ \t]{1,4}(?:create|add|setpassword)[ \t]{1,4}[\w.\-]{1,40}[ \t]{1,4}(?!-)",
    r"\bdscl[ \t]…-passwd[ \t]{1,4}\S{1,80}[ \t]{1,4}",
    r"\bwpa_passphrase[ \t]{1,4}(?:\"[^\"\n]{1,40}\"|'[^'\n]{1,40}'|[\w.\-]{1,40})[ \t]{1,4}",
    r"\bnmcli[ \t]…(?:wifi-sec|802-11-wireless-security|802-1x|gsm|ppp)\.(?:psk|password|wep-key\d|private-key-password)[ \t]{1,4}",
    r"\bmosquitto_passwd[ \t]…-\w{0,3}b[ \t]{1,4}\S{1,100}[ \t]{1,4}\S{1,60}[ \t]{1,4}",
    r"\bmosquitto_ctrl[ \t]…\binit[ \t]{1,4}\S{1,100}[ \t]{1,4}\S{1,60}[ \t]{1,4}",
    r"\bradtest[ \t]{1,4}(?:-\w[ \t]{1,4}\w{1,10}[ \t]{1,4})?\S{1,60}[ \t]{1,4}",
    r"\b(?:redis|valkey)-cli[ \t]…\bauth[ \t]{1,4}(?![\w.\-]{1,40}[ \t]{1,4}[^\s|;&>])",
    r"\b(?:redis|valkey)-cli[ \t]…\bauth[ \t]{1,4}[\w.\-]{1,40}[ \t]{1,4}",
)
_BY_PLACE_TOO = (
    r"\b(?:redis-cli|valkey-cli)[ \t]…\bacl[ \t]{1,4}setuser[ \t]…[\"']?>",
    r"\betcdctl[ \t]…--user[= \t][\w.\-]{1,40}:",
    r"\b(?:lftp|open)[ \t]…-u[ \t]{1,4}[\"']?[\w.@\-]{1,60},",
    r"\bquote[ \t]{1,4}pass[ \t]{1,4}",
    r"\bnickserv\b[ \t:]{1,4}(?:identify|register)[ \t]{1,4}",
    r"\bchat[ \t]…\bassword:?[\"']?[ \t]{1,4}(?:\\q)?",
    r"[\w.\-]{1,40}/[\w.\-]{0,40}passw(?:or)?d[\w.\-]{0,20}[ \t]{1,4}password[ \t]{1,4}",
    r"\buci[ \t]{1,4}set[ \t]{1,4}[\"']?\S{1,60}\.(?:key|psk|password|sae_password|private_key|preshared_key)=",
)
"""The value is the argument that follows, or the rest of one."""
_TARGET = r"(?:impacket-\w{2,30}|\b\w{2,30}\.py)[ \t]…[\w.\-]{1,60}:"
"""impacket's scripts: `[[domain/]user[:password]@]target`."""
_ORACLE = r"\b(?:sqlplus|impdp|expdp|sqlldr|rman)[ \t](?:-\w{1,8}[ \t]{1,4}){0,3}(?:target[ \t]{1,4}|userid=)?[\"']?[A-Za-z][\w$#]{1,30}/"
"""Oracle's clients: `user/password[@target]`."""


def _prefilter(head: str) -> str:
    """Hyperscan has no look-around, and counted repetitions cost it states, so it does not count."""
    head = re.sub(r"\(\?![^()]*\)", "", head)
    uncounted = re.sub(r"\{([01]),\d{1,3}\}", lambda count: "*" if count[1] == "0" else "+", head)
    return uncounted.replace(_ANYTHING, r"[^\n|;]*")


def _pattern(head: str, number: int) -> str:
    return head.replace(_ANYTHING, r"[^\n|;]{0,160}?") + _VALUE.format(number)


def _login(name: str, heads: tuple[str, ...]) -> Form:
    """Arguments that a tool's manual calls a password."""
    return Form(
        name,
        rf"(?:{'|'.join(map(_prefilter, heads))})[\"']?{BARE_PRE}",
        re.compile("|".join(_pattern(head, number) for number, head in enumerate(heads, 1)), re.IGNORECASE),
        rule="command-line-password",
        key="password",
        kinds=_SCRIPTS,
        bare=True,
    )


TOOL_OPTION = _login("tool-option", _BY_OPTION)
TOOL_ARGUMENT = _login("tool-argument", _BY_PLACE)
TOOL_WORD = _login("tool-word", _BY_PLACE_TOO)
TOOL_TARGET = Form(
    "tool-target",
    rf"{_prefilter(_TARGET)}[\"']?[^\s:@/$\"'{{}}<>|]{{3,}}[\"']?(?:@[a-z0-9]|[ \t])"
    rf"|{_prefilter(_ORACLE)}[^\s:@/$\"'{{}}<>|]{{3,}}[\s@\"']",
    re.compile(
        _TARGET.replace(_ANYTHING, r"[^\n|;]{0,160}?")
        + r"[\"']?(?P<value>[^\s:@/$\"'{}<>|]{3,100})[\"']?@(?!sha\d)(?=[A-Za-z0-9])"
        r"|\b(?:impacket-Get\w{3,20}|Get(?:NPUsers|UserSPNs|ADUsers|TGT|ST|Pac)\.py)[ \t]{1,4}[\"']?[\w.\-]{1,60}/[\w.\-]{1,60}:(?P<value1>[^\s:@/$\"'{}<>|]{3,100})(?=[\s\"'])"
        rf"|{_ORACLE}(?P<value2>[^\s:@/$\"'{{}}<>|]{{3,100}})(?=[\s@\"']|\Z)",
        re.IGNORECASE,
    ),
    gate=(":", "/"),
    rule="command-line-password",
    key="password",
    kinds=_SCRIPTS,
    bare=True,
)

_ENTRY_NAME = r"[\w.:/\-]{2,120}"
STORE_ENTRY = Form(
    "store-entry",
    r"\b(?:(?:redis|valkey)-cli[ \t][^\n|;]*\b(?:(?:get)?set(?:nx)?|h(?:m)?set(?:nx)?[ \t]{1,4}\S{1,100})|consul[ \t]{1,4}kv[ \t]{1,4}put|etcdctl[ \t][^\n|;]*\bput)[ \t]{1,4}[\"']?[^\s\"']*(?:pass|pw|secret|token|key|cred)[^\s\"']*[\"']?[ \t]{1,4}[\"']?"
    + BARE_PRE
    + r"|^[ \t]*(?:set|setnx|getset|hset[ \t]{1,4}\S{1,100})[ \t]{1,4}[\"']?[\w.:/-]*(?:pass|pw|secret|token|key|cred)[\w.:/-]*[\"']?[ \t]{1,4}[\"']?"
    + BARE_PRE,
    re.compile(
        r"(?:\b(?:(?:redis|valkey)-cli[ \t][^\n|;]{0,160}?\b(?:(?:get)?set(?:nx)?|hm?set(?:nx)?[ \t]{1,4}\S{1,100})|consul[ \t]{1,4}kv[ \t]{1,4}put|etcdctl[ \t][^\n|;]{0,160}?\bput)"
        r"|^[ \t]{0,20}(?:setnx|getset|hset[ \t]{1,4}\S{1,100}|set(?=[ \t]{1,4}[\"']?[\w.\-]{1,60}[:/])))"
        rf"[ \t]{{1,4}}[\"']?(?P<name>{_ENTRY_NAME})[\"']?[ \t]{{1,4}}" + _VALUE.format(1),
        re.IGNORECASE | re.MULTILINE,
    ),
    gate=("-cli", "kv", "etcdctl", "set"),
    kinds=_SCRIPTS,
    bare=True,
    flags=5,
)
"""`redis-cli SET secret:api …`, `consul kv put app/db/password …`: the last part of the key names the value."""

_ANSWER = r"(?P<value{0}>[^\"'\s$\[{{}}\]\\]{{3,100}})(?:\\{{1,2}}[rn]){{0,3}}"
_ASKED = r"(?:(?<!\$p)ass(?:word|phrase|code)|\bpin\b)"
DIALOGUE = Form(
    "dialogue",
    r"ass(?:word|phrase|code)[^\n]{0,60}\n?[^\n]{0,60}(?:\bsend(?:_?line)?[ \t]{1,4}(?:-[-hs][ \t]{1,4})?\\?[\"'{]|\.(?:send_?line|send|write|puts)\(?[ \t]?b?[\"'])[^\s\"'$\[]{3,}",
    re.compile(
        rf"{_ASKED}(?:(?!\bsend)[^\n]){{0,60}}\n?(?:(?!\bsend)[^\n]){{0,60}}\bsend(?:_?line)?[ \t]{{1,4}}(?:-[-hs][ \t]{{1,4}})?(?:\\?\"{_ANSWER.format('')}\\?\"|'{_ANSWER.format(1)}'|\{{{_ANSWER.format(2)}\}})"
        rf"|\b(?:expect(?:_exact|_str\w{{0,4}})?|read_until|wait_?for\w{{0,10}}|until)[ (][^\n]{{0,60}}?{_ASKED}[^\n]{{0,60}}\n?[^\n]{{0,60}}?\.(?:send_?line|send|write|puts)\(?[ \t]?b?(?:\"{_ANSWER.format(3)}\"|'{_ANSWER.format(4)}')",
        re.IGNORECASE,
    ),
    gate=("send", "write", "puts"),
    rule="password-assignment",
    key="password",
    bare=True,
)
"""`expect "password:"` and `send "…\\r"`, as Expect, pexpect, telnetlib and their like have it."""

TOOL_FORMS = (TOOL_OPTION, TOOL_ARGUMENT, TOOL_WORD, TOOL_TARGET, STORE_ENTRY, DIALOGUE)
"""In the order in which they are tried."""
