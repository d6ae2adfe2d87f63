"""
Inside a sidecar: carry a load profile out with Locust, and report every second, one JSON object in a line.

    python -m seatrial.lab.load.generator SCRIPT
"""

from __future__ import annotations

import gc
import json
import sys

from .recorder import Recorder
from .script import LoadScript

ENGINE = "Locust"
"""What makes the load."""


def say(line: str) -> None:
    """To the parent."""
    print(line, flush=True)  # noqa: T201 - its output is its report


def main(text: str) -> None:
    """Carry out, or say that the engine is not there."""
    try:
        import locust

        from .visitors import Crowd
    except ImportError as error:
        say(json.dumps({"missing": str(error)}))
        return
    say(json.dumps({"engine": ENGINE, "version": locust.__version__}))
    crowd = Crowd(LoadScript.of(text), Recorder(say))
    gc.freeze()  # what is there already is not looked through again in the middle of a request
    crowd.run()
    say(json.dumps({"done": True}))


if __name__ == "__main__":
    main(sys.argv[1])
