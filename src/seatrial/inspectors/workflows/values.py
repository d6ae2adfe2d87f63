"""
What of an expression's value is text that its references choose.

Values have types: a comparison, `!x`, `contains()` or `success()` is true or false for any operands, so it
passes no text on. `a && b` is `b` or something false; `a || b` is either.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .expression import And, Call, ComparisonNode, ContextAccess, ExpressionNode, Literal, Not, Or, UnknownPart

_UNTOUCHED = frozenset({"contains", "startswith", "endswith", "hashfiles", "success", "always", "cancelled", "failure"})
"""Functions whose value is a boolean or a hash."""


@dataclass(frozen=True, slots=True)
class TaintSource:
    """A reference whose text reaches the value."""

    reference: ContextAccess
    whole: bool = False
    """Whether an object arrives with all that it holds (`toJSON`), rather than as the word `Object`."""


def sources(node: ExpressionNode, *, whole: bool = False) -> Iterator[TaintSource]:
    """The references whose text can be part of the value."""
    match node:
        case Literal() | ComparisonNode() | Not():
            return
        case ContextAccess():
            yield TaintSource(node, whole)
        case And():
            yield from sources(node.items[-1], whole=whole)
        case Or():
            for item in node.items:
                yield from sources(item, whole=whole)
        case UnknownPart():
            yield from sources(node.whole, whole=whole)
        case Call():
            for argument in _passed(node):
                yield from sources(argument, whole=whole or node.name in ("tojson", "join"))


def _passed(call: Call) -> tuple[ExpressionNode, ...]:
    """The arguments whose text is part of the value."""
    if call.name in _UNTOUCHED:
        return ()
    if call.name == "case":  # predicate, value, predicate, value, ..., default
        return (*call.arguments[1::2], call.arguments[-1])
    return call.arguments
