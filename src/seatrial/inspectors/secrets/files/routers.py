"""Configurations of routers and switches: Cisco IOS and its kin, Juniper, MikroTik."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_SECRET = re.compile(
    r"^[^\r\n!]{0,200}?\b(?P<key>enable (?:secret|password)|username \S{1,60}(?: privilege \d{1,2})?"
    r"(?: role \S{1,30})? (?:secret|password)"
    r"|password|key-string|pre-shared-key(?: address \S{1,40} key)?|isakmp key|tacacs-server key"
    r"|radius-server key|neighbor \S{1,60} password"
    r"|message-digest-key \d{1,3} md5|authentication-key|standby \d{1,3} authentication(?: md5 key-string)?"
    r"|wpa-psk ascii|ppp chap password"
    r"|encrypted-password|ppp pap sent-username \S{1,60} password)"
    r"[ \t]+(?:level \d{1,2}[ \t]+)?(?P<kind>[0-9])?(?:(?<=\d)[ \t]+)?(?:\"(?P<quoted>[^\"\r\n]{1,200})\"|"
    r"(?P<plain>[^\s\";]{2,200}))",
    re.MULTILINE,
)
_SNMP = re.compile(r"^[ \t]*(?:set snmp community|snmp-server community)[ \t]+(?P<value>[^\s\";]{1,64})", re.MULTILINE)
_IOS = re.compile(
    r"^(?:hostname |version \d|enable (?:secret|password)|interface [A-Z]|snmp-server |set system |line (?:con|vty) )",
    re.MULTILINE,
)


def _scan(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Kind 7 is obscured with a constant, 5 and 8/9 are hashes, 0 is plain."""
    for match in _SECRET.finditer(text):
        group = "quoted" if match["quoted"] else "plain"
        kind, span = match["kind"] or "", TextSpan(match[group], *match.span(group))
        hashed = span.value.startswith(("$1$", "$5$", "$6$", "$8$", "$9$", "$14$"))
        proven = hashed or (kind == "7" and re.fullmatch(r"[0-9A-Fa-f]{4,100}", span.value) is not None)
        what = f"{match['key'].split()[0]} {match['key'].split()[-1]} of a router"
        yield CredentialEntry("password", span, what, severity=Severity.MEDIUM if hashed else None, proven=proven)
    for match in _SNMP.finditer(text):
        yield CredentialEntry(
            "community", TextSpan(match["value"], *match.span("value")), "SNMP community", severity=Severity.MEDIUM
        )


PARSERS = (
    CredentialFile(
        id="router-config",
        title="password in a router's configuration",
        documentation="https://www.cisco.com/c/en/us/support/docs/security-vpn/remote-authentication-dial-user-service-radius/107614-64.html",
        names=(
            "*.cfg",
            "*.conf",
            "*.cisco",
            "*.ios",
            "*.txt",
            "startup-config",
            "running-config",
            "*.rsc",
            "config.text",
            "*.config",
        ),
        scan=_scan,
        sniff=lambda text: len(_IOS.findall(text[:200_000])) >= 2,
    ),
    CredentialFile(
        id="routing-daemon",
        title="password of a routing daemon",
        documentation="https://docs.frrouting.org/en/latest/bgp.html",
        names=(
            *(
                "frr.conf",
                "bgpd.conf",
                "zebra.conf",
                "ospfd.conf",
                "ospf6d.conf",
                "ripd.conf",
                "isisd.conf",
                "ldpd.conf",
            ),
            *("vtysh.conf", "quagga.conf", "frr/*.conf", "quagga/*.conf", "frr*", "bgpd*"),
        ),
        scan=_scan,
    ),
)
