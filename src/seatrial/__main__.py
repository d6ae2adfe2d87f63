"""`python -m seatrial`, and the console script."""

from __future__ import annotations

import io
import sys


def run() -> None:
    """Run the command line of this process and leave with its exit code."""
    try:
        import os
        import signal

        # The first process of a container does not even die of an unhandled SIGTERM. From the first moment
        # it ends a run as Ctrl-C does.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        _speak_any_encoding()
        from seatrial.app.cli import main

        sys.exit(main(sys.argv[1:], os.environ))
    except KeyboardInterrupt:  # while modules were imported, or again while the reports were written
        sys.exit(130)


def _speak_any_encoding() -> None:
    """What the console's encoding has no sign for is written as an escape: no verdict is lost to a `✓`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    run()
