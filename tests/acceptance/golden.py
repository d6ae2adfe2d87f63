"""
The golden list of fingerprints: what is found in every example and every sample, one line a finding.

Waivers and baselines of users name fingerprints, so a change of the code must not change them unseen.
`python tests/acceptance/golden.py --write` surveys all inputs and writes `fingerprints.txt` anew.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import calibration

from seatrial.app import runner

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus"
LIST = Path(__file__).parent / "fingerprints.txt"
SAMPLES = ("compose", "dockerfile", "workflow", "kubernetes", "prometheus", "environment", "dependencies")
"""Families of rules with samples; all samples of a family are one input."""
EXAMPLES = tuple(f"examples/{name}" for name in ("storefront", "storefront-leaky"))
CASES = tuple(sorted(f"cases/{one.name}" for one in (CORPUS / "cases").iterdir() if one.is_dir() and one.name != "osv"))
INPUTS = (*(f"samples/{name}" for name in SAMPLES), *EXAMPLES, *(f"calibration/{n}" for n in calibration.NAMES), *CASES)


def lay_out(name: str, folder: Path) -> Path:
    """An input as a repository below a folder."""
    kind, _, rest = name.partition("/")
    if kind == "calibration":
        return calibration.made(rest, folder)
    root = folder / rest
    if kind == "samples":
        for source, path in _samples(rest):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, root / path)
        return root
    source = CORPUS / name if kind == "cases" else ROOT / name
    inside = source / "repo" if (source / "repo").is_dir() else source
    return Path(shutil.copytree(inside, root, symlinks=True, ignore=shutil.ignore_patterns("case.md")))


def _samples(family: str) -> Iterator[tuple[Path, str]]:
    """Each file of a family's samples, and where it belongs in a repository."""
    for source in sorted(path for path in (CORPUS / family).rglob("*") if path.is_file()):
        rule, kind, *rest = source.relative_to(CORPUS / family).parts
        match family:
            case "compose":
                yield source, f"{rule}/{kind}/{source.stem}/compose.yaml"
            case "dockerfile":
                yield source, f"{rule}/{kind}/{source.stem}/Dockerfile"
            case "workflow":
                yield source, f".github/workflows/{rule}-{kind}-{source.name}"
            case _:
                yield source, "/".join((rule, kind, *rest))


def found(name: str, folder: Path, cache: Path) -> list[str]:
    """
    What a survey of an input finds, sorted.

    Args:
        name: one of `INPUTS`.
        folder: an empty one, for the repository and its reports.
        cache: what is expensive to make, for all inputs.
    """
    root = lay_out(name, folder)
    reports = folder / "reports"
    flags: dict[str, object] = {"path": root, "report_dir": reports, "osv_url": "off"}
    prepared = runner.prepare(flags, {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(cache)})
    runner.run(prepared, now=lambda: dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    report: dict[str, Any] = json.loads((reports / "report.json").read_text("utf-8"))
    lines = (
        f"{f['fingerprint'][:16]} {f['severity']} {f['rule']} {f['location']['path']}:{f['location']['line']}"
        for f in report["findings"]
    )
    answers = (f"{check['id']} {check['status']}" for check in report["checks"] if check["status"] != "na")
    return [*sorted(lines), *sorted(answers)]


def bare_path(folder: Path) -> str:
    """A `PATH` with git alone: promtool, actionlint and Docker say more where they are."""
    git = shutil.which("git")
    if git is None:
        raise FileNotFoundError("git")
    folder.mkdir()
    (folder / "git").symlink_to(git)
    return str(folder)


def golden() -> dict[str, list[str]]:
    """The list, by input."""
    made: dict[str, list[str]] = {}
    for line in LIST.read_text("utf-8").splitlines():
        if line.startswith("## "):
            lines = made.setdefault(line.removeprefix("## "), [])
        elif line:
            lines.append(line)
    return made


def write() -> None:
    """Survey every input, and write the list anew."""
    parts = []
    with tempfile.TemporaryDirectory() as cache:
        for name in INPUTS:
            with tempfile.TemporaryDirectory() as folder:
                parts.append("\n".join((f"## {name}", *found(name, Path(folder), Path(cache)))) + "\n")
    LIST.write_text("\n".join(parts), "utf-8")


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    with tempfile.TemporaryDirectory() as directory:
        os.environ["PATH"] = bare_path(Path(directory) / "bin")
        write()
