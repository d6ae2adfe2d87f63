"""
Python source: bandit, as a subprocess, with all its rules and the repository's own configuration.

Bandit parses with the interpreter that runs it. It exits 0 when files cannot be parsed, so the exit code says
nothing: what it could not read is taken from its report, named, and counted as not measured.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Tool
from seatrial.domain.errors import InspectorError
from seatrial.domain.extent import Extent
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.inspectors import tool_reports
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.path_roles import is_test_path, weighed
from seatrial.inspectors.rules import Rule, Rules
from seatrial.system import process
from seatrial.system.source import SourceFile, Tree
from seatrial.text import redact
from seatrial.text.encoding import unreadable
from seatrial.text.lines import split
from seatrial.text.wording import counted, listed
from seatrial.verdict import catalogue

from . import bandit_config
from .bandit_config import BanditConfig

CHECK = "python/bandit"
_ABSENT = "no Python file in the tree"
_NO_CACHE = {"XDG_CACHE_HOME": os.devnull}  # stevedore keeps a list of plug-ins in the user's home, and believes it

ORDINARY_IN_TESTS = frozenset({"B101"})
"""Rules that describe what tests are made of (`assert`): set aside there, with their number in a note."""

_SEVERITY = {"LOW": Severity.LOW, "MEDIUM": Severity.MEDIUM, "HIGH": Severity.HIGH}
_QUOTES_A_SECRET = frozenset({"B105", "B106", "B107"})
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_ARGUMENT_BYTES = 512 * 1024  # of paths on one command line; Linux allows 2 MiB with the environment
_FILES_WORTH_SHARING = 50  # below, a second process costs more in start-up than it saves


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one bandit report says."""

    findings: tuple[Finding, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    """Files without a result, each with bandit's reason."""
    scanned: frozenset[str] = frozenset()
    """Files that were looked at; what bandit excludes is not here."""
    suppressed: int = 0
    """Results that `# nosec` silenced, bare or for named rules."""
    lines: int = 0
    """Of code, as bandit counts them: without blank lines and comments."""


def _rules() -> Iterable[Rule[object]]:
    from .bandit_rules import rules

    return rules()


class PythonCode:
    """Static analysis of Python with bandit."""

    name = "python"
    rules = Rules("bandit", make=_rules, elsewhere=("bandit",))
    checks = (CHECK,)
    per_file_inputs = ("pyproject.toml", ".bandit", "bandit.yaml", "bandit.yml", ".bandit.yaml", ".bandit.yml")
    live = False

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """Bandit, and the Python that parses for it."""
        del context
        version = importlib.metadata.version("bandit")
        return (Tool("bandit", f"{version} (parsing as Python {sys.version_info.major}.{sys.version_info.minor})"),)

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a Python file, or something that may be one."""
        tree = context.tree
        return unless(python_files(tree, bandit_config.of_tree(tree)), _unread(tree), _ABSENT)

    def inspect(self, context: Context, *, config: BanditConfig | None = None) -> Iterator[Answer]:
        """
        One answer: every result of bandit is a finding.

        Args:
            context: of the survey.
            config: what bandit is called with; by default the tree's own configuration.
        """
        tree = context.tree
        used = bandit_config.of_tree(tree) if config is None else config
        files = python_files(tree, used)
        merged = merge(invoke(context, files, used.options)) if files else Parsed()
        findings, ordinary = set_aside(with_anchors(merged.findings, tree))
        unjudged = dict(merged.unread) | _pointers(tree, files) | _unread(tree)  # the most telling reason last
        judged = merged.scanned - unjudged.keys()
        excluded = {f.path for f in files} - judged - unjudged.keys()
        notes = (*used.notes, *_excluded(excluded))
        if merged.suppressed:
            notes += (f"{merged.suppressed} results silenced by # nosec",)
        if ordinary:
            notes += (f"{counted(ordinary, 'assert')} in test files not counted: tests are made of them",)
        extent = Extent.of(sorted(judged), unjudged, unit="Python file")
        total = len(extent.parts)
        yield Answer.of_extent(
            CHECK,
            extent,
            map(weighed, findings),
            absent="; ".join(_excluded(excluded)) or _ABSENT,
            evidence=f"{len(judged)} of {total} Python files",
            measurements=(
                Measurement("python files", total, MeasureUnit.FILES),
                Measurement("read", len(judged), MeasureUnit.FILES),
            ),
            notes=notes,
            basis=catalogue.load().density(CHECK, merged.lines),
        )


def python_files(tree: Tree, config: BanditConfig) -> tuple[SourceFile, ...]:
    """What `bandit -r .` would scan, if nothing is excluded."""
    return tuple(f for f in tree.files if config.includes(f.path))


def _unread(tree: Tree) -> dict[str, str]:
    """What could not be read and is, or may hold, Python."""
    return {path: why for path, why in tree.unread.items() if path.endswith(("/", ".py", ".pyw"))}


def _pointers(tree: Tree, files: Sequence[SourceFile]) -> dict[str, str]:
    """Files that hold something else than source. Only small ones, and those with a NUL, can be that and parse."""
    found: dict[str, str] = {}
    for file in files:
        try:
            reason = unreadable(tree.read(file.path))
        except OSError as error:
            reason = (error.strerror or "cannot be read").lower()
        if reason:
            found[file.path] = reason
    return found


def _excluded(paths: Iterable[str]) -> tuple[str, ...]:
    names = sorted(paths)
    if not names:
        return ()
    return (f"{counted(len(names), 'Python file')} excluded as bandit does: {listed(names)}",)


def invoke(context: Context, files: Sequence[SourceFile], options: Sequence[str]) -> list[bytes]:
    """
    Run bandit on the files, in as many processes as pay, and return its JSON reports.

    Bandit judges each file by itself, so parts give the same results as one run.

    Raises:
        InspectorError: bandit is missing, hangs, or fails.
    """
    parts = _parts(files, context.jobs if len(files) >= _FILES_WORTH_SHARING else 1)

    def scan(paths: Sequence[str]) -> bytes:
        command = (*process.python_module("bandit"), "-q", "-f", "json", *options, "--", *paths)
        done = process.run(command, cwd=context.tree.root, timeout=context.settings.timeout, env=_NO_CACHE)
        if done.returncode not in (0, 1):  # 0: nothing found, 1: something found
            raise InspectorError(f"bandit failed: {done.complaint}")
        return done.stdout

    with ThreadPoolExecutor(max_workers=context.jobs) as pool:
        try:
            return list(pool.map(scan, parts))
        except BaseException:  # one part failed, or we are asked to leave: nobody needs the others
            process.end_all()
            raise


def _parts(files: Sequence[SourceFile], count: int) -> list[list[str]]:
    """The paths in `count` parts of about the same number of bytes, each short enough for a command line."""
    parts: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for file in sorted(files, key=lambda f: (-f.size, f.path)):
        lightest = loads.index(min(loads))
        parts[lightest].append(f"./{file.path}")  # as `-r .` names it: exclusions match that text
        loads[lightest] += file.size + 500  # an empty file costs something too
    return [chunk for part in parts for chunk in _chunks(sorted(part))]


def _chunks(paths: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for path in paths:
        if chunk and size + len(path) > _ARGUMENT_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(path)
        size += len(path) * 4 + 1  # a character is at most four bytes
    if chunk:
        yield chunk


def parse(raw: bytes) -> Parsed:
    """
    Read one of bandit's JSON reports. Pure.

    Raises:
        InspectorError: it is not such a report.
    """
    with tool_reports.read_from("bandit"):
        report = json.loads(raw)
        totals = report["metrics"]["_totals"]
        return Parsed(
            tuple(_finding(result) for result in report["results"]),
            tuple((_relative(e["filename"]), str(e["reason"])) for e in report["errors"]),
            frozenset(_relative(name) for name in report["metrics"] if name != "_totals"),
            int(totals.get("nosec", 0)) + int(totals.get("skipped_tests", 0)),
            int(totals.get("loc", 0)),
        )


def merge(reports: Sequence[bytes]) -> Parsed:
    """The reports of the parts as one."""
    parts = [parse(raw) for raw in reports]
    return Parsed(
        tuple(f for part in parts for f in part.findings),
        tuple(sorted(u for part in parts for u in part.unread)),
        frozenset(path for part in parts for path in part.scanned),
        sum(part.suppressed for part in parts),
        sum(part.lines for part in parts),
    )


def _finding(result: Mapping[str, Any]) -> Finding:
    rule, path = result["test_id"], _relative(result["filename"])
    message = _ADDRESS.sub("", " ".join(result["issue_text"].split()))
    certain = result["issue_confidence"] != "LOW" and not is_test_path(path)
    masked = rule in _QUOTES_A_SECRET
    named = masked and _names_a_variable(message)
    return Finding(
        rule=f"bandit/{rule}",
        severity=_SEVERITY[result["issue_severity"]],
        confidence=Confidence.HIGH if certain and not named else Confidence.LOW,
        message=_masked(message, named=named) if masked else message,
        location=Location(
            path,
            result["line_number"],
            result["col_offset"] + 1,
            max(result["line_range"]),
            result["end_col_offset"] + 1,
        ),
        remedy=f"See {result['more_info']}; if the code is right, say so with `# nosec {rule}` and a reason.",
        cause=f"bandit/{rule}:{path}",
    )


_VARIABLE = re.compile(r"[A-Z]+(?:_(?:[A-Z]+\d{0,2}|\d{1,3}))+")


def _names_a_variable(message: str) -> bool:
    """Whether the string that Bandit quotes is the name of a variable, as tables of settings have it."""
    return _VARIABLE.fullmatch(message.partition("'")[2].removesuffix("'")) is not None


def _masked(message: str, *, named: bool) -> str:
    """What Bandit says, without the value that it quotes."""
    said = message.partition("'")[0] + redact.MASK
    return f"{said} (it reads like the name of a variable)" if named else said


def _relative(filename: str) -> str:
    while filename.startswith("./"):  # bandit puts one in front of each file that it is given
        filename = filename[2:].lstrip("/")
    return filename


def with_anchors(findings: Sequence[Finding], tree: Tree) -> list[Finding]:
    """The findings, each identified by its line of source with all strings masked."""
    anchored: list[Finding] = []
    lines: dict[str, list[str]] = {}
    for finding in findings:
        path = finding.location.path
        if path not in lines:
            lines = {path: _lines(tree, path)}  # findings come file by file: one is held at a time
        number = finding.location.line
        line = lines[path][number - 1] if 0 < number <= len(lines[path]) else ""
        at = _in_characters(finding.location, lines[path])
        anchored.append(replace(finding, location=at, anchor=redact.masked_line(line.strip())))
    return anchored


def _in_characters(at: Location, lines: Sequence[str]) -> Location:
    """A place whose columns count characters: Python's parser counts the bytes of UTF-8."""

    def column(number: int, counted_in_bytes: int) -> int:
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        if line.isascii():
            return counted_in_bytes
        return len(line.encode("utf-8", "replace")[: counted_in_bytes - 1].decode("utf-8", "ignore")) + 1

    end = column(at.end_line, at.end_column) if at.end_line and at.end_column else at.end_column
    return replace(at, column=column(at.line, at.column), end_column=end)


def _lines(tree: Tree, path: str) -> list[str]:
    try:
        return split(tree.text(path) or "")
    except OSError:
        return []


def set_aside(findings: Sequence[Finding]) -> tuple[list[Finding], int]:
    """The findings without those that are ordinary in test files, and the number of the latter."""
    kept = [
        f
        for f in findings
        if not (f.rule.removeprefix("bandit/") in ORDINARY_IN_TESTS and is_test_path(f.location.path))
    ]
    return kept, len(findings) - len(kept)
