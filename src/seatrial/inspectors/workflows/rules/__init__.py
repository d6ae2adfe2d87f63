"""The rules of workflows. Each module with a `RULE` is one: adding a rule is adding a file."""

from __future__ import annotations

from seatrial.inspectors.rules import Rule, of_package
from seatrial.inspectors.workflows.model import Workflow

RULES: tuple[Rule[Workflow], ...] = of_package(__name__, __path__)
"""In the order of their names."""
