"""Signed tokens, authorization headers, password hashes: structures that belong to no provider."""

from __future__ import annotations

from seatrial.domain import Confidence, Severity
from seatrial.inspectors.secrets.formats.build import token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.placeholders import is_header_only
from seatrial.inspectors.secrets.structure import (
    is_basic_credential,
    is_broken_jwt,
    is_jwt,
    is_mixed,
)

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW


def _is_bearer(value: str) -> bool:
    """Whether it is random, and more than the header of a JSON Web Token."""
    return is_mixed(value) and not is_header_only(value)


_TOKEN_BODY = r"[0-9A-Za-z._~+/-]{20,1000}={0,2}"  # noqa: S105 - a pattern

FORMATS: tuple[Format, ...] = (
    token(
        "jwt",
        "JSON Web Token",
        "https://www.rfc-editor.org/rfc/rfc7519",
        HIGH,
        "{jwt}",
        keywords=("eyj",),
        counter_example="eyJ{base62:30}.eyJ{base62:40}.{base62:12}",
        min_entropy=4.0,
        verify=is_jwt,
        left="[0-9A-Za-z_.-]",
        right="[0-9A-Za-z_-]",
    ),
    token(
        "jwt-altered",
        "text in the shape of a JSON Web Token that does not decode",
        "https://www.rfc-editor.org/rfc/rfc7519",
        LOW,
        "eyJ{base62:32}.eyJ{base62:60}.{base62:43}",
        keywords=("eyj",),
        pattern=r"(?P<secret>eyJ[0-9A-Za-z_-]{15,500}\.[0-9A-Za-z_-]{20,2000}\.[0-9A-Za-z_-]{30,700})",
        counter_example="{jwt}",
        verify=is_broken_jwt,
        confidence=Confidence.LOW,
        left="[0-9A-Za-z_.-]",
        right="[0-9A-Za-z_-]",
    ),
    token(
        "basic-authorization",
        "HTTP Basic credential",
        "https://www.rfc-editor.org/rfc/rfc7617",
        HIGH,
        "Authorization: Basic <<{basic}>>",
        pattern=r"(?i:authorization|auth|headers?)[\"'\])]{0,3}[^\n0-9A-Za-z]{1,6}(?:(?i:value|string)[^\n0-9A-Za-z]{1,6})?(?i:basic)\s{1,2}(?P<secret>[0-9A-Za-z+/]{8,300}={0,2})",
        keywords=("basic ",),
        counter_example="Authorization: Basic {letter:12}",
        min_entropy=2.5,
        verify=is_basic_credential,
        left="",
        right="[0-9A-Za-z+/=]",
    ),
    token(
        "bearer-authorization",
        "HTTP Bearer token",
        "https://www.rfc-editor.org/rfc/rfc6750",
        HIGH,
        "Authorization: Bearer <<{base62:40}>>",
        pattern=rf"(?i:authorization|auth|headers?|token)[\"'\])]{{0,3}}[^\n0-9A-Za-z]{{1,6}}(?:(?i:value|string)[^\n0-9A-Za-z]{{1,6}})?(?i:bearer|token)\s{{1,2}}(?P<secret>{_TOKEN_BODY})",
        keywords=("bearer ", "token "),
        counter_example="Authorization: Bearer {base62:15}",
        min_entropy=3.5,
        verify=_is_bearer,
        left="",
        right="[0-9A-Za-z._~+/=-]",
    ),
    token(
        "htpasswd-hash",
        "password hash in an htpasswd line",
        "https://httpd.apache.org/docs/2.4/misc/password_encryptions.html",
        MEDIUM,
        "ada:<<$apr1${base62:8}${base62:22}>>",
        pattern=r"[0-9A-Za-z_.@-]{1,60}:(?P<secret>\$apr1\$[0-9A-Za-z./]{1,8}\$[0-9A-Za-z./]{22})",
        keywords=("$apr1$",),
        right="[0-9A-Za-z./]",
    ),
    token(
        "shadow-hash",
        "password hash in a shadow or passwd line",
        "https://man7.org/linux/man-pages/man5/crypt.5.html",
        HIGH,
        "root:<<$6${base62:16}${base62:86}>>:19000:0:99999:7:::",
        pattern=r"[0-9A-Za-z_.-]{1,40}:(?P<secret>\$(?:1|5|6|y|gy|7|2[aby])\$[0-9A-Za-z./$=,]{30,200}):[0-9]{0,6}:",
        keywords=(":$",),
        right="",
    ),
)
