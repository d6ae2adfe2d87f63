"""GitHub's published description of its API, as a judge over requests and answers (`excerpt.py` made the file)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator, FormatChecker

DESCRIPTION: dict[str, Any] = json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))
ALWAYS_POSSIBLE = {401, 403, 404, 429, 500, 502, 503, 504}
"""Statuses that GitHub's general documentation names for every request, with a message."""


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        _, _, kind, name = node["$ref"].split("/")
        node = DESCRIPTION["components"][kind][name]
    return node


def complaints(schema: Mapping[str, Any], value: object) -> Iterator[str]:
    validator = Draft202012Validator(
        {"allOf": [schema], "components": DESCRIPTION["components"]}, format_checker=FormatChecker()
    )
    for error in validator.iter_errors(value):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    template: str
    method: str
    description: dict[str, Any]
    arguments: dict[str, str]

    def request_complaints(self, query: str, body: bytes) -> Iterator[str]:
        given = dict(parse_qsl(query, keep_blank_values=True))
        for parameter in map(resolved, self.description.get("parameters", [])):
            name, place = parameter["name"], parameter["in"]
            value = self.arguments.get(name) if place == "path" else given.pop(name, None)
            if value is None:
                if parameter.get("required"):
                    yield f"{place} parameter {name} is missing"
                continue
            schema = resolved(parameter["schema"])
            yield from (f"{name} {c}" for c in complaints(schema, _typed(schema, value)))
        yield from (f"unknown query parameter {name}" for name in given)
        if wanted := self.description.get("requestBody"):
            yield from self._body_complaints(wanted, body)
        elif body and body != b"null":
            yield "a body where none is described"

    def _body_complaints(self, wanted: dict[str, Any], body: bytes) -> Iterator[str]:
        try:
            yield from complaints(wanted["content"]["application/json"]["schema"], json.loads(body))
        except ValueError:
            yield "the body is not JSON"

    def answer_complaints(self, status: int, body: object) -> Iterator[str]:
        described = self.description["responses"].get(str(status))
        if described is None:
            if status not in ALWAYS_POSSIBLE or not isinstance(body, dict) or "message" not in body:
                yield f"{status} is not described"
            return
        content = resolved(described).get("content")
        if content is None:
            if body is not None:
                yield f"{status} has a body"
            return
        yield from complaints(content["application/json"]["schema"], body)


def _typed(schema: dict[str, Any], text: str) -> object:
    return int(text) if schema.get("type") == "integer" and text.lstrip("-").isdigit() else text


@lru_cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    def pattern(template: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)) + r"\Z")

    return tuple((template, pattern(template)) for template in sorted(DESCRIPTION["paths"], key=len, reverse=True))


def operation(method: str, path: str) -> Operation | None:
    for template, pattern in _patterns():
        found = pattern.match(path)
        described = DESCRIPTION["paths"][template].get(method.lower())
        if found and described:
            return Operation(template, method, described, found.groupdict())
    return None


def instance(name: str, /, **known: object) -> dict[str, Any]:
    """A valid object of a schema: what is known, and the least of everything else that it requires."""
    made: dict[str, Any] = _least({"$ref": f"#/components/schemas/{name}"})
    return _merged(made, known)


def _merged(made: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in known.items():
        old = made.get(key)
        made[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return made


def _least(schema: dict[str, Any]) -> Any:
    schema = resolved(schema)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return None if {"type": "null"} in schema[several] else _least(schema[several][0])
    if "allOf" in schema:
        return _merged({}, {k: v for part in schema["allOf"] for k, v in _least(part).items()})
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type", "object")
    kind = kinds[-1] if isinstance(kinds, list) else kinds
    texts = {"date-time": "2026-01-01T00:00:00Z", "uri": "https://example.test/x", "email": "a@example.test"}
    match kind:
        case "object":
            properties = schema.get("properties", {})
            return {name: _least(properties[name]) for name in schema.get("required", []) if name in properties}
        case "string":
            return texts.get(schema.get("format", ""), "x")
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "array":
            return []
        case "boolean":
            return False
    return None
