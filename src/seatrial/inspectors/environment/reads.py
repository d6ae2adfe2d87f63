"""
Which variables code reads, by the idioms of each language, and whether it can do without them.

Needed is what fails where it is missing: `os.environ["X"]`, `ENV.fetch("X")`, a field of settings without a default,
`process.env.X!`. Code that asks by `getenv` is prepared for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.domain import Location

_NAME = r"(?P<name>[A-Z][A-Z0-9_]{1,63})"


@dataclass(frozen=True, slots=True)
class VariableRead:
    """One place where a variable is read."""

    name: str
    at: Location
    required: bool
    """Whether the program fails, or has nothing, without it."""


_PYTHON = (
    (re.compile(rf"\bos\.environ\[\s*['\"]{_NAME}['\"]\s*\](?!\s*=[^=])"), True),
    (re.compile(rf"\b(?:os\.)?(?:getenv|environ\.get)\(\s*['\"]{_NAME}['\"]"), False),
    (
        re.compile(
            rf"\b(?:env|config)(?:\.(?:str|int|bool|url|list|db|cache|float|json))?\(\s*['\"]{_NAME}['\"]\s*(?P<more>[,)])"
        ),
        None,
    ),
)
_JAVASCRIPT = (
    (re.compile(rf"\bprocess\.env\.{_NAME}\b(?P<more>!)?"), None),
    (re.compile(rf"\bprocess\.env\[\s*['\"]{_NAME}['\"]\s*\](?P<more>!)?"), None),
    (re.compile(rf"\bimport\.meta\.env\.{_NAME}\b(?P<more>!)?"), None),
    (re.compile(rf"\bDeno\.env\.get\(\s*['\"]{_NAME}['\"]\s*\)(?P<more>!)?"), None),
)
_BY_SUFFIX: Mapping[str, tuple[tuple[re.Pattern[str], bool | None], ...]] = {
    "py": _PYTHON,
    **dict.fromkeys(("js", "mjs", "cjs", "ts", "tsx", "jsx", "vue", "svelte"), _JAVASCRIPT),
    "go": ((re.compile(rf"\bos\.(?:Getenv|LookupEnv)\(\s*[\"`]{_NAME}[\"`]\s*\)"), False),),
    "rb": (
        (re.compile(rf"\bENV\.fetch\(\s*['\"]{_NAME}['\"]\s*(?P<more>[,)])"), None),
        (re.compile(rf"\bENV\[\s*['\"]{_NAME}['\"]\s*\]"), False),
    ),
    "php": ((re.compile(rf"\b(?:getenv|env)\(\s*['\"]{_NAME}['\"]"), False),),
    **dict.fromkeys(("java", "kt", "scala"), ((re.compile(rf"\bSystem\.getenv\(\s*\"{_NAME}\"\s*\)"), False),)),
    "cs": ((re.compile(rf"\bEnvironment\.GetEnvironmentVariable\(\s*\"{_NAME}\"\s*\)"), False),),
    "rs": ((re.compile(rf"\benv::var\(\s*\"{_NAME}\"\s*\)"), False),),
}
SUFFIXES = frozenset(_BY_SUFFIX)
_SETTINGS = re.compile(r"^class\s+\w+\([^)]*\bBaseSettings\b[^)]*\):", re.MULTILINE)
_PREFIX = re.compile(r"env_prefix\s*=\s*['\"](\w*)['\"]")
_FIELD = re.compile(r"^ {4}(?P<name>[a-z][a-z0-9_]*)\s*:\s*(?P<type>[^=\n]+?)(?P<default>\s*=.*)?$", re.MULTILINE)


def reads(path: str, text: str) -> Iterator[VariableRead]:
    """The variables that a file reads."""
    for pattern, required in _BY_SUFFIX.get(path.rpartition(".")[2].lower(), ()):
        for match in pattern.finditer(text):
            more = match.groupdict().get("more")
            needed = required if required is not None else more in ("!", ")")
            line = text.count("\n", 0, match.start()) + 1
            yield VariableRead(
                match["name"], Location(path, line, match.start() - text.rfind("\n", 0, match.start())), needed
            )
    if path.endswith(".py"):
        yield from _pydantic(path, text)


def _pydantic(path: str, text: str) -> Iterator[VariableRead]:
    """The fields of pydantic's settings classes, which are read from variables of the same name."""
    for found in _SETTINGS.finditer(text):
        body = text[found.end() :]
        end = re.search(r"^\S", body, re.MULTILINE)
        body = body[: end.start()] if end else body
        prefix = _PREFIX.search(body)
        for match in _FIELD.finditer(body):
            if match["name"] == "model_config" or "ClassVar" in match["type"]:
                continue
            default = match["default"] or ""
            needed = not default or re.match(r"\s*=\s*(?:Field\(\s*\.\.\.|\.\.\.)", default) is not None
            line = text.count("\n", 0, found.end() + match.start("name")) + 1
            yield VariableRead(((prefix[1] if prefix else "") + match["name"]).upper(), Location(path, line, 5), needed)
