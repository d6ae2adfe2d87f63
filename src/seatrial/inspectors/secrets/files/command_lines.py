"""Passwords given to programs on the command line, where `ps`, histories and logs show them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded
from seatrial.inspectors.secrets.files.base import Entry, Span
from seatrial.inspectors.secrets.files.names import is_secret

_WORD = r"(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|([^\s\"'|;&<>()`]{1,200}))"
_TO = r"\b[^|;&\n]{0,300}?\s"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (program, re.compile(pattern + _WORD))
    for program, pattern in (
        ("mysql", rf"\b(?:mysql(?:dump|admin|import|check|show|pump)?|mariadb(?:-dump|-admin)?|mycli){_TO}-p"),
        ("sshpass", r"\bsshpass\s+-p\s*"),
        (
            "docker login",
            rf"\b(?:docker|podman|nerdctl|buildah|skopeo|helm registry|crane)\s+(?:auth\s+)?login{_TO}-p[= ]\s*",
        ),
        ("redis-cli", rf"\bredis-cli{_TO}-a\s+"),
        ("mongo", rf"\bmongo(?:sh|dump|restore|export|import|stat|top)?{_TO}-p\s+"),
        ("ldap", rf"\bldap(?:search|add|modify|delete|passwd|whoami|compare){_TO}-w\s+"),
        ("sqlcmd", rf"\b(?:sqlcmd|bcp|osql|isql){_TO}-P\s*"),
        ("pass:", rf"\bopenssl{_TO}-(?:passin|passout|pass|k)\s+(?:pass:)?"),
        ("keytool", r"-(?:storepass|keypass|srcstorepass|deststorepass|srckeypass|destkeypass)[= ]\s*"),
        ("htpasswd", r"\bhtpasswd\s+-\w*b\w*\s+(?:-\w+\s+)*(?:[^\s-]\S{0,200}\s+){1,2}"),
        ("ipmitool", rf"\bipmitool{_TO}-P\s+"),
        ("snmp", rf"\bsnmp(?:walk|get|set|bulkwalk){_TO}-c\s*"),
        ("net use", r"(?i:\bnet\s+use)\s+(?:[A-Za-z*]:?\s+)?\\\\\S+\s+(?!/)"),
        ("expect", r"(?i:\becho)\s+(?:-[ne]\s+)?(?=[^|\n]{1,200}\|\s*(?:sudo\s+-S|passwd\s+--stdin))"),
        ("winexe", rf"\b(?:smbclient|rpcclient|winexe|wmic|mount\.cifs){_TO}-U\s*\S{{1,100}}%"),
        ("proxy", rf"\b(?:curl|wget|lftp){_TO}--proxy-user[= ]\s*[^\s:'\"]{{1,100}}:"),
        ("ncftp", rf"\b(?:ncftp(?:put|get|ls)?|lftp){_TO}-p\s+"),
        ("plink", rf"\b(?:plink|pscp|psftp|putty){_TO}-pw\s+"),
        ("mount", rf"\bmount{_TO}-o\s*\S{{0,200}}?\bpass(?:word)?="),
        ("rabbitmqctl", r"\brabbitmqctl\s+(?:add_user|change_password)\s+\S{1,100}\s+"),
        ("chpasswd", r"(?i:\becho)\s+(?:-[ne]\s+)?[\"']?\w{1,40}:(?=[^|\n]{1,200}\|\s*(?:sudo\s+)?chpasswd)"),
        ("jenkins", r"\bjava\s[^|;&\n]{0,200}?jenkins-cli[^|;&\n]{0,200}?-auth\s+[^\s:]{1,100}:"),
    )
)
_NEEDLES = re.compile(
    r"mysql|maria|mycli|sshpass|login|redis-cli|mongo|ldap|sqlcmd|bcp|osql|isql|openssl|storepass|keypass"
    r"|htpasswd|ipmitool|snmp"
    r"|net\s+use|echo|smbclient|rpcclient|winexe|wmic|cifs|proxy-user|ftp|plink|pscp|putty|mount|rabbitmqctl"
    r"|jenkins-cli",
    re.IGNORECASE,
)
_USER = re.compile(r"\b(?:curl|http|https|xh|httpie)\b(?=[^\n]{0,2000})")
_USER_OPTION = re.compile(
    r"(?:^|\s)(?:-u|--user|-a|--auth)(?:\s+|=)?(?:\"([^\":\n]{1,100}):([^\"\n]{1,200})\"|'([^':\n]{1,100}):"
    r"([^'\n]{1,200})'"
    r"|([^\s:'\"]{1,100}):([^\s'\"|;&]{1,200}))"
)
_OPTION = re.compile(rf"(?:^|\s)--?(?P<option>[A-Za-z][\w\-]{{2,40}})(?:=|[ \t]+(?!-)){_WORD}")
_VARIABLE = re.compile(
    rf"(?:^|[\s;&|(\"'])(?:env\s+|export\s+|set\s+|setx?\s+|\$env:)?(?P<name>[A-Za-z_]\w{{2,60}})[ ]?=[ ]?{_WORD}"
)
_LINE = re.compile(r"[^\r\n]+")
_MAX_LINE = 4000
_PROGRAM_NAMES = frozenset({"-", "--", "$", "stdin"})


def entries(text: str, *, variables: bool = True) -> Iterator[Entry]:
    """
    The passwords of every command in a text.

    Args:
        text: a script, a history, or a file that has commands among other things.
        variables: whether `NAME=value` counts; off where another scan of the same file sees it.
    """
    for match in _LINE.finditer(text):
        if match.end() - match.start() <= _MAX_LINE:
            yield from _line(Span(match[0], match.start(), match.end()), variables=variables)


def _line(line: Span, *, variables: bool) -> Iterator[Entry]:
    text = line.value
    if " " in text and _NEEDLES.search(text):
        for program, pattern in _RULES:
            for match in pattern.finditer(text):
                yield from _entry(line, match, f"password for {program} on a command line")
    if _USER.search(text):
        for match in _USER_OPTION.finditer(text):
            yield from _entry(line, match, "password of a command's --user")
    if "-" in text:
        for match in _OPTION.finditer(text):
            if is_secret(match["option"]):
                yield from _entry(line, match, f"value of --{match['option']} on a command line", match["option"])
    if variables and "=" in text:
        for match in _VARIABLE.finditer(text):
            if is_secret(match["name"]):
                yield from _entry(line, match, "", match["name"])
    yield from embedded.url_passwords(line)


def _entry(line: Span, match: re.Match[str], what: str, key: str = "password") -> Iterator[Entry]:
    """The last group is the value; another command's option or variable is none."""
    span = line.part(*match.span(match.lastindex or 0))
    if span.value not in _PROGRAM_NAMES and not span.value.startswith(("$", "-", "%", "`", "<")):
        yield Entry(key, span, what)
