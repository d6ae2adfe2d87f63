# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Configuration of SIP proxies: Kamailio and OpenSIPS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded, key_value, names, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_DEFINED = re.compile(
    r"^[ \t]{0,60}#!(?:define|trydef|redefine|defenv)[ \t]{1,8}(?P<name>\w{2,60})[ \t]{1,8}[\"'`]?(?P<value>[^\s\"'`]{3,300})",
    re.MULTILINE,
)
_REPLACED = re.compile(
    r"^[ \t]{0,60}#!subst(?:def|defs)?[ \t]{1,8}[\"'](?P<sign>[^\w\s])(?P<name>\w{2,60})(?P=sign)(?P<value>[^\n\"']{3,300}?)(?P=sign)",
    re.MULTILINE,
)
_PARAMETER = re.compile(
    r"\bmodparamx?\([ \t]*\"(?P<module>[\w|.\-]{1,60})\",[ \t]*\"(?P<name>[\w.\-]{2,60})\",[ \t]*\"(?P<value>[^\"\n]{3,500})\""
)
_CHECKED = re.compile(r"\bpv_(?:www|proxy|auth)\w{0,20}\([ \t]*\"[^\"\n]{0,80}\",[ \t]*\"(?P<value>[^\"\n$]{3,100})\"")
_CONTROL = ("dbrwpw", "dbropw", "dbrootpw", "dbaccesspw", "dbpw", "ro_pw", "rw_pw")


def _scan(_path: str, text: str) -> Iterator[CredentialEntry]:
    for pattern in (_DEFINED, _REPLACED, _PARAMETER):
        for match in pattern.finditer(text):
            yield from _named(match["name"], TextSpan(match["value"], *match.span("value")))
    for match in _CHECKED.finditer(text):
        yield from scans.of_match(match)


def _named(name: str, span: TextSpan) -> Iterator[CredentialEntry]:
    """`user:realm:password`, an address with a password, a list with `pass=…`, or the value of a secret's name."""
    if name.lower() == "credential":
        parts = span.value.split(":")
        if len(parts) == 3:
            yield CredentialEntry("password", span.part(len(span.value) - len(parts[2]), len(span.value)))
        return
    within = list(embedded.within(span))
    yield from within
    if not within and names.is_secret(name) and not name.lower().endswith(("_column", "_avp", "_pvar")):
        yield CredentialEntry(name, span)


def _control(_path: str, text: str) -> Iterator[CredentialEntry]:
    for pair in key_value.pairs(text):
        if pair.key.lower() in _CONTROL or names.is_secret(pair.key):
            yield CredentialEntry("password", pair.span)


PARSERS = (
    CredentialFile(
        id="sip-proxy",
        title="password of a SIP proxy",
        documentation="https://www.kamailio.org/wiki/cookbooks/devel/core",
        names=("kamailio*", "opensips*", "kamailio/*.cfg", "opensips/*.cfg", "openser*"),
        scan=_scan,
    ),
    CredentialFile(
        id="sip-proxy-control",
        certain=True,
        title="database password of a SIP proxy",
        documentation="https://www.kamailio.org/wiki/install/devel/git",
        names=("kamctlrc", "opensipsctlrc", "kamctlrc*", "osipsconsolerc", "opensipsctlrc*"),
        scan=_control,
    ),
)
