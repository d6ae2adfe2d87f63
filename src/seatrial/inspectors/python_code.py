"""
Python source: bandit, as a subprocess, with all its rules and the repository's own configuration.

Bandit parses with the interpreter that runs it and exits 0 when files cannot be parsed, so the exit code says
nothing: what it could not read is taken from its report, named, and counted as not measured.
"""

from __future__ import annotations

import configparser
import importlib.metadata
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from seatrial import process, redact
from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status, Tool
from seatrial.errors import InspectorError
from seatrial.measured import Measurement
from seatrial.source import File, Tree

from .base import Context, Reason
from .test_paths import is_test_path

CHECK = "python/bandit"
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
    suppressed: int = 0
    """Results that `# nosec` silenced, bare or for named rules."""


class PythonCode:
    """Static analysis of Python with bandit."""

    name = "python"
    checks = (CHECK,)
    judges_by = ("pyproject.toml", ".bandit")
    live = False

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """Bandit, and the Python that parses for it."""
        del context
        version = importlib.metadata.version("bandit")
        return (Tool("bandit", f"{version} (parsing as Python {sys.version_info.major}.{sys.version_info.minor})"),)

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a Python file."""
        return None if _python_files(context.tree) else Reason(Status.NA, "no Python file in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """One answer: every result of bandit is a finding."""
        files = _python_files(context.tree)
        options, notes = repository_options(context.tree)
        merged = merge(invoke(context, files, options))
        findings, ordinary = set_aside(with_anchors(merged.findings, context.tree))
        notes += tuple(f"{path}: not measured: {reason}" for path, reason in merged.unread)
        if merged.suppressed:
            notes += (f"{merged.suppressed} results silenced by # nosec",)
        if ordinary:
            notes += (f"{ordinary} uses of assert in test files set aside: that is what tests are made of",)
        read = len(files) - len(merged.unread)
        if not read:
            yield Answer.error(CHECK, "bandit could not read any file", notes=notes)
            return
        yield Answer.of_findings(
            CHECK,
            findings,
            share=Fraction(read, len(files)),
            evidence=f"{read} of {len(files)} Python files",
            measurements=(Measurement("python files", len(files), "{file}"), Measurement("read", read, "{file}")),
            notes=notes,
        )


def _python_files(tree: Tree) -> tuple[File, ...]:
    """What `bandit -r` would scan: files named *.py."""
    return tuple(f for f in tree.files if f.path.endswith(".py"))


def repository_options(tree: Tree) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Bandit's arguments that stand for the repository's configuration, and notes about it.

    `[tool.bandit]` of pyproject.toml is handed over as it is. Of `.bandit` only what selects rules and paths is
    taken: its other keys could make bandit write files or read other targets.
    """
    options: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    if "pyproject.toml" in tree.paths:
        try:
            project = tomllib.loads((tree.text("pyproject.toml") or "").replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError as error:
            notes += (f"pyproject.toml: not valid TOML ({error}); bandit's part of it was not used",)
        else:
            if "bandit" in project.get("tool", {}):
                options += ("-c", "pyproject.toml")
    if ".bandit" in tree.paths:
        ini = configparser.ConfigParser(interpolation=None)
        try:
            ini.read_string(tree.text(".bandit") or "")
            section = ini["bandit"] if ini.has_section("bandit") else {}
        except configparser.Error as error:
            notes += (f".bandit: not a valid ini file ({str(error).splitlines()[0]}); it was not used",)
        else:
            options += _ini_options(section)
    return options, notes


def _ini_options(section: Mapping[str, str]) -> tuple[str, ...]:
    options: list[str] = []
    for key, flag in (("tests", "-t"), ("skips", "-s"), ("exclude", "-x")):
        if section.get(key):
            options += [flag, section[key].replace("\n", "")]
    if section.get("ignore-nosec", "").lower() in ("true", "1"):
        options.append("--ignore-nosec")
    return tuple(options)


def invoke(context: Context, files: Sequence[File], options: Sequence[str]) -> list[bytes]:
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


def _parts(files: Sequence[File], count: int) -> list[list[str]]:
    """The paths in `count` parts of about the same number of bytes, each short enough for a command line."""
    parts: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for file in sorted(files, key=lambda f: (-f.size, f.path)):
        lightest = loads.index(min(loads))
        parts[lightest].append(file.path)
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
    try:
        report = json.loads(raw)
        totals = report["metrics"]["_totals"]
        return Parsed(
            tuple(_finding(result) for result in report["results"]),
            tuple((_relative(e["filename"]), str(e["reason"])) for e in report["errors"]),
            int(totals.get("nosec", 0)) + int(totals.get("skipped_tests", 0)),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InspectorError("bandit printed something that is not its JSON report") from error


def merge(reports: Sequence[bytes]) -> Parsed:
    """The reports of the parts as one."""
    parts = [parse(raw) for raw in reports]
    return Parsed(
        tuple(f for part in parts for f in part.findings),
        tuple(sorted(u for part in parts for u in part.unread)),
        sum(part.suppressed for part in parts),
    )


def _finding(result: Mapping[str, Any]) -> Finding:
    rule, path = result["test_id"], _relative(result["filename"])
    message = _ADDRESS.sub("", " ".join(result["issue_text"].split()))
    certain = result["issue_confidence"] != "LOW" and not is_test_path(path)
    return Finding(
        rule=f"bandit/{rule}",
        severity=_SEVERITY[result["issue_severity"]],
        confidence=Confidence.HIGH if certain else Confidence.LOW,
        message=message.partition("'")[0] + redact.MASK if rule in _QUOTES_A_SECRET else message,
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


def _relative(filename: str) -> str:
    return filename.removeprefix("./")


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
        anchored.append(replace(finding, anchor=redact.masked_line(line.strip())))
    return anchored


def _lines(tree: Tree, path: str) -> list[str]:
    try:
        return (tree.text(path) or "").splitlines()
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
