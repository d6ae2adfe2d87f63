"""What load on the running stack showed, in one value. No judgement here that is not of one profile."""

from __future__ import annotations

from dataclasses import dataclass

from .judge import JudgedLoad
from .radius import RadiusSeen
from .workers import WorkSeen


@dataclass(frozen=True, slots=True)
class LoadSeen:
    """What load showed."""

    runs: tuple[JudgedLoad, ...] = ()
    radius: RadiusSeen | None = None
    work: WorkSeen | None = None
    """None: no group of workers is declared, or none could work."""
    work_error: str = ""
    """Why none could."""
    absent: str = ""
    """The evidence that there is nothing to load."""
    skipped: str = ""
    """Why nothing could be measured here."""
    error: str = ""
    """What went wrong, of the profiles or of the overload."""
    unfinished: bool = False
    """Whether the error kept a profile from being carried out."""
    notes: tuple[str, ...] = ()
