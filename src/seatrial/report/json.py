"""report.json: everything, for machines. The way back is `reading.py`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from seatrial.domain.errors import UsageError

from . import earlier, schema, writing
from .outcome import Outcome
from .text import printable

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of a report that we read; it may come from a foreign artifact."""
_UNDIGESTED = ("digest", "volatile")
_SHOWN = 200  # characters of somebody else's text in a message
_NAMES = 1000  # of one object; ours have as many as there are checks


def render(outcome: Outcome) -> str:
    """The whole report as JSON, keys in the order of the schema."""
    document = writing.to_schema(outcome).model_dump(mode="json")
    document["digest"] = digest(document)
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (sorted keys, no white space) without what is volatile."""
    lasting = {key: value for key, value in document.items() if key not in _UNDIGESTED}
    text = json.dumps(lasting, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def schema_text() -> str:
    """The JSON Schema (2020-12) of report.json."""
    published = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:seatrial:report:{schema.SCHEMA_VERSION}",
    } | schema.ReportOut.model_json_schema(mode="serialization")
    return json.dumps(published, indent=2) + "\n"


def loads(text: str | bytes) -> schema.ReportOut:
    """
    Read a report of ours, or one that says it is.

    Raises:
        UsageError: it is too large, not JSON, not of this schema, or its digest is wrong.
    """
    data = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    if len(data) > SIZE_LIMIT:
        raise UsageError(f"the report is larger than {SIZE_LIMIT:,} bytes")
    try:
        document = json.loads(data.decode(), parse_constant=_refuse, object_pairs_hook=_each_once)
        report = schema.ReportOut.model_validate(earlier.modernised(document))
        right = digest(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = printable(".".join(map(str, first["loc"])), limit=_SHOWN)
        problem = printable(first["msg"], limit=_SHOWN)
        raise UsageError(f"not a report of schema {schema.SCHEMA_VERSION}: {place}: {problem}") from None
    except RecursionError:
        raise UsageError("the report is not JSON that we read: it is nested too deeply") from None
    except ValueError as error:
        raise UsageError(f"the report is not JSON: {printable(str(error), limit=_SHOWN)}") from None
    if report.digest != right:
        raise UsageError("the report was changed after it was written: its digest is wrong")
    return report


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a duplicate name would have one meaning here and another in other programs."""
    if len(pairs) > _NAMES:
        raise ValueError(f"an object has more than {_NAMES} names")
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} occurs twice in one object")
    return found
