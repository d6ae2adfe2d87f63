"""Accounts and password hashes that daemons keep among the directives of their own configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import hashes, json_objects, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, of_user

_TOR = re.compile(
    r"^[ \t]*HashedControlPassword[ \t]+\"?(?P<value>16:[0-9A-Fa-f]{58})\"?[ \t]*(?:#|\r?$)", re.MULTILINE
)
_TOR_CLIENT = re.compile(r"^[ \t]*[a-z2-7]{56}:descriptor:x25519:(?P<value>[A-Z2-7]{52})[ \t]*\r?$", re.MULTILINE)
_GRUB = re.compile(
    r"^[ \t]*(?:password_pbkdf2[ \t]+(?P<user>\S{1,60})[ \t]+|GRUB2_PASSWORD=)(?P<value>grub\.pbkdf2\.sha512\.\d{1,9}"
    r"\.[0-9A-Fa-f]{32,512}\.[0-9A-Fa-f]{32,256})",
    re.MULTILINE,
)
_GRUB_PLAIN = re.compile(
    r"^[ \t]*password[ \t]+(?P<user>[^\s-]\S{0,60})[ \t]+(?P<value>\S{3,100})[ \t]*\r?$", re.MULTILINE
)
_HAPROXY = re.compile(
    r"^[ \t]*user[ \t]+(?P<user>\S{1,60})[ \t]+(?P<kind>insecure-password|password)[ \t]+(?P<value>\S{3,300})",
    re.MULTILINE,
)
_PGBOUNCER = re.compile(r"^[ \t]*\"(?P<user>[^\"\n]{1,100})\"[ \t]+\"(?P<value>[^\"\n]{3,300})\"", re.MULTILINE)
_COUCHDB = re.compile(r"^\[admins\][ \t]*\r?\n(?P<body>(?:(?!\[)[^\n]{0,400}(?:\n|\Z)){1,200})", re.MULTILINE)
_COUCHDB_ADMIN = re.compile(r"^(?P<user>[^\s;#=]{1,60})[ \t]*=[ \t]*(?P<value>\S{3,300})[ \t]*\r?$", re.MULTILINE)
_COUCHDB_HASH = re.compile(r"-(?:hashed|pbkdf2)-[0-9A-Fa-f]{16,128}[\w,:]{0,200}")
_RABBITMQ_HASH = {36, 52, 68}
"""Bytes of a salt of four and a digest of SHA-256, SHA-384 or SHA-512: https://www.rabbitmq.com/docs/passwords."""
_HASH = Severity.MEDIUM


def _value(match: re.Match[str]) -> TextSpan:
    return TextSpan(match["value"], *match.span("value"))


def _tor(_path: str, text: str) -> Iterator[CredentialEntry]:
    """A specifier of RFC 2440 (S2K): eight bytes of salt, one of the count, twenty of the digest."""
    for match in _TOR.finditer(text):
        yield CredentialEntry(
            "password", _value(match), "password hash of Tor's control port", severity=_HASH, proven=True
        )


def _tor_client(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _TOR_CLIENT.finditer(text):
        yield CredentialEntry("key", _value(match), "private key of an onion service's client", proven=True)


def _grub(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _GRUB.finditer(text):
        user = match["user"] or "root"
        yield CredentialEntry("password", _value(match), of_user("password hash", user), severity=_HASH, proven=True)
    for match in _GRUB_PLAIN.finditer(text):
        yield CredentialEntry("password", _value(match), of_user("password", match["user"]))


def _haproxy(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _HAPROXY.finditer(text):
        hashed = match["kind"] == "password"
        kind = hashes.kind(match["value"], des=True) if hashed else None
        if kind or not hashed:
            what = of_user(f"{kind} password hash" if kind else "password", match["user"])
            yield CredentialEntry("password", _value(match), what, severity=_HASH if kind else None, proven=bool(kind))


def _pgbouncer(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _PGBOUNCER.finditer(text):
        kind = hashes.kind(match["value"])
        what = of_user(f"{kind} password hash" if kind else "password", match["user"])
        yield CredentialEntry("password", _value(match), what, severity=_HASH if kind else None, proven=bool(kind))


def _couchdb(_path: str, text: str) -> Iterator[CredentialEntry]:
    for section in _COUCHDB.finditer(text):
        body = TextSpan(section["body"], *section.span("body"))
        for match in _COUCHDB_ADMIN.finditer(body.value):
            hashed = _COUCHDB_HASH.fullmatch(match["value"]) is not None
            what = of_user("password hash" if hashed else "password", match["user"])
            span = body.part(*match.span("value"))
            yield CredentialEntry("password", span, what, severity=_HASH if hashed else None, proven=hashed)


def _rabbitmq(_path: str, text: str) -> Iterator[CredentialEntry]:
    for found in json_objects.objects(text):
        span = found.members.get("password_hash")
        if (
            span
            and scans.is_base64(span.value, 36)
            and len(span.value) * 3 // 4 - span.value.count("=") in _RABBITMQ_HASH
        ):
            user = found.text("name")
            yield CredentialEntry("password_hash", span, of_user("password hash", user), severity=_HASH, proven=True)


PARSERS = (
    CredentialFile(
        id="tor",
        title="password hash in Tor's configuration",
        documentation="https://2019.www.torproject.org/docs/tor-manual.html.en#HashedControlPassword",
        names=("torrc", "torrc*", "*.torrc", "tor/*.conf"),
        scan=_tor,
        severity=Severity.MEDIUM,
    ),
    CredentialFile(
        id="tor-client-key",
        title="private key of an onion service's client",
        documentation="https://community.torproject.org/onion-services/advanced/client-auth/",
        names=("*.auth_private",),
        scan=_tor_client,
    ),
    CredentialFile(
        id="grub",
        title="password of a boot loader",
        documentation="https://www.gnu.org/software/grub/manual/grub/grub.html#Security",
        names=("grub.cfg", "grub*", "grub.d/*", "40_custom", "41_custom", "01_users", "user.cfg"),
        scan=_grub,
        sniff=lambda text: "superusers" in text or "grub.pbkdf2" in text,
    ),
    CredentialFile(
        id="haproxy-users",
        title="password in a list of users of HAProxy",
        documentation="https://docs.haproxy.org/3.0/configuration.html#3.4",
        names=("haproxy.cfg", "haproxy*", "haproxy/*.cfg"),
        scan=_haproxy,
        sniff=lambda text: "userlist" in text,
    ),
    CredentialFile(
        id="pgbouncer-users",
        certain=True,
        title="password of a user of PgBouncer",
        documentation="https://www.pgbouncer.org/config.html#authentication-file-format",
        names=("userlist.txt", "pgbouncer/*.txt", "userlist*"),
        scan=_pgbouncer,
    ),
    CredentialFile(
        id="couchdb-admins",
        title="password of an administrator of CouchDB",
        documentation="https://docs.couchdb.org/en/stable/config/auth.html#server-administrators",
        names=("local.ini", "couchdb/*.ini", "local.d/*.ini", "couchdb*"),
        scan=_couchdb,
    ),
    CredentialFile(
        id="rabbitmq-definitions",
        title="password hash in RabbitMQ's definitions",
        documentation="https://www.rabbitmq.com/docs/passwords",
        names=("definitions.json", "rabbit*", "rabbitmq/*.json", "*.definitions.json"),
        scan=_rabbitmq,
        severity=Severity.MEDIUM,
    ),
)
