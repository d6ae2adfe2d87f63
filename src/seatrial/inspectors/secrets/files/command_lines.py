"""Passwords given to programs on the command line, where `ps`, histories and logs show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from seatrial.inspectors.secrets.files import embedded, hashes
from seatrial.inspectors.secrets.files.base import CredentialEntry, TextSpan
from seatrial.inspectors.secrets.files.names import is_secret

_WORD = r"(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|([^\s\"'|;&<>()`]{1,200}))"
_TO = r"\b[^|;&\n]{0,300}?\s"


class _Rule(NamedTuple):
    """How one program, or several of a kind, take a password."""

    program: str
    needles: tuple[str, ...]
    """Lower-case; one of them is in every match: looking for them is cheaper than the pattern."""
    pattern: re.Pattern[str]


_RULES = tuple(
    _Rule(program, needles, re.compile(pattern + _WORD))
    for program, needles, pattern in (
        (
            "mysql",
            ("mysql", "mariadb", "mycli"),
            rf"\b(?:mysql(?:dump|admin|import|check|show|pump)?|mariadb(?:-dump|-admin)?|mycli){_TO}-p",
        ),
        ("sshpass", ("sshpass",), r"\bsshpass\s+-p\s*"),
        ("zip", ("zip",), rf"\bzip{_TO}-P\s+"),
        ("7z", ("7z",), rf"\b7z[azr]?{_TO}-p"),
        ("freerdp", ("freerdp", "rdesktop"), rf"\b(?:[xw]l?freerdp3?|rdesktop){_TO}(?:/p:|-p\s+)"),
        ("gh secret set", ("gh",), rf"\bgh\s+(?:secret|variable)\s+set{_TO}(?:-b|--body)[= ]\s*"),
        ("az keyvault", ("keyvault",), rf"\baz\s+keyvault\s+secret\s+set{_TO}--value[= ]\s*"),
        ("aws ssm", ("put-parameter",), rf"\baws\s+ssm\s+put-parameter(?=[^|;&\n]*SecureString){_TO}--value[= ]\s*"),
        ("aws", ("secretsmanager",), rf"\baws\s+secretsmanager\s+\w+-secret\S*{_TO}--secret-string[= ]\s*"),
        ("npm config", ("npm",), r"\bnpm\s+(?:config\s+)?set\s+\S{0,100}?_(?:auth|authToken|password)[= ]\s*"),
        ("useradd", ("useradd", "usermod"), rf"\b(?:useradd|usermod){_TO}-p\s+"),
        (
            "docker login",
            ("login",),
            rf"\b(?:docker|podman|nerdctl|buildah|skopeo|helm registry|crane)\s+(?:auth\s+)?login{_TO}-p[= ]\s*",
        ),
        ("redis-cli", ("redis-cli",), rf"\bredis-cli{_TO}-a\s+"),
        ("mongo", ("mongo",), rf"\bmongo(?:sh|dump|restore|export|import|stat|top)?{_TO}-p\s+"),
        ("ldap", ("ldap",), rf"\bldap(?:search|add|modify|delete|passwd|whoami|compare){_TO}-w\s+"),
        ("sqlcmd", ("sqlcmd", "bcp", "osql", "isql"), rf"\b(?:sqlcmd|bcp|osql|isql){_TO}-P\s*"),
        ("pass:", ("openssl",), rf"\bopenssl{_TO}-(?:passin|passout|pass|k)\s+(?:pass:)?"),
        (
            "keytool",
            ("storepass", "keypass"),
            r"-(?:storepass|keypass|srcstorepass|deststorepass|srckeypass|destkeypass)[= ]\s*",
        ),
        ("htpasswd", ("htpasswd",), r"\bhtpasswd\s+-\w*b\w*\s+(?:-\w+\s+)*(?:[^\s-]\S{0,200}\s+){1,2}"),
        ("ipmitool", ("ipmitool",), rf"\bipmitool{_TO}-P\s+"),
        ("snmp", ("snmp",), rf"\bsnmp(?:walk|get|set|bulkwalk){_TO}(?:-c\s*|-[AX]\s+)"),
        ("net use", ("net",), r"(?i:\bnet\s+use)\s+(?:[A-Za-z*]:?\s+)?\\\\\S+\s+(?!/)"),
        ("expect", ("echo",), r"(?i:\becho)\s+(?:-[ne]\s+)?(?=[^|\n]{1,200}\|\s*(?:sudo\s+-S|passwd\s+--stdin))"),
        (
            "winexe",
            ("smbclient", "rpcclient", "winexe", "wmic", "cifs"),
            rf"\b(?:smbclient|rpcclient|winexe|wmic|mount\.cifs){_TO}-U\s*\S{{1,100}}%",
        ),
        ("proxy", ("proxy-user",), rf"\b(?:curl|wget|lftp){_TO}--proxy-user[= ]\s*[^\s:'\"]{{1,100}}:"),
        ("ncftp", ("ftp",), rf"\b(?:ncftp(?:put|get|ls)?|lftp){_TO}-p\s+"),
        ("plink", ("plink", "pscp", "psftp", "putty"), rf"\b(?:plink|pscp|psftp|putty){_TO}-pw\s+"),
        ("mount", ("mount",), rf"\bmount{_TO}-o\s*\S{{0,200}}?\bpass(?:word)?="),
        ("rabbitmqctl", ("rabbitmqctl",), r"\brabbitmqctl\s+(?:add_user|change_password)\s+\S{1,100}\s+"),
        (
            "chpasswd",
            ("chpasswd",),
            r"(?i:\becho)\s+(?:-[ne]\s+)?[\"']?\w{1,40}:(?=[^|\n]{1,200}\|\s*(?:sudo\s+)?chpasswd)",
        ),
        ("jenkins", ("jenkins-cli",), r"\bjava\s[^|;&\n]{0,200}?jenkins-cli[^|;&\n]{0,200}?-auth\s+[^\s:]{1,100}:"),
    )
)
_USER = re.compile(r"\b(?:curl|http|https|xh|httpie)\b(?=[^\n]{0,2000})")
_USER_OPTION = re.compile(
    r"(?:^|\s)(?:-u|--user|-a|--auth)(?:\s+|=)?(?:\"([^\":\n]{1,100}):([^\"\n]{1,200})\"|'([^':\n]{1,100}):"
    r"([^'\n]{1,200})'"
    r"|([^\s:'\"]{1,100}):(?!//)([^\s'\"|;&]{1,200}))"
)
_OPTION = re.compile(rf"(?:^|\s)--?(?P<option>[A-Za-z][\w\-]{{2,40}})(?:=|[ \t]+(?!-)){_WORD}")
_VARIABLE = re.compile(
    rf"(?:^|[\s;&|(\"'])(?:env\s+|export\s+|set\s+|setx?\s+|\$env:)?(?P<name>[A-Za-z_]\w{{2,60}})[ ]?=[ ]?{_WORD}"
)
_ELSEWHERE = re.compile(r"[-_](?:stdin|file|fd|env|path|cmd|command|prompt|from[-_]\w+)\Z", re.IGNORECASE)
"""How options end that say where the password comes from; what follows is another argument."""
_LINE = re.compile(r"[^\r\n]+")
_MAX_LINE = 4000
_PROGRAM_NAMES = frozenset({"-", "--", "$", "stdin"})


def entries(text: str, *, variables: bool = True) -> Iterator[CredentialEntry]:
    """
    The passwords of every command in a text.

    Args:
        text: a script, a history, or a file that has commands among other things.
        variables: whether `NAME=value` counts; off where another scan of the same file sees it.
    """
    rules = tuple(_promising(_RULES, text))
    for match in _LINE.finditer(text):
        if match.end() - match.start() <= _MAX_LINE:
            yield from _line(TextSpan(match[0], match.start(), match.end()), rules, variables=variables)


def _promising(rules: Iterable[_Rule], text: str) -> Iterator[_Rule]:
    """The rules of which a needle is in the text."""
    low = text.lower()
    return (rule for rule in rules if any(needle in low for needle in rule.needles))


def _line(line: TextSpan, rules: tuple[_Rule, ...], *, variables: bool) -> Iterator[CredentialEntry]:
    text = line.value
    if rules and " " in text:
        for rule in _promising(rules, text):
            for match in rule.pattern.finditer(text):
                yield from _entry(line, match, f"password for {rule.program} on a command line")
    if ":" in text and "-" in text and _USER.search(text):
        for match in _USER_OPTION.finditer(text):
            yield from _entry(line, match, "password of a command's --user")
    if "-" in text:
        for match in _OPTION.finditer(text):
            if is_secret(match["option"]) and not _ELSEWHERE.search(match["option"]):
                yield from _entry(line, match, f"value of --{match['option']} on a command line", match["option"])
    if variables and "=" in text:
        for match in _VARIABLE.finditer(text):
            if is_secret(match["name"]):
                yield from _entry(line, match, "", match["name"])
    yield from embedded.url_passwords(line)


def _entry(line: TextSpan, match: re.Match[str], what: str, key: str = "password") -> Iterator[CredentialEntry]:
    """The last group is the value; another command's option or variable is none."""
    span = line.part(*match.span(match.lastindex or 0))
    variable = span.value.startswith(("$", "-", "%", "`", "<")) and hashes.kind(span.value) is None
    if span.value not in _PROGRAM_NAMES and not variable:
        yield CredentialEntry(key, span, what)
