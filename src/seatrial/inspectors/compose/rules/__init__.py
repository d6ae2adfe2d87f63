"""The rules of Compose files. Each module with a `RULE` is one: adding a rule is adding a file."""

from __future__ import annotations

from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.rules import Rule, of_package

RULES: tuple[Rule[ComposeProject], ...] = of_package(__name__, __path__)
"""In the order of their names. `compose/schema` is found in the files before they are merged."""
