"""Accounts of Java servers in files of their own: Jetty's realm, JBoss's and ActiveMQ's users, JMX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, of_user

_USER = re.compile(
    r"^[ \t]*(?P<user>[A-Za-z][\w.@\-]{0,60})[ \t]*[:=][ \t]*(?P<value>[^\s,#$][^\s,]{2,200})[ \t]*"
    r"(?:,[^\r\n]{0,400})?\r?$",
    re.MULTILINE,
)
_ROLE = re.compile(r"^[ \t]*(?P<user>[A-Za-z]\w{0,60})[ \t]+(?P<value>[^\s#=:]\S{2,200})[ \t]*\r?$", re.MULTILINE)
_HASH = re.compile(r"(?:MD5:|CRYPT:|BCRYPT:)?[0-9a-fA-F]{32}|CRYPT:\S{10,100}")


def _entry(match: re.Match[str]) -> CredentialEntry:
    """`OBF:…` is obscured without a key; digests are less bad than what they were made of."""
    span = TextSpan(match["value"], *match.span("value"))
    hashed = _HASH.fullmatch(span.value) is not None
    told = of_user("password hash" if hashed else "password", match["user"])
    obscured = span.value.startswith("OBF:")
    return CredentialEntry(
        "password", span, told, severity=Severity.MEDIUM if hashed else None, proven=hashed or obscured
    )


def _users(_path: str, text: str) -> Iterator[CredentialEntry]:
    return map(_entry, _USER.finditer(text))


def _roles(_path: str, text: str) -> Iterator[CredentialEntry]:
    return map(_entry, _ROLE.finditer(text))


PARSERS = (
    CredentialFile(
        id="java-users",
        title="password of a Java server's user",
        documentation="https://jetty.org/docs/jetty/12/operations-guide/security/jaas-support.html",
        names=(
            *("realm.properties", "jetty-realm.properties", "users.properties", "mgmt-users.properties"),
            *("application-users.properties", "hazelcast-users.properties", "artemis-users.properties"),
        ),
        scan=_users,
    ),
    CredentialFile(
        id="jmx-password",
        certain=True,
        title="password of a JMX role",
        documentation="https://docs.oracle.com/en/java/javase/21/management/monitoring-and-management-using-jmx-technology.html",
        names=("jmxremote.password", "jmx.password", "jmxremote*", "*.jmxpassword"),
        scan=_roles,
    ),
)
