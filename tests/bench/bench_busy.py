"""
Whether a busy machine makes findings: trials of a healthy stack beside loops that use every processor they get.

    python tests/bench/bench_busy.py IMAGE [RUNS] [LOOPS]

RUNS trials (default 20) of a stack without a weakness, beside LOOPS busy loops (default 2). Each finding, flaky answer
and error is printed with the reason. Ends with 1 if there was a finding: an error says that the machine was too busy to
judge, and blames nobody.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench_harness import ROOT
from bench_trial import trial

sys.path.insert(0, str(ROOT / "tests" / "trial"))
from stacks import lay_out, small


@contextlib.contextmanager
def busy(loops: int) -> Iterator[None]:
    """Loops beside us while the context lasts."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for one in started:
            one.kill()
            one.wait()


def told(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a trial says against the stack or against itself: a kind, and a line."""
    for finding in report["findings"]:
        yield "finding", f"{finding['rule']}: {finding['message']}"
    for check in report["checks"]:
        if check["id"].startswith("trial/") and check["status"] in ("error", "flaky"):
            yield check["status"], f"{check['id']}: {check['reason']}"


def main(image: str, runs: int, loops: int) -> int:
    """Measure."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, busy(loops):
        root = lay_out(Path(folder) / "healthy", small())
        for number in range(1, runs + 1):
            lines = list(told(trial(root, image, Path(folder) / f"reports{number}")))
            counts.update(dict(lines).keys())
            print(f"run {number} of {runs}: {'clean' if not lines else ''}", flush=True)
            for kind, line in lines:
                print(f"  {kind}: {line}", flush=True)
    print(f"runs with a finding: {counts['finding']} of {runs}; flaky: {counts['flaky']}, errors: {counts['error']}")
    return 1 if counts["finding"] else 0


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(given[0], int(given[1]) if len(given) > 1 else 20, int(given[2]) if len(given) > 2 else 2))
