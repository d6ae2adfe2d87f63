"""Whether what a form matched is a credential: the name, the value and the surroundings together."""

from __future__ import annotations

import re
from collections.abc import Mapping

from seatrial.inspectors.secrets.default_forms import JOINED
from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.form import Form
from seatrial.inspectors.secrets.named_forms import ASSIGNED
from seatrial.inspectors.secrets.names import NameKind, name_kind, split_name
from seatrial.inspectors.secrets.sighting import PathContext, Sighting
from seatrial.inspectors.secrets.syntax_forms import HEADER
from seatrial.inspectors.secrets.values import ValueKind, judge
from seatrial.inspectors.secrets.weighing import WEIGH


def sight(place: PathContext, form: Form, match: re.Match[str]) -> Sighting | None:
    """What the match shows, if it convinces."""
    name = _name(form, match)
    names = name_kind(name)
    group = _first(match, form.value_groups) if names is not NameKind.NONE else ""
    if not group:
        return None
    value, extent = _value(place, form, match, group, name)
    if form.bare and value[-1:] in (",", ";"):
        value = value[:-1]
    if form.bare and place.kind is FileKind.TEXT and value.lower() in split_name(name):
        return None
    verdict = judge(value, key=name)
    if verdict not in _CREDENTIAL and form is not HEADER:  # a header's value is judged by what it stands for
        return None
    rule = form.rule or _RULE_OF[names]
    start = match.start(group) + len(value) - len(value.lstrip())
    extent = max(extent - (start - match.start(group)), 0) if extent else len(value.strip())
    sighting = Sighting(form, place, match, name, value.strip(), start, extent, names, verdict, rule)
    weighed = WEIGH[form.name](sighting)
    return weighed if weighed and weighed.verdict in _CREDENTIAL and _is_worth(weighed) else None


def _value(place: PathContext, form: Form, match: re.Match[str], group: str, name: str) -> tuple[str, int]:
    """The value, and how many characters it takes in the text; 0: as many as it has."""
    value: str = match[group]
    if form is JOINED:
        return _JOINT.sub("", value)[1:-1], len(value)
    if form is ASSIGNED and (more := _CONTINUED.match(match.string, match.end(group))):
        joined = _JOINT.sub("", match.string[match.start(group) : more.end() - 1])
        if place.kind is FileKind.CODE or judge(joined, key=name) in _CREDENTIAL:  # words of a shell stay apart
            return joined, more.end() - 1 - match.start(group)
    return value.rstrip(), 0


_SIGN = r"(?:[+.&_]|\.\.|<>|\|\|)?"
_JOINT = re.compile(rf"[\"'`][ \t]{{0,20}}(?:\\?\r?\n\s{{0,60}})?(?:,|{_SIGN})\s{{0,60}}[\"'`]")
_CONTINUED = re.compile(
    r"(?:(?P<mark>[\"'`])[ \t]{0,20}(?:\\?\r?\n\s{0,60})?"
    rf"{_SIGN}\s{{0,60}}(?P=mark)[^\"'`\\\s]{{1,300}}){{1,20}}(?P=mark)"
)
"""What follows a literal that goes on in another one: `"…" + "…"`, also over lines."""
_CREDENTIAL = (ValueKind.SECRET, ValueKind.WEAK)


def _name(form: Form, match: re.Match[str]) -> str:
    """The name that the match gives to its value."""
    group = _first(match, form.name_groups)
    if not group:
        return form.key
    name: str = match[group]
    return _COMPARISON.sub("", name) if "." in name else name


def _first(match: re.Match[str], groups: tuple[str, ...]) -> str:
    """The first of the groups that holds anything; empty: none does."""
    for group in groups:
        if match[group]:
            return group
    return ""


_COMPARISON = re.compile(r"\.(?:equals\w*|contentEquals|compareTo\w*|isEqualTo|toEqual|toBe|eql|eq)\Z")
_RULE_OF: Mapping[NameKind, str] = {
    NameKind.PASSWORD: "password-assignment",
    NameKind.SECRET: "token-assignment",
    NameKind.TOKEN: "token-assignment",
    NameKind.HINT: "token-assignment",
    NameKind.KEY: "key-assignment",
    NameKind.HASH: "password-hash",
}


def _is_worth(sighting: Sighting) -> bool:
    """Whether to report it at all: plain guessable words are text in code, tests and translations."""
    if sighting.place.labels and not (sighting.mixed and sighting.value.isascii()):
        return False
    if _KIND_OF_OBJECT.fullmatch(sighting.value):
        return False
    if sighting.value.startswith("@") and sighting.place.path.lower().endswith(_RAZOR):
        return False
    if sighting.verdict is ValueKind.SECRET:
        return not (sighting.place.sample and sighting.names is NameKind.HINT and sighting.rule != "basic-auth")
    if sighting.place.kind is FileKind.CODE and split_name(sighting.value) == split_name(sighting.name):
        return False
    if not sighting.value.isalpha():
        return not (sighting.place.sample and sighting.value.isdigit())
    if sighting.place.sample:
        return False
    return sighting.place.kind is not FileKind.CODE or sighting.value.lower() not in split_name(sighting.name)


_RAZOR = (".cshtml", ".razor", ".vbhtml")
"""Where `@Model.Password` is an expression."""
_KIND_OF_OBJECT = re.compile(r"V[0-9](?:(?:alpha|beta)[0-9])?(?:[A-Z][a-z]+){2,8}")
"""A type of a versioned interface: `V1SecretProjection` of Kubernetes."""
