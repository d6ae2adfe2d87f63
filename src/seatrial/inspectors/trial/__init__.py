"""The trial: what the lab saw of the running stack, as answers."""

from .inspector import IMAGE, LiveTrial, planned

__all__ = ["IMAGE", "LiveTrial", "planned"]
