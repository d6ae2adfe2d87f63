"""The rules of Dockerfiles. Each module with a `RULE` is one: adding a rule is adding a file."""

from __future__ import annotations

from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rules import Rule, of_package

RULES: tuple[Rule[Dockerfile], ...] = of_package(__name__, __path__)
"""In the order of their names."""
