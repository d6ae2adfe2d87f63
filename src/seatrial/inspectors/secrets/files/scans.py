"""
Scans that most parsers are made of: the values of given keys in one of the common syntaxes.

Each function returns a `Scan`. Without names the keys that sound like a secret count, and passwords in URLs and
connection strings under any key.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import (
    embedded,
    hashes,
    json_objects,
    key_value,
    literals,
    names,
    xml_elements,
    yaml_lines,
)
from seatrial.inspectors.secrets.files.base import CredentialEntry, Scan, TextSpan, of_user
from seatrial.inspectors.secrets.files.key_value import AssignedPair

_USERS = ("user", "username", "userName", "login", "User", "UserName", "email")


def _chosen(given: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a key is one of the given names, or, if none are given, sounds like a secret."""
    if not given:
        return names.is_secret
    wanted = frozenset(name.lower() for name in given)
    return lambda key: key.lower() in wanted


def key_values(*given: str, multiline: bool = False) -> Scan:
    """INI, properties, dotenv: `key = value`."""
    chosen = _chosen(given)

    def scan(_path: str, text: str) -> Iterator[CredentialEntry]:
        if given or names.promising(text):
            yield from of_pairs(key_value.pairs(text, multiline=multiline), chosen, inside=not given)

    return scan


def directives(*given: str) -> Scan:
    """Daemons' files: `keyword value`, and `keyword = value` as well."""
    chosen = _chosen(given)

    def scan(_path: str, text: str) -> Iterator[CredentialEntry]:
        for pair in key_value.directives(text):
            span = pair.span
            if span.value.startswith(("=", ":")):
                span = key_value.value_at(span.value, len(span.value) - len(span.value[1:].lstrip()), len(span.value))
                span = pair.span.part(span.start, span.end)
            elif span.value.endswith(";"):
                span = span.stripped("; \t\"'")
            if chosen(pair.key) and span.value:
                yield CredentialEntry(pair.key, span)

    return scan


def of_pairs(
    pairs: Iterator[AssignedPair], chosen: Callable[[str], bool], *, inside: bool
) -> Iterator[CredentialEntry]:
    """The pairs with a chosen key; with `inside`, passwords within the other values too."""
    for pair in pairs:
        if not pair.span.value:
            continue
        yield from of_value(pair.key, pair.span, chosen, inside=inside)


def of_value(
    key: str, span: TextSpan, chosen: Callable[[str], bool], *, inside: bool, what: str = ""
) -> Iterator[CredentialEntry]:
    """A password within the value comes first: a connection string has a secret's name, and is mostly none."""
    within = list(embedded.within(span)) if inside else []
    yield from within
    if not within and chosen(key):
        yield CredentialEntry(key, span, what)


def json_members(*given: str) -> Scan:
    """Members of JSON objects, at any depth."""
    chosen = _chosen(given)

    def scan(_path: str, text: str) -> Iterator[CredentialEntry]:
        if not given and not names.promising(text):
            return
        for found in json_objects.objects(text):
            user = found.text(*_USERS)
            for key, span in found.members.items():
                bare = key.partition("[")[0]
                what = of_user(f'"{bare}"', user) if user and bare not in _USERS else ""
                yield from of_value(bare, span, chosen, inside=not given, what=what)

    return scan


def xml_values(*given: str) -> Scan:
    """Texts of elements and values of attributes; also `<x name="key" value="..."/>` and `<x name="key">...</x>`."""
    chosen = _chosen(given)

    def scan(_path: str, text: str) -> Iterator[CredentialEntry]:
        if not given and not names.promising(text):
            return
        for node in xml_elements.nodes(text):
            yield from xml_entries(node, chosen, inside=not given)

    return scan


_XML_USERS = ("username", "user", "login", "name", "userid")


