"""How mail servers log in at the next one, beside Postfix's and Exim's files of accounts."""

from __future__ import annotations

import re

from seatrial.inspectors.secrets.files import scans
from seatrial.inspectors.secrets.files.base import CredentialFile

_AUTH_INFO = re.compile(
    r"^AuthInfo:[^\r\n]{0,200}?\"[UI]:(?P<user>[^\"\r\n]{1,100})\"[^\r\n]{0,200}?\"P[:=](?P<value>[^\"\r\n]{3,200})\"",
    re.MULTILINE,
)
_CLIENT_SEND = re.compile(
    r"^[ \t]*client_send[ \t]*=[ \t]*\"?(?:<;[ \t]*)?"
    r"(?:[:;]?[ \t]*(?P<user>[^\s:;^\"$]{1,100})[ \t]*[:;][ \t]*|\^[^\s^$\"]{1,100}\^)"
    r"(?P<value>[^\s:;\"$]{3,200})",
    re.MULTILINE,
)
_CLIENT_SECRET = re.compile(r"^[ \t]*client_secret[ \t]*=[ \t]*(?P<value>[^\s$\"]{3,200})", re.MULTILINE)

PARSERS = (
    CredentialFile(
        id="sendmail-authinfo",
        certain=True,
        title="password for a mail relay",
        documentation="https://man.freebsd.org/cgi/man.cgi?query=sendmail",
        names=("authinfo", "auth-info", "client-info", "default-auth-info", "mail/access", "auth/*"),
        scan=scans.matched(_AUTH_INFO),
    ),
    CredentialFile(
        id="exim-conf",
        certain=True,
        title="password for a mail relay",
        documentation="https://www.exim.org/exim-html-current/doc/html/spec_html/ch-the_plaintext_authenticator.html",
        names=("exim.conf", "exim4.conf", "exim*", "exim4*", "exim4/*", "exim/*"),
        scan=scans.matched(_CLIENT_SEND, _CLIENT_SECRET),
    ),
)
