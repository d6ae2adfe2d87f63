"""Start a repository off: its configuration and its workflow, with comments. Nothing is ever overwritten."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from pathlib import Path

from seatrial.ci import registry as hosts
from seatrial.domain.errors import UsageError
from seatrial.settings.config import NAMES

FILES = {".seatrial.yml": "seatrial.yml", **hosts.starters()}
"""Where each template goes."""


def write(root: Path) -> Iterator[str]:
    """
    Write what is not there yet; one line for each file says what became of it.

    Raises:
        UsageError: the directory does not exist or cannot be written.
    """
    if not root.is_dir():
        raise UsageError("no such directory", where=str(root))
    for target, template in FILES.items():
        if existing := _existing(root, target):
            yield f"kept     {existing}"
            continue
        text = importlib.resources.files(__package__).joinpath("templates", template).read_text("utf-8")
        try:
            (root / target).parent.mkdir(parents=True, exist_ok=True)
            with (root / target).open("x", encoding="utf-8") as file:  # "x" refuses links and races
                file.write(text)
        except OSError as error:
            raise UsageError(f"cannot be written: {error.strerror}", where=str(root / target)) from error
        yield f"written  {target}"


def _existing(root: Path, target: str) -> str:
    """The file that already plays the target's role, under either spelling; a dangling link counts."""
    spellings = NAMES if target in NAMES else (target, target.removesuffix(".yml") + ".yaml")
    return next((name for name in spellings if (root / name).is_symlink() or (root / name).exists()), "")
