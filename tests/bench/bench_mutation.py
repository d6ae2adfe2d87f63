"""
How many of the faults that we put into our own code the tests notice, module by module.

    python tests/bench/bench_mutation.py [--workers N] [PATTERN ...]

mutmut breaks the modules named under `[tool.mutmut]` in pyproject.toml, one place at a time, and runs the tests that
reach the place. Patterns such as `seatrial.domain.waivers*` choose some of the mutants. The exit code is 1 if a module
keeps more than a tenth of its mutants. `mutmut show NAME` shows a survivor.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).parents[2]
WORK = ROOT / "mutants"
LEAST = 0.90
"""Share of the mutants of each module that have to be noticed."""
_NOTICED = {"killed", "timeout", "segfault"}
_CHOSEN_OUT = "not checked"


@dataclass(frozen=True, slots=True)
class Module:
    """What became of the mutants of one module."""

    name: str
    states: Mapping[str, str]
    """By mutant."""

    @property
    def survivors(self) -> tuple[str, ...]:
        """Those that no test notices, or reaches."""
        return tuple(name for name, state in self.states.items() if state not in _NOTICED)

    @property
    def noticed(self) -> int:
        """How many a test notices."""
        return len(self.states) - len(self.survivors)


def modules(*, chosen: bool) -> Iterable[Module]:
    """
    The modules with mutants.

    Args:
        chosen: whether only some mutants were asked for, so that the others are left out.
    """
    for file in sorted(WORK.rglob("*.py.meta")):
        codes = json.loads(file.read_text("utf-8"))["exit_code_by_key"]
        states = {name: status_by_exit_code[code] for name, code in codes.items()}
        kept = {name: state for name, state in states.items() if not (chosen and state == _CHOSEN_OUT)}
        if kept:
            yield Module(str(file.relative_to(WORK / "src" / "seatrial")).removesuffix(".py.meta"), kept)


def line(name: str, noticed: int, made: int) -> str:
    """One row of the table."""
    return f"{name:32} {noticed:5} of {made:5} noticed  {100 * noticed / made:6.2f} %"


def main(patterns: list[str], workers: int) -> int:
    """Run, print the table, and say whether it is good enough."""
    shutil.rmtree(WORK, ignore_errors=True)
    program = str(Path(sys.executable).with_name("mutmut"))
    command = [program, "run", "--max-children", str(workers), *patterns]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    found = tuple(modules(chosen=bool(patterns)))
    if done.returncode or not found:
        print(done.stdout[-4000:], "mutmut did not come to its end", sep="\n", file=sys.stderr)
        return 2
    for module in found:
        for name in module.survivors:
            print(f"survived: {name} ({module.states[name]})")
    for module in found:
        print(line(module.name, module.noticed, len(module.states)))
    print(line("all", sum(m.noticed for m in found), sum(len(m.states) for m in found)))
    weak = [m.name for m in found if m.noticed < LEAST * len(m.states)]
    if weak:
        print(f"less than {100 * LEAST:.0f} % are noticed in {', '.join(weak)}", file=sys.stderr)
    return 1 if weak else 0


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("patterns", nargs="*", metavar="PATTERN")
    arguments.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = arguments.parse_args()
    sys.exit(main(given.patterns, given.workers))
