"""
Whether a condition keeps outsiders out.

A condition is judged for an outsider's attempt: an event, a change from a fork, an author without rights. What the
attempt settles is true or false, everything else is unknown; three-valued logic does the rest. A condition that is
then false protects. Some guards hold (the change is the repository's own), others only narrow the way (a label, the
actor, an approval): between the decision and the checkout the change can be replaced.

Source: https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .expression import (
    And,
    Call,
    ComparisonNode,
    ContextAccess,
    ExpressionError,
    ExpressionNode,
    Literal,
    LiteralType,
    Not,
    Or,
    UnknownPart,
    embedded,
    parse,
)

Truth = bool | None
"""True, false, or not known."""


class GuardLevel(enum.IntEnum):
    """How well a condition keeps outsiders out. Ordered: compare with `>=`."""

    NONE = 0
    NARROW = 1
    """A label, an actor, an approval: someone trusted acts first, and the change can be replaced afterwards."""
    FIRM = 2
    """Only changes of the repository itself or of trusted authors pass."""


_TRUSTED = frozenset({"owner", "member", "collaborator"})
_OWN = re.compile(
    r"(?:^|\.)head(?:_repository|\.repo)\.(?:full_name|id|node_id|owner\.(?:login|id)|url|html_url)$"
    r"|(?:^|\.)head\.user\.(?:login|id)$"
)
_FORK = re.compile(r"(?:^|\.)head(?:_repository|\.repo)\.fork$")
_HERE = re.compile(
    r"^github\.(?:repository(?:_owner|_id|_owner_id)?$|event\.repository\.|event\.pull_request\.base\.repo\.)"
)
_AUTHOR = re.compile(r"^github\.event\.(?:pull_request|issue)\.(?:user\.(?:login|id|type)|author_association)$")
_ACTOR = re.compile(
    r"^github\.(?:actor|triggering_actor|actor_id|event\.sender\.(?:login|id|type)"
    r"|event\.(?:comment|review|discussion|workflow_run\.actor|workflow_run\.triggering_actor)"
    r"\.?(?:user\.)?(?:login|id|type|author_association))$"
)
_LABEL = re.compile(r"^github\.event\.(?:label\.name|(?:pull_request|issue)\.labels(?:\.\*\.name)?)$")
_MERGED = re.compile(r"^github\.event\.pull_request\.merged(?:_at|_by(?:\.login)?)?$")


@dataclass(frozen=True)
class Attempt:
    """What is known of an outsider's attempt."""

    event: str
    trusted_outputs: frozenset[str] = field(default=frozenset())
    """Prefixes of outputs that say whether the actor has rights: `steps.check.outputs`."""
    past_narrow: bool = True
    """Whether guards that only narrow the way are taken as passed."""

    def truth(self, node: ExpressionNode) -> Truth:
        """Whether the condition holds for the attempt."""
        match node:
            case Literal():
                return _of_literal(node)
            case ContextAccess():
                return self._of_reference(str(node))
            case Not():
                value = self.truth(node.value)
                return None if value is None else not value
            case And():
                return _all(self.truth(item) for item in node.items)
            case Or():
                found = _all(_negated(self.truth(item)) for item in node.items)
                return _negated(found)
            case ComparisonNode():
                return self._compared(node)
            case Call():
                return self._called(node)
            case UnknownPart():
                return None

    def _of_reference(self, path: str) -> Truth:
        if _FORK.search(path):
            return True
        if _MERGED.match(path):
            return False
        return self._narrow(path)

    def _narrow(self, path: str) -> Truth:
        """A guard of the weaker kind, for a value that has to be a certain one."""
        if path.startswith(tuple(f"{prefix}." for prefix in self.trusted_outputs)):
            return None if self.past_narrow else False
        if _ACTOR.match(path) or _LABEL.match(path):
            return None if self.past_narrow else False
        return None

    def _compared(self, node: ComparisonNode) -> Truth:
        if node.operator not in ("==", "!="):
            return None
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, ContextAccess):
                equal = self._equal(str(one), other)
                if equal is not None:
                    return equal if node.operator == "==" else not equal
        return None

    def _equal(self, path: str, other: ExpressionNode) -> Truth:
        """Whether a value of the attempt equals another."""
        text = other.value.lower() if isinstance(other, Literal) else None
        if path == "github.event_name" and text is not None:
            return text == self.event
        if path == "github.event.workflow_run.event" and text is not None:
            return None if text.startswith("pull_request_") else text == "pull_request"
        if _OWN.search(path):
            literal = text is not None
            here = isinstance(other, ContextAccess) and bool(_HERE.match(str(other)))
            return False if literal or here else None
        if text in ("true", "false") and (known := self._of_reference(path)) is not None:
            return known == (text == "true")
        return self._person(path, text)

    def _person(self, path: str, text: str | None) -> Truth:
        if text is None:
            return None
        if path.endswith("author_association") and text not in _TRUSTED:
            return None
        if path.endswith(".type"):
            return None
        if _AUTHOR.match(path):
            return False
        if _MERGED.match(path):
            return None
        return self._narrow(path)

    def _called(self, node: Call) -> Truth:
        if node.name in ("always", "success"):
            return True if node.name == "always" else None
        if node.name != "contains":
            return None
        where, what = node.arguments
        listed = _listed(where)
        if isinstance(what, ContextAccess) and listed is not None:
            return _all_same(self._equal(str(what), Literal(LiteralType.TEXT, item)) for item in listed)
        if isinstance(where, ContextAccess) and isinstance(what, Literal) and _LABEL.match(str(where)):
            return self._narrow(str(where))
        if isinstance(where, Call) and where.name == "tojson" and isinstance(where.arguments[0], ContextAccess):
            return self._narrow(str(where.arguments[0])) if _LABEL.match(str(where.arguments[0])) else None
        return None


