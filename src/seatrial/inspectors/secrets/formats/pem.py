"""How rows of armoured keys are made: text between `-----BEGIN label-----` and `-----END label-----`."""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.secrets.formats.build import token
from seatrial.inspectors.secrets.key_structure import is_key_body
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.structure import StructureCheck

RFC7468 = "https://www.rfc-editor.org/rfc/rfc7468"
_JOINT = r"[\s\\nr\"'`+,#*|>]{0,80}"
"""Line ends (also escaped), quotes and comment signs between a key's header and its body."""
_PLAIN = "Version|Comment|Hash|Charset|MessageID|Subject"
_HEADERS = rf"(?:{_JOINT}(?:{_PLAIN}): [^\n\\]{{1,120}}){{0,5}}"
_LOCKED = rf"{_JOINT}Proc-Type: 4,ENCRYPTED(?:{_JOINT}(?:DEK-Info|{_PLAIN}): [^\n\\]{{1,120}}){{1,5}}"
"""The headers of a key in OpenSSL's own format that is encrypted: https://www.rfc-editor.org/rfc/rfc1421#section-4.6"""
_BODY = r"[0-9A-Za-z+/][0-9A-Za-z+/=\s\\\"'`,#*|>]{40,}"


def block(
    id: str,  # noqa: A002 - the table's own word
    title: str,
    documentation: str,
    labels: str,
    sample: str,
    *,
    severity: Severity = Severity.CRITICAL,
    verify: StructureCheck = is_key_body,
    keywords: tuple[str, ...] = (),
    locked: bool = False,
) -> Format:
    """
    A key between `-----BEGIN label-----` and `-----END`; the body is the secret.

    Args:
        labels: separated by `|`.
        keywords: literals, if the labels alone do not distinguish it from other blocks.
        locked: whether headers before the body must say that it is encrypted; otherwise none may.
    """
    label = labels.partition("|")[0]
    headers = _LOCKED if locked else _HEADERS
    return token(
        id,
        title,
        documentation,
        severity,
        sample,
        pattern=rf"----[- ]BEGIN (?:{labels})[- ]----(?:-{headers}|{headers}){_JOINT}(?P<secret>{_BODY})",
        keywords=keywords or tuple(f"begin {name.lower()}" for name in labels.split("|")),
        counter_example=f"-----BEGIN {{={label}}}-----\n...\n-----END {{={label}}}-----",
        min_entropy=0.0,
        verify=verify,
        left="",
        right="",
    )
