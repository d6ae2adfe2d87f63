"""
Asks Docker's Compose again about every file of tests/corpus/oracle: `python tests/docker/capture.py [NAME ...]`.

Each file holds a small tree, and Compose's answer: its whole model, or why it refuses the tree. Names on the command
line limit what is asked; SEATRIAL_ORACLE_COMPOSE names another plugin.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from compose_oracle import CORPUS, Answer, ask, laid_out, unreadable, version


def main(names: list[str]) -> None:
    """Write the answers into the files."""
    for path in sorted(CORPUS.glob("*.json")):
        if names and path.stem not in names:
            continue
        case = json.loads(path.read_text("utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            laid_out(Path(folder), case["files"])
            answer = ask(Path(folder), case["asked"])
            if answer.model is not None and (complaint := unreadable(Path(folder), case["asked"])):
                answer = Answer(None, complaint)
        told = json.dumps(answer.model).replace(folder, "/project")
        case["compose"] = version()
        case["model"] = json.loads(told)
        case["refused"] = answer.complaint.replace(folder, "/project").split("\n")[-1]
        path.write_text(json.dumps(case, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
