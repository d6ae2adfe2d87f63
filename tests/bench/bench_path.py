"""
Whether the exact knapsack of the path to pass finds cheaper ways than a greedy choice on reports of real repositories.

    python tests/bench/bench_path.py [--goals 50,60,70,80,90,95] FOLDER...

Each folder is a repository, or a report.json of one. For each score to reach, both ways are worked out: the efforts of
their fixes (S 1, M 3, L 8) and how many they are. Downloads nothing, asks no network and starts no stack.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from seatrial.domain import Report
from seatrial.report import json, reading
from seatrial.settings import Settings
from seatrial.system import process
from seatrial.verdict import catalogue, path_to_pass
from seatrial.verdict.path_to_pass import PathToPass
from seatrial.verdict.path_to_pass.knapsack import Choice, KnapsackOption

GOALS = (50.0, 60.0, 70.0, 80.0, 90.0, 95.0)
Taken = dict[int, int]
"""By item, the option taken."""


def greedy(
    items: Sequence[Sequence[KnapsackOption]], needs: Sequence[int], *, most_cost: int | None = None
) -> Choice | None:
    """
    What a careful greedy choice takes: the option that closes most of the gaps for its cost, until none is left.

    Then what turned out needless is left out, and each option is replaced by the cheapest one that still suffices.
    """
    taken: Taken = {}
    while gaps := _gaps(items, needs, taken):
        left = [(i, n) for i, options in enumerate(items) if i not in taken for n in range(len(options))]
        item, number = max(left, key=lambda one: _worth(items[one[0]][one[1]], gaps, needs), default=(-1, 0))
        if item < 0 or not _worth(items[item][number], gaps, needs)[0]:
            return None
        taken[item] = number
    for item in sorted(taken, key=lambda i: (-items[i][taken[i]].cost, -items[i][taken[i]].fixes)):
        taken = min(_instead(items, needs, taken, item), key=lambda t: weight(items, t))
    if most_cost is not None and weight(items, taken)[0] > most_cost:
        return None
    return Choice(tuple(taken.get(i) for i in range(len(items))))


def weight(items: Sequence[Sequence[KnapsackOption]], taken: Taken) -> tuple[int, int]:
    """Cost and number of fixes."""
    chosen = [items[i][n] for i, n in taken.items()]
    return sum(o.cost for o in chosen), sum(o.fixes for o in chosen)


def _gaps(items: Sequence[Sequence[KnapsackOption]], needs: Sequence[int], taken: Taken) -> dict[int, int]:
    reached = [sum(items[i][n].gains[need] for i, n in taken.items()) for need in range(len(needs))]
    return {need: wanted - got for need, (wanted, got) in enumerate(zip(needs, reached, strict=True)) if got < wanted}


def _worth(option: KnapsackOption, gaps: dict[int, int], needs: Sequence[int]) -> tuple[float, int]:
    closed = sum(min(option.gains[need], gap) / needs[need] for need, gap in gaps.items())
    return closed / option.cost, -option.fixes


def _instead(
    items: Sequence[Sequence[KnapsackOption]], needs: Sequence[int], taken: Taken, item: int
) -> Iterator[Taken]:
    yield taken
    others = {i: n for i, n in taken.items() if i != item}
    for one in (others, *({**others, item: n} for n in range(len(items[item])))):
        if not _gaps(items, needs, one):
            yield one


@dataclass(frozen=True, slots=True)
class Way:
    """One path to pass."""

    path: PathToPass
    seconds: float

    @classmethod
    def of(cls, report: Report, settings: Settings, choose: Callable[..., Choice | None] | None = None) -> Way:
        """Work it out, by another function than the knapsack's if there is one."""
        began = time.perf_counter()
        with mock.patch.object(path_to_pass, "cheapest", choose or path_to_pass.cheapest):
            path = path_to_pass.find(report, catalogue.load(), settings)
        return cls(path, time.perf_counter() - began)

    @property
    def weight(self) -> tuple[int, int]:
        """Efforts, and how many fixes."""
        return self.path.cost, sum(len(step.causes) for step in self.path.steps)


def report_of(path: Path) -> tuple[Report, Settings]:
    """The report of a repository, made now if it is a folder."""
    if path.is_file():
        document = json.loads(path.read_text("utf-8"))
        outcome = reading.outcome_of(document, catalogue.load())
        return outcome.report, outcome.settings
    with TemporaryDirectory() as made:
        command = [*process.python_module("seatrial"), "run", ".", "--osv-url", "off", "--fail-below", "0", "--quiet"]
        process.run([*command, "--report-dir", made], cwd=path, timeout=900, env={"HOME": made})
        return report_of(Path(made, "report.json"))


def show(paths: Iterable[Path], goals: Sequence[float]) -> int:
    """A line for each repository and score where a path is needed; how often the greedy way is worse."""
    worse = every = 0
    print(f"{'repository':32} {'goal':>5} {'exact':>12} {'greedy':>12} {'':7} {'ms':>12}")
    for path in paths:
        report, settings = report_of(path)
        for goal in goals:
            wanted = replace(settings, fail_below=goal)
            exact, quick = Way.of(report, wanted), Way.of(report, wanted, greedy)
            if not exact.path.cost:
                continue
            every += 1
            poor = quick.weight > exact.weight
            worse += poor
            times = f"{1000 * exact.seconds:.0f}/{1000 * quick.seconds:.0f}"
            told = [f"{cost} in {fixes}" for cost, fixes in (exact.weight, quick.weight)]
            name = path.parent.name if path.is_file() else path.name
            print(f"{name[:32]:32} {goal:>5g} {told[0]:>12} {told[1]:>12} {'worse' if poor else '':7} {times:>12}")
    print(f"the greedy way is worse in {worse} of {every}")
    return worse


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--goals", type=lambda text: tuple(map(float, text.split(","))), default=GOALS)
    parser.add_argument("folders", type=Path, nargs="+")
    given = parser.parse_args(arguments)
    show(given.folders, given.goals)


if __name__ == "__main__":
    main(sys.argv[1:])
