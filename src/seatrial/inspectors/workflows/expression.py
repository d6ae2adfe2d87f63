"""
GitHub's expressions: found in a text, read into a tree, and what they refer to. Nothing is evaluated here.

Every bound is GitHub's own: 21,000 characters and 50 levels (actions/runner, ExpressionConstants), so a longer or
deeper expression is a flaw of the file. Reading takes time in proportion to the length.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

LENGTH_LIMIT = 21_000
"""Characters of one expression."""
DEPTH_LIMIT = 50
"""Levels of one expression."""

CONTEXTS = frozenset(
    {"github", "env", "vars", "job", "jobs", "steps", "runner", "secrets", "strategy", "matrix", "needs", "inputs"}
)
FUNCTIONS = {
    "contains": (2, 2), "startswith": (2, 2), "endswith": (2, 2), "format": (1, 255), "join": (1, 2), "tojson": (1, 1),
    "fromjson": (1, 1), "hashfiles": (1, 255), "success": (0, 255), "always": (0, 0), "cancelled": (0, 0),
    "failure": (0, 255), "case": (3, 255),
}  # fmt: skip
"""Least and most arguments."""

_TOKEN = re.compile(
    r"(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<number>[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|Infinity\b))"
    r"|(?P<string>'(?:[^']|'')*')|(?P<op>&&|\|\||==|!=|<=|>=|[()\[\].,!<>*])",
    re.ASCII,
)
_END = re.compile(r"\}\}|'")
_BLANK = re.compile(r"\s*")
_WORDS = frozenset({"true", "false", "null", "nan", "infinity"})


class ExpressionError(ValueError):
    """It is not an expression; one sentence."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """One `${{ }}` of a text."""

    body: str
    """What is between the braces, without blanks around it."""
    start: int
    """Where `${{` is."""
    end: int
    """Behind `}}`."""
    closed: bool = True
    """Whether `}}` follows; if not, the body is the rest of the text."""


def embedded(text: str) -> Iterator[Embedded]:
    """
    Every `${{ }}` of a text. Braces within a quoted text do not end one, as for the runner's template reader.

    Source: https://github.com/actions/runner/blob/main/src/Sdk/DTObjectTemplating/ObjectTemplating/TemplateReader.cs
    """
    start = text.find("${{")
    while start >= 0:
        end = _closing(text, start + 3)
        if end < 0:
            yield Embedded(text[start + 3 :].strip(), start, len(text), closed=False)
            return
        yield Embedded(text[start + 3 : end - 2].strip(), start, end)
        start = text.find("${{", end)


def _closing(text: str, at: int) -> int:
    """Behind the braces that close an expression; -1 if none do."""
    while found := _END.search(text, at):
        if found[0] == "}}":
            return found.end()
        at = text.find("'", found.end()) + 1
        if not at:
            break
    return -1


class LiteralType(enum.Enum):
    """What a literal is."""

    TEXT = "string"
    NUMBER = "number"
    WORD = "word"
    """`true`, `false`, `null`."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written out."""

    kind: LiteralType
    value: str
    """Of a text without its quotes; of a word in lower case."""


