"""
hadolint, as a subprocess: which of its results are kept, and how they are graded.

It exits with 1 for findings, a missing file and a syntax error, so its exit code says nothing; a file
without any result in its report is one that it found nothing in. It is GPL-3.0 and stays a program of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.domain.errors import InspectorError
from seatrial.inspectors import tool_reports, tool_rules
from seatrial.inspectors.rules import Rule
from seatrial.system import process
from seatrial.system.process import program_of_package
from seatrial.text.lines import split

from .hadolint_rules import ROWS
from .syntax import Dockerfile, Instruction

CHECK = "dockerfile/hadolint"
_SEVERITY = {"error": Severity.MEDIUM, "warning": Severity.LOW, "info": Severity.LOW, "style": Severity.LOW}
_WORSE = {"DL3002": Severity.MEDIUM, "DL3004": Severity.MEDIUM, "DL4006": Severity.LOW}
_TIMEOUT, _AT_ONCE = 120.0, 200

SAME = {
    "dockerfile/root-user": ("DL3002",),
    "dockerfile/shell-form": ("DL3025",),
    "dockerfile/port-range": ("DL3011",),
    "dockerfile/secret": ("DL3064",),
    "dockerfile/interactive-install": ("DL3014", "DL3030", "DL3034", "DL3038"),
}
"""
Rules of ours that say what one of hadolint's says: of one instruction only ours is kept, with the higher grade of both.
"""

CONFIGURATIONS = (".hadolint.yaml", ".hadolint.yml")
"""
Where hadolint looks in the directory in which it runs; the first that exists is used.

Source: https://github.com/hadolint/hadolint#configure
"""
_NOT_USED = b"Error parsing your config file"
UNPARSED = "DL1000"
"""hadolint cannot parse a file: it says nothing else about it."""


def version() -> str:
    """hadolint's version; empty if it is not here."""
    program = program_of_package("hadolint")
    if program is None:
        return ""
    try:
        told = process.run([program, "--version"], cwd=Path("/"), timeout=20)
    except InspectorError:
        return ""
    return told.stdout.decode("utf-8", "replace").strip().rpartition(" ")[2]


def configuration(paths: Container[str]) -> str:
    """The configuration that hadolint takes by itself in the root of a tree; empty if there is none."""
    return next((name for name in CONFIGURATIONS if name in paths), "")


@dataclass(frozen=True, slots=True)
class HadolintReport:
    """What hadolint says."""

    findings: tuple[Finding, ...] = ()
    config: str = ""
    """The configuration that it used. It goes on with its defaults where it cannot read one."""


def run(root: Path, files: Sequence[Dockerfile], *, config: str = "") -> HadolintReport:
    """
    hadolint's report.

    Args:
        root: of the tree.
        files: what to look at.
        config: path of the configuration that holds; empty for none.

    Raises:
        InspectorError: hadolint is missing, hangs, fails, or prints no report.
    """
    program = program_of_package("hadolint")
    if program is None:
        raise InspectorError("hadolint is not installed")
    findings, used = list[Finding](), True
    options = ["--config", config or "/dev/null"]
    for first in range(0, len(files), _AT_ONCE):
        paths = [f"./{f.path}" for f in files[first : first + _AT_ONCE]]
        done = process.run([program, "--format", "json", "--no-fail", *options, *paths], cwd=root, timeout=_TIMEOUT)
        if done.returncode:  # `--no-fail`: it is no verdict on a file
            raise InspectorError(f"hadolint failed: {_complaint(done)}")
        findings += parse(done.stdout, _complaint(done))
        used = used and _NOT_USED not in done.stderr
    return HadolintReport(tuple(findings), config if used else "")


def _complaint(done: process.Completed) -> str:
    """What it says went wrong, without the trace of calls that follows."""
    said = (line for line in split(done.stderr.decode(errors="replace")) if line.startswith("hadolint: "))
    return next((line.removeprefix("hadolint: ")[:200] for line in said), f"exit code {done.returncode}")


def parse(printed: bytes, complaint: str = "") -> tuple[Finding, ...]:
    """
    The findings in a report.

    Raises:
        InspectorError: it is none.
    """
    with tool_reports.read_from("hadolint", complaint):
        return tuple(_finding(entry) for entry in tool_reports.entries(printed))


