"""Check the subjects of commits: check.py RANGE LONGEST."""

from __future__ import annotations

import os
import subprocess  # nosec B404
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path


def complaints(subjects: Iterable[str], longest: int) -> Iterator[str]:
    """What is wrong, a line each."""
    for subject in subjects:
        if len(subject) > longest:
            yield f"longer than {longest} characters: {subject}"
        if subject[:1].islower():
            yield f"begins with a small letter: {subject}"


def main() -> int:
    """0 if all are well."""
    commits, longest = sys.argv[1], int(sys.argv[2])
    command = ["git", "log", "--format=%s", "--end-of-options", commits]
    subjects = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()  # nosec
    found = list(complaints(subjects, longest))
    print("\n".join(found))
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as sink:
            sink.write(f"checked={len(subjects)}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
