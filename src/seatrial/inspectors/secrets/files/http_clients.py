"""HTTP clients and test runners: collections, environments, tokens in headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.files import embedded, json_objects, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan
from seatrial.inspectors.secrets.files.names import is_secret

_AUTHORIZATION = re.compile(
    r"(?i:authorization)\"?'?\s{0,5}[:= ]\s{0,5}\"?'?(?i:(?P<scheme>basic|bearer|token|apikey))\s{1,5}"
    r"(?P<value>[^\s\"'{}<>\\,;]{8,3000})"
)
_HEADER = re.compile(
    r"^[ \t]*(?P<key>[A-Za-z][\w\-]{2,60})[ \t]*:[ \t]*(?P<value>[^\s{}<>\"]{8,300})[ \t]*\r?$", re.MULTILINE
)
_VARIABLE = re.compile(r"^@(?P<key>[\w\-.]{2,60})[ \t]*=[ \t]*(?P<value>[^\s{}]{1,300})", re.MULTILINE)


def _pairs(path: str, text: str) -> Iterator[CredentialEntry]:
    """`{"key": "password", "value": "..."}`, as Postman has its variables and its auth."""
    for found in json_objects.objects(text):
        name = found.text("key", "name", "Key", "Name")
        for value in ("value", "Value", "currentValue", "initialValue"):
            if value in found.members and (is_secret(name) or found.text("type") == "secret"):
                yield CredentialEntry(name, found.members[value])
        for key, span in found.members.items():
            if is_secret(key) and not (key == "key" and name):
                yield CredentialEntry(key, span)
    yield from authorization(path, text)


def authorization(_path: str, text: str) -> Iterator[CredentialEntry]:
    """`Authorization: Basic ...` or `Bearer ...`, with a colon, an equals sign or a blank between."""
    for match in _AUTHORIZATION.finditer(text):
        span = TextSpan(match["value"], *match.span("value"))
        if match["scheme"].lower() == "basic":
            yield from embedded.basic_auth("Authorization", span)
        else:
            yield CredentialEntry("Authorization", span, f"{match['scheme'].lower()} token in a header")


def _requests(path: str, text: str) -> Iterator[CredentialEntry]:
    yield from authorization(path, text)
    for pattern in (_HEADER, _VARIABLE):
        for match in pattern.finditer(text):
            if is_secret(match["key"]):
                yield CredentialEntry(match["key"], TextSpan(match["value"], *match.span("value")))
    yield from embedded.url_passwords(TextSpan(text, 0, len(text)))


PARSERS = (
    CredentialFile(
        id="http-collection",
        title="credential in an HTTP client's file",
        documentation="https://learning.postman.com/docs/sending-requests/variables/variables/",
        names=(
            "*.postman_collection.json",
            "*.postman_environment.json",
            "*.postman_globals.json",
            "*.postman_collection",
            "*.postman_environment",
            "postman*",
            "insomnia.json",
            "insomnia*",
            "http-client.env.json",
            "http-client.private.env.json",
            "cypress.env.json",
            "cypress.json",
            "*.har",
            "thunder-tests/*.json",
            "thunder-collection*",
            "thunder-environment*",
            "*.bru",
        ),
        scan=scans.all_of(_pairs, authorization),
    ),
    CredentialFile(
        id="http-request",
        title="credential in a recorded request",
        documentation="https://www.jetbrains.com/help/idea/exploring-http-syntax.html",
        names=("*.http", "*.rest"),
        scan=scans.all_of(_requests),
    ),
)
