"""Every input that once broke a parser, and every seed, is read without an error of ours and in time."""

from __future__ import annotations

import re
from pathlib import Path

import fuzz_failures
import fuzz_targets
import fuzz_trees
import pytest
import yaml

_KEPT = [path for path in sorted(fuzz_failures.FOLDER.rglob("*")) if path.is_file()]


@pytest.mark.parametrize("path", _KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_broke_a_parser(path: Path, cache: Path) -> None:
    target = fuzz_targets.BY_NAME[path.parent.name]
    data = fuzz_failures.kept(path)
    assert len(data) <= fuzz_failures.SIZE
    problem = fuzz_failures.failure(target, data, cache)
    assert problem is None, problem.text


@pytest.mark.parametrize("target", fuzz_targets.TARGETS, ids=lambda target: target.name)
def test_the_seeds_of_a_target(target: fuzz_targets.Target, cache: Path) -> None:
    seeds = list(target.seeds())
    assert seeds
    target.check(seeds[0], cache)  # what is made once takes long
    for seed in seeds:
        problem = fuzz_failures.failure(target, seed, cache)
        assert problem is None, problem.text


def test_each_kept_input_is_small() -> None:
    assert sum(path.stat().st_size for path in _KEPT) < 2_000_000


def test_a_target_that_breaks_is_seen(tmp_path: Path) -> None:
    def fails(data: bytes, _cache: Path) -> None:
        raise KeyError(data)

    def hangs(_data: bytes, _cache: Path) -> None:
        while True:
            pass

    def sinks(data: bytes, cache: Path) -> None:
        sinks(data, cache)

    kinds = [
        fuzz_failures.failure(fuzz_targets.Target("x", check), b"", tmp_path, seconds=0.2)
        for check in (fails, hangs, sinks)
    ]
    assert [problem.kind.split()[0] for problem in kinds if problem] == ["KeyError", "slow", "RecursionError"]


def test_a_tree_is_written_and_read() -> None:
    files = {"compose.yaml": b"services: {}\n", "a/.env": b"A=1\n"}
    assert fuzz_trees.tree_of(fuzz_trees.text_of(files), "x").contents == files
    assert fuzz_trees.tree_of(b"no header", "x").contents == {"x": b"no header"}
    assert fuzz_trees.tree_of(b"-- ../../etc/passwd --\nx", "x").contents == {}


def test_a_long_input_is_kept_as_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz_failures, "FOLDER", tmp_path)
    pump = fuzz_failures.Pump(b"a", b"\xff(", b"z", 50_000)
    path = fuzz_failures.keep(fuzz_targets.TARGETS[0], pump)
    assert path.stat().st_size < 200
    assert fuzz_failures.kept(path) == pump.data()
    assert len(pump.data()) <= 50_000


def test_every_night_fuzzes_every_target_within_the_time_of_a_job() -> None:
    text = (Path(__file__).parents[2] / ".github" / "workflows" / "nightly.yml").read_text("utf-8")
    job = yaml.safe_load(text)["jobs"]["fuzz"]
    (command,) = (step["run"] for step in job["steps"] if "make fuzz" in step.get("run", ""))
    seconds, parts = map(int, re.findall(r"SECONDS=(\d+) SHARD=\"\$PART/(\d+)\"", command)[0])
    assert job["strategy"]["matrix"]["part"] == list(range(1, parts + 1))
    largest = -(-len(fuzz_targets.TARGETS) // parts)
    assert largest * seconds < job["timeout-minutes"] * 60 < 6 * 3600
