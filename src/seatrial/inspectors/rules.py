"""
What a rule is, and the list of rules that every inspector has.

`Inspector.rules` is the only list: `seatrial explain`, docs/checks.md, the reports and the README's figures read it. A
rule is written as a module whose docstring is its page (`Rule.of`), or as a row of a table. Either way it cannot be
made without the parts of its page and a source.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from seatrial.domain import Finding, Severity

S = TypeVar("S")
FAMILY = "*"
"""The name of a rule that explains all rules of its family: `osv/*`."""
_ID = re.compile(r"[a-z]+/(?:[A-Za-z0-9]+(?:-[a-z0-9]+)*|\*)")
_NAME = re.compile(r"[\w.:-]{1,80}")
"""Of a rule that another tool or a database knows."""
_PAGE = re.compile(
    r"\s*(?P<title>[^\n]+?)\.?\n\n## What it does\n\n(?P<what>.*?)\n\n## Why it matters\n\n(?P<why>.*?)"
    r"\n\n## How to fix\n\n(?P<fix>.*?)\n\nSource: (?P<source>https?://[^\n]+)\s*",
    re.DOTALL,
)


_PROPER = ("Prometheus",)
"""Names that keep their capital within a sentence."""


class IncompleteRuleError(ValueError):
    """A rule lacks a part of its page, its check or its source."""


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a page that is written as one text."""

    title: str
    what: str
    why: str
    fix: str
    source: str

    @classmethod
    def of(cls, rule: str, doc: str | None) -> Page:
        """
        The page of a rule.

        Raises:
            IncompleteRuleError: a part is missing.
        """
        match = _PAGE.fullmatch(doc or "")
        if match is None:
            parts = "a title, `## What it does`, `## Why it matters`, `## How to fix` and `Source: https://…`"
            raise IncompleteRuleError(f"the page of {rule!r} needs {parts}, in this order")
        return cls(**match.groupdict())


def always(subject: object, /) -> bool:
    """For a rule that every subject can break."""
    del subject
    return True


def by_others(subject: object, /) -> Iterable[Finding]:
    """For a rule that another tool, a table or a common search finds: it does not search by itself."""
    del subject
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[S]):
    """One question about a subject (a project, a Dockerfile, a workflow), with its page."""

    id: str
    """`family/name`. `family/*` explains each rule of a family that has no entry of its own."""
    checks: tuple[str, ...]
    """The checks whose answers have its findings."""
    severity: Severity
    """Of an ordinary finding."""
    title: str
    """What holds where it finds nothing; for a secret, what it finds."""
    what: str | Callable[[], str]
    """What it looks for and reports. A function if the text takes long to make."""
    why: str
    fix: str
    source: str
    """The address of what it follows."""
    unsampled: str = ""
    """Why no file in tests/corpus is an example of it; empty: one is, and a test asks for it."""
    address: Callable[[str], str] | None = None
    """Of a family: where one of its rules is explained, by its name."""
    applies: Callable[[S], bool] = always
    """Whether there is anything to ask of a subject."""
    absent: str = ""
    """What there is none of where it does not apply: `no bind mount`."""
    find: Callable[[S], Iterable[Finding]] = by_others
    """What is wrong with a subject."""

    def __post_init__(self) -> None:
        """
        Hold what every rule must have.

        Raises:
            IncompleteRuleError: a part is missing or malformed.
        """
        parts = {"title": self.title, "what": self.what, "why": self.why, "fix": self.fix, "checks": self.checks}
        lacking = [name for name, part in parts.items() if not (part.strip() if isinstance(part, str) else part)]
        if not _ID.fullmatch(self.id):
            lacking.append("id (`family/name`)")
        if not self.source.startswith(("https://", "http://")):
            lacking.append("source (`https://…`)")
        if lacking:
            raise IncompleteRuleError(f"the rule {self.id!r} lacks: {', '.join(lacking)}")

    @classmethod
    def of(
        cls,
        doc: str | None,
        *,
        id: str,  # noqa: A002 - the name of the field
        severity: Severity,
        check: str = "",
        unsampled: str = "",
        applies: Callable[[S], bool] = always,
        absent: str = "",
        find: Callable[[S], Iterable[Finding]] = by_others,
    ) -> Rule[S]:
        """
        A rule whose page is a docstring: a title, `What it does`, `Why it matters`, `How to fix`, and a source.

        Args:
            doc: the docstring of the rule's module.
            id: see the fields.
            severity: see the fields.
            check: the check that it answers with others; by default one of its own.
            unsampled: see the fields.
            applies: see the fields.
            absent: see the fields.
            find: see the fields.

        Raises:
            IncompleteRuleError: the docstring is not such a page.
        """
        page = Page.of(id, doc)
        return cls(
            id=id, severity=severity, checks=(check or id,), title=page.title, what=page.what, why=page.why,
            fix=page.fix, source=page.source, unsampled=unsampled, applies=applies, absent=absent, find=find,
        )  # fmt: skip

    @classmethod
    def about(
        cls, where: str, name: str, check: str, severity: Severity, *,
        title: str, why: str, fix: str, source: str, unsampled: str = "",
    ) -> Rule[S]:  # fmt: skip
        """
        A rule of a table, whose title says what it looks for.

        Args:
            where: the files that the rules of the table read.
            name: its id.
            check: the check that it answers.
            severity: see the fields.
            title: what holds.
            why: see the fields.
            fix: see the fields.
            source: see the fields.
            unsampled: see the fields.

        Raises:
            IncompleteRuleError: a part is missing.
        """
        holds = title if title.startswith(_PROPER) else f"{title[0].lower()}{title[1:]}"
        what = f"Checks that {holds}. Looks at {where}."
        return cls(
            id=name, checks=(check,), severity=severity, title=title, what=what, why=why, fix=fix, source=source,
            unsampled=unsampled,
        )  # fmt: skip

    @property
    def family(self) -> str:
        """What its id begins with."""
        return self.id.partition("/")[0]

    @property
    def check(self) -> str:
        """The check of a rule that has one."""
        return self.checks[0]

    @property
    def page(self) -> str:
        """Markdown: what `seatrial explain` prints."""
        what = self.what if isinstance(self.what, str) else self.what()
        return (
            f"# {self.id}: {self.title}\n\n## What it does\n\n{what}\n\n## Why it matters\n\n{self.why}\n\n"
            f"## How to fix\n\n{self.fix}\n\nSeverity: {self.severity.label}\n\nSource: {self.source}\n"
        )

    def page_of(self, rule: str) -> str:
        """Its page, for a rule of its family with the address of that one."""
        if rule == self.id or self.address is None:
            return self.page
        return f"{self.page}\nThis one: {self.address(rule.partition('/')[2])}\n"


