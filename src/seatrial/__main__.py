"""`python -m seatrial`, and the console script."""

from __future__ import annotations

import sys


def run() -> None:
    """Run the command line of this process and leave with its exit code."""
    try:
        import os
        import signal

        # The first process of a container does not even die of a SIGTERM that nobody handles. From the first moment
        # it ends a run as Ctrl-C does.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        from .cli import main

        sys.exit(main(sys.argv[1:], os.environ))
    except KeyboardInterrupt:  # while modules were imported, or again while the reports were written
        sys.exit(130)


if __name__ == "__main__":
    run()
