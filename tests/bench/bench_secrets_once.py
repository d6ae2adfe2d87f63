"""One search, start to exit, for `bench_secrets.py`: take stock of a tree, search it, make the answers."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from seatrial.inspectors.base import Context
from seatrial.inspectors.secrets.inspector import Secrets
from seatrial.settings import Settings
from seatrial.system.source import open_tree


def main(tree: Path, cache: Path) -> int:
    context = Context(open_tree(tree), Settings(), cache, os.cpu_count() or 1)
    started = time.perf_counter()
    answers = list(Secrets().inspect(context))
    told = {
        "seconds": time.perf_counter() - started,
        "bytes": next(m.value for m in answers[0].measurements if m.name == "bytes"),
        "findings": sum(len(answer.findings) for answer in answers),
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
