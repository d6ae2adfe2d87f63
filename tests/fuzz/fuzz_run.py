"""
Fuzz the parsers: `python tests/fuzz/fuzz_run.py --seconds 600 [TARGET ...]`.

Each target gets its processor time in two halves, in processes of their own: what else runs on the machine, or stops
the fuzzing for a while, takes nothing of it. One is guided by coverage (atheris, libFuzzer);
the other makes long inputs out of small parts, which finds what takes too long or recurses. What breaks is written to
tests/corpus/fuzz/TARGET/, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fuzz_failures import Failure, Pump

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), str(_HERE.parent / "unit" / "report")]
_GUIDED_SIZE = 4096  # bytes: long inputs are for the other half
_LONG = 0.3  # share of long inputs in the second half
_SLOW = 10  # how much longer instrumented code may take
_STUCK = 7200
"""Seconds of the clock after which libFuzzer ends an input; processor time is limited by `failure`."""
_LAST = "last"
"""The input that is being read."""
_CRASH = re.compile(rb"Test unit written to (\S+)")


def main() -> int:
    """Fuzz all targets, or those named; 1 if anything broke."""
    options = _options()
    if options.half:
        return _half(options)
    import fuzz_targets

    names = options.targets or [target.name for target in fuzz_targets.TARGETS]
    unknown = set(names) - fuzz_targets.BY_NAME.keys()
    if unknown:
        print(f"no such target: {', '.join(sorted(unknown))}; known: {', '.join(fuzz_targets.BY_NAME)}")
        return 2
    part, parts = map(int, options.shard.split("/"))
    broke = 0
    for name in names[part - 1 :: parts]:
        for half in ("guided", "pump"):
            broke += _run(name, half, options.seconds / 2, options.work)
    return 1 if broke else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600, help="processor time for each target")
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "seatrial-fuzz", help="kept between runs"
    )
    parser.add_argument("--half", choices=("guided", "pump"), help="one half, in this process")
    parser.add_argument("--shard", default="1/1", help="which part of how many: 1/4")
    parser.add_argument("targets", nargs="*")
    return parser.parse_args()


def _run(name: str, half: str, seconds: float, work: Path) -> int:
    """One half of a target's time; 1 if something broke."""
    import fuzz_targets

    command = [sys.executable, __file__, "--half", half, "--seconds", str(seconds), "--work", str(work), name]
    folder = work / name
    (folder / "stats.json").unlink(missing_ok=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    printed = done.stdout.decode(errors="replace")
    runs, taken = json.loads((folder / "stats.json").read_text()) if (folder / "stats.json").exists() else (0, 0)
    print(f"{name} {half}: {runs} executions in {taken:.0f} s, exit {done.returncode}", flush=True)
    with (work / "history.jsonl").open("a") as history:
        history.write(json.dumps([name, half, runs, taken, done.returncode]) + "\n")
    broke = "BROKE" in printed
    if broke:
        print(printed[printed.index("BROKE") :], flush=True)
    crash = _CRASH.search(done.stdout)
    died = done.returncode < 0 and half == "pump"
    if crash or died:  # the process itself: a segmentation fault, or the memory
        last = Path(os.fsdecode(crash[1])) if crash else folder / _LAST
        path = fuzz_failures().keep(fuzz_targets.BY_NAME[name], last.read_bytes())
        print(f"BROKE {name}: the process died: {path}\n{printed[-3000:]}", flush=True)
        return 1
    if done.returncode and not broke:
        print(printed[-3000:], flush=True)
    return int(broke or done.returncode != 0)


def _half(options: argparse.Namespace) -> int:
    faulthandler.enable()
    (name,) = options.targets
    folder = options.work / name
    cache = options.work / "cache"
    for path in (folder / "corpus", cache):
        path.mkdir(parents=True, exist_ok=True)
    return (_guided if options.half == "guided" else _pump)(name, options.seconds, folder, cache)


class _Found:
    """Failures, each kind once, also over runs; and how much was tried."""

    def __init__(self, name: str, folder: Path) -> None:
        import fuzz_targets

        self._target, self._folder = fuzz_targets.BY_NAME[name], folder
        known = folder / "known.json"
        self.kinds: dict[str, str] = json.loads(known.read_text()) if known.exists() else {}
        self.new = 0
        self._runs, self._started, self._said = 0, time.process_time(), 0.0

    def count(self) -> float:
        """One more execution, and the processor time so far. The process may die: what was tried is written at once."""
        self._runs += 1
        taken = time.process_time() - self._started
        if taken - self._said > 1:
            self._said = taken
            (self._folder / "stats.json").write_text(json.dumps([self._runs, taken]))
        return taken

    def add(self, problem: Failure, found: bytes | Pump) -> None:
        """Keep an input if its failure is a new one."""
        if problem.kind in self.kinds:
            return
        path = fuzz_failures().keep(self._target, found)
        self.kinds[problem.kind] = str(path)
        self.new += 1
        (self._folder / "known.json").write_text(json.dumps(self.kinds, indent=1))
        print(f"BROKE {self._target.name}: {problem.kind}: {path}\n{problem.text}", flush=True)


def fuzz_failures() -> ModuleType:
    """The module, which the guided half has to import by itself, instrumented."""
    return importlib.import_module("fuzz_failures")


def _guided(name: str, seconds: float, folder: Path, cache: Path) -> int:
    import atheris

    with atheris.instrument_imports(include=["seatrial"]):
        import fuzz_failures
        import fuzz_targets
    target = fuzz_targets.BY_NAME[name]
    seeds = list(target.seeds())
    for number, seed in enumerate(seeds):
        (folder / "corpus" / f"seed{number}").write_bytes(seed[:_GUIDED_SIZE])
    words = folder / "words"
    words.write_text("".join(f'w{n}="{_escaped(word)}"\n' for n, word in enumerate(target.words())))
    found = _Found(name, folder)
    target.check(seeds[0], cache)  # what is made once takes long: it is no fault of an input

    def one(data: bytes) -> None:
        if found.count() > seconds:
            os._exit(0)  # libFuzzer's own limit is that of the clock; its corpus is on the disk
        problem = fuzz_failures.failure(target, data, cache, seconds=fuzz_failures.SECONDS * _SLOW)
        if problem is not None:
            found.add(problem, data)

    arguments = [
        "fuzz", str(folder / "corpus"), f"-max_len={_GUIDED_SIZE}", f"-timeout={_STUCK}", f"-dict={words}",
        "-rss_limit_mb=3000", f"-artifact_prefix={folder}/", "-verbosity=0",
    ]  # fmt: skip
    atheris.Setup(arguments, one)
    atheris.Fuzz()  # does not come back
    return 0


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


_ODD = (
    "\u00b2",
    "\u0661",
    "\u2028",
    "\x85",
    "\x0c",
    "\0",
    "\ufeff",
    "\r",
    "\udc80",
    "9" * 5000,
    "-1",
    "1e999",
    "{}",
    "[]",
)
"""What code that reads texts forgets: digits that are none for `int`, line ends that are none, numbers too long."""


def _pump(name: str, seconds: float, folder: Path, cache: Path) -> int:
    """Odd pieces put into seeds, and small parts of seeds many times over."""
    import fuzz_targets

    target, failures = fuzz_targets.BY_NAME[name], fuzz_failures()
    seeds = [*target.seeds(), *(path.read_bytes() for path in sorted((folder / "corpus").iterdir())[:5000])]
    rng = random.Random(time.time_ns())
    words = [word.encode("utf-8", "surrogatepass") for word in (*target.words(), *_ODD)]
    found = _Found(name, folder)
    target.check(seeds[0], cache)
    repeated = _repeated(seeds, words)
    rng.shuffle(repeated)  # a short run tries some of them, and the next one others
    while found.count() < seconds:
        if repeated:
            given: bytes | Pump = repeated.pop()
        else:
            given = _long(rng, seeds, words) if rng.random() < _LONG else _spliced(rng, seeds, words)
        data = given if isinstance(given, bytes) else given.data()
        (folder / _LAST).write_bytes(data)
        problem = failures.failure(target, data, cache)
        if problem is not None:
            found.add(problem, given)
    return int(found.new > 0)


_SIGNS = [bytes([code]) for code in (*range(9, 14), *range(32, 127))]


def _repeated(seeds: Sequence[bytes], words: Sequence[bytes]) -> list[Pump]:
    """Each sign and word many times over, alone and in the middle of the first seed."""
    first = seeds[0]
    middle = len(first) // 2
    return [
        fuzz_failures().Pump(before, part[:500], after, failures_size())
        for part in (*_SIGNS, *words)
        if part
        for before, after in ((b"", b""), (first[:middle], first[middle:]))
    ]


def _spliced(rng: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """A seed with a few pieces put in, replaced or taken out."""
    data = rng.choice(seeds)
    for _ in range(rng.randint(1, 4)):
        first = rng.randint(0, len(data))
        last = rng.choice((first, min(len(data), first + rng.randint(0, 12))))
        other = rng.choice(seeds)
        start = rng.randint(0, len(other))
        piece = rng.choice((rng.choice(words), other[start : start + rng.randint(1, 60)], b""))
        data = data[:first] + piece + data[last:]
    return data[: failures_size()]


def _long(rng: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> Pump:
    """The beginning of a seed, a part of it or some words many times over, and the rest of it."""
    seed = rng.choice(seeds)
    start = rng.randint(0, len(seed))
    part = seed[start : start + rng.randint(1, rng.choice((3, 12, 60)))]
    if rng.random() < 0.6 or not part:
        part = b"".join(rng.choice((rng.choice(words), part)) for _ in range(rng.randint(1, 3))) or b"x"
    cut = rng.choice((start, 0))
    after = rng.choice((seed[start:], b"", b"!\n"))
    pump: Pump = fuzz_failures().Pump(seed[:cut], part[:500], after, failures_size())
    return pump


def failures_size() -> int:
    """Bytes of the largest input."""
    return int(fuzz_failures().SIZE)


if __name__ == "__main__":
    sys.exit(main())
