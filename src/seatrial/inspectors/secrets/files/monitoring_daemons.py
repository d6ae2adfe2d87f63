"""SNMP, Monit, Nagios, Network UPS Tools and Zabbix: logins, macros and pre-shared keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_ALLOW = re.compile(
    r"^[ \t]*allow[ \t]+\"?(?P<user>[A-Za-z][\w.\-]{0,60}):\"?(?P<value>[^\s:\"]{3,100})\"?(?=[ \t]|\r?$)", re.MULTILINE
)
_USING = re.compile(
    r"\busername[ \t]+\"?(?P<user>[^\s\"]{1,80})\"?[ \t]+password[ \t]+"
    r"(?:\"(?P<value>[^\"\r\n]{3,100})\"|(?P<value1>[^\s\"]{3,100}))"
)
_MACRO = re.compile(r"^[ \t]*\$USER\d{1,3}\$[ \t]*=[ \t]*(?P<value>[^\s/][^\r\n]{2,200})", re.MULTILINE)
_UPS = re.compile(
    r"^[ \t]*MONITOR[ \t]+\S{1,100}[ \t]+\d{1,3}[ \t]+(?P<user>\S{1,60})[ \t]+\"?(?P<value>[^\s\"]{3,100})\"?[ \t]+"
    r"(?:master|slave|primary|secondary)",
    re.MULTILINE,
)
_SNMP = re.compile(
    r"^[ \t]*(?P<key>rocommunity6?|rwcommunity6?|trapcommunity|com2sec6?[ \t]+"
    r"(?:-Cn[ \t]+\S{1,50}[ \t]+)?\S{1,50}[ \t]+\S{1,60}|createUser[ \t]+"
    r"(?:-e[ \t]+\S{1,60}[ \t]+)?\S{1,60}[ \t]+(?:MD5|SHA(?:-\d+)?))[ \t]+(?:\"(?P<quoted>[^\"\r\n]{1,100})\"|"
    r"(?P<plain>[^\s\"]{1,100}))",
    re.MULTILINE,
)
_SNMP_PRIVACY = re.compile(
    r"^[ \t]*createUser[ \t]+(?:-e[ \t]+\S{1,60}[ \t]+)?\S{1,60}[ \t]+(?:MD5|SHA(?:-\d+)?)[ \t]+"
    r"(?:\"[^\"\r\n]{1,100}\"|\S{1,100})[ \t]+(?P<key>AES\w{0,4}|DES)[ \t]+(?:\"(?P<quoted>[^\"\r\n]{1,100})\"|"
    r"(?P<plain>[^\s\"]{1,100}))",
    re.MULTILINE,
)
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}){16,256}")


def _lone_key(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Sixteen bytes or more in hexadecimal and nothing else, as `openssl rand -hex 32` writes them."""
    span = scans.whole(text[:1000])
    if _HEXADECIMAL.fullmatch(span.value):
        yield CredentialEntry("psk", span, "pre-shared key", proven=True)


def _keyed(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, TextSpan]]:
    """The first word of the directive, and the value in quotes or without."""
    for match in pattern.finditer(text):
        group = "quoted" if match["quoted"] is not None else "plain"
        yield match["key"].split()[0], TextSpan(match[group], *match.span(group))


def _snmp(_path: str, text: str) -> Iterator[CredentialEntry]:
    for key, span in _keyed(_SNMP, text):
        yield CredentialEntry(
            "community" if "commun" in key or "com2sec" in key else "password",
            span,
            f"SNMP {key}",
            severity=Severity.MEDIUM,
        )
    for key, span in _keyed(_SNMP_PRIVACY, text):
        yield CredentialEntry("password", span, f"SNMP {key} passphrase", severity=Severity.MEDIUM)


PARSERS = (
    CredentialFile(
        id="snmp-conf",
        title="SNMP community",
        documentation="http://www.net-snmp.org/docs/man/snmpd.conf.html",
        names=("snmpd.conf", "snmp.conf", "snmptrapd.conf", "snmpd*"),
        scan=_snmp,
        severity=Severity.MEDIUM,
    ),
    CredentialFile(
        id="monit-conf",
        certain=True,
        title="password of Monit",
        documentation="https://mmonit.com/monit/documentation/monit.html",
        names=("monitrc", ".monitrc", "monit.rc", "monit.conf", "monit*", "monit/*", "monit.d/*"),
        scan=scans.matched(_ALLOW, _USING),
    ),
    CredentialFile(
        id="nagios-resource",
        title="value of a macro of Nagios",
        documentation="https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/configmain.html",
        names=("resource.cfg", "resource*", "nagios/*.cfg", "icinga/*.cfg", "naemon/*.cfg"),
        scan=scans.matched(_MACRO, what="macro of Nagios"),
    ),
    CredentialFile(
        id="ups-monitor",
        certain=True,
        title="password of a UPS monitor",
        documentation="https://networkupstools.org/docs/man/upsmon.conf.html",
        names=("upsmon.conf", "nut/*.conf", "upsmon*"),
        scan=scans.matched(_UPS),
    ),
    CredentialFile(
        id="pre-shared-key-file",
        title="pre-shared key",
        documentation="https://www.zabbix.com/documentation/current/en/manual/encryption/using_pre_shared_keys",
        names=("*.psk", "psk.key", "psk", "zabbix/*.key"),
        scan=_lone_key,
    ),
)
