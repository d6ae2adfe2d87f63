"""Account files of Unix systems and servers: one account per line, fields by colons or white space."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import hashes
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, of_user
from seatrial.inspectors.secrets.files.key_value import value_at

_ACCOUNT = re.compile(
    r"^(?P<user>[^\s:#\[<{][^:\r\n]{0,99}):(?P<field>[^:\r\n]{2,400})(?P<more>[^\r\n]*)", re.MULTILINE
)
_DIGEST = re.compile(r"^[^:\r\n]{1,100}:[^:\r\n]{0,200}:(?P<field>[0-9a-f]{32})\s*$", re.MULTILINE)
_SASL = re.compile(r"^[^\s#]{1,200}[ \t]+(?P<user>[^\s:#]{1,100}):(?P<field>[^\r\n]{1,200})", re.MULTILINE)
_EXIM = re.compile(r"^[^\s#:]{1,200}:(?P<user>[^\s:#]{1,100}):(?P<field>[^\r\n]{1,200})", re.MULTILINE)
_PPP = re.compile(
    r"^[ \t]*(?P<user>\"[^\"\n]{1,100}\"|[^\s#\"]\S{0,99})[ \t]+(?:\"[^\"\n]{1,100}\"|\S{1,100})[ \t]+"
    r"(?P<rest>\S[^\r\n]*)",
    re.MULTILINE,
)
_PGPASS = re.compile(
    r"^(?!#)(?:(?:[^:\\\r\n]|\\.){0,200}:){3}(?P<user>(?:[^:\\\r\n]|\\.){0,100}):(?P<field>(?:[^:\\\r\n]"
    r"|\\.){1,300})[ \t]*\r?$",
    re.MULTILINE,
)
_LOCKED = re.compile(r"[!*x]{1,2}|\*LK\*|\*NP\*|NP|!\*|\*+")


def _hashed(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`user:hash...`, with any rest; a locked hash (`!$6$...`) still can be cracked."""
    for match in _ACCOUNT.finditer(text):
        span = TextSpan(match["field"], *match.span("field")).stripped().stripped("!")
        if match["field"].startswith("{PLAIN"):
            yield CredentialEntry(
                "password",
                span.part(span.value.find("}") + 1, len(span.value)),
                of_user("password", match["user"]),
                severity=Severity.HIGH,
            )
        elif not _LOCKED.fullmatch(span.value) and (kind := hashes.kind(span.value, bare=True, des=True)):
            yield CredentialEntry("password", span, of_user(f"{kind} password hash", match["user"]), proven=True)


