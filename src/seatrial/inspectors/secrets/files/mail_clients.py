"""Mail and chat programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, Scan, TextSpan

_MUTT = re.compile(
    r"^[ \t]*set[ \t]+(?P<key>\w*_?(?:pass|authenticators_pass))[ \t]*=[ \t]*(?:\""
    r"(?P<double>[^\"\r\n]{1,200})\"|'(?P<single>[^'\r\n]{1,200})'|(?P<plain>[^\s\"'`]{1,200}))",
    re.MULTILINE,
)
_FETCHMAIL = re.compile(
    r"\b(?P<key>pass(?:word)?)[ \t]+(?:is[ \t]+)?(?:\"(?P<double>[^\"\r\n]{1,200})\"|'"
    r"(?P<single>[^'\r\n]{1,200})'|(?P<plain>[^\s\"';]{1,200}))"
)
_PLAIN = re.compile(
    r"^[ \t]*(?P<key>pass(?:word|wd|phrase)?|passwordeval|AuthPass|remotepass|localpass"
    r"|ssl_client_cert_password)[ \t]*[=: \t][ \t]*(?:\"(?P<double>[^\"\r\n]{1,200})\"|'"
    r"(?P<single>[^'\r\n]{1,200})'|(?P<plain>[^\s\"'#]{1,200}))",
    re.MULTILINE | re.IGNORECASE,
)
_IRSSI = re.compile(
    r"\b(?P<key>password|autosendcmd|sasl_password|proxy_password)[ \t]*=[ \t]*\"(?P<double>[^\"\r\n]{1,300})\""
)
_IDENTIFY = re.compile(
    r"(?i:\bidentify|nickserv\s+(?:identify|login|ghost\s+\S{1,40}))[ \t]+(?:(?P<first>[^\s\";]{1,60})[ \t]+)?"
    r"(?P<plain>[^\s\";]{3,100})"
)
_HEXCHAT = re.compile(r"^P=(?P<plain>[^\r\n]{1,200})", re.MULTILINE)
_WEECHAT = re.compile(
    r"^[ \t]*(?P<key>[\w.\-]{0,100}(?:password|passphrase|sasl_password))[ \t]*=[ \t]*\"(?P<double>[^\"\r\n]{1,300})\"",
    re.MULTILINE,
)
_MIRC = re.compile(
    r"^n\d+=[^\r\n]{0,200}?/msg\s+nickserv\s+identify\s+(?P<plain>\S{1,100})", re.MULTILINE | re.IGNORECASE
)


def _matches(*patterns: re.Pattern[str]) -> Scan:
    """The value is in the group `double`, `single` or `plain`, its key in `key`."""

    def scan(_path: str, text: str) -> Iterator[CredentialEntry]:
        for pattern in patterns:
            for match in pattern.finditer(text):
                group = next(name for name in ("double", "single", "plain") if match.groupdict().get(name) is not None)
                key = match.groupdict().get("key") or "password"
                if key.lower() != "passwordeval":
                    yield CredentialEntry(key, TextSpan(match[group], *match.span(group)))

    return scan


def _urls(_path: str, text: str) -> Iterator[CredentialEntry]:
    yield from embedded.url_passwords(TextSpan(text, 0, len(text)))


PARSERS = (
    CredentialFile(
        id="mutt",
        certain=True,
        title="password in a mutt configuration",
        documentation="https://neomutt.org/guide/reference",
        names=(".muttrc", "muttrc", ".mutt/*", "neomuttrc", ".neomuttrc", "mutt/*", "*.muttrc"),
        scan=scans.all_of(_matches(_MUTT), _urls),
    ),
    CredentialFile(
        id="mail-transport",
        certain=True,
        title="password for a mail server",
        documentation="https://marlam.de/msmtp/msmtp.html",
        names=(
            ".msmtprc",
            "msmtprc",
            "msmtp/config",
            ".esmtprc",
            "esmtprc",
            ".mpoprc",
            "ssmtp.conf",
            "*.msmtprc",
            ".nullmailer",
            "ssmtp/revaliases",
            ".mailrc",
            "mail.rc",
            ".s-nailrc",
            "nail.rc",
        ),
        scan=scans.all_of(_matches(_PLAIN), _urls),
    ),
    CredentialFile(
        id="fetchmail",
        certain=True,
        title="password for a mailbox",
        documentation="https://www.fetchmail.info/fetchmail-man.html",
        names=(".fetchmailrc", "fetchmailrc", "*.fetchmailrc"),
        scan=_matches(_FETCHMAIL),
    ),
    CredentialFile(
        id="mail-synchronisation",
        certain=True,
        title="password for a mailbox",
        documentation="https://www.offlineimap.org/doc/conf_examples.html",
        names=(
            ".offlineimaprc",
            "offlineimaprc",
            "offlineimap.conf",
            ".mbsyncrc",
            "mbsyncrc",
            "getmailrc",
            ".getmail/*",
            ".imapfilter/config.lua",
            "offlineimap/config",
            ".isyncrc",
            "isyncrc",
            ".getmailrc",
        ),
        scan=_matches(_PLAIN),
    ),
    CredentialFile(
        id="irc-client",
        title="password in an IRC client's configuration",
        documentation="https://irssi.org/documentation/",
        names=(
            ".irssi/config",
            "irssi/config",
            "irssi.conf",
            "irc.conf",
            "weechat/*.conf",
            ".weechat/*.conf",
            "weechat.conf",
            "sec.conf",
            "plugins.conf",
            "servlist.conf",
            "servlist_.conf",
            "hexchat.conf",
            "xchat.conf",
            "perform.ini",
            "mirc.ini",
            ".ircrc",
            ".epicrc",
            "relay.conf",
            "hexchat/*.conf",
            ".xchat2/*.conf",
        ),
        scan=scans.all_of(_matches(_IRSSI, _WEECHAT, _HEXCHAT, _MIRC, _IDENTIFY)),
    ),
    CredentialFile(
        id="pidgin-accounts",
        certain=True,
        title="password of a chat account",
        documentation="https://pidgin.im/help/",
        names=("accounts.xml", ".purple/accounts.xml", "purple/accounts.xml"),
        scan=scans.xml_values("password"),
    ),
)
