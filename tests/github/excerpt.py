"""
Make `openapi.json`: the part of GitHub's OpenAPI description that the tests check requests and answers against.

    python tests/github/excerpt.py PATH/generated/api.github.com.json VERSION

The description is the npm package `@octokit/openapi`; VERSION is the package's. Descriptions and examples are left out,
and `nullable` becomes what JSON Schema says for it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

PATHS = {
    "/user": ["get"],
    "/repos/{owner}/{repo}": ["get"],
    "/repos/{owner}/{repo}/issues/{issue_number}": ["get"],
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ["get", "post"],
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ["get", "patch", "delete"],
    "/repos/{owner}/{repo}/pulls": ["get"],
    "/repos/{owner}/{repo}/commits/{ref}": ["get"],
    "/repos/{owner}/{repo}/commits/{commit_sha}/pulls": ["get"],
    "/repos/{owner}/{repo}/statuses/{sha}": ["post"],
    "/repos/{owner}/{repo}/check-runs": ["post"],
    "/repos/{owner}/{repo}/check-runs/{check_run_id}": ["patch"],
}
_TEXTS = {"description", "example", "examples", "summary", "externalDocs", "x-github", "tags", "title", "deprecated"}
TARGET = Path(__file__).parent / "openapi.json"


def trimmed(node: Any, *, names: bool = False) -> Any:
    """Without texts; `names` says that the keys are names of properties, which stay whatever they are."""
    if isinstance(node, list):
        return [trimmed(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: trimmed(value, names=key in ("properties", "schemas", "parameters", "responses", "headers"))
        for key, value in node.items()
        if names or key not in _TEXTS
    }
    if kept.pop("nullable", False) is True and not names:
        return _nullable(kept)
    return kept


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def references(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(references, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(references, node.values()))


def excerpt(full: dict[str, Any], version: str) -> dict[str, Any]:
    paths = {path: {method: full["paths"][path][method] for method in methods} for path, methods in PATHS.items()}
    made: dict[str, Any] = {"package": f"@octokit/openapi {version}", "paths": trimmed(paths), "components": {}}
    pending = references(made["paths"])
    done: set[str] = set()
    while pending:
        reference = pending.pop()
        done.add(reference)
        _, _, kind, name = reference.split("/")
        component = trimmed(full["components"][kind][name])
        made["components"].setdefault(kind, {})[name] = component
        pending |= references(component) - done
    return made


if __name__ == "__main__":
    source, version = sys.argv[1:]
    made = excerpt(json.loads(Path(source).read_text("utf-8")), version)
    TARGET.write_text(json.dumps(made, sort_keys=True, separators=(",", ":")).replace('},"', '},\n"') + "\n", "utf-8")
