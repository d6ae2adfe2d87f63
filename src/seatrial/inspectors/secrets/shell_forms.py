# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Forms of command lines: variables that shells and tools set, headers of HTTP clients, passwords on standard input."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.form import BARE_DIGIT, BARE_PRE, CASELESS, CORE, MULTILINE, Form

_SCRIPTS = frozenset({FileKind.SHELL, FileKind.CONFIG, FileKind.TEXT})
_WORD = r"[^\s\"'`$(){}<>|;&\\]"
_PRINT = r"(?:echo|printf)[ \t]{1,4}(?:-\w{1,3}[ \t]{1,4}|--[ \t]{1,4}){0,2}(?:[\"']?(?:%[sb](?:\\n)?){1,3}[\"']?[ \t]{1,4})?[\"']?"
READ = Form(
    "read",
    rf"(?:\bread|\bmapfile|\breadarray)[ \t][^\n]{{0,80}}{CORE}\s{{0,4}}(?:<<<|<[ \t]<|<<-?[ \t]{{0,2}}[\"']?\w{{1,30}}[\"']?\r?\n)|\bprintf[ \t]{{1,4}}-v[ \t]{{0,4}}\w{{0,40}}{CORE}\s"
    rf"|{CORE}[ \t]{{0,4}}(?:[:?+]{{0,3}}|!)=[ \t]{{0,4}}[\"']?(?:\$\((?:shell[ \t])?|`)?[ \t]{{0,2}}(?:echo[ \t]|printf[ \t]|cat[ \t]{{0,4}}<<-?[ \t]{{0,2}}[\"']?\w{{1,30}}[\"']?\r?\n)|\$\(eval[ \t]\w{{0,40}}{CORE}[ \t]{{0,4}}[:?+]?=",
    re.compile(
        rf"\b(?:read|mapfile|readarray)[ \t](?:[^\n;|&<]{{0,60}}[ \t])?(?P<name>\w{{2,80}})\s{{0,4}}(?:<<<[ \t]{{0,4}}\$?[\"']?(?:[^\s\"']{{1,60}}[ \t]){{0,4}}|<[ \t]<\({_PRINT}"
        rf"|<<-?[ \t]{{0,2}}[\"']?\w{{1,30}}[\"']?\r?\n[ \t]{{0,20}})(?P<value>{_WORD}{{3,200}})(?=[\"'\s);|&]|\Z)"
        rf"|\bprintf[ \t]{{1,4}}-v[ \t]{{0,4}}(?P<name1>\w{{2,80}})[ \t]{{1,4}}(?:--[ \t]{{1,4}})?(?:[\"']?%[sb](?:\\n)?[\"']?[ \t]{{1,4}})?[\"']?(?P<value1>{_WORD}{{3,200}})(?=[\"'\s);|&]|\Z)"
        rf"|(?<![\w\-.])(?P<name2>\w[\w.\-]{{1,79}})[ \t]{{0,4}}(?:[:?+]{{0,3}}|!)=[ \t]{{0,4}}[\"']?(?:\$\((?:shell[ \t]{{1,4}})?|`|(?<=!=)|(?<=!=[ \t]))[ \t]{{0,2}}"
        rf"(?:{_PRINT}|cat[ \t]{{0,4}}<<-?[ \t]{{0,2}}[\"']?\w{{1,30}}[\"']?\r?\n[ \t]{{0,20}})(?P<value2>{_WORD}{{3,200}})(?=[\"'\s)`|]|\Z)"
        rf"|\$\(eval[ \t]{{1,4}}(?P<name3>\w{{2,80}})[ \t]{{0,4}}[:?+]{{0,3}}=[ \t]{{0,4}}(?P<value3>{_WORD}{{3,200}})\)"
    ),
    gate=("<<", "< <", "printf", "echo", "$(eval"),
    kinds=_SCRIPTS,
    bare=True,
)
"""`read -r NAME <<< '…'`, `printf -v NAME '%s' '…'`, `NAME=$(echo …)`, make's `$(shell echo …)` and `!=`."""

