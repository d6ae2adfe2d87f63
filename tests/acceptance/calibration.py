"""
The calibration set as repositories of their own, the table of bands in docs/score.md, and its picture.

`python tests/acceptance/calibration.py --write` surveys every repository, and writes both anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import distribution
import yaml

from seatrial.inspectors.secrets import samples
from seatrial.inspectors.secrets.formats import FORMATS

ROOT = Path(__file__).parents[2]
CALIBRATION = ROOT / "examples" / "calibration"
DOCUMENT = ROOT / "docs" / "score.md"
PICTURE = ROOT / "docs" / "scores.svg"
JUDGEMENT = "expected.yml"
NAMES = tuple(sorted(path.parent.name for path in CALIBRATION.glob(f"*/{JUDGEMENT}")))
_PLANTED = re.compile(r"@@([a-z0-9-]+)@@")
_EXAMPLES = {one.id: one.example for one in FORMATS}


@dataclass(frozen=True)
class Judgement:
    """What an operator says of one repository."""

    kinds: tuple[str, ...]
    band: tuple[float, float] | None
    """None: there is nothing to score."""
    reasons: str
    decision: str = ""
    variant: str = ""
    differs: tuple[str, ...] = ()
    planted: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The band for people."""
        return f"{self.band[0]:g} to {self.band[1]:g}" if self.band else "no score"

    def holds(self, score: float | None) -> bool:
        """Whether a score is what the operator expects."""
        if self.band is None or score is None:
            return self.band is None and score is None
        return self.band[0] <= score <= self.band[1]


def judgement(name: str) -> Judgement:
    """The judgement of one repository."""
    told: dict[str, Any] = yaml.safe_load((CALIBRATION / name / JUDGEMENT).read_text("utf-8"))
    band = told["band"]
    return Judgement(
        kinds=tuple(sorted(told["kinds"])),
        band=(float(band[0]), float(band[1])) if band else None,
        reasons=told["reasons"],
        decision=told.get("decision", ""),
        variant=told.get("variant", ""),
        differs=tuple(told.get("differs", ())),
        planted=tuple(told.get("planted", ())),
    )


def made(name: str, folder: Path) -> Path:
    """The repository: a copy without its judgement, with what is planted, committed to git."""
    root = folder / name
    shutil.copytree(CALIBRATION / name, root, ignore=shutil.ignore_patterns(JUDGEMENT))
    for path in judgement(name).planted:
        text = (root / path).read_text("utf-8")
        (root / path).write_text(_PLANTED.sub(lambda one: samples.expand(_EXAMPLES[one[1]]), text), "utf-8")
    who = ("-c", "user.name=Operator", "-c", "user.email=operator@seatrial.example", "-c", "commit.gpgsign=false")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    for command in (("init", "--quiet"), ("add", "--all", "--force"), (*who, "commit", "--quiet", "--message", "All")):
        subprocess.run(["git", *command], cwd=root, env=environment, check=True)
    return root


def row(name: str, score: float | None) -> str:
    """A line of the table."""
    told = judgement(name)
    number = "–" if score is None else f"{score:.1f}"
    return f"| [{name}](../examples/calibration/{name}) | {', '.join(told.kinds)} | {told.shown} | {number} |"


def block() -> list[str]:
    """The rows of the table in the document."""
    inside = DOCUMENT.read_text("utf-8").split("<!-- bands -->\n")[1].split("<!-- end -->")[0]
    return [line for line in inside.split("\n") if line.startswith("| [")]


_ROW = re.compile(r"^\| \[([\w-]+)\].*\| ([\d.]+) \|$")


def picture() -> str:
    """The picture of the table that is in the document; a repository without a score has no row."""
    found = (match for line in block() if (match := _ROW.match(line)))
    scores = {match[1]: float(match[2]) for match in found}
    return distribution.drawn(scores, {name: band for name in scores if (band := judgement(name).band)})


def write() -> None:
    """Survey every repository, and write the table, best first, and its picture anew."""
    scores: dict[str, float | None] = {}
    for name in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            reports = Path(folder) / "reports"
            words = ["run", made(name, Path(folder)), "--report-dir", reports, "--osv-url", "off"]
            subprocess.run([sys.executable, "-m", "seatrial", *map(str, words)], capture_output=True, check=False)
            scores[name] = json.loads((reports / "report.json").read_text("utf-8"))["score"]["headline"]
    best = sorted(NAMES, key=lambda name: (-(scores[name] or -1), name))
    head = "\n| repository | what it is | an operator's band | score |\n|---|---|--:|--:|\n"
    table = head + "".join(f"{row(name, scores[name])}\n" for name in best) + "\n"
    before, _, rest = DOCUMENT.read_text("utf-8").partition("<!-- bands -->\n")
    DOCUMENT.write_text(f"{before}<!-- bands -->\n{table}<!-- end -->{rest.partition('<!-- end -->')[2]}", "utf-8")
    PICTURE.write_text(picture(), "utf-8")


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    write()
