"""
Cookie jars: files in which a browser, a downloader or a browser test keeps the sessions of a person.

The Netscape format has seven fields with tabs between: domain, whether subdomains have it too, path, whether it needs
TLS, the end as a time, name and value. Exports and Playwright's `storageState` are JSON objects with the same fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import json_objects, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan, shown
from seatrial.inspectors.secrets.files.names import is_secret
from seatrial.inspectors.secrets.values import ValueKind, judge

_HEADER = re.compile(r"\A\ufeff?#[ \t]*(?:Netscape )?HTTP Cookie File", re.IGNORECASE)
_LINE = re.compile(
    r"^(?:#HttpOnly_)?(?P<domain>[\w.*:-]{1,253})\t(?:TRUE|FALSE)\t(?P<path>/[^\t\n]{0,500})\t(?:TRUE|FALSE)\t-?\d{1,19}"
    r"(?:\.\d+)?\t(?P<name>[^\t\n]{1,200})\t(?P<value>[^\t\r\n]{1,4000})",
    re.MULTILINE,
)
_OBJECT = ("domain", "path", "httpOnly", "secure", "sameSite", "hostOnly", "expires", "expirationDate", "session")
"""Members of a cookie as browsers export it, besides name and value."""
_LEAST_MEMBERS = 3
_SESSION = re.compile(
    r"sess|sid(?:$|[_.-])|psid|auth|token|login|jwt|sso|remember|identity|credential|access|refresh|csrf|xsrf|account"
    r"|li_at|c_user|\bxs$|user_?id|secure",
    re.IGNORECASE,
)
_NO_SESSION = re.compile(
    r"_ga|_gid|_gat|_gcl|_fbp|_fbc|__utm|_hj|ajs_|amp_|AMP_|mp_|optimizely|_pk_|consent|cookie|lang|locale|theme|tz|"
    r"timezone|currency|visitor|IDE$|NID$|1P_JAR|_uet|_clck|_clsk|intercom-id|ab_?test|experiment",
    re.IGNORECASE,
)
"""Beginnings of the names of cookies that count visitors or keep preferences."""
_LEAST = 12
"""Characters of a session's value."""


def _entry(name: str, domain: str, value: TextSpan) -> CredentialEntry | None:
    """A cookie that opens a session, or None."""
    if len(value.value) < _LEAST or _NO_SESSION.match(name):
        return None
    drawn = judge(value.value, key="session_token") is ValueKind.SECRET
    if not (drawn or (value.value.startswith("eyJ") and value.value.count(".") == 2)):
        return None
    if not (_SESSION.search(name) or is_secret(name) or len(value.value) >= 2 * _LEAST):
        return None
    return CredentialEntry(
        name, value, f'session of "{shown(domain.lstrip("."))}"', judged_as="session_token", proven=True
    )


def _netscape(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _LINE.finditer(text):
        if found := _entry(match["name"], match["domain"], TextSpan(match["value"], *match.span("value"))):
            yield found


def _exported(_path: str, text: str) -> Iterator[CredentialEntry]:
    for found in json_objects.objects(text):
        members = found.members
        if {"name", "value"} <= members.keys() and sum(name in members for name in _OBJECT) >= _LEAST_MEMBERS:
            domain = found.text("domain") or found.text("url")
            if entry := _entry(found.text("name"), domain, members["value"]):
                yield entry


def _is_netscape(text: str) -> bool:
    return _HEADER.match(text) is not None or _LINE.search(text[:20_000]) is not None


def _is_export(text: str) -> bool:
    return '"value"' in text and ('"domain"' in text or '"url"' in text) and '"path"' in text


_NETSCAPE = "https://curl.se/docs/http-cookies.html"
PARSERS = (
    CredentialFile(
        id="cookie-jar",
        title="session in a cookie jar",
        documentation=_NETSCAPE,
        names=("*.txt", "*.cookies", "*.cookie", "*.jar", "cookies", "cookie", "cookiejar", "cookie*", "cookies*"),
        scan=scans.all_of(_netscape),
        sniff=_is_netscape,
        whole=True,
    ),
    CredentialFile(
        id="exported-cookies",
        title="session in exported cookies",
        documentation="https://playwright.dev/docs/auth",
        names=("*.json",),
        scan=scans.all_of(_exported),
        sniff=_is_export,
        whole=True,
    ),
)
