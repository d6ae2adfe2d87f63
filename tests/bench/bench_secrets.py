"""
The secret scan against Kingfisher, the fastest ready-made scanner: same files, same machine, in turn.

    make bench                                     everything
    python tests/bench/bench_secrets.py django     one tree
    python tests/bench/bench_secrets.py --stages   where our own time goes, by stage, format and parser

Both are measured as whole processes, from start to exit, with warm caches of compiled patterns and files; neither
validates anything online, and both use every processor.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench_harness import WORK, Corpus, Package, contest, warm

from seatrial.inspectors.secrets import assignments, engine, scan
from seatrial.inspectors.secrets.contents import FileContent
from seatrial.inspectors.secrets.database import Hit
from seatrial.inspectors.secrets.engine import PatternEngine
from seatrial.inspectors.secrets.files import CredentialFile, parsers_for
from seatrial.inspectors.secrets.formats import FORMATS
from seatrial.system.source import Tree, open_tree

CORPORA = (
    Corpus("django", (Package("django", "5.2.5", sdist=True),)),
    Corpus(
        "homeassistant",
        (Package("homeassistant", "2026.2.3"),),
        without=("**/translations/[!e]*.json", "**/translations/e[!n]*.json"),  # built at release, not in git
    ),
    Corpus(
        "mixed",
        (
            Package("ansible", "14.5.0"),
            Package("awscli", "1.46.2"),
            Package("plotly", "7.1.0"),
            Package("sympy", "1.14.0", sdist=True),
        ),
    ),
)
TARGET = 5.0
KINGFISHER = ("--no-validate", "--git-history", "none", "--no-update-check", "-q", "--format", "json")
KINGFISHER_CODES = (0, 200)  # nothing found; something found
CACHE = WORK / "cache"


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    options.add_argument("corpora", nargs="*", help="trees to use; default: all")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--stages", action="store_true", help="show where our own time goes")
    given = options.parse_args()
    chosen = [c for c in CORPORA if not given.corpora or c.name in given.corpora]
    for corpus in chosen:
        tree = corpus.prepare()
        files, size = warm(tree)
        print(f"\n{corpus.name}: {files:,} files, {size / 1e6:,.1f} MB, {os.cpu_count()} processors")
        if given.stages:
            _stages(open_tree(tree), engine.load(CACHE))
        else:
            _compare(tree, size, given.rounds)
    return 0


def _compare(tree: Path, size: int, rounds: int) -> None:
    kingfisher = shutil.which("kingfisher", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    ours = (sys.executable, str(Path(__file__).with_name("bench_secrets_once.py")), str(tree), str(CACHE))
    told = json.loads(subprocess.run(ours, check=True, capture_output=True).stdout)
    seconds = told["seconds"]
    print(f"  search alone: {seconds:.2f} s, {told['bytes'] / 1e6 / seconds:,.0f} MB/s, {told['findings']:,} findings")
    if kingfisher is None:
        print("  kingfisher is not installed: pip install --group bench")
        return
    result = contest(ours, (kingfisher, "scan", str(tree), *KINGFISHER), rounds, accept=KINGFISHER_CODES)
    print(f"  whole processes: {result.line()}; target {TARGET:g}")
    for name, times in (("seatrial", result.ours), ("kingfisher", result.theirs)):
        print(f"  {name:10} {size / 1e6 / median(times):6,.0f} MB/s")
    least = _patterns_alone(open_tree(tree), engine.load(CACHE))
    bound = median(result.theirs) / (least / (os.cpu_count() or 1))
    print(f"  reading and one pass of the patterns: {least:.2f} s of processor; were that all: {bound:.2f}")


def _patterns_alone(tree: Tree, searcher: PatternEngine) -> float:
    """Seconds of processor that nothing built on this automaton and this table of patterns can save."""
    started = time.process_time()
    for portion in scan.portions(tree, tree.files, scan.ScanTally()):
        contents = (FileContent.of(raw) for _, raw in portion)
        searcher.hits([path for path, _ in portion], [content.data if content else b"" for content in contents])
    return time.process_time() - started


class _Stopwatch:
    """Processor time by stage; a lap is what went by since the one before."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._at = time.thread_time()

    def lap(self, *names: str) -> None:
        now = time.thread_time()
        for name in names:
            self.seconds[name] += now - self._at
        self._at = time.thread_time()

    def print(self, of: str, most: int) -> None:
        named = {n.removeprefix(of): s for n, s in self.seconds.items() if n.startswith(of)}
        for name, seconds in sorted(named.items(), key=lambda item: -item[1])[:most]:
            print(f"  {of:8} {name:36} {seconds:7.3f} s")


def _stages(tree: Tree, searcher: PatternEngine) -> None:
    """One process, stage by stage; then the most expensive formats and parsers."""
    watch = _Stopwatch()
    for portion in scan.portions(tree, tree.files, scan.ScanTally()):
        watch.lap("stage read")
        texts = [(path, content) for path, raw in portion if (content := FileContent.of(raw)) is not None]
        watch.lap("stage decode")
        _layers([path for path, _ in texts], [content for _, content in texts], searcher, watch)
    for of, most in (("stage ", 10), ("parser ", 8), ("format ", 8)):
        watch.print(of, most)


def _layers(paths: list[str], contents: list[FileContent], searcher: PatternEngine, watch: _Stopwatch) -> None:
    data = [content.data for content in contents]
    found = searcher.hits(paths, data)
    watch.lap("stage automaton")
    parsers: list[Sequence[CredentialFile]] = [parsers_for(path) for path in paths]
    watch.lap("stage choose parsers")
    if searcher.gates:
        parsers = searcher.gates.passed_all(parsers, data)
        watch.lap("stage gates")
    for path, content, hits, readers in zip(paths, contents, found, parsers, strict=True):
        _layers_of_one(path, content, hits.places, readers, searcher, watch)


def _layers_of_one(
    path: str,
    content: FileContent,
    hits: list[Hit],
    parsers: Sequence[CredentialFile],
    searcher: PatternEngine,
    watch: _Stopwatch,
) -> None:
    for parser in parsers:
        list(parser.parse(path, content.text))
        watch.lap("stage credential files", f"parser {parser.id}")
    for index in {hit.expression for hit in hits if hit.expression < len(FORMATS)}:
        list(searcher.tokens.confirm(content.data, index, [h.end for h in hits if h.expression == index]))
        watch.lap("stage tokens", f"format {FORMATS[index].id}")
    near = [hit for hit in hits if hit.expression >= len(FORMATS)]
    if near:
        places = content.characters(hit.end for hit in near)
        which = [hit.expression - len(FORMATS) for hit in near]
        list(assignments.scan(path, content.text, [places[hit.end] for hit in near], which))
        watch.lap("stage assignments")


if __name__ == "__main__":
    sys.exit(main())