_VERB = r"(?:set|add|create|put|update|setenv)"
SET_COMMAND = Form(
    "set-command",
    rf"\b(?:setx|set-env|setenv|(?:env|secrets?|variables?|vars?|config)[: \t]{{1,2}}{_VERB})[ \t][^\n|;]{{0,80}}{CORE}(?:[ \t]{{1,4}}|[ \t]{{0,4}}<<<[ \t]{{0,4}})(?:--?\w{{1,10}}[ \t=]?)?[\"']?{BARE_DIGIT}"
    rf"|(?:^|[;&|][ \t]{{0,4}}(?:(?:or|and)[ \t]{{1,4}})?)[ \t]{{0,20}}set[ \t](?:--?[\w-]{{1,12}}[ \t]{{1,4}}){{0,4}}\w{{0,40}}{CORE}[ \t]{{1,4}}[\"']?{BARE_DIGIT}",
    re.compile(
        rf"(?:\b(?:setx|set-env|(?:launchctl|tmux)[ \t]{{1,4}}setenv|(?:env|secrets?|variables?|vars?|config)(?::|[ \t]{{1,4}}){_VERB})"
        r"|(?:^|[;&|][ \t]{0,4}(?:(?:or|and)[ \t]{1,4})?)[ \t]{0,20}set(?=[ \t]{1,4}(?:-|\w{2,80}[ \t]{1,4}[^\s=])))(?:[ \t]{1,4}[-/]{1,2}[A-Za-z][\w\-]{0,20}){0,4}[ \t]{1,4}"
        r"(?P<name>[A-Za-z][\w.:\-]{1,80})(?:[ \t]{0,4}<<<[ \t]{0,4}|[ \t]{1,4}(?:--?[a-z]\w{0,10}[ \t=]?(?=[^\s])|-b(?=[\"']))?)(?P<quote>[\"']?)"
        r"(?P<value>[^\s\"'`$(){}<>|;&\\=\-/][^\s\"'`$(){}<>|;&\\]{2,200})(?P=quote)(?=[\s;|&]|\Z)",
        re.IGNORECASE | re.MULTILINE,
    ),
    gate=("set", "add", "create", "put", "update"),
    kinds=_SCRIPTS,
    bare=True,
    flags=CASELESS | MULTILINE,
)
"""`setx NAME …`, `set --export NAME …` of fish, `gh secret set NAME -b …`, `netlify env:set NAME …`."""

HEADER_ITEM = Form(
    "header-item",
    rf"[\s\"'H](?:authorization|[\w-]{{0,40}}{CORE}):=?[\"']?(?:\\[ ])?(?:[a-z]{{3,10}}\\?[ ])?{BARE_DIGIT}",
    re.compile(
        r"(?:(?<=[\s\"'])|(?<=-H))(?P<name>[A-Za-z][\w\-]{2,60}):=?(?P<quote>[\"']?)(?:\\[ ])?(?:(?:Bearer|Token|Basic)\\?[ ]{1,2})?(?P<value>[^\s\"'`$(){}<>|;&\\:=]{8,300}={0,2})(?P=quote)(?=[\s\"']|\Z)"
    ),
    gate=("http", "xh", "curl"),
    kinds=_SCRIPTS,
    bare=True,
)
"""`http URL X-API-Key:…`: https://httpie.io/docs/cli/request-items; also `curl -H X-API-Key:…`."""
CLIENT = re.compile(r"(?:^|[\s;|&(`\"'])(?:https?|xhs?|curl|curlie)[ \t]")
"""The commands whose arguments may be headers."""

