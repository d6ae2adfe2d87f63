"""
Stacks as people write them, and what an operator knows to be weak in each: does a trial find it, or say that it did not
look?

    python tests/gallery/gallery.py [--runs N] [NAME ...]

prints the table. A folder here with an `operator.yml` is a stack; `images/` holds what its images are made of.
"""

from __future__ import annotations

import argparse
import enum
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "docker"))

import image  # noqa: E402 - it is beside the tests of the image, where only pytest looks

IMAGES: Mapping[str, str] = {
    "postgres": "17",
    "python": "3.13",
    "node": "20",
    "mariadb": "11",
    "rabbitmq": "4",
    "redis": "8",
    "golang": "1.24",
    "nginx": "1.26",
    "wordpress": "6.8",
    "prometheus": "2.53",
    "alertmanager": "0.28",
    "node-exporter": "1.9",
    "chroma": "1.5",
}
"""Folders of `images/`, and the versions that Debian has: stacks name them `gallery/NAME:VERSION`."""
_NOT_THE_STACK = frozenset({"operator.yml", "check.sh", "hand.txt"})
"""Files in the folder of a stack that its authors would not have."""


class Verdict(enum.StrEnum):
    """What became of a weakness in a trial."""

    CAUGHT = "caught"
    NAMED = "not measured, and said"
    MISSED = "MISSED"


@dataclass(frozen=True, slots=True)
class Weakness:
    """Something that an operator knows to be weak, checked by hand."""

    id: str
    service: str
    situation: str
    happens: str
    found_by: tuple[str, ...] = ()
    """Findings that are right, any of them: `trial/recovery web` (rule and service), ` | ` and a part of its text."""
    named_by: tuple[str, ...] = ()
    """Texts of the report that say it was not measured, any of them."""
    missed: str = ""
    """Why it is known to be missed; empty: it must not be."""


@dataclass(frozen=True, slots=True)
class Operator:
    """What an operator knows of a stack."""

    name: str
    about: str
    weaknesses: tuple[Weakness, ...]
    never: Mapping[str, str] = field(hash=False)
    """Findings that would be false, and why."""
    false: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Findings that are known to be false and come all the same, and what would have to be mended."""

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where the stack is."""
        return HERE / self.name

    @property
    def right(self) -> frozenset[str]:
        """Every finding that is true."""
        return frozenset(found.partition(" | ")[0] for one in self.weaknesses for found in one.found_by)


def operators() -> Iterator[Operator]:
    """Every stack of the gallery, by name."""
    for page in sorted(HERE.glob("*/operator.yml")):
        yield read(page)


def read(page: Path) -> Operator:
    """An operator's page."""
    told = yaml.safe_load(page.read_text("utf-8"))
    weaknesses = tuple(_weakness(one) for one in told["weaknesses"])
    return Operator(page.parent.name, told["about"], weaknesses, told.get("never") or {}, told.get("false") or {})


def _weakness(told: Mapping[str, Any]) -> Weakness:
    lists = {key: tuple(told.get(key) or ()) for key in ("found_by", "named_by")}
    return Weakness(**{**told, **lists})


def build_images(names: Sequence[str] = tuple(IMAGES)) -> None:
    """
    The images that the stacks build on; what is built already costs a second.

    Raises:
        RuntimeError: one cannot be built.
    """
    with image.package_access() as access:
        for name in names:
            tag = f"gallery/{name}:{IMAGES[name]}"
            words = ["docker", "buildx", "build", "--quiet", "--network", "host", "--tag", tag, *access]
            words.append(str(HERE / "images" / name))
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=1800)
            if done.returncode:
                raise RuntimeError(f"{tag} can not be built:\n{done.stderr[-2000:]}")