def _htdigest(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _DIGEST.finditer(text):
        yield CredentialEntry("password", TextSpan(match["field"], *match.span("field")), "digest hash", proven=True)


def _accounts(path: str, text: str) -> Iterator[CredentialEntry]:
    """`user:password`, hashed or plain."""
    hashed = {entry.span.start: entry for entry in _hashed(path, text)}
    yield from hashed.values()
    for match in _ACCOUNT.finditer(text):
        span = TextSpan(match["field"], *match.span("field")).stripped()
        prose = match["more"].startswith(":`")  # a role of reStructuredText: `passwords.txt` can be a chapter
        if span.start not in hashed and not prose and not _LOCKED.fullmatch(span.value):
            yield CredentialEntry("password", span, of_user("password", match["user"]), severity=Severity.HIGH)


def _of(pattern: re.Pattern[str], _path: str, text: str) -> Iterator[CredentialEntry]:
    for match in pattern.finditer(text):
        span = TextSpan(match["field"], *match.span("field")).stripped()
        yield CredentialEntry("password", span, of_user("password", match["user"]))


def _ppp(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _PPP.finditer(text):
        rest = match["rest"]
        if rest[0] in "\"'":
            span = value_at(text, match.start("rest"), match.end("rest"))
        else:
            span = TextSpan(rest, *match.span("rest")).part(0, len(rest.split(maxsplit=1)[0]))
        yield CredentialEntry("password", span, of_user("password", match["user"].strip('"')))


PARSERS = (
    CredentialFile(
        id="htpasswd",
        title="password hash in an htpasswd file",
        documentation="https://httpd.apache.org/docs/2.4/programs/htpasswd.html",
        names=(
            ".htpasswd",
            "htpasswd",
            ".htpasswd*",
            "htpasswd*",
            "*.htpasswd",
            "*.passwd",
            ".htusers",
            ".htpass",
            "*.users",
        ),
        scan=_hashed,
        severity=Severity.MEDIUM,
    ),
    CredentialFile(
        id="htdigest",
        title="password hash in an htdigest file",
        documentation="https://httpd.apache.org/docs/2.4/programs/htdigest.html",
        names=(".htdigest", "htdigest", "*.htdigest"),
        scan=_htdigest,
        severity=Severity.MEDIUM,
    ),
    CredentialFile(
        id="shadow",
        title="password hash of a system account",
        documentation="https://man7.org/linux/man-pages/man5/shadow.5.html",
        names=(
            *(
                "shadow",
                "shadow-",
                "shadow*",
                "gshadow",
                "gshadow-",
                "passwd",
                "passwd-",
                "passwd*",
                "opasswd",
                "master.passwd",
                "*.shadow",
            ),
            *(
                "proftpdpasswd",
                "proftpd.passwd",
                "ftpd.passwd",
                "ftpasswd",
                "pureftpd.passwd",
                "vsftpd.passwd",
                "smbpasswd",
            ),
        ),
        scan=_hashed,
        severity=Severity.MEDIUM,
    ),
    CredentialFile(
        id="account-list",
        title="password in a list of accounts",
        documentation="https://doc.dovecot.org/latest/core/config/auth/databases/passwd_file.html",
        names=(
            "dovecot/users",
            "dovecot.users",
            "passwd.dovecot",
            "users.passwd",
            "mosquitto/passwd",
            "pwfile",
            "passwordfile",
            "password_file",
            "squid.passwd",
            "dovecot/passwd",
            "vncpasswd.txt",
            "passwords.txt",
            "credentials.txt",
            "userdb.txt",
            "pool_passwd",
            "pcp.conf",
            "psk.txt",
        ),
        scan=_accounts,
        severity=Severity.MEDIUM,
    ),
    CredentialFile(
        id="sasl-password",
        certain=True,
        title="password for a mail relay",
        documentation="https://www.postfix.org/SASL_README.html#client_sasl_enable",
        names=(
            *("sasl_passwd", "sasl_password", "sasl/passwd", "smtp_passwd", "saslpass", "sasl_passwd_map"),
            *("opensmtpd/secrets", "smtpd/secrets", "mail/secrets", "smtpd.secrets"),
        ),
        scan=lambda path, text: _of(_SASL, path, text),
    ),
    CredentialFile(
        id="exim-passwd-client",
        certain=True,
        title="password for a mail relay",
        documentation="https://wiki.debian.org/Exim",
        names=("passwd.client", "exim4/passwd", "exim/passwd.client"),
        scan=lambda path, text: _of(_EXIM, path, text),
    ),
    CredentialFile(
        id="pgpass",
        certain=True,
        title="password in a PostgreSQL password file",
        documentation="https://www.postgresql.org/docs/current/libpq-pgpass.html",
        names=(".pgpass", "pgpass.conf", "pgpass", "*.pgpass", ".pgpass*"),
        scan=lambda path, text: _of(_PGPASS, path, text),
    ),
    CredentialFile(
        id="ppp-secrets",
        certain=True,
        title="password in a PPP secrets file",
        documentation="https://man7.org/linux/man-pages/man8/pppd.8.html",
        names=("chap-secrets", "pap-secrets", "srp-secrets", "l2tp-secrets", "chap-secrets*", "pap-secrets*"),
        scan=_ppp,
    ),
)
