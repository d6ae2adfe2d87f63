"""
Which Seatrial an image is of. A sidecar of another one may do something else than what is thought that it does.

The version alone does not tell: the programs of sidecars change between two versions.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from seatrial import __version__
from seatrial.text.lines import split

_PROGRAMS = (
    "guard", "burner", "cgroups", "hog", "netem", "slowdisk", "squeeze",
    "load/generator", "load/histogram", "load/recorder", "load/script", "load/tally", "load/visitors",
)  # fmt: skip
"""What runs in sidecars: those that are started by their name, and what these need of the lab."""


def edition(lab: Path = Path(__file__).parent) -> str:
    """
    The version, and a digest of all that runs in sidecars.

    Args:
        lab: the folder that the programs are in.
    """
    digest = hashlib.sha256()
    for name in _PROGRAMS:
        digest.update("\n".join([name, *split((lab / f"{name}.py").read_text("utf-8"))]).encode())
    return f"{__version__}-{digest.hexdigest()[:12]}"
