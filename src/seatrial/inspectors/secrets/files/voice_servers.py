"""Telephony and TURN: long-term users, shared secrets, registrations at a provider, mailboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import embedded, key_value, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, of_user

_REGISTER = re.compile(
    r"^[ \t]*register[ \t]*=>?[ \t]*(?:\w{1,10}(?:\?\S{1,60})?[ \t]*://)?(?P<user>[^\s:@;]{1,80})(?:@[^\s:;]{1,80})?:"
    r"(?P<value>[^\s:@;]{3,100})(?::[^\s@;]{1,80})?@",
    re.MULTILINE,
)
_MAILBOX = re.compile(r"^[ \t]*(?P<user>\d{2,12})[ \t]*=>?[ \t]*(?P<value>\d{4,12})[ \t]*,", re.MULTILINE)
_DIALPLAN = re.compile(
    r"\b(?:Authenticate|DISA)\([ \t]*[\"']?(?P<value>[^\s,()$/\"'{}]{3,40})"
    r"|\bSet\((?:\w{1,20}[( ])?\w{0,40}(?:PASSWORD|PASSWD|SECRET|PIN)\)?=[\"']?(?P<value1>[^\s,()$\"'{}]{3,100})"
    r"|\bapp\.(?:authenticate|disa)\([ \t]*[\"'](?P<value2>[^\s,()$/\"']{3,40})[\"']",
    re.IGNORECASE,
)
_CONFERENCE = re.compile(r"^[ \t]*conf[ \t]*=>?[ \t]*\w{1,20}[ \t]*,[ \t]*(?P<value>\d{3,12})", re.MULTILINE)
_CONFERENCE_ADMIN = re.compile(
    r"^[ \t]*conf[ \t]*=>?[ \t]*\w{1,20}[ \t]*,[ \t]*\d{0,12}[ \t]*,[ \t]*(?P<value>\d{3,12})", re.MULTILINE
)
_AGENT = re.compile(
    r"^[ \t]*agent[ \t]*=>?[ \t]*(?P<user>\w{1,20})[ \t]*,[ \t]*(?P<value>[^\s,;]{3,40})[ \t]*,", re.MULTILINE
)
_PIN = re.compile(
    r"^[ \t]*(?:pin|adminpin|vmsecret|vmpin|remotesecret|md5secret)[ \t]*=>?[ \t]*(?P<value>[^\s;$]{3,60})",
    re.MULTILINE,
)
_TURN_KEY = re.compile(r"0x[0-9A-Fa-f]{32,64}")


def _turn(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`user=NAME:PASSWORD`, or a key in hexadecimal, which an attacker can use like the password."""
    for pair in key_value.pairs(text):
        key, span = pair.key.lower(), pair.span
        if key == "user" and ":" in span.value:
            user, _, _ = span.value.partition(":")
            value = span.part(len(user) + 1, len(span.value))
            keyed = _TURN_KEY.fullmatch(value.value) is not None
            yield CredentialEntry("password", value, of_user("password", user), proven=keyed)
        elif key in ("static-auth-secret", "cli-password", "oauth-key", "pkey-pwd", "mongo-password"):
            hashed = span.value.startswith("$5$")
            yield CredentialEntry(key, span, severity=Severity.MEDIUM if hashed else None, proven=hashed)
        else:
            yield from embedded.within(span)


PARSERS = (
    CredentialFile(
        id="turn-server",
        certain=True,
        title="password of a TURN server",
        documentation="https://github.com/coturn/coturn/blob/master/docs/Configuration.md",
        names=("turnserver.conf", "turnserver*", "coturn.conf", "coturn*", "coturn/*.conf", "turnserver/*.conf"),
        scan=_turn,
    ),
    CredentialFile(
        id="asterisk-registration",
        certain=True,
        title="password of a SIP provider or a mailbox",
        documentation="https://docs.asterisk.org/Configuration/Channel-Drivers/SIP/",
        names=(
            *("sip.conf", "iax.conf", "pjsip.conf", "voicemail.conf", "sip*", "iax*", "pjsip*", "voicemail*"),
            *("asterisk/*.conf", "extensions.conf", "meetme.conf", "confbridge.conf", "agents.conf", "users.conf"),
        ),
        scan=scans.matched(_REGISTER, _MAILBOX, _CONFERENCE, _CONFERENCE_ADMIN, _AGENT, _PIN),
    ),
    CredentialFile(
        id="asterisk-dialplan",
        certain=True,
        title="password in a dialplan",
        documentation="https://docs.asterisk.org/Latest_API/API_Documentation/Dialplan_Applications/Authenticate/",
        names=("extensions.conf", "extensions*", "*.ael", "extensions*.lua", "extensions.lua", "asterisk/*.conf"),
        scan=scans.matched(_DIALPLAN),
    ),
)
