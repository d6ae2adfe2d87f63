"""
Reports of earlier schemas, in the shape of today's.

Schema 1.0 had caps in place of what open causes take, no subjects, and steps by check. What a value was made from is
not in such a report: its values are taken as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIRST = "1.0"


def modernised(document: Any) -> Any:
    """
    A document of schema 1.0 in the shape of today's; anything else as it is, for the schema to judge.

    Args:
        document: what was read, perhaps by somebody else's hand.
    """
    if not isinstance(document, dict) or document.get("schema_version") != FIRST:
        return document
    changed = {
        "schema_version": "1.1",
        "score": _score(document.get("score")),
        "checks": _each(document.get("checks"), basis=_BASIS, tally=""),
        "findings": _each(document.get("findings"), about=[]),
        "path_to_pass": _path(document.get("path_to_pass")),
    }
    return {"unjudged": [], **document, **{key: value for key, value in changed.items() if key in document}}


_BASIS = {"measure": "share", "one": "subject", "many": "", "subjects": []}


def _score(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    rest = {key: value for key, value in told.items() if key not in ("cap", "cap_reason")}
    raw, headline = told.get("raw"), told.get("headline")
    known = isinstance(raw, float) and isinstance(headline, float) and 0 <= headline <= raw
    return rest | {"leaves": headline / raw if known and raw else 1.0, "taken_by": told.get("cap_reason", "")}


def _path(told: Any) -> Any:
    if not isinstance(told, dict) or not isinstance(told.get("steps"), list):
        return told
    return told | {"steps": [_step(step) for step in told["steps"]]}


def _step(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    rest = {key: value for key, value in told.items() if key != "check"}
    return rest | {"places": [], "checks": [told.get("check")]}


def _each(told: Any, **more: object) -> Any:
    if not isinstance(told, list):
        return told
    return [{**one, **more} if isinstance(one, Mapping) else one for one in told]
