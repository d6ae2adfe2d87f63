"""The versioned model that a score rests on: categories, checks, points. The data is in `<model>.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from seatrial.domain.errors import UsageError

from .model import Catalogue, CatalogueError, Category, OpenRule

MODELS = ("2026.2",)
"""Every model that this version knows, oldest first."""
LATEST = MODELS[-1]

__all__ = ["LATEST", "MODELS", "Catalogue", "CatalogueError", "Category", "OpenRule", "load"]


@cache
def load(model: str = LATEST) -> Catalogue:
    """
    The catalogue of one model.

    Raises:
        UsageError: there is no such model.
        CatalogueError: its file is broken, which is a bug of ours.
    """
    from .parse import parse  # PyYAML takes 20 ms to import, which `--version` need not pay

    if model not in MODELS:
        raise UsageError(f"there is no model {model!r}", remedy="known models: " + ", ".join(MODELS))
    file = Path(__file__).with_name(f"{model}.yml")
    return parse(file.read_bytes(), where=file.name)