_OWN_INPUT = (
    r"(?:kinit|chpasswd|(?:(?:kasm|tiger)?vnc|smb)?passwd|saslpasswd2|sudo[ \t]{1,4}(?:-\w{1,4}[ \t]{1,4}){0,3}-\w{0,4}S|cryptsetup|realm[ \t]{1,4}join|[^\n|;]{0,120}--password-stdin|[^\n|;]{0,120}login[ \t][^\n|;]{0,80}--with-token"
    r"|su[ \t]|pdbedit[ \t]|htpasswd[ \t](?=[^\n|;]{0,80}?-\w{0,4}i)|gpg2?[ \t](?=[^\n|;]{0,200}?--passphrase-fd[= \t]0)"
    r"|(?:docker|podman|nerdctl)[ \t]{1,4}secret[ \t]{1,4}create[ \t])"
)
STANDARD_INPUT = Form(
    "standard-input",
    r"(?:kinit|passwd|sudo|cryptsetup|smbpasswd|realm[ \t]join|--password-stdin|--with-token|\bsu[ \t]|pdbedit|passphrase-fd|secret[ \t]{1,4}create)[^\n|;]{0,120}<<<[ \t]{0,4}\$?[\"']?"
    + BARE_PRE
    + r"|(?:echo|printf)[ \t][^\n|;]+(?:;[ \t]*echo[ \t][^\n|;]+\))?\|[^\n]*(?:kinit|cryptsetup|smbpasswd|vncpasswd|saslpasswd2|sudo|--password-stdin|--with-token|pdbedit|htpasswd|passphrase-fd|secret[ \t]{1,4}create)"
    r"|(?:chpasswd|newusers)[^\n|;]*<<-?[ \t]*[\"']?\w+[\"']?\r?\n[ \t]*[\w.-]+:[^\s:\"'`<>$]{3,}"
    r"|\bftp[ \t][^\n|;]*<<-?[ \t]*[\"']?\w+[\"']?\r?\n[ \t]*(?:quote[ \t]+)?user[ \t]+[^\s]+(?:\r?\n[ \t]*(?:quote[ \t]+)?pass)?[ \t]+[^\s\"'`<>$]{3,}",
    re.compile(
        rf"(?:^|(?<=[\s;|&(])){_OWN_INPUT}[^\n|;<]{{0,120}}<<<[ \t]{{0,4}}\$?[\"']?(?:[\w.\-]{{1,30}}:)?(?P<value>[^\s\"'`$(){{}}<>|;&\\:]{{3,200}})(?=[\"'\s\\;|&]|\Z)"
        rf"|\b{_PRINT}(?P<value1>[^\s\"'`$(){{}}<>|;&\\:]{{3,200}})(?:\\n(?:(?P=value1)(?:\\n)?)?)?[\"']?(?:[ \t]{{1,4}}[\"']?(?P=value1)[\"']?)?(?:;[ \t]{{0,4}}echo[ \t][^\n|;]{{3,120}}\))?[ \t]{{0,4}}\|[ \t]{{0,4}}(?:sudo[ \t]{{1,4}})?{_OWN_INPUT}"
        r"|\b(?:chpasswd|newusers)\b[^\n|;]{0,60}<<-?[ \t]{0,2}[\"']?\w{1,30}[\"']?\r?\n[ \t]{0,20}[\w.\-]{1,40}:(?P<value2>[^\s:\"'`<>$]{3,200})"
        r"|\bftp[ \t][^\n|;]{0,100}<<-?[ \t]{0,2}[\"']?\w{1,30}[\"']?\r?\n[ \t]{0,20}(?:quote[ \t]{1,4})?(?i:user)[ \t]{1,4}\S{1,60}"
        r"(?:\r?\n[ \t]{0,20}(?:quote[ \t]{1,4})?(?i:pass))?[ \t]{1,4}(?P<value3>[^\s\"'`<>$]{3,200})",
        re.MULTILINE,
    ),
    gate=("<<", "echo", "printf"),
    rule="command-line-password",
    key="password",
    kinds=_SCRIPTS,
    bare=True,
)
"""`kinit bob <<< '…'`, `echo '…' | docker login --password-stdin`: a literal is in the file wherever it goes."""

