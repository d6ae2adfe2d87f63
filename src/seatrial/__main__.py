"""`python -m seatrial`, and the console script."""

from __future__ import annotations

import os
import sys

from .cli import main


def run() -> None:
    """Run the command line of this process and leave with its exit code."""
    sys.exit(main(sys.argv[1:], os.environ))


if __name__ == "__main__":
    run()
