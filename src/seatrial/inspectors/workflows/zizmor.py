"""
zizmor, as a subprocess and offline: which of its results are kept, and how they are graded.

One malformed file ends its whole run, and a file that it cannot collect is only warned about: so it is asked
strictly, and if that fails, file by file. Every file that it did not audit is named. Its exit code is the worst
severity.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.domain.errors import InspectorError
from seatrial.inspectors import tool_reports, tool_rules
from seatrial.inspectors.rules import Rule
from seatrial.system import process
from seatrial.text import lines

from .zizmor_rules import ROWS

CHECK = "workflows/zizmor"
_SEVERITY = {"High": Severity.HIGH, "Medium": Severity.MEDIUM, "Low": Severity.LOW, "Informational": Severity.LOW}
_MILDER = {
    "unpinned-uses": Severity.MEDIUM,
    "unpinned-images": Severity.MEDIUM,
    "github-app": Severity.MEDIUM,
    "dangerous-triggers": Severity.MEDIUM,  # what such a workflow then does is judged by workflow/untrusted-code
    "artipacked": Severity.LOW,
    "excessive-permissions": Severity.LOW,
}
"""Graded by what they expose: a tag of a known owner that moves is worse than nothing and better than an injection."""
RULE: Rule[Any] = Rule(
    id="zizmor/*",
    checks=(CHECK,),
    severity=Severity.MEDIUM,
    title="The workflows and actions pass zizmor's audits",
    what=(
        "Runs zizmor offline over all workflows, actions and Dependabot's settings, and reports its results. The "
        "configuration of the repository is respected. What a rule of Seatrial says too is reported once."
    ),
    why="The authors of each audit explain it at its own address.",
    fix="The address names the change. `# zizmor: ignore[AUDIT]` on the line accepts it.",
    source="https://docs.zizmor.sh/audits/",
    unsampled="zizmor has its own samples",
    address=lambda name: f"https://docs.zizmor.sh/audits/#{name.lower()}",
)


def rules() -> Iterator[Rule[Any]]:
    """A rule for each of zizmor's audits, and one for those that a newer version adds."""
    return tool_rules.rules(
        ROWS,
        family=RULE,
        accept=lambda name: f"`# zizmor: ignore[{name}]` on the line accepts the finding.",
        source=lambda name: f"https://docs.zizmor.sh/audits/#{name}",
    )


_RAN = frozenset({0, 11, 12, 13, 14})
_TIMEOUT = 120.0
CONFIGS = (".github/zizmor.yml", ".github/zizmor.yaml", "zizmor.yml", "zizmor.yaml")
"""Where zizmor looks for the repository's settings, the first of them first."""


def version() -> str:
    """zizmor's version; empty if it is not here."""
    program = process.program_of_package("zizmor")
    if program is None:
        return ""
    try:
        told = process.run([program, "--version"], cwd=Path("/"), timeout=20)
    except InspectorError:
        return ""
    return told.stdout.decode("utf-8", "replace").strip().rpartition(" ")[2]


def run(root: Path, paths: Sequence[str]) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """
    zizmor's findings, and the files that it could not audit.

    Raises:
        InspectorError: zizmor is missing, or hangs.
    """
    program = process.program_of_package("zizmor")
    if program is None:
        raise InspectorError("zizmor is not installed")

    configured = _configured(root)

    def ask(some: Sequence[str]) -> tuple[Finding, ...] | None:
        options = ["--offline", "--no-progress", "--format", "json-v1", "--strict-collection", *configured]
        done = process.run([program, *options, *(f"./{p}" for p in some)], cwd=root, timeout=_TIMEOUT)
        return parse(done.stdout) if done.returncode in _RAN else None

    together = ask(paths)
    if together is not None:
        return together, ()
    found: list[Finding] = []
    unread: list[str] = []
    for path in paths:
        alone = ask([path])
        if alone is None:
            unread.append(path)
        else:
            found += alone
    return tuple(found), tuple(unread)


def _configured(root: Path) -> tuple[str, ...]:
    """
    The option for the tree's own configuration.

    By itself zizmor also takes one above the surveyed directory, or through a link: neither is known to be the base's.
    """
    found = next((name for name in CONFIGS if is_regular(root / name)), None)
    return ("--no-config",) if found is None else ("--config", os.fspath(root / found))


def is_regular(path: Path) -> bool:
    """Whether a path of the tree is a file there, and none of a link's."""
    return path.is_file() and not path.is_symlink() and not path.parent.is_symlink()


def parse(printed: bytes) -> tuple[Finding, ...]:
    """
    The findings of a report.

    Raises:
        InspectorError: it is none.
    """
    with tool_reports.read_from("zizmor"):
        found = (_finding(e) for e in tool_reports.entries(printed) if not e["ignored"])
        # A step that an alias puts into several jobs is told once for each of them, at the same place.
        return tuple({(f.rule, f.location): f for f in reversed(list(found))}.values())[::-1]


def _finding(entry: dict[str, Any]) -> Finding:
    ident, told = str(entry["ident"]), entry["determinations"]
    severity = _SEVERITY[told["severity"]]
    first = next(at for at in entry["locations"] if at["symbolic"]["kind"] == "Primary")
    symbolic = first["symbolic"]
    route = ".".join(str(next(iter(step.values()))) for step in symbolic["route"]["route"])
    at = _location(first)
    missing = ident == "excessive-permissions" and "no permissions:" in symbolic["annotation"]
    return Finding(
        rule=f"zizmor/{ident}",
        severity=_MILDER.get(ident, severity),
        confidence=Confidence.HIGH if told["confidence"] in ("High", "Medium") else Confidence.LOW,
        message=" ".join(f"{entry['desc']}: {symbolic['annotation']}".split())[:300],
        location=at,
        cause=f"zizmor/{ident}:{at.path}" if missing else "",  # one `permissions:` for the workflow mends every job
        remedy=f"see {entry['url']}",
        subject=route,
        related=tuple(_location(at) for at in entry["locations"] if at is not first)[:5],
        anchor=f"{route} {symbolic['annotation']}",
    )


def in_characters(finding: Finding, texts: Mapping[str, str]) -> Finding:
    """The finding with columns in characters, as SARIF and GitHub count them; zizmor counts bytes of UTF-8."""

    def counted(at: Location) -> Location:
        rows = lines.split(texts.get(at.path, ""))
        row = rows[at.line - 1] if at.line <= len(rows) else ""
        return (
            at if row.isascii() else replace(at, column=len(row.encode()[: at.column - 1].decode(errors="ignore")) + 1)
        )

    return replace(finding, location=counted(finding.location), related=tuple(map(counted, finding.related)))


def _location(at: dict[str, Any]) -> Location:
    key = at["symbolic"]["key"]["Local"]
    path = str(key.get("given_path") or key["verbatim_path"]).removeprefix("./")
    start = at["concrete"]["location"]["start_point"]
    return Location(path, int(start["row"]) + 1, int(start["column"]) + 1)
