"""Docker Compose: the specification's model with positions, and rules over it."""

from .inspector import Compose

__all__ = ["Compose"]
