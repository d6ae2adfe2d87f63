"""
How often the secret scan is confidently wrong: its high-confidence findings in well-kept, published packages.

    python tests/bench/bench_false_alarms.py FOLDER...          lines and confident findings, and the rate
    python tests/bench/bench_false_alarms.py --list FOLDER...   also where each of them is, to classify it

Each folder is one unpacked package (an sdist, a wheel, an npm tarball). A published package holds next to no live
credentials, so each confident finding counts as a false alarm until a reader says otherwise. Downloads nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_harness import WORK

from seatrial.domain import Confidence, Finding
from seatrial.inspectors.secrets import engine, scan
from seatrial.inspectors.secrets.engine import PatternEngine
from seatrial.system.source import Tree, open_tree

PER = 100_000
"""Lines that the rate refers to."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one package came to."""

    name: str
    lines: int
    """Of its text files."""
    confident: tuple[Finding, ...]
    """Findings of high confidence."""

    @classmethod
    def of(cls, folder: Path, searcher: PatternEngine) -> Measured:
        """Search the folder."""
        tree = open_tree(folder)
        found = (one.finding for one in scan.scan(tree, searcher).found)
        return cls(folder.name, _lines(tree), tuple(f for f in found if f.confidence is Confidence.HIGH))


def _lines(tree: Tree) -> int:
    contents = ((tree.root / file.path).read_bytes() for file in tree.files)
    return sum(raw.count(b"\n") for raw in contents if b"\0" not in raw[:8000])


def rate(findings: int, lines: int) -> float:
    """Findings per `PER` lines."""
    return findings * PER / max(lines, 1)


def show(every: Iterable[Measured], *, listed: bool) -> None:
    """A line for each package, the sum, and the places if they are asked for."""
    lines = findings = 0
    for one in every:
        count = len(one.confident)
        print(f"{one.name:40} {one.lines:>10,} lines {count:>4} confident {rate(count, one.lines):8.2f}", flush=True)
        lines, findings = lines + one.lines, findings + count
        for finding in one.confident if listed else ():
            print(f"    {finding.location.path}:{finding.location.line} {finding.rule} {finding.message}")
    print(f"{'all':40} {lines:>10,} lines {findings:>4} confident {rate(findings, lines):8.2f} per {PER:,} lines")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the folders of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, help="unpacked packages")
    parser.add_argument("--list", action="store_true", help="also print where each confident finding is")
    chosen = parser.parse_args(arguments)
    searcher = engine.load(WORK / "patterns")
    show((Measured.of(folder, searcher) for folder in chosen.folders), listed=chosen.list)


if __name__ == "__main__":
    main()
