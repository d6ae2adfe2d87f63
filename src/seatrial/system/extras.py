"""Packages that few surveys need: each is an extra of Seatrial, and what is missing names it."""

from __future__ import annotations

import enum
from importlib import metadata
from importlib.util import find_spec


class Extra(enum.Enum):
    """One extra; its value is the package that it brings, whose module has the same name."""

    LOAD = "locust"
    MONGODB = "pymongo"
    RABBITMQ = "pika"
    SAFETY = "safety"

    @property
    def missing(self) -> str:
        """What to install; empty if the module is here. It is looked for and not imported."""
        return "" if find_spec(self.value) else f"install {self}"

    @property
    def version(self) -> str:
        """Which version is here."""
        return "not installed" if self.missing else metadata.version(self.value)

    def __str__(self) -> str:
        """What pip installs it by."""
        return f"seatrial[{self.name.lower()}]"
