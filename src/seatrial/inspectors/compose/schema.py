"""
Validation against the Compose Specification's own JSON schema, with positions and words for people.

Source: https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from seatrial.domain import Location
from seatrial.text.yaml_tree import Mapping, Scalar, YamlNode, merged, scalar_value
from seatrial.text.yaml_tree import Sequence as SequenceNode

from .documents import Document, FileProblem
from .values import List, Map, Value

_LIMIT = 20
"""Problems of one file that are worth telling."""
_KINDS = {
    "object": "a mapping", "array": "a list", "string": "a text", "integer": "a whole number", "number": "a number",
    "boolean": "true or false", "null": "nothing",
}  # fmt: skip


def problems(document: Document, together: Iterable[Map] = (), *, whole: bool = True) -> Iterator[FileProblem]:
    """
    What in a file is not as the specification wants it, in the order of the file.

    Args:
        document: the file.
        together: what it comes to with other files. A value that is left empty or lacks a key is not a problem if
            another file has it: Compose judges the files together.
        whole: whether all of the file is judged; otherwise only what the files together hold of it.
    """
    yield from _duplicates(document)
    bodies = tuple(together)
    for node in (document.node, *document.later):
        yield from _against_schema(replace(document, node=node), bodies, whole=whole)


def _against_schema(document: Document, together: tuple[Map, ...], *, whole: bool) -> Iterator[FileProblem]:
    remain: set[tuple[str, int, int]] | None = None
    for error in _errors(_plain(document.node))[:_LIMIT]:
        if together and (_is_lack(error) or not whole):
            if remain is None:
                remain = {
                    _start(at)
                    for body in together
                    for other in _errors(_plain_value(body))
                    for at in _places(body, other)
                }
            places = (_place(document, list(e.absolute_path)) for e in (error, _innermost(error)))
            if remain.isdisjoint(map(_start, places)):
                continue
        yield _problem(error, document)


def of_model(body: Map) -> Iterator[FileProblem]:
    """What is missing, empty or there twice in what several files come to together."""
    for error in _lacks(body):
        path = list(_innermost(error).absolute_path)
        subject = str(path[1]) if len(path) > 1 and path[0] == "services" else ""
        message = f"{_dotted(path) or 'the file'} {_sentence(_innermost(error))}"
        yield FileProblem("syntax", _place_of(body, path), message, subject=subject)


def _lacks(body: Map) -> Iterator[Any]:
    return filter(_is_lack, _errors(_plain_value(body))[:_LIMIT])


def _places(body: Map, error: Any) -> Iterator[Location]:
    return (_place_of(body, list(e.absolute_path)) for e in (error, _innermost(error)))


def _innermost(error: Any) -> Any:
    from jsonschema.exceptions import best_match

    return best_match([error]) or error


def _start(at: Location) -> tuple[str, int, int]:
    return at.path, at.line or 0, at.column or 0


def _errors(plain: Any) -> list[Any]:
    found = sorted(_validator().iter_errors(plain), key=lambda e: [str(p) for p in e.absolute_path])
    deeper = {tuple(e.absolute_path) for e in found}
    return [e for e in found if not _follows(e, deeper)]


def _is_lack(error: Any) -> bool:
    """Whether something is missing, empty or there twice: Compose judges that once the files are together."""
    innermost = _innermost(error)
    return innermost.validator in ("required", "uniqueItems") or innermost.instance is None or error.instance is None


def _plain_value(value: Value, key: str = "") -> Any:
    """A merged value as the schema sees it; a dependency that is only named has the default condition."""
    if isinstance(value, Map):
        default = {"condition": "service_started"} if key == _DEPENDENCY and value.short else {}
        below = _DEPENDENCY if key == "depends_on" else ""
        return default | {name: _plain_value(entry.value, below or name) for name, entry in value}
    return [_plain_value(item) for item in value.items] if isinstance(value, List) else value.value


_DEPENDENCY = "depends_on.*"


def _place_of(body: Map, path: Sequence[Any]) -> Location:
    """The key at a path of a merged body, or the innermost that exists."""
    place = body.at
    value: Value = body
    for part in path:
        if isinstance(value, Map) and str(part) in value.entries:
            entry = value.entries[str(part)]
            place, value = entry.key_at, entry.value
        elif isinstance(value, List) and isinstance(part, int) and part < len(value.items):
            value = value.items[part]
            place = value.at
    return place


def _follows(error: Any, places: set[tuple[Any, ...]]) -> bool:
    """Whether a key counts as unknown only because its value is wrong, which is reported for itself."""
    if error.validator != "unevaluatedProperties":
        return False
    path = tuple(error.absolute_path)
    return any(
        place[: len(path)] == path and len(place) > len(path) and repr(place[len(path)]) in error.message
        for place in places
    )


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # 60 ms, paid only where there is a Compose file

    text = resources.files(__package__).joinpath("compose-spec.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def _plain(node: YamlNode) -> Any:
    """The values as the schema sees them. What `!reset` removes is not there; `${VAR}` fits every scalar type."""
    if isinstance(node, Scalar):
        return scalar_value(node)
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.items]
    return {k.value: _plain(v) for k, v in merged(node) if v.tag != "!reset"}


def _duplicates(document: Document) -> Iterator[FileProblem]:
    pending: list[YamlNode] = [document.node, *document.later]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            for key in node.duplicates:
                at = Location(document.path, key.line, key.column)
                yield FileProblem("syntax", at, f"the key {key.value!r} is written twice; the last one would win")
            pending += [value for _, value in node.entries]
        elif isinstance(node, SequenceNode):
            pending += node.items


def _problem(error: Any, document: Document) -> FileProblem:
    innermost = _innermost(error)
    path = list(innermost.absolute_path)
    name = _dotted(path) or "the file"
    subject = str(path[1]) if len(path) > 1 and path[0] == "services" else ""
    if innermost.validator in ("additionalProperties", "unevaluatedProperties"):
        return _unknown_key(innermost, document, path, name, subject)
    at = _place(document, path)
    return FileProblem("syntax", at, f"{name} {_sentence(innermost)}", subject=subject)


def _unknown_key(error: Any, document: Document, path: Sequence[Any], name: str, subject: str) -> FileProblem:
    # the schema spreads a service's keys over several definitions; only the message says which one is left over
    key = next((str(k) for k in error.instance if repr(k) in error.message), "?")
    nearest = difflib.get_close_matches(key, _known_keys(), n=1)
    expected = f"did you mean {nearest[0]!r}?" if nearest else ""
    return FileProblem(
        "syntax", _place(document, [*path, key]), f"{name} has an unknown key {key!r}", expected, subject
    )


@cache
def _known_keys() -> tuple[str, ...]:
    """Every key that the specification knows anywhere."""
    known: set[str] = set()
    pending: list[Any] = [_validator().schema]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            properties = part.get("properties")
            known |= set(properties) if isinstance(properties, dict) else set()
            pending += part.values()
        elif isinstance(part, list):
            pending += part
    return tuple(sorted(known))


def _sentence(error: Any) -> str:
    value = error.instance
    is_now = _KINDS[_kind(value)]
    match error.validator:
        case "type":
            wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
            return f"must be {' or '.join(_KINDS[w] for w in wanted)}, and is {is_now}"
        case "oneOf" | "anyOf":
            return f"is {is_now}, which is none of the forms that the specification allows here"
        case "enum":
            return f"must be one of {', '.join(map(str, error.validator_value))}"
        case "required":
            missing = [k for k in error.validator_value if k not in value]
            return f"lacks {', '.join(missing)}"
        case "uniqueItems":
            return "holds the same item twice"
        case "pattern" | "format":
            return f"does not have the form {error.validator_value}"
        case _:
            return f"is not allowed by the specification ({error.validator})"


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _dotted(path: Sequence[Any]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _place(document: Document, path: Sequence[Any]) -> Location:
    """The key at a path, or the innermost node that exists."""
    node: YamlNode = document.node
    line, column = node.line, node.column
    for part in path:
        if isinstance(node, Mapping):
            key = node.key(str(part))
            value = node.get(str(part))
            if key is None or value is None:
                break
            line, column, node = key.line, key.column, value
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            line, column = node.line, node.column
    return Location(document.path, line, column)
