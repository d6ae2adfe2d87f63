"""JSON Web Keys: https://www.rfc-editor.org/rfc/rfc7517, as JSON and as literals of a program, in any order."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import token
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import is_mixed

_RFC7517 = "https://www.rfc-editor.org/rfc/rfc7517"
_IS = r"[\"']?\s{0,3}[:=]\s{0,3}"

FORMATS: tuple[Format, ...] = (
    token(
        "jwk-private-key",
        "private JSON Web Key",
        _RFC7517,
        Severity.CRITICAL,
        '"kty": "EC", "d": "<<{base64url:43}>>"',
        pattern=rf"(?:[\"']d[\"']\s{{0,3}}[:=]\s{{0,3}}[\"']|(?:^|[\s,({{\"'])(?:kty|crv){_IS}[^{{}}]{{0,400}}[\s,{{(\"']d{_IS}[\"']?)(?P<secret>[0-9A-Za-z_-]{{43,700}})",
        keywords=('"d"', "'d'", "kty", "crv"),
        verify=is_mixed,
        left="",
        right="[0-9A-Za-z_-]",
    ),
    token(
        "jwk-private-literal",
        "private JSON Web Key, written into a program",
        _RFC7517,
        Severity.CRITICAL,
        "{ d: '<<{base64url:43}>>', kty: 'EC' }",
        pattern=rf"[\s,({{]d\s{{0,3}}[:=]\s{{0,3}}[\"'`](?P<secret>[0-9A-Za-z_-]{{43,700}})[\"'`][^{{}}]{{0,400}}[\s,{{(\"']kty{_IS}[\"'`]",
        keywords=("kty",),
        verify=is_mixed,
        left="",
        right="",
    ),
    token(
        "jwk-symmetric-key",
        "symmetric JSON Web Key",
        _RFC7517,
        Severity.HIGH,
        '"kty": "oct", "k": "<<{base64url:43}>>"',
        pattern=rf"kty{_IS}[\"'`]?oct[\"'`,\s][^{{}}]{{0,200}}[\s,{{(\"']k{_IS}[\"'`]?(?P<secret>[0-9A-Za-z_-]{{22,200}})",
        keywords=("kty",),
        verify=is_mixed,
        left="[0-9A-Za-z_]",
        right="[0-9A-Za-z_-]",
    ),
    token(
        "jwk-symmetric-literal",
        "symmetric JSON Web Key that begins with the key",
        _RFC7517,
        Severity.HIGH,
        "{ k: '<<{base64url:43}>>', kty: 'oct' }",
        pattern=rf"[\s,{{(\"']k{_IS}[\"'`](?P<secret>[0-9A-Za-z_-]{{22,200}})[\"'`][^{{}}]{{0,200}}kty{_IS}[\"'`]oct[\"'`]",
        keywords=("kty",),
        verify=is_mixed,
        left="",
        right="",
    ),
)
