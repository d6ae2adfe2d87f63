"""IRC servers and bots: links and operators of InspIRCd, UnrealIRCd's cloak keys, servers of ZNC and Eggdrop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_ATTRIBUTE = re.compile(
    r"\b(?:send|recv|die|restart|link|accept|connect)?pass(?:word)?[ \t]{0,4}=[ \t]{0,4}\"(?P<value>[^\"\r\n]{3,300})\""
)
_BLOCK_VALUE = re.compile(
    r"\b(?:(?:accept|send|connect|die|restart)?[_-]?pass(?:word)?)[ \t]{1,10}\"(?P<value>[^\"\r\n]{3,300})\""
    r"[^;\r\n]{0,40}[;{]"
)
_CLOAK = re.compile(r"cloak-keys\s{0,20}\{(?P<body>[^}]{1,2000})\}")
_CLOAK_KEY = re.compile(r"\"([A-Za-z0-9]{30,200})\"")
_ZNC_SERVER = re.compile(
    r"^[ \t]*Server[ \t]*=[ \t]*(?P<user>[\w.\-:\[\]]{3,120})[ \t]+\+?\d{2,5}[ \t]+(?P<value>\S{3,200})", re.MULTILINE
)
_BOT_SERVERS = re.compile(
    r"^[ \t]*(?:set[ \t]+servers[ \t]*\{|server[ \t]+add[ \t]+\S{1,100}[ \t]+\+?\d{2,5}[ \t]+)"
    r"(?P<body>[^}\r\n]{0,400})",
    re.MULTILINE,
)
_BOT_SERVER = re.compile(r"[\w.\-]{3,100}:\+?\d{2,5}:(?P<value>[^\s:}\"]{3,100})")


def _cloak_keys(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Keys that hide the users' addresses: with them the addresses can be found by trying all."""
    for block in _CLOAK.finditer(text):
        for key in _CLOAK_KEY.finditer(block["body"]):
            start = block.start("body") + key.start(1)
            yield CredentialEntry(
                "key", TextSpan(key[1], start, start + len(key[1])), "cloak key", severity=Severity.MEDIUM
            )


def _bots(_path: str, text: str) -> Iterator[CredentialEntry]:
    for block in _BOT_SERVERS.finditer(text):
        for server in _BOT_SERVER.finditer(block["body"]):
            yield from scans.of_match(server, "password of an IRC server", at=block.start("body"))


PARSERS = (
    CredentialFile(
        id="irc-server",
        certain=True,
        title="password of an IRC server",
        documentation="https://docs.inspircd.org/4/configuration/",
        names=(
            *("inspircd.conf", "inspircd*", "inspircd/*.conf", "unrealircd.conf", "unrealircd*", "unrealircd/*.conf"),
            *("ircd.conf", "ircd*", "ircd/*.conf", "ircservices.conf", "anope/*.conf", "atheme.conf"),
        ),
        scan=scans.all_of(scans.matched(_ATTRIBUTE, _BLOCK_VALUE), _cloak_keys),
    ),
    CredentialFile(
        id="irc-server-login",
        certain=True,
        title="password for an IRC server",
        documentation="https://wiki.znc.in/Configuration",
        names=("znc.conf", "znc*", "eggdrop.conf", "eggdrop*", "eggdrop/*.conf"),
        scan=scans.all_of(scans.matched(_ZNC_SERVER), _bots),
    ),
)
