"""
What the container costs: the Action against the same command on the machine itself, on the same files, in turn.

    python tests/bench/bench_action.py IMAGE

Two figures: the start of a container that does nothing (`true`) and of ours that says its version, and the ratio of a
whole survey in the container, run with the Action's mounts, to the same survey without it.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from bench_harness import ROOT, WORK, Corpus, Package, contest

DJANGO = Corpus("django", (Package("django", "5.2.5", sdist=True),))
ROUNDS = 7


def example() -> Path:
    """The example application as a repository of its own."""
    tree = WORK / "trees" / "storefront"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(ROOT / "examples" / "storefront", tree, ignore=shutil.ignore_patterns("seatrial-report"))
    subprocess.run(["git", "init", "--quiet", str(tree)], check=True)
    return tree


def in_container(image: str, tree: Path, entry: str, *words: str) -> list[str]:
    mounts = ["-v", f"{tree}:/github/workspace", "-v", "/var/run/docker.sock:/var/run/docker.sock"]
    return ["docker", "run", "--rm", "--workdir", "/github/workspace", *mounts, "--entrypoint", entry, image, *words]


def main(image: str) -> None:
    program = "/opt/seatrial/bin/seatrial"
    tree = example()
    nothing = in_container(image, tree, "/bin/true")
    start = contest(in_container(image, tree, program, "--version"), nothing, ROUNDS, accept=[0])
    print(
        f"start-up: a container that says its version {statistics.median(start.ours):.2f} s, "
        f"one that does nothing {statistics.median(start.theirs):.2f} s"
    )
    for name, files in (("storefront", tree), ("django", DJANGO.prepare())):
        words = ("run", "--quiet", "--fail-on", "never", "--report-dir", "/tmp/report")
        bare = [str(Path(sys.executable).with_name("seatrial")), *words, str(files)]
        rounds = ROUNDS if files is tree else 3
        found = contest(in_container(image, files, program, *words), bare, rounds, accept=[0])
        inside, outside = statistics.median(found.ours), statistics.median(found.theirs)
        low, middle, high = (1 / pick(found.ratios) for pick in (max, statistics.median, min))
        times = f"in the container {inside:.2f} s, without {outside:.2f} s"
        print(f"{name}: {times}, ratio {middle:.2f} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main(sys.argv[1])