def lay_out(stack: Operator, where: Path) -> Path:
    """The stack's repository, without what an operator wrote beside it."""
    return Path(shutil.copytree(stack.folder, where, ignore=lambda _, names: _NOT_THE_STACK & set(names)))


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial of a stack."""

    report: Mapping[str, Any] = field(hash=False)
    said: str
    """What it printed."""

    @property
    def seconds(self) -> float:
        """How long the trial took."""
        start = next(c for c in self.report["checks"] if c["id"] == "trial/start")
        return next((float(m["value"]) for m in start["measurements"] if m["name"] == "trial"), 0.0)

    @property
    def findings(self) -> Mapping[str, list[str]]:
        """Messages by rule and service: `trial/recovery web`."""
        found: dict[str, list[str]] = {}
        for one in self.report["findings"]:
            for service in one["subject"].split(", "):  # rules of the file name several at once
                found.setdefault(f"{one['rule']} {service}", []).append(one["message"])
        return found

    @property
    def words(self) -> str:
        """All that the report says besides its findings."""
        told = [[c["reason"], *c["notes"]] for c in self.report["checks"]]
        return "\n".join([w for words in told for w in words if w] + list(self.report.get("notes") or ()))

    @property
    def left_out(self) -> frozenset[str]:
        """Experiments that the report says the budget was too small for: `left out: crash redis`."""
        told = re.findall(r"not measured, the budget ran out: (.+)", self.words)
        parts = [part.partition(" ") for line in told for part in line.split("; ")]
        return frozenset(f"left out: {fault} {one}" for fault, _, names in parts for one in names.split(", "))

    def verdict(self, weakness: Weakness) -> tuple[Verdict, str]:
        """What became of a weakness, and by which finding or words."""
        for finding in weakness.found_by:
            key, _, text = finding.partition(" | ")
            if any(text in message for message in self.findings.get(key, ())):
                return Verdict.CAUGHT, finding
        for text in weakness.named_by:
            if text in self.words or text in self.left_out:
                return Verdict.NAMED, text
        return Verdict.MISSED, weakness.missed

    def false(self, stack: Operator) -> Mapping[str, list[str]]:
        """Findings of the trial that no weakness explains."""
        trial = {k: v for k, v in self.findings.items() if k.startswith("trial/")}
        return {k: v for k, v in trial.items() if k not in stack.right}


def attempt(stack: Operator, image: str, folder: Path, *words: str) -> Tried:
    """
    One trial.

    Args:
        stack: which one.
        image: of our sidecars.
        folder: an empty one, for the repository and the reports.
        words: more arguments of `seatrial run`.

    Raises:
        RuntimeError: it ended without a report.
    """
    root, reports = lay_out(stack, folder / stack.name), folder / "reports"
    command = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", image]
    command += ["--report-dir", str(reports), "--only", "trial,compose", "--fail-on", "never", *words]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)
    said = done.stdout + done.stderr
    if not (reports / "report.json").is_file():
        raise RuntimeError(f"{stack}: no report: {said[-2000:]}")
    return Tried(json.loads((reports / "report.json").read_text("utf-8")), said)


def table(stack: Operator, tried: Tried) -> Iterator[str]:
    """What was expected and what was found, a line each."""
    yield f"{stack.name} ({tried.seconds:.0f} s): {stack.about}"
    for one in stack.weaknesses:
        verdict, by = tried.verdict(one)
        yield f"  {one.service:<12} {one.id:<28} {verdict:<22} {by}"
    for finding, messages in sorted(tried.false(stack).items()):
        known = f" (known: {stack.false[finding]})" if finding in stack.false else ""
        yield f"  FALSE {finding}: {messages[0]}{known}"


def main(words: Sequence[str]) -> int:
    """Print the table; 1 if a weakness was missed or anything false was found that is not known."""
    parser = argparse.ArgumentParser(description="What trials find in the gallery's stacks")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args(words)
    build_images()
    sidecars, wrong = image.under_test(), 0
    for stack in operators():
        for _ in range(given.runs if not given.names or stack.name in given.names else 0):
            with tempfile.TemporaryDirectory() as folder:
                tried = attempt(stack, sidecars, Path(folder))
            sys.stdout.write("\n".join(table(stack, tried)) + "\n")
            sys.stdout.flush()
            wrong += sum(tried.verdict(w)[0] is Verdict.MISSED and not w.missed for w in stack.weaknesses)
            wrong += len(tried.false(stack).keys() - stack.false.keys())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
