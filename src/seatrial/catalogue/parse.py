"""Read a catalogue file. Every mistake in it is an error that names the line: a model with a typo is no model."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from seatrial.domain import Check, Effort, Severity

from .fields import Fields, Place, document
from .model import CapRule, Catalogue, Category

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_CHECK_ID = re.compile(rf"{_ID.pattern}/{_ID.pattern}")
_SEVERITIES = {severity.label: severity for severity in sorted(Severity, reverse=True)}
_EFFORTS = {effort.value: effort for effort in Effort}


def parse(data: bytes, *, where: str) -> Catalogue:
    """
    The catalogue that a file holds.

    Args:
        data: the file's bytes, UTF-8 YAML.
        where: the file's name, for messages.

    Raises:
        CatalogueError: the file is not a complete, consistent catalogue; the message names file, line and key.
    """
    root = document(data, where)
    findings, caps = root.mapping("findings"), root.mapping("caps")
    sections = list(root.mappings("categories"))
    categories = tuple(_category(section) for section in sections)
    checks = tuple(check for section in sections for check in _checks(section))
    catalogue = Catalogue(
        model=root.text("model"),
        sha256=hashlib.sha256(data).hexdigest(),
        categories=categories,
        checks=checks,
        caps=_caps(caps),
        severity_points=_points(findings.mapping("points")),
        half_life=findings.integer("half_life", least=1),
    )
    for fields in (root, findings, *sections):
        fields.finish()
    _consistent(catalogue, root.place)
    return catalogue


def _category(fields: Fields) -> Category:
    return Category(_matching(fields, _ID), fields.text("title"), fields.integer("weight", least=1))


def _checks(section: Fields) -> Iterator[Check]:
    category = section.text("id")
    for fields in section.mappings("checks", optional=True):
        yield Check(
            id=_matching(fields, _CHECK_ID),
            title=fields.text("title"),
            category=category,
            severity=_SEVERITIES[fields.choice("severity", _SEVERITIES)],
            weight=fields.integer("weight", least=1, default=1),
            required=fields.flag("required"),
            needs=fields.texts("needs"),
            effort=_EFFORTS[fields.choice("effort", _EFFORTS, default=Effort.SMALL.value)],
        )
        fields.finish()


def _matching(fields: Fields, pattern: re.Pattern[str]) -> str:
    text = fields.text("id")
    if not pattern.fullmatch(text):
        raise fields.error("id", f"{text!r} does not look like {pattern.pattern}")
    return text


def _caps(fields: Fields) -> dict[Severity, CapRule]:
    """Of critical and of high causes, both; milder ones never cap."""
    rules = {}
    for severity in (Severity.CRITICAL, Severity.HIGH):
        rule = fields.mapping(severity.label)
        numbers = {key: rule.integer(key, least=0, most=100) for key in ("first", "step", "least")}
        rule.finish()
        rules[severity] = CapRule(**numbers)
    fields.finish()
    return rules


def _points(fields: Fields) -> dict[Severity, int]:
    points = {severity: fields.integer(label, least=1) for label, severity in _SEVERITIES.items()}
    fields.finish()
    return points


def _consistent(catalogue: Catalogue, place: Place) -> None:
    """Refuse what is well-formed line by line and makes no sense as a whole."""
    for kind, ids in (("category", [c.id for c in catalogue.categories]), ("check", [c.id for c in catalogue.checks])):
        if twice := _repeated(ids):
            raise place.error(f"{kind} {twice[0]!r} is there twice")
    total = sum(category.weight for category in catalogue.categories)
    if total != 100:
        raise place.error(f"the weights of the categories sum to {total}, not to 100")
    _caps_make_sense(catalogue, place)
    _needs_make_sense(catalogue, place)


def _caps_make_sense(catalogue: Catalogue, place: Place) -> None:
    """A worse severity always caps lower: else removing a critical finding, or making it high, could cost points."""
    for severity, rule in catalogue.caps.items():
        if rule.least > rule.first:
            raise place.error(f"caps: {severity.label}: least is above first")
    if catalogue.caps[Severity.CRITICAL].first > catalogue.caps[Severity.HIGH].least:
        raise place.error("caps: critical can cap higher than high")


def _repeated(ids: Iterable[str]) -> list[str]:
    return [id_ for id_, n in Counter(ids).items() if n > 1]


def _needs_make_sense(catalogue: Catalogue, place: Place) -> None:
    """Every need is a check, and the needs have an order in which they can be asked."""
    waiting = {check.id: set(check.needs) for check in catalogue.checks}
    for id_, needs in waiting.items():
        if unknown := sorted(needs - waiting.keys()):
            raise place.error(f"check {id_!r} needs {unknown[0]!r}, which is no check")
    while ready := [id_ for id_, needs in waiting.items() if not needs]:
        for id_ in ready:
            del waiting[id_]
        for needs in waiting.values():
            needs.difference_update(ready)
    if waiting:
        raise place.error(f"checks need each other in a circle: {', '.join(sorted(waiting))}")
