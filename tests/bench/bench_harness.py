"""What every benchmark needs: real files to work on, a warm start, and two programs measured in turn."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORK = ROOT / ".bench"
"""Downloads and unpacked trees; in .gitignore."""


@dataclass(frozen=True, slots=True)
class Package:
    """A release on PyPI; its sdist or wheel is a tree of real files."""

    name: str
    version: str
    sdist: bool = False

    @property
    def folder(self) -> Path:
        """Where it is unpacked."""
        return WORK / "packages" / f"{self.name}-{self.version}"

    def unpack(self) -> Path:
        """Download and unpack it, once."""
        if not self.folder.exists():
            archive = self._download()
            partial = self.folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            if archive.suffix == ".whl":
                with zipfile.ZipFile(archive) as wheel:
                    wheel.extractall(partial)
            else:
                with tarfile.open(archive) as sdist:
                    sdist.extractall(partial, filter="data")
            partial.rename(self.folder)
        return self.folder

    def _download(self) -> Path:
        target = WORK / "downloads" / f"{self.name}-{self.version}"
        kind = "--no-binary" if self.sdist else "--only-binary"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        newest = [] if self.sdist else ["--python-version", "3.14"]
        command += [kind, ":all:", *newest, "--dest", str(target), f"{self.name}=={self.version}"]
        subprocess.run(command, check=True)
        (archive,) = (p for p in target.iterdir() if p.name.endswith((".whl", ".tar.gz")))
        return archive


@dataclass(frozen=True, slots=True)
class Corpus:
    """A tree made of packages."""

    name: str
    packages: tuple[Package, ...]
    without: tuple[str, ...] = ()
    """Globs of files that the project itself does not keep in its repository."""

    def prepare(self) -> Path:
        """
        The tree, hard-linked together from the unpacked packages.

        It is a repository of its own, without a commit: the checkout around it ignores it, and a scanner that looks
        into `.git` has nothing to read there that the other does not.
        """
        tree = WORK / "trees" / self.name
        if not tree.exists():
            partial = tree.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            for package in self.packages:
                shutil.copytree(package.unpack(), partial / package.name, copy_function=os.link)
            for pattern in self.without:
                for file in partial.glob(pattern):
                    file.unlink()
            subprocess.run(["git", "init", "--quiet", str(partial)], check=True)
            partial.rename(tree)
        return tree


@dataclass(slots=True)
class Contest:
    """Two programs on the same files, in turn: noise of the machine hits both."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """Theirs by ours, pair by pair: how many times faster we are."""
        return [their / our for our, their in zip(self.ours, self.theirs, strict=True)]

    def line(self) -> str:
        """Medians, and the spread of the ratio."""
        low, high = min(self.ratios), max(self.ratios)
        return (
            f"ours {statistics.median(self.ours):6.2f} s   theirs {statistics.median(self.theirs):6.2f} s   "
            f"ratio {statistics.median(self.ratios):5.2f} ({low:.2f} to {high:.2f}, {len(self.ratios)} pairs)"
        )


def contest(ours: Sequence[str], theirs: Sequence[str], rounds: int, *, accept: Iterable[int]) -> Contest:
    """Run both in turn, after one round that does not count (caches, page cache)."""
    result = Contest()
    accepted = frozenset(accept)
    for number in range(rounds + 1):
        times = [_timed(ours, frozenset({0})), _timed(theirs, accepted)]
        if number:
            result.ours.append(times[0])
            result.theirs.append(times[1])
    return result


def _timed(command: Sequence[str], accepted: frozenset[int]) -> float:
    """Seconds from start to exit."""
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - started
    if done.returncode not in accepted:
        raise SystemExit(f"{command[0]} failed with {done.returncode}: {done.stderr.decode()[-500:]}")
    return seconds


def warm(tree: Path) -> tuple[int, int]:
    """Read every file once, so that no program pays for the disk; their number and bytes."""
    sizes = [len(file.read_bytes()) for file in tree.rglob("*") if file.is_file()]
    return len(sizes), sum(sizes)