_VALUE = r"[\"']?(?P<value{}>[^\s\"'`<>{{}}$(),;|\\]{{3,200}})"
CLIENT_LOGIN = Form(
    "client-login",
    r"(?:curl\w{0,2}|xhs?|\bab|\bhey|wscat|skopeo|buildah|podman)\s[^\n|;]*-(?:[a-z]{0,6}[ua]|-(?:proxy-)?user|-auth|-(?:src-|dest-)?creds)[ \t=]{1,2}[\"']?[\w.@\\-]+:[^\s:$\"'{}<>/][^\s$\"'{}<>/]{2,}"
    r"|curl\s[^\n|;]*(?:-e|cert)[ \t=]{1,2}[\"']?[\w./-]+\.(?:pem|p12|crt|pfx):[^\s$]{3,}"
    r"|(?:xhs?|https?)\s[^\n|;]*bearer\s[^\n|;]*-a(?:uth)?[ \t=]{1,2}[\"']?"
    + BARE_PRE
    + r"|(?:(?:twine\s{1,2}upload|oc\s{1,2}login|cf\s{1,2}login|cqlsh|rabbitmqadmin|evil-winrm)\b[^\n|;]*\s-p\s{1,2}|(?:mosquitto_\w{3}|zip)\b[^\n|;]*\s-p\s{0,2}|rar\s{1,2}[a-z]\s[^\n|;]*-h?p"
    r"|nmcli\s[^\n|;]*connect\s[^\n|;]*password\s{1,2}|vault\s{1,2}(?:login|operator\s{1,2}unseal)\s{1,2}|cargo\s{1,2}login\s{1,2}|openssl\s{1,2}passwd\s[^\n|;]*"
    r"|(?:poetry|composer)\s{1,2}config\s[^\n|;]*(?:http-basic\.\S{1,60}\s{1,2}\S{1,60}|pypi-token\.\S{1,60})\s{1,2}|\bmc\s{1,2}alias\s{1,2}set\s[^\n|;]*\s|authorization:\s{0,2}(?:basic|digest)\s{1,2}[\w.@-]{1,40}:|bundle\s{1,2}config\s[^\n|;]*\s[\w.@-]{1,40}:)[\"']?"
    + BARE_PRE,
    re.compile(
        r"\b(?:curl|curlie|xhs?|ab|hey|wscat|skopeo|buildah|podman)\b[^\n|;]{0,200}?[ \t]-(?:[a-zA-Z]{0,6}[uUaA]|-(?:proxy-)?user|-auth|-(?:src-|dest-)?creds)[ \t=]{1,2}[\"']?(?P<user>[\w.@\\\-]{1,40}):"
        r"(?P<value>[^\s:$\"'{}<>/][^\s$\"'{}<>/|;]{2,100})"
        r"|\bcurl\b[^\n|;]{0,200}?[ \t](?:-E|--(?:proxy-)?cert)[ \t=]{1,2}[\"']?(?P<user1>[\w./\-]{1,80}\.(?:pem|p12|crt|pfx)):"
        + _VALUE.format(1)
        + r"|\bxhs?\b[^\n|;]{0,200}?[ \t]-A[ \t]{1,2}bearer[ \t][^\n|;]{0,60}?-a[ \t]{1,2}"
        + _VALUE.format(2)
        + r"|\bhttps?[ \t][^\n|;]{0,200}?-(?:A[ \t]{1,2}|-auth-type[ \t=])bearer[ \t][^\n|;]{0,60}?-(?:a[ \t]{1,2}|-auth[ \t=])"
        + _VALUE.format(3)
        + r"|\b(?:twine[ \t]{1,2}upload|oc[ \t]{1,2}login|cf[ \t]{1,2}login|cqlsh|rabbitmqadmin|evil-winrm)\b[^\n|;]{0,160}?[ \t]-p[ \t]{1,2}"
        + _VALUE.format(4)
        + r"|\b(?:mosquitto_(?:pub|sub|rr)|zip|unzip)\b[^\n|;]{0,160}?[ \t]-P[ \t]{0,2}"
        + _VALUE.format(5)
        + r"|\b(?:unrar|rar)[ \t]{1,2}[a-z][ \t][^\n|;]{0,80}?-(?:hp|p)"
        + _VALUE.format(6)
        + r"|\bnmcli\b[^\n|;]{0,120}?\bconnect\b[^\n|;]{0,80}?\bpassword[ \t]{1,2}"
        + _VALUE.format(7)
        + r"|\bvault[ \t]{1,2}(?:login|operator[ \t]{1,2}unseal)[ \t]{1,2}(?![-\w]{1,40}=)"
        + _VALUE.format(8)
        + r"|\bcargo[ \t]{1,2}login[ \t]{1,2}"
        + _VALUE.format(9)
        + r"|\b(?:poetry|composer)[ \t]{1,2}config[ \t][^\n|;]{0,60}?(?:http-basic\.\S{1,60}[ \t]{1,2}\S{1,60}|pypi-token\.\S{1,60})[ \t]{1,2}"
        + _VALUE.format(10)
        + r"|\bopenssl[ \t]{1,2}passwd[ \t]{1,2}(?:-\w{1,12}[ \t]{1,2}){0,3}"
        + _VALUE.format(11)
        + r"|\bmc[ \t]{1,2}alias[ \t]{1,2}set[ \t]{1,2}\S{1,40}[ \t]{1,2}\S{1,120}[ \t]{1,2}\S{1,80}[ \t]{1,2}"
        + _VALUE.format(12)
        + r"|\bauthorization:[ \t]{0,2}(?:basic|digest)[ \t]{1,2}(?P<user2>[\w.@\-]{1,40}):"
        + _VALUE.format(13)
        + r"|\bbundle[ \t]{1,2}config[ \t][^\n|;]{0,80}?[ \t](?P<user3>[\w.@\-]{1,40}):"
        + _VALUE.format(14)
    ),
    gate=(
        "-p",
        "u ",
        "-u",
        "-a",
        "creds",
        "password",
        "login",
        "unseal",
        "config",
        "authorization:",
        "passwd",
        "-e ",
        "--cert",
        "alias",
    ),
    rule="command-line-password",
    key="password",
    kinds=_SCRIPTS,
    bare=True,
    flags=CASELESS,
)
"""Passwords and tokens in arguments of single clients, by their manuals."""

SHELL_FORMS = (READ, SET_COMMAND, HEADER_ITEM, STANDARD_INPUT, CLIENT_LOGIN)
"""In the order in which they are tried."""