@dataclass(frozen=True, slots=True)
class ContextAccess:
    """A context that is looked into: `steps.build.outputs.tag` is `("steps", "build", "outputs", "tag")`."""

    path: tuple[str, ...]
    """In lower case; `*` for what is not known before it runs."""
    keys: tuple[ExpressionNode, ...] = ()
    """Expressions that choose a part: `x` of `github[x]`."""

    def __str__(self) -> str:
        """As an author writes it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    """In lower case."""
    arguments: tuple[ExpressionNode, ...]


@dataclass(frozen=True, slots=True)
class UnknownPart:
    """What is taken from a value that is known only when it runs: `fromJSON(x).y`, `(a || b).c`."""

    whole: ExpressionNode
    path: tuple[str, ...]
    keys: tuple[ExpressionNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """`!x`."""

    value: ExpressionNode


@dataclass(frozen=True, slots=True)
class ComparisonNode:
    """`==`, `!=`, `<`, `<=`, `>`, `>=`."""

    operator: str
    left: ExpressionNode
    right: ExpressionNode


@dataclass(frozen=True, slots=True)
class And:
    """`a && b && ...`: the first that is false, else the last."""

    items: tuple[ExpressionNode, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """`a || b || ...`: the first that is true, else the last."""

    items: tuple[ExpressionNode, ...]


ExpressionNode = Literal | ContextAccess | Call | UnknownPart | Not | ComparisonNode | And | Or


def parse(text: str) -> ExpressionNode:
    """
    The tree of an expression, without its braces.

    Raises:
        ExpressionError: it is none, or is longer or deeper than GitHub reads.
    """
    if len(text) > LENGTH_LIMIT:
        raise ExpressionError(f"is longer than {LENGTH_LIMIT:,} characters, the limit of GitHub")
    parser = _ExpressionParser(list(_tokens(text)))
    if not parser.tokens:
        raise ExpressionError("the expression is empty")
    node = parser.expression()
    if parser.at < len(parser.tokens):
        raise ExpressionError(f"unexpected {parser.tokens[parser.at][1][:20]!r}")
    return node


def references(text: str) -> tuple[ContextAccess, ...]:
    """
    What an expression refers to, in the order of the text.

    Raises:
        ExpressionError: it is none.
    """
    return tuple(_references(parse(text)))


def _references(node: ExpressionNode) -> Iterator[ContextAccess]:
    match node:
        case ContextAccess():
            yield node
            below: tuple[ExpressionNode, ...] = node.keys
        case Literal():
            return
        case Call():
            below = node.arguments
        case UnknownPart():
            below = (node.whole, *node.keys)
        case Not():
            below = (node.value,)
        case ComparisonNode():
            below = (node.left, node.right)
        case And() | Or():
            below = node.items
    for child in below:
        yield from _references(child)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = _end_of_blanks(text, 0)
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            hint = ": strings need single quotes" if text[at] == '"' else ""
            raise ExpressionError(f"unexpected {text[at : at + 10].strip()!r}{hint}")
        yield str(found.lastgroup), found[0]
        at = _end_of_blanks(text, found.end())


def _end_of_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


class _ExpressionParser:
    """By precedence, from the weakest: `||`, `&&`, `==`, `<`, `!`, postfix."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0
        self._depth = 0

    def _peek(self) -> str:
        """The next operator or name; empty at the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, wanted: str = "") -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise ExpressionError(f"ends where {wanted or 'a value'!r} is expected")
        token = self.tokens[self.at]
        if wanted and token[1] != wanted:
            raise ExpressionError(f"unexpected {token[1][:20]!r} where {wanted!r} is expected")
        self.at += 1
        return token

    def _deeper(self, levels: int = 1) -> None:
        self._depth += levels
        if self._depth > DEPTH_LIMIT:
            raise ExpressionError(f"is nested more than {DEPTH_LIMIT} levels deep")

    def expression(self) -> ExpressionNode:
        self._deeper()
        items = [self._conjunction()]
        while self._peek() == "||":
            self._take()
            items.append(self._conjunction())
        self._depth -= 1
        return Or(tuple(items)) if len(items) > 1 else items[0]

    def _conjunction(self) -> ExpressionNode:
        items = [self._equality()]
        while self._peek() == "&&":
            self._take()
            items.append(self._equality())
        return And(tuple(items)) if len(items) > 1 else items[0]

    def _equality(self) -> ExpressionNode:
        before, left = self._depth, self._order()
        while self._peek() in ("==", "!="):
            self._deeper()
            left = ComparisonNode(self._take()[1], left, self._order())
        self._depth = before
        return left

    def _order(self) -> ExpressionNode:
        before, left = self._depth, self._unary()
        while self._peek() in ("<", "<=", ">", ">="):
            self._deeper()
            left = ComparisonNode(self._take()[1], left, self._unary())
        self._depth = before
        return left

    def _unary(self) -> ExpressionNode:
        count = 0
        while self._peek() == "!":
            self._take()
            count += 1
        self._deeper(count)
        node = self._primary()
        self._depth -= count
        for _ in range(count):
            node = Not(node)
        return node

    def _primary(self) -> ExpressionNode:
        kind, text = self._take()
        match kind:
            case "string":
                return Literal(LiteralType.TEXT, text[1:-1].replace("''", "'"))
            case "number":
                return Literal(LiteralType.NUMBER, text)
            case "name" if self._peek() == "(":
                return self._part(self._call(text))
            case "name" if text.lower() in _WORDS:
                return Literal(LiteralType.WORD, text.lower())
            case "name":
                path, keys = self._path()
                return ContextAccess((text.lower(), *path), keys)
        if text != "(":
            raise ExpressionError(f"unexpected {text!r}")
        inner = self.expression()
        self._take(")")
        return self._part(inner)

    def _call(self, name: str) -> Call:
        if name.lower() not in FUNCTIONS:
            raise ExpressionError(f"there is no function {name[:40]!r}")
        self._take("(")
        arguments: list[ExpressionNode] = []
        while self._peek() != ")":
            arguments.append(self.expression())
            if self._peek() == ",":
                self._take()
            elif self._peek() != ")":
                raise ExpressionError(f"unexpected {self._peek()[:20] or 'end'!r} in the arguments of {name}")
        self._take(")")
        least, most = FUNCTIONS[name.lower()]
        if not least <= len(arguments) <= most:
            wanted = least if least == most else f"{least} or more"
            raise ExpressionError(f"{name} takes {wanted} arguments, not {len(arguments)}")
        return Call(name.lower(), tuple(arguments))

    def _part(self, whole: ExpressionNode) -> ExpressionNode:
        path, keys = self._path()
        return UnknownPart(whole, path, keys) if path else whole

    def _path(self) -> tuple[tuple[str, ...], tuple[ExpressionNode, ...]]:
        """Every `.name`, `.*` and `[...]` that follows."""
        path: list[str] = []
        keys: list[ExpressionNode] = []
        while self._peek() in (".", "["):
            if self._take()[1] == ".":
                kind, text = self._take()
                if kind != "name" and text != "*":
                    raise ExpressionError(f"unexpected {text[:20]!r} after a dot")
                path.append(text.lower())
                continue
            if self._peek() == "*":
                self._take()
                path.append("*")
            else:
                key = self.expression()
                path.append(key.value.lower() if isinstance(key, Literal) and key.kind is LiteralType.TEXT else "*")
                keys.append(key)
            self._take("]")
        return tuple(path), tuple(keys)
