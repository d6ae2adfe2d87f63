"""docs/console.svg: the console report of a real run on the leaky example, as a picture."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import tempfile
from pathlib import Path

from seatrial.app import runner
from seatrial.report import console

ROOT = Path(__file__).parents[2]
TITLE = "seatrial run examples/storefront-leaky"


def picture() -> str:
    """The picture, of a copy outside of git: a commit would make it another one with every commit."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(ROOT / "examples" / "storefront-leaky", Path(folder) / "storefront-leaky"))
        flags = {"path": copy, "report_dir": Path(folder) / "reports"}
        result = runner.run(runner.prepare(flags, os.environ), now=lambda: dt.datetime.now(dt.UTC))
    return console.svg(result.outcome, title=TITLE)


if __name__ == "__main__":
    (ROOT / "docs" / "console.svg").write_text(picture(), "utf-8")
    sys.stdout.write("docs/console.svg written\n")
