"""Monit, Nagios, Network UPS Tools and Zabbix: logins, macros and pre-shared keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import Entry, Parser

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
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}){16,256}")


def _lone_key(_path: str, text: str) -> Iterator[Entry]:
    """Sixteen bytes or more in hexadecimal and nothing else, as `openssl rand -hex 32` writes them."""
    span = scans.whole(text[:1000])
    if _HEXADECIMAL.fullmatch(span.value):
        yield Entry("psk", span, "pre-shared key", proven=True)


PARSERS = (
    Parser(
        id="monit-conf",
        certain=True,
        title="password of Monit",
        documentation="https://mmonit.com/monit/documentation/monit.html",
        names=("monitrc", ".monitrc", "monit.rc", "monit.conf", "monit*", "monit/*", "monit.d/*"),
        scan=scans.matched(_ALLOW, _USING),
    ),
    Parser(
        id="nagios-resource",
        title="value of a macro of Nagios",
        documentation="https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/configmain.html",
        names=("resource.cfg", "resource*", "nagios/*.cfg", "icinga/*.cfg", "naemon/*.cfg"),
        scan=scans.matched(_MACRO, what="macro of Nagios"),
    ),
    Parser(
        id="ups-monitor",
        certain=True,
        title="password of a UPS monitor",
        documentation="https://networkupstools.org/docs/man/upsmon.conf.html",
        names=("upsmon.conf", "nut/*.conf", "upsmon*"),
        scan=scans.matched(_UPS),
    ),
    Parser(
        id="pre-shared-key-file",
        title="pre-shared key",
        documentation="https://www.zabbix.com/documentation/current/en/manual/encryption/using_pre_shared_keys",
        names=("*.psk", "psk.key", "psk", "zabbix/*.key"),
        scan=_lone_key,
    ),
)