def xml_entries(
    node: xml_elements.XmlElement, chosen: Callable[[str], bool], *, inside: bool
) -> Iterator[CredentialEntry]:
    """What one element has to say."""
    element = node.element
    user = element.attribute(*_XML_USERS)
    if not user and node.around:
        user = next((node.around.children[name] for name in _XML_USERS if name in node.around.children), "")
    label = element.attribute("name", "key", "id", "entry")
    text = element.text
    if text is not None and text.value:
        key = next((name for name in (element.name, label) if name and chosen(name)), None)
        what = of_user(f'"{key[:40]}"', user) if key and user and user != key else ""
        if element.attribute("encoding") != "crypt":
            yield from of_value(key or "", text, chosen, inside=inside, what=what)
    for name, span in element.attributes.items():
        key = label if name == "value" and label and chosen(label) else name
        if span.value and span.value != label:
            yield from of_value(key, span, chosen, inside=inside)


def yaml_values(*given: str) -> Scan:
    """Values of mappings; also `- name: KEY` / `value: ...` pairs and `- KEY=value` items."""
    chosen = _chosen(given)

    def scan(_path: str, text: str) -> Iterator[CredentialEntry]:
        if given or names.promising(text):
            for node in yaml_lines.nodes(text):
                yield from yaml_entries(node, chosen, inside=not given)

    return scan


def yaml_entries(
    node: yaml_lines.ScalarNode, chosen: Callable[[str], bool], *, inside: bool
) -> Iterator[CredentialEntry]:
    """What one scalar has to say."""
    key, span = node.key, node.span
    if key.lower() in ("value", "default", "content") and node.sibling_key in ("name", "key") and chosen(node.sibling):
        yield CredentialEntry(node.sibling, span)
    elif key.lower() in ("value", "default", "content", "plaintext") and chosen(node.parent):
        yield CredentialEntry(node.parent, span)
    elif chosen(key) or not inside:
        yield from of_value(key, span, chosen, inside=inside)
    else:
        assigned = next(key_value.pairs(span.value[:4000]), None) if "=" in span.value[:200] else None
        if assigned and chosen(assigned.key) and assigned.span.start < 250:
            yield CredentialEntry(assigned.key, span.part(assigned.span.start, assigned.span.end))
        yield from embedded.within(span)


def quoted_values(*given: str) -> Scan:
    """Settings that are code: quoted values given to names."""
    chosen = _chosen(given)

    def scan(_path: str, text: str) -> Iterator[CredentialEntry]:
        if not given:
            if names.promising(text):
                yield from literals.secret_assignments(text)
            return
        for pair in literals.assignments(text):
            if chosen(pair.key):
                yield CredentialEntry(pair.key, pair.span)

    return scan


def matched(*patterns: re.Pattern[str], what: str = "password", key: str = "password") -> Scan:
    """Values that a pattern of their own finds, in a group `value` or `value1`…; a group `user` names their owner."""

    def scan(_path: str, text: str) -> Iterator[CredentialEntry]:
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield from of_match(match, what, key)

    return scan


def of_match(
    match: re.Match[str], what: str = "password", key: str = "password", at: int = 0
) -> Iterator[CredentialEntry]:
    """The value of one match, whose text begins at `at` in the file; a hash is less bad than what it was made of."""
    group = next((name for name, value in match.groupdict().items() if name.startswith("value") and value), "")
    if not group:
        return
    span = TextSpan(match[group], match.start(group) + at, match.end(group) + at)
    user = (match.groupdict().get("user") or "").strip("\"'")
    kind = hashes.kind(span.value)
    told = of_user(f"{kind} hash of a {what}" if kind else what, user)
    yield CredentialEntry(key, span, told, severity=Severity.MEDIUM if kind else None, proven=bool(kind))


def all_of(*scans: Scan) -> Scan:
    """What each of the scans finds; a place is named once, by the first."""

    def scan(path: str, text: str) -> Iterator[CredentialEntry]:
        seen: set[tuple[int, int]] = set()
        for each in scans:
            for entry in each(path, text):
                place = (entry.span.start, entry.span.end)
                if place not in seen:
                    seen.add(place)
                    yield entry

    return scan


def is_base64(value: str, at_least: int) -> bool:
    """Whether the value is base64 of this many bytes or more, with any meaning."""
    try:
        return len(base64.b64decode(value[:20_000], validate=True)) >= at_least
    except (binascii.Error, ValueError):
        return False


def whole(text: str) -> TextSpan:
    """The text's first non-empty line, for files that hold one value and nothing else."""
    return TextSpan(text, 0, len(text)).stripped()