class Rules(Mapping[str, Rule[Any]]):
    """
    The rules of an inspector, by id.

    Args:
        families: what the ids of its rules, and the rules of its findings, begin with.
        make: makes the rules when the first of them is asked for.
        elsewhere: families of other tools: their message says more than our page, so reports show no page of theirs.
    """

    def __init__(self, *families: str, make: Callable[[], Iterable[Rule[Any]]], elsewhere: Iterable[str] = ()) -> None:
        self.families = families
        self.elsewhere = frozenset(elsewhere)
        self._make = make

    @cached_property
    def _by_id(self) -> Mapping[str, Rule[Any]]:
        made: dict[str, Rule[Any]] = {}
        for rule in self._make():
            if rule.family not in self.families or rule.id in made:
                raise IncompleteRuleError(f"{rule.id!r} exists twice, or is in none of the families {self.families}")
            made[rule.id] = rule
        return made

    def __getitem__(self, rule: str) -> Rule[Any]:
        """The rule of this id."""
        return self._by_id[rule]

    def __iter__(self) -> Iterator[str]:
        """The ids, in the order of the declaration."""
        return iter(self._by_id)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._by_id)

    def named(self, rule: str) -> Rule[Any] | None:
        """The rule of an id in any case; else what explains its family; None if nothing does."""
        wanted = rule.lower()
        found = self.get(rule) or next((self[one] for one in self if one.lower() == wanted), None)
        family, _, name = wanted.partition("/")
        return found or (self.get(f"{family}/{FAMILY}") if _NAME.fullmatch(name) else None)


def of_package(package: str, path: Iterable[str]) -> tuple[Rule[Any], ...]:
    """
    The `RULE` of every module of a package that has one, in the order of their names.

    Args:
        package: its `__name__`.
        path: its `__path__`.
    """
    names = sorted(found.name for found in pkgutil.iter_modules(path))
    modules = (importlib.import_module(f"{package}.{name}") for name in names)
    return tuple(module.RULE for module in modules if hasattr(module, "RULE"))