def _finding(entry: dict[str, Any]) -> Finding:
    code, path = str(entry["code"]), str(entry["file"]).removeprefix("./")
    level = str(entry["level"])
    return Finding(
        rule=f"hadolint/{code}",
        severity=_WORSE.get(code, _SEVERITY.get(level, Severity.LOW)),
        confidence=Confidence.LOW if level in ("info", "style") else Confidence.HIGH,
        message=" ".join(str(entry["message"]).split())[:300],
        location=Location(path, max(1, int(entry["line"])), max(1, int(entry["column"]))),
        remedy=f"see {address}" if (address := address_of(code)) else "",
    )


def address_of(code: str) -> str:
    """Where a rule is explained by its makers: hadolint's, or ShellCheck's; empty for neither's."""
    if code.startswith("SC"):
        return f"https://www.shellcheck.net/wiki/{code}"
    return f"https://github.com/hadolint/hadolint/wiki/{code}" if code.startswith("DL") else ""


RULE: Rule[Any] = Rule(
    id="hadolint/*",
    checks=(CHECK,),
    severity=Severity.MEDIUM,
    title="The Dockerfile is what hadolint and ShellCheck ask for",
    what=(
        "Runs hadolint, which also gives each `RUN` to ShellCheck, and reports its results. Errors are medium, others "
        "low. The configuration of the repository is respected. What a rule of Seatrial says too is reported once."
    ),
    why="The authors of each rule explain it at its own address.",
    fix="The message names the change. `# hadolint ignore=DL3008` above an instruction accepts it.",
    source="https://github.com/hadolint/hadolint#rules",
    unsampled="hadolint has its own samples",
    address=lambda name: address_of(name.upper()) or "https://github.com/hadolint/hadolint#rules",
)


def rules() -> Iterator[Rule[Any]]:
    """A rule for each of hadolint's, and one for those that a newer version adds."""
    return tool_rules.rules(
        ROWS,
        family=RULE,
        accept=lambda name: f"`# hadolint ignore={name}` above the instruction accepts the finding.",
        source=address_of,
    )


def merged(
    ours: Sequence[Finding], theirs: Iterable[Finding], files: Iterable[Dockerfile]
) -> tuple[list[Finding], list[Finding]]:
    """
    Findings of ours and of hadolint, each fact once.

    What both say of one instruction is ours, with the higher severity and confidence of both. What says another thing
    stays, also at the same place.

    Returns:
        ours in the same order, and what is left of hadolint's.
    """
    files = tuple(files)
    begins = {(f.path, number): i.at.line for f in files for i in f.instructions for number, _ in i.lines}

    fed = {(f.path, i.at.line) for f in files for i in f.instructions if i.feeds_data and not _installs(i)}

    def place(finding: Finding) -> tuple[str, int]:
        at = finding.location
        return at.path, begins.get((at.path, at.line), at.line)

    joined = list(ours)
    said: dict[tuple[str, int, str], list[int]] = {}
    for index, finding in enumerate(joined):
        for code in SAME.get(finding.rule, ()):
            said.setdefault((*place(finding), f"hadolint/{code}"), []).append(index)
    left: list[Finding] = []
    for finding in theirs:
        if place(finding) in fed and finding.rule.removeprefix("hadolint/") in _OF_PACKAGES:
            continue
        doubles = said.get((*place(finding), finding.rule))
        if doubles is None:
            left.append(finding)
            continue
        for index in doubles:
            joined[index] = _stronger(joined[index], finding)
    return joined, left


_OF_PACKAGES = frozenset(
    f"DL{number}" for number in (*range(3007, 3020), *range(3027, 3043), 3004, 3047, 3059, 3060, 4001, 4006)
)
"""
Rules about commands. hadolint takes a here-document for a script, also where `cat` or `tee` writes it into a file.

Source: https://github.com/hadolint/hadolint#rules
"""


def _installs(instruction: Instruction) -> bool:
    """Whether a command of its own, outside of the here-documents, may be what such a rule is about."""
    return any(c.program not in ("cat", "tee") for c in instruction.commands)


def _stronger(ours: Finding, theirs: Finding) -> Finding:
    sure = Confidence.HIGH in (ours.confidence, theirs.confidence)
    return replace(
        ours,
        severity=max(ours.severity, theirs.severity),
        confidence=Confidence.HIGH if sure else Confidence.LOW,
        remedy=ours.remedy or theirs.remedy,
    )
