"""Passwords inside other values: in the user part of a URL, in a connection string, in `user:password` as base64."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from seatrial.inspectors.secrets.files.base import MAX_VALUE, CredentialEntry, TextSpan, of_user

_URL = re.compile(
    r"\b([A-Za-z][A-Za-z0-9+.\-]{1,30})://([^\s:@/'\"<>?#,]{0,120}):([^\s@/'\"<>`]{1,300})@(?=[\w\[.$%{<*-])"
)
_CONNECTION = re.compile(
    r"(?:^|[;\"'?&\s])(password|pwd|accountkey|sharedaccesskey|sharedsecret(?:value)?|accesskey|account ?key"
    r"|secret|token)"
    r"\s{0,5}=\s{0,5}(?:\"([^\"\n;]{1,300})\"|'([^'\n;]{1,300})'|(?:&quot;)?([^\s;&\"'<>]{1,300}))",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"(?:data source|server|host|hostname|address|initial catalog|database|dbname|user id|userid|uid|user"
    r"|username|endpoint|accountname"
    r"|provider|driver)\s{0,5}=",
    re.IGNORECASE,
)
_NO_PASSWORDS = frozenset({"x-oauth-basic", "x-access-token", "x-token-auth", "api_token"})
"""Where the token is given as the user, as GitHub and others want it."""
_BASE64 = re.compile(r"[A-Za-z0-9+/\-_\s]{4,}={0,3}")


def url_passwords(span: TextSpan) -> Iterator[CredentialEntry]:
    """`scheme://user:password@host`, anywhere in the span."""
    if "://" not in span.value:
        return
    for match in _URL.finditer(span.value):
        token = match[3] in _NO_PASSWORDS
        part = span.part(*match.span(2 if token else 3))
        if token:
            yield CredentialEntry("token", part, f"token in a {match[1].lower()} URL")
            continue
        what = f"{of_user('password', unquote(match[2]))} in a {match[1].lower()} URL"
        yield CredentialEntry("password", part, what, judged=unquote(match[3]), judged_as="password")


def connection_string(span: TextSpan) -> Iterator[CredentialEntry]:
    """`Server=db;User Id=sa;Password=...`: the password, if the rest looks like a connection string."""
    if len(span.value) > MAX_VALUE or "=" not in span.value or not _CONTEXT.search(span.value):
        return
    for match in _CONNECTION.finditer(span.value):
        part = span.part(*match.span(match.lastindex or 4))
        if part.value:
            yield CredentialEntry("password", part, "password in a connection string")


def within(span: TextSpan) -> Iterator[CredentialEntry]:
    """Both of the above, for a value that is not a secret itself."""
    yield from url_passwords(span)
    yield from connection_string(span)


def decoded(value: str) -> str | None:
    """The text that base64 encodes, or `None` if it is not base64, is too long, or encodes binary data."""
    if len(value) > MAX_VALUE or not _BASE64.fullmatch(value):
        return None
    packed = "".join(value.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def basic_auth(key: str, span: TextSpan) -> Iterator[CredentialEntry]:
    """Base64 of `user:password`; the password is judged, the encoded text is the span."""
    user, colon, password = (decoded(span.value) or "").partition(":")
    if colon and password:
        yield CredentialEntry(key, span, of_user("password", user), judged=password, judged_as="password")
