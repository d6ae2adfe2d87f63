"""
What a script writes into GITHUB_OUTPUT and GITHUB_ENV, and whether untrusted text is in it.

A heuristic reading of shell, PowerShell and the JavaScript of github-script: variables are followed through
assignments, tests and filters that leave no free text are taken out.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from seatrial.text import lines

LENGTH_LIMIT = 65_536
"""Characters of one script that are looked at."""

Judge = Callable[[str, frozenset[str]], bool]
"""Whether a fragment, with further variables in lower case, holds untrusted text."""


class TaintSink(enum.Enum):
    """Where a value goes."""

    OUTPUT = "output"
    ENV = "env"


@dataclass(frozen=True, slots=True)
class Write:
    """One name that gets untrusted text."""

    target: TaintSink
    name: str
    """In lower case; `*` if it is not known."""


_BLOCK_LIMIT = 200
"""Lines of one `{ ... } >> "$GITHUB_OUTPUT"`."""
_TARGET = re.compile(r"GITHUB_(OUTPUT|ENV)\b")
_COMMAND = re.compile(r"::(?P<command>set-output|set-env)\s+name=(?P<name>[\w-]+)::(?P<value>[^\n]*)")
_ASSIGNED = re.compile(
    r"(?:^|[;&|({]|\bdo\b|\bthen\b)\s*(?:(?:export|local|readonly|declare|typeset|set)\s+(?:-\w+\s+)*)?"
    r"\$?(?:env:)?(?P<name>[A-Za-z_]\w*)\s*=(?!=)\s*(?P<value>.*)"
)
_READ = re.compile(
    r"\b(?:read|mapfile|readarray)\s+(?:-\w+\s+)*(?P<name>[A-Za-z_]\w*)(?P<value>.*)"
    r"|\bfor\s+(?P<each>[A-Za-z_]\w*)\s+in\s+(?P<list>.*)"
)
_NAMED = re.compile(r"(?:^|[\"'\s(])(?P<name>[A-Za-z_][\w-]*)=(?P<value>.*)")
_OPENED = re.compile(r"(?:^|[\"'\s])(?P<name>[A-Za-z_][\w-]*)<<-?[\"'\\]*(?P<end>[^\s\"'\\]+)")
_HEREDOC = re.compile(r"(?:^|[\s;&|)])(?:cat|tee)\b[^\n]{0,300}?<<-?\s*[\"'\\]?(?P<end>\w+)")
_BLOCK_END = re.compile(r"^\s*\}\s*(?:>>?|\|)")
_TESTS = re.compile(
    r"\[\[[^\n]{0,300}?\]\]|\[\s[^\n]{0,300}?\s\]|\$\{#\w+\}|\btest\s[^;&|\n]*|\bgrep\s+(?:-\w+\s+)*-\w*[qc]\w*\b[^;&|\n)]*"
)
_FILTERED = re.compile(
    r"\|\s*(?:tr\s+-(?:dc|cd|cs)\b|sed\s+[^|]{0,300}\[\^|wc\b|\w*sum\b|base64\b(?!\s+(?:-d|-D|--decode))"
    r"|xxd\b|jq\s+-?\w*\s*['\"]?length"
    r"|openssl\s+dgst|grep\s+(?:-\w+\s+)*-\w*[qc])|\bprintf\s+['\"]?%q"
)


def written(script: str, judge: Judge) -> Iterator[Write]:
    """The names that get untrusted text."""
    text = re.sub(r"\\\r?\n", "  ", script[:LENGTH_LIMIT])
    rows = lines.split(text)
    variables = _variables(rows, judge)

    def tainted(fragment: str) -> bool:
        return not _FILTERED.search(fragment) and judge(_TESTS.sub(" ", fragment), variables)

    for match in _COMMAND.finditer(text):
        if tainted(match["value"]):
            yield Write(TaintSink.OUTPUT if match["command"] == "set-output" else TaintSink.ENV, match["name"].lower())
    known = False
    for target, block in _blocks(rows):
        known = True
        yield from (Write(target, name) for name in _names(block, tainted))
    if not known and (found := _TARGET.search(text)) and tainted(text):
        yield Write(_kind(found[1]), "*")


def _kind(word: str) -> TaintSink:
    return TaintSink.OUTPUT if word == "OUTPUT" else TaintSink.ENV


def _variables(rows: list[str], judge: Judge) -> frozenset[str]:
    """Variables that are assigned untrusted text; two rounds, for those that loops carry."""
    known: frozenset[str] = frozenset()
    for _ in range(2):
        for row in rows:
            for match in (*_ASSIGNED.finditer(row), *_READ.finditer(row)):
                groups = match.groupdict()
                value = groups.get("value") or groups.get("list") or ""
                if not _FILTERED.search(value) and judge(_TESTS.sub(" ", value), known):
                    known |= {(groups.get("name") or groups.get("each") or "").lower()}
    return known


def _blocks(rows: list[str]) -> Iterator[tuple[TaintSink, list[str]]]:
    """Lines that are written to one of the files, in groups; a group that is written line by line is one."""
    single: dict[TaintSink, list[str]] = {}
    heredoc, until = TaintSink.OUTPUT, ""
    inside: list[str] = []
    for number, row in enumerate(rows):
        if until:
            if row.strip() == until:
                yield heredoc, inside
                until, inside = "", []
            else:
                inside.append(row)
            continue
        found = _TARGET.search(row)
        if found is None or not re.search(r">|\btee\b|Out-File|Add-Content|Set-Content", row):
            continue
        opened = _HEREDOC.search(row)
        if opened:
            heredoc, until = _kind(found[1]), opened["end"]
        elif _BLOCK_END.match(row):
            start = next(
                (n for n in range(number - 1, max(-1, number - _BLOCK_LIMIT), -1) if re.search(r"\{\s*$", rows[n])),
                number,
            )
            yield _kind(found[1]), rows[start + 1 : number]
        else:
            single.setdefault(_kind(found[1]), []).append(row)
    if inside:
        yield heredoc, inside
    yield from single.items()


def _names(block: list[str], tainted: Callable[[str], bool]) -> Iterator[str]:
    name = end = ""
    for row in block:
        if name:
            if end in row:
                name = ""
            elif tainted(row):
                yield name
            continue
        opened = _OPENED.search(row)
        if opened:
            name, end = opened["name"].lower(), opened["end"]
            continue
        named = _NAMED.search(row)
        if named:
            if tainted(named["value"]):
                yield named["name"].lower()
        elif tainted(row):
            yield "*"


_SET = re.compile(
    r"\b(?:core\.)?(?P<how>setOutput|exportVariable)\(\s*['\"`](?P<name>[\w-]+)['\"`]\s*,(?P<value>[^\n]*)"
)
_DECLARED = re.compile(r"\b(?:const|let|var)\s+(?:\{(?P<names>[^}\n]*)\}|(?P<name>\w+))\s*=(?P<value>[^\n]*)")
_RETURNED = re.compile(r"\breturn\b(?P<value>[^\n;]*)")
_BOOLEAN = re.compile(
    r"[=!]==?|\.(?:includes|startsWith|endsWith|test|length|some|every|indexOf)\b|^\s*!"
    r"|\b(?:Boolean|Number|parseInt)\("
)


def javascript(script: str, judge: Judge) -> Iterator[Write]:
    """The names that a script of actions/github-script gives untrusted text; `result` is what it returns."""
    text = script[:LENGTH_LIMIT]
    variables: frozenset[str] = frozenset()

    def tainted(value: str) -> bool:
        return not _BOOLEAN.search(value) and judge(value, variables)

    for match in _DECLARED.finditer(text):
        if tainted(match["value"]):
            names = re.findall(r"\w+", match["names"] or match["name"])
            variables |= {name.lower() for name in names}
    for match in _SET.finditer(text):
        if tainted(match["value"]):
            yield Write(TaintSink.OUTPUT if match["how"] == "setOutput" else TaintSink.ENV, match["name"].lower())
    if any(tainted(match["value"]) for match in _RETURNED.finditer(text)):
        yield Write(TaintSink.OUTPUT, "result")
