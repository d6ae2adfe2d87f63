"""Secrets of VPNs and dial-up links beside those of OpenVPN and WireGuard: IPsec, PPP's options, chat scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_IPSEC = re.compile(
    r"^(?P<user>[^\r\n:#\"]{0,200}):[ \t]{0,20}(?P<kind>PSK|XAUTH|EAP|NTLM|PIN[ \t]+\S{1,60}"
    r"|(?:RSA|ECDSA|PKCS8|P12|BLISS)[ \t]+\S{1,200})[ \t]{1,20}"
    r"(?:\"(?P<value>[^\"\r\n]{1,300})\"|'(?P<value1>[^'\r\n]{1,300})'|(?P<value2>[^\s\"'%#]\S{0,299}))",
    re.MULTILINE,
)
_CHAT = re.compile(r"ass(?:word|phrase)[:?]{0,2}[\"']?\s{1,20}[\"']?(?:\\q)?(?P<value>[^\s\"'\\$]{3,100})")


def _ipsec(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`LEFT RIGHT : PSK "…"`; `0x…` and `0s…` are the same in hexadecimal and Base64."""
    for match in _IPSEC.finditer(text):
        group = next(name for name in ("value", "value1", "value2") if match[name])
        span = TextSpan(match[group], *match.span(group))
        encoded = re.fullmatch(r"0x[0-9A-Fa-f]{16,300}|0s[A-Za-z0-9+/]{12,300}={0,2}", span.value) is not None
        yield CredentialEntry("password", span, f"{match['kind'].split()[0]} secret of an IPsec peer", proven=encoded)


PARSERS = (
    CredentialFile(
        id="ipsec-secrets",
        certain=True,
        title="secret of an IPsec peer",
        documentation="https://docs.strongswan.org/docs/latest/config/ipsecSecrets.html",
        names=("ipsec.secrets", "ipsec.secrets*", "ipsec.d/*.secrets", "*.ipsec.secrets", "strongswan.secrets"),
        scan=_ipsec,
    ),
    CredentialFile(
        id="ppp-options",
        certain=True,
        title="password of a PPP link",
        documentation="https://man7.org/linux/man-pages/man8/pppd.8.html",
        names=("options.xl2tpd", "options.l2tpd", "options.pptp", "*.xl2tpd", "peers/*", "ppp/options"),
        scan=scans.directives("password"),
    ),
    CredentialFile(
        id="chat-script",
        title="password in a chat script",
        documentation="https://man7.org/linux/man-pages/man8/chat.8.html",
        names=("chat*", "chatscripts/*", "*.chat"),
        scan=scans.matched(_CHAT),
        sniff=lambda text: re.search(r"\b(?:ABORT|TIMEOUT|CONNECT|AT[DZ])", text[:4000]) is not None,
    ),
)
