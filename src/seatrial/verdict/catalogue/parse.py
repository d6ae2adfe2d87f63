"""Read a catalogue file. Every mistake in it is an error that names the line: a model with a typo is not used."""

from __future__ import annotations

import enum
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

from seatrial.domain import Check, Effort, Severity
from seatrial.domain.grading import Grade, SubjectRole, Unit

from .fields import Fields, FileLine, document
from .model import Catalogue, Category, OpenRule

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
    findings, opened, roles = root.mapping("findings"), root.mapping("open"), root.mapping("roles")
    sections = list(root.mappings("categories"))
    categories = tuple(_category(section) for section in sections)
    checks = tuple(check for section in sections for check in _checks(section))
    catalogue = Catalogue(
        model=root.text("model"),
        sha256=hashlib.sha256(data).hexdigest(),
        categories=categories,
        checks=checks,
        open=_open(opened),
        worst=_numbers(findings.mapping("worst"), Grade, most=99),
        points=_numbers(findings.mapping("points"), Grade, least=1),
        half=_numbers(findings.mapping("half"), Unit, least=1),
        roles=_numbers(roles, SubjectRole, least=1),
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
            per=Unit(fields.choice("density", tuple(Unit))) if "density" in fields else None,
            fix=fields.text("fix") if "fix" in fields else "",
        )
        fields.finish()


def _matching(fields: Fields, pattern: re.Pattern[str]) -> str:
    text = fields.text("id")
    if not pattern.fullmatch(text):
        raise fields.error("id", f"{text!r} does not look like {pattern.pattern}")
    return text


def _open(fields: Fields) -> dict[Severity, OpenRule]:
    """Of critical and of high causes, both; milder ones take nothing."""
    rules = {}
    for severity in (Severity.CRITICAL, Severity.HIGH):
        rule = fields.mapping(severity.label)
        first, most = (Fraction(rule.integer(key, least=1, most=100), 100) for key in ("first", "most"))
        rule.finish()
        rules[severity] = OpenRule(first, most)
    fields.finish()
    return rules


K = TypeVar("K", bound=enum.StrEnum)


def _numbers(fields: Fields, names: type[K], *, least: int = 0, most: int | None = None) -> dict[K, int]:
    """A number for each member of an enum."""
    numbers = {name: fields.integer(name.value, least=least, most=most) for name in names}
    fields.finish()
    return numbers


def _consistent(catalogue: Catalogue, place: FileLine) -> None:
    """Refuse what is well-formed line by line and makes no sense as a whole."""
    for kind, ids in (("category", [c.id for c in catalogue.categories]), ("check", [c.id for c in catalogue.checks])):
        if twice := _repeated(ids):
            raise place.error(f"{kind} {twice[0]!r} is there twice")
    total = sum(category.weight for category in catalogue.categories)
    if total != 100:
        raise place.error(f"the weights of the categories sum to {total}, not to 100")
    _numbers_make_sense(catalogue, place)
    _needs_make_sense(catalogue, place)


def _numbers_make_sense(catalogue: Catalogue, place: FileLine) -> None:
    """A worse finding always costs more: else removing one, or making it milder, could cost points."""
    for severity, rule in catalogue.open.items():
        if rule.first > rule.most:
            raise place.error(f"open: {severity.label}: first is above most")
    if catalogue.open[Severity.CRITICAL].first <= Fraction(1, 2):
        raise place.error("open: critical: first has to be more than half: with a critical cause a score is below 50")
    for worse, milder in itertools.pairwise(reversed(Grade)):
        if catalogue.worst[worse] >= catalogue.worst[milder]:
            raise place.error(f"findings: worst: {worse} leaves as much as {milder}")
        if catalogue.points[worse] < catalogue.points[milder]:
            raise place.error(f"findings: points: {worse} costs less than {milder}")


def _repeated(ids: Iterable[str]) -> list[str]:
    return [id_ for id_, n in Counter(ids).items() if n > 1]


def _needs_make_sense(catalogue: Catalogue, place: FileLine) -> None:
    """Every need is a check, and the needs have an order in which they can be asked."""
    waiting = {check.id: set(check.needs) for check in catalogue.checks}
    for id_, needs in waiting.items():
        if unknown := sorted(needs - waiting.keys()):
            raise place.error(f"check {id_!r} needs {unknown[0]!r}, which is not a check")
    while ready := [id_ for id_, needs in waiting.items() if not needs]:
        for id_ in ready:
            del waiting[id_]
        for needs in waiting.values():
            needs.difference_update(ready)
    if waiting:
        raise place.error(f"checks need each other in a circle: {', '.join(sorted(waiting))}")
