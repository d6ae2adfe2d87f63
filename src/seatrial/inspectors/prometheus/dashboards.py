"""Grafana's dashboards: which metrics they ask for, and where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from seatrial.domain import Location

from . import promql

_HINT = re.compile(r'"(?:schemaVersion|templating|gridPos)"')
_RANGE = re.compile(r"\[\s*\$[^\]]*\]")
_LABELS = re.compile(r"^\s*label_values\(\s*([a-zA-Z_:][\w:]*)")
_DEPTH = 40


def is_dashboard(text: str) -> bool:
    """Whether a JSON text is one, at a glance."""
    return '"panels"' in text and bool(_HINT.search(text))


def asked(path: str, text: str) -> Iterator[tuple[str, Location]]:
    """
    Each metric, with the place of the query.

    Raises:
        ValueError: it is not JSON.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("nests too deeply") from None
    for query in _queries(document):
        found = text.find(json.dumps(query, ensure_ascii=False))
        found = text.find(json.dumps(query)) if found < 0 else found
        at = Location(path, text.count("\n", 0, found) + 1 if found >= 0 else 1, 1)
        yield from ((metric, at) for metric in metrics(query))


def _queries(node: Any, depth: int = 0) -> Iterator[str]:
    """Of panels, of rows of panels, and of variables."""
    if depth > _DEPTH or not isinstance(node, dict):
        return
    for target in _list(node.get("targets")):
        if isinstance(target, dict) and isinstance(target.get("expr"), str) and _prometheus(target):
            yield target["expr"]
    templating = node.get("templating")
    for variable in _list(templating.get("list")) if isinstance(templating, dict) else ():
        query = variable.get("query") if isinstance(variable, dict) else None
        query = query.get("query") if isinstance(query, dict) else query
        if isinstance(query, str):
            yield query
    for panel in (*_list(node.get("panels")), *_list(node.get("rows"))):
        yield from _queries(panel, depth + 1)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _prometheus(target: dict[str, Any]) -> bool:
    source = target.get("datasource")
    return not isinstance(source, dict) or source.get("type", "prometheus") == "prometheus"


def metrics(query: str) -> Iterator[str]:
    """The metrics that a query asks for; none of one that cannot be read, as Grafana's variables may be anywhere."""
    if found := _LABELS.match(query):
        yield found[1]
        return
    try:
        pending = [promql.parse(_RANGE.sub("[5m]", query))]
    except ValueError:
        return
    while pending:
        node = pending.pop()
        name = getattr(node, "name", None)
        if isinstance(name, str):
            yield name
        for key in ("expr", "lhs", "rhs", "vector_selector", "param"):
            pending += [one] if (one := getattr(node, key, None)) is not None else []
        pending += getattr(node, "args", None) or ()
