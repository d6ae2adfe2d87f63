"""
Whether code can do without a variable: what `reads` finds, and the idioms that say it elsewhere than in the read.

A read is followed by its default (`?? "8080"`), by a check (`if (!process.env.KEY) throw`), or is a line of a
declaration: envalid's `KEY: str()`, viper's `SetDefault("port", 8080)`, a tag of a Go struct, `${KEY:?}` in a shell
script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.domain import Location

from .reads import SUFFIXES, reads

SHELL = frozenset({"sh", "bash"})
CODE = SUFFIXES | SHELL
_NAME = r"[A-Z][A-Z0-9_]{1,63}"
_AFTER = 160
"""Characters behind a read in which its default or its check is."""
_DEFAULT = re.compile(
    r"(?:['\"`]\s*[\])!]*)?(?:\s*,\s*(?!required)[^)\s]|\s*\)?\s*(?:\|\||\?\?|\?:)\s*\S|\s*\)?\s+or\s+\S"
    r"|\)\s*\.(?:unwrap_or|orElse|getOrElse))"
)
_FALSE = re.compile(r"\s*,\s*(?:default\s*=\s*)?(?:None|null|undefined|nil)\b")
"""A default that means a missing value."""
_CHECK = re.compile(
    r"(?:['\"`]\s*[\])!]*)?\s*(?:=\s*=\s*=?\s*[\"']{2}\s*)?[:){\s]{1,20}"
    r"(?:throw\b|raise\b|panic\(|log\.Fatal|process\.exit|sys\.exit|os\.Exit|exit\b|abort)"
)
_EXPECTED = re.compile(r"['\"]\s*\)\s*\.(?:expect|unwrap)\(|['\"]\s*\)\?")
_BEFORE = re.compile(r"(?:if|unless)\s*\(?\s*(?:!|not\s+)?[\w.\[\"'`(]*$")
_ENDS = r"(?:\bthrow\b|\braise\b|\bpanic\(|\blog\.Fatal|\bexit\b|\bExit\(|\babort)"
_HELD = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*(?::\s*[\w.\[\] |]+?)?\s*:?=\s*$")
_SOON = 400
"""Characters behind a read in which its value is checked."""
_HELPER = re.compile(
    r"\b(?P<helper>(?i:\w{0,20}(?:env|setting|required|secret|variable)\w{0,20}))"
    rf"\(\s*['\"`](?P<name>{_NAME})['\"`]\s*(?P<more>[,)])"
)
"""A function of the repository's own that reads a variable: `require_env("KEY")`, `setting("PORT", 8080)`."""
_STANDARD = re.compile(r"(?:getenv|lookupenv|getenvironmentvariable|bindenv|setenv|unsetenv)$", re.IGNORECASE)
_ENVALID = re.compile(
    rf"^\s*(?P<name>{_NAME})\s*:\s*(?:str|bool|num|email|host|port|url|json|makeValidator\w*)\((?P<more>[^)]*)\)",
    re.MULTILINE,
)
_ZOD = re.compile(rf"^\s*(?P<name>{_NAME})\s*:\s*z\.(?P<more>[^\n,]*(?:\([^\n]*\))?)", re.MULTILINE)
_VIPER = re.compile(
    r"\bviper\.(?P<call>SetDefault|BindEnv|MustBindEnv|Get(?:String|Int|Bool|Duration)?|IsSet)\(\s*\"(?P<name>[\w.]+)\""
)
_TAG = re.compile(rf"`[^`\n]*\benv(?:config)?:\"(?P<name>{_NAME})(?P<more>[^\"]*)\"(?P<rest>[^`\n]*)`")
_SHELL = re.compile(rf"\$(?:\{{(?P<name>{_NAME})(?P<operator>:?[-=?+])?[^}}]*\}}|(?P<plain>{_NAME})\b)")
_STRICT = re.compile(r"^\s*set\s+-\w*u|^\s*set\s+-o\s+nounset", re.MULTILINE)
_ASSIGNED = re.compile(rf"^\s*(?:export\s+|local\s+|readonly\s+)?({_NAME})=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class VariableNeed:
    """One place that shows whether code can do without a variable."""

    name: str
    at: Location
    required: bool
    defaulted: bool


def needs(path: str, text: str) -> Iterator[VariableNeed]:
    """What a file shows of the variables that it reads."""
    suffix = path.rpartition(".")[2].lower()
    if suffix in SHELL:
        yield from _shell(path, text)
        return
    for one in reads(path, text):
        start = _offset(text, one.at)
        name = text.find(one.name, start)
        after = text[name + len(one.name) : name + len(one.name) + _AFTER] if name >= 0 else ""
        before = text[max(0, start - 60) : start]
        defaulted = not one.required and bool(_DEFAULT.match(after)) and not _FALSE.match(after.lstrip("'\"`"))
        checked = bool(_EXPECTED.match(after)) or (bool(_BEFORE.search(before)) and bool(_CHECK.match(after)))
        checked = checked or _is_checked(text, start)
        yield VariableNeed(one.name, one.at, one.required or (checked and not defaulted), defaulted)
    for match in _HELPER.finditer(text):
        if not _STANDARD.search(match["helper"]):
            yield _declared(path, text, match, has_default=match["more"] == ",")
    if suffix in ("js", "mjs", "cjs", "ts", "tsx"):
        for match in _ENVALID.finditer(text) if "envalid" in text else ():
            yield _declared(path, text, match, has_default="default" in match["more"])
        for match in _ZOD.finditer(text) if "process.env" in text else ():
            optional = "optional(" in match["more"] or "nullish(" in match["more"]
            yield _declared(path, text, match, has_default=".default(" in match["more"], optional=optional)
    if suffix == "go":
        yield from _go(path, text)


def _is_checked(text: str, start: int) -> bool:
    """Whether the read's value gets a name, and the program ends soon after if that has no value."""
    held = _HELD.search(text[max(0, start - 80) : start])
    if held is None:
        return False
    name = re.escape(held["name"])
    ends = rf"\b(?:if|unless)\b[^\n]{{0,40}}\b{name}\b[^\n]{{0,40}}\n?[^\n]{{0,60}}{_ENDS}"
    return re.search(ends, text[start : start + _SOON]) is not None


def _declared(path: str, text: str, match: re.Match[str], *, has_default: bool, optional: bool = False) -> VariableNeed:
    at = Location(path, text.count("\n", 0, match.start("name")) + 1, 1)
    return VariableNeed(match["name"], at, required=not has_default and not optional, defaulted=has_default)


def _go(path: str, text: str) -> Iterator[VariableNeed]:
    defaults = {m["name"] for m in _VIPER.finditer(text) if m["call"] == "SetDefault"}
    prefix = re.search(r"viper\.SetEnvPrefix\(\s*\"(\w+)\"", text)
    for match in _VIPER.finditer(text):
        name = re.sub(r"[^A-Z0-9]", "_", match["name"].upper())
        full = f"{prefix[1].upper()}_{name}" if prefix else name
        at = Location(path, text.count("\n", 0, match.start()) + 1, 1)
        yield VariableNeed(full, at, match["call"] == "MustBindEnv", match["name"] in defaults)
    for match in _TAG.finditer(text):
        more = f"{match['more']} {match['rest']}"
        at = Location(path, text.count("\n", 0, match.start()) + 1, 1)
        has_default = "default" in more.casefold()
        yield VariableNeed(match["name"], at, "required" in more and not has_default, has_default)


def _shell(path: str, text: str) -> Iterator[VariableNeed]:
    own = set(_ASSIGNED.findall(text))
    strict = _STRICT.search(text) is not None
    for match in _SHELL.finditer(text):
        name, operator = match["name"] or match["plain"], match["operator"] or ""
        if name in own and not operator:
            continue
        at = Location(path, text.count("\n", 0, match.start()) + 1, 1)
        hard = operator in (":?", "?") or (strict and not operator)
        yield VariableNeed(name, at, hard, operator in (":-", "-", ":=", "="))


def _offset(text: str, at: Location) -> int:
    """Where a line and a column are in a text."""
    offset = 0
    for _ in range(at.line - 1):
        offset = text.find("\n", offset) + 1
    return offset + max(0, at.column - 1)
