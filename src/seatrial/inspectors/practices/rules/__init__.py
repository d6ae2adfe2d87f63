"""
The practices. Each module with a `RULE` is one: adding one is a file here, and a check of its name in the catalogue.
"""

from __future__ import annotations

from typing import cast

from seatrial.inspectors.practices.repository import Practice
from seatrial.inspectors.rules import of_package

PRACTICES = cast("tuple[Practice, ...]", of_package(__name__, __path__))
"""In the order of their names."""
