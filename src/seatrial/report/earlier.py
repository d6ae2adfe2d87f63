"""
Reports of earlier schemas, in the shape of today's.

Schema 1.0 had caps in place of what open causes take, no subjects, and steps by check. What a value was made from is
not in such a report: its values are taken as they are. Schema 1.1 had an empty rule where all rules of an experiment
hold. Only a measurement's name said what it measures. Schema 1.2 had no load.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from .schema import SCHEMA_VERSION
from .schema_types import QuantityName

FIRST, SECOND, THIRD = "1.0", "1.1", "1.2"


def modernised(document: Any) -> Any:
    """
    A document of an earlier schema in the shape of today's; anything else as it is, for the schema to judge.

    Args:
        document: what was read, perhaps written by hand.
    """
    if isinstance(document, dict) and document.get("schema_version") == FIRST:
        document = _second(document)
    if isinstance(document, dict) and document.get("schema_version") == SECOND:
        document = _third(document)
    if isinstance(document, dict) and document.get("schema_version") == THIRD:
        document = _fourth(document)
    return document


def _second(document: Mapping[str, Any]) -> Mapping[str, Any]:
    changed = {
        "schema_version": SECOND,
        "score": _score(document.get("score")),
        "checks": _each(document.get("checks"), basis=_BASIS, tally=""),
        "findings": _each(document.get("findings"), about=[]),
        "path_to_pass": _path(document.get("path_to_pass")),
    }
    return {"unjudged": [], **document, **{key: value for key, value in changed.items() if key in document}}


def _third(document: Mapping[str, Any]) -> Mapping[str, Any]:
    changed: dict[str, Any] = {"schema_version": THIRD}
    if isinstance(checks := document.get("checks"), list):
        changed["checks"] = [_check(check) if isinstance(check, Mapping) else check for check in checks]
    return {**document, **changed}


def _fourth(document: Mapping[str, Any]) -> Mapping[str, Any]:
    changed = {"schema_version": SCHEMA_VERSION, "checks": _each(document.get("checks"), loads=[])}
    return {**document, **{key: value for key, value in changed.items() if key in document}}


def _check(told: Mapping[str, Any]) -> Mapping[str, Any]:
    changed = {"measurements": _measurements(told.get("measurements"))}
    if isinstance(experiments := told.get("experiments"), list):
        changed["experiments"] = [
            {**one, "rule": one.get("rule") or None, "measurements": _measurements(one.get("measurements"))}
            if isinstance(one, Mapping)
            else one
            for one in experiments
        ]
    return {**told, **{key: value for key, value in changed.items() if key in told}}


def _measurements(told: Any) -> Any:
    if not isinstance(told, list):
        return told
    return [_measurement(one) if isinstance(one, Mapping) else one for one in told]


def _measurement(told: Mapping[str, Any]) -> Mapping[str, Any]:
    name, unit = str(told.get("name")), told.get("unit")
    quantity = next((one for one in get_args(QuantityName) if name.endswith(f" {one}")), None)
    return {**told, "unit": "{port}" if unit == "ports" else unit, "quantity": quantity}


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