def _of_literal(node: Literal) -> Truth:
    match node.kind:
        case LiteralType.TEXT:
            return bool(node.value)
        case LiteralType.WORD:
            return node.value not in ("false", "null", "nan")
        case LiteralType.NUMBER:
            return node.value.strip("+-0.") != ""


def _all(values: Iterable[Truth]) -> Truth:
    """False if one is, true if all are, else unknown."""
    known = list(values)
    if any(value is False for value in known):
        return False
    return True if all(known) else None


def _negated(value: Truth) -> Truth:
    return None if value is None else not value


def _all_same(values: Iterable[Truth]) -> Truth:
    """False if all are: none of a list is what it has to be."""
    known = list(values)
    return False if known and all(value is False for value in known) else None


def _listed(node: ExpressionNode) -> list[str] | None:
    """The words of a list that is written out: `fromJSON('["a", "b"]')`, or of a text: `'a b'`."""
    if isinstance(node, Call) and node.name == "fromjson":
        node = node.arguments[0]
    if not isinstance(node, Literal) or node.kind is not LiteralType.TEXT:
        return None
    if node.value.lstrip().startswith("[") and len(node.value) < 10_000:
        try:
            found = json.loads(node.value)
        except (ValueError, RecursionError):
            return None
        return [item for item in found if isinstance(item, str)] if isinstance(found, list) else None
    return [word for word in re.split(r"[\s,;|]+", node.value) if word]


def condition(text: str) -> ExpressionNode | None:
    """The tree of an `if`; None if there is none, or it is not an expression, or it is a text (and so always true)."""
    bare = text.strip()
    found = list(embedded(bare))
    if found:
        negated = bare[: found[0].start].strip()
        if len(found) > 1 or found[0].end < len(bare) or negated not in ("", "!"):
            return None
        bare = f"!({found[0].body})" if negated else found[0].body
    if not bare:
        return None
    try:
        return parse(bare)
    except ExpressionError:
        return None


def runs_regardless(text: str) -> bool:
    """Whether a job with this condition also runs when a job that it needs was skipped."""
    return bool(re.search(r"\b(?:always|cancelled|failure)\s*\(", text, re.IGNORECASE))


def strength(conditions: Iterable[str], attempt: Callable[[bool], Attempt]) -> GuardLevel:
    """
    How well conditions that must all hold keep an attempt out.

    Args:
        conditions: of the step, the job, and the jobs that it needs.
        attempt: the attempt, with the weaker guards taken as passed or not.
    """
    trees = [tree for tree in map(condition, conditions) if tree is not None]
    if any(attempt(True).truth(tree) is False for tree in trees):
        return GuardLevel.FIRM
    if any(attempt(False).truth(tree) is False for tree in trees):
        return GuardLevel.NARROW
    return GuardLevel.NONE
