"""
GitHub's expressions: read, and what they refer to. Nothing is evaluated.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

CONTEXTS = frozenset(
    {"github", "env", "vars", "job", "jobs", "steps", "runner", "secrets", "strategy", "matrix", "needs", "inputs"}
)
FUNCTIONS = {
    "contains": (2, 2), "startswith": (2, 2), "endswith": (2, 2), "format": (1, 99), "join": (1, 2), "tojson": (1, 1),
    "fromjson": (1, 1), "hashfiles": (1, 99), "success": (0, 99), "always": (0, 0), "cancelled": (0, 0),
    "failure": (0, 99), "case": (3, 99),
}  # fmt: skip
"""Least and most arguments."""

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][\w-]*)|(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))"
    r"|(?P<string>'(?:[^']|'')*')|(?P<op>&&|\|\||==|!=|<=|>=|[()\[\].,!<>*]))"
)


class ExpressionError(ValueError):
    """It is no expression; one sentence."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A context that is looked into: `steps.build.outputs.tag` is `("steps", "build", "outputs", "tag")`."""

    path: tuple[str, ...]
    """In lower case; `*` for what is not known before it runs."""

    def __str__(self) -> str:
        """As an author writes it."""
        return ".".join(self.path)


def references(text: str) -> tuple[Reference, ...]:
    """
    What an expression refers to.

    Raises:
        ExpressionError: it is none.
    """
    parser = _Parser(list(_tokens(text)))
    if not parser.tokens:
        raise ExpressionError("the expression is empty")
    parser.expression()
    if parser.at < len(parser.tokens):
        raise ExpressionError(f"unexpected {parser.tokens[parser.at][1]!r}")
    return tuple(parser.found)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            rest = text[at:].strip()
            hint = ": texts stand in single quotes" if rest.startswith('"') else ""
            raise ExpressionError(f"unexpected {rest[:10]!r}{hint}")
        yield str(found.lastgroup), found[found.lastgroup or 0]
        at = found.end()


class _Parser:
    """By precedence: `||`, `&&`, comparison, `!`, postfix."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.found = tokens, 0, list[Reference]()
        self._depth = 0

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, wanted: str = "") -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise ExpressionError(f"ends where {wanted or 'a value'!r} is expected")
        token = self.tokens[self.at]
        if wanted and token[1] != wanted:
            raise ExpressionError(f"unexpected {token[1]!r} where {wanted!r} is expected")
        self.at += 1
        return token

    def expression(self) -> None:
        self._depth += 1
        if self._depth > 50:
            raise ExpressionError("is nested more than 50 levels deep")
        self._unary()
        while self._peek() in ("||", "&&", "==", "!=", "<", "<=", ">", ">="):
            self._take()
            self._unary()
        self._depth -= 1

    def _unary(self) -> None:
        while self._peek() == "!":
            self._take()
        self._primary()

    def _primary(self) -> None:
        kind, text = self._take()
        if text == "(":
            self.expression()
            self._take(")")
            self._skip()
        elif kind == "name" and self._peek() == "(":
            self._call(text)
        elif kind == "name" and text.lower() in ("true", "false", "null", "nan", "infinity"):
            return
        elif kind == "name":
            self._path(text)
        elif kind == "op":
            raise ExpressionError(f"unexpected {text!r}")

    def _call(self, name: str) -> None:
        if name.lower() not in FUNCTIONS:
            raise ExpressionError(f"there is no function {name!r}")
        self._take("(")
        count = 0
        while self._peek() != ")":
            self.expression()
            count += 1
            if self._peek() == ",":
                self._take()
            elif self._peek() != ")":
                raise ExpressionError(f"unexpected {self._peek() or 'end'!r} in the arguments of {name}")
        self._take(")")
        least, most = FUNCTIONS[name.lower()]
        if not least <= count <= most:
            raise ExpressionError(
                f"{name} takes {least if least == most else f'{least} or more'} arguments, not {count}"
            )
        self._skip()

    def _skip(self) -> None:
        """What is taken from a value that is known only when it runs."""
        while self._peek() in (".", "["):
            self._index()

    def _index(self) -> str:
        """One `.name`, `.*` or `[…]`; what it names, `*` if that is not known."""
        if self._take()[1] == ".":
            kind, text = self._take()
            if kind != "name" and text != "*":
                raise ExpressionError(f"unexpected {text!r} after a dot")
            return text.lower()
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        after = self.tokens[self.at + 1][1] if self.at + 1 < len(self.tokens) else ""
        if text == "*" and after == "]":
            self.at += 2
            return "*"
        if kind == "string" and after == "]":
            self.at += 2
            return text[1:-1].lower()
        self.expression()
        self._take("]")
        return "*"

    def _path(self, first: str) -> None:
        path = [first.lower()]
        while self._peek() in (".", "["):
            path.append(self._index())
        self.found.append(Reference(tuple(path)))
