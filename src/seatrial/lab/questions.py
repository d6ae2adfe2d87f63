"""
Questions that make a service do real work: what a healthcheck asks may be answered without any dependency.

    candidates (configuration, OpenAPI, links, code, readiness) -> asked once -> calibrated (calibration.py) -> chosen
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .endpoints import PATHS
from .probes import Probe
from .routes import HARMFUL

_MOST = 8
"""Questions to one service that are calibrated."""
_ASKED = 80
"""Candidates of one service that are asked once."""
_CHOSEN = 3
"""Questions to one service that are asked during the experiments, besides those of the configuration."""
_TELLING = frozenset(path for kind in ("dependency", "readiness") for path in PATHS[kind])
_TIMEOUT = 2.0
_BODY = 512 * 1024
_OPENAPI = (
    "/openapi.json", "/api/openapi.json", "/swagger.json", "/v3/api-docs", "/swagger/v1/swagger.json", "/api-docs",
    "/docs/openapi.json", "/api/schema/?format=json", "/api/v1/openapi.json",
)  # fmt: skip
"""Where frameworks publish their description."""
_NOWHERE = "/seatrial-asks-for-what-cannot-be-there"
_LINK = re.compile(
    r"""(?:href|src|action)\s*=\s*["'](?P<path>/[\w\-./~?=&%]*)["']|<loc>https?://[^/<]+(?P<loc>/[^<]*)"""
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    status: int
    """0: nothing speaks HTTP there, or it took too long."""
    body: bytes = b""

    @property
    def good(self) -> bool:
        """Whether the server did what it was asked."""
        return 200 <= self.status < 400


def ask(address: str, port: int, path: str) -> Reply:
    """One GET, with a limit of time and size."""
    connection = http.client.HTTPConnection(address, port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path, headers={"Accept": "application/json, text/html;q=0.9, */*;q=0.8"})
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(_BODY))
    except (OSError, http.client.HTTPException, ValueError):
        return Reply(0)
    finally:
        connection.close()


def candidates(probe: Probe, address: str, code: Sequence[str]) -> tuple[Probe, ...]:
    """
    Questions to a service that speaks HTTP and that it answers well, the most telling first.

    Args:
        probe: the question that is known already.
        address: of its container.
        code: addresses that its code names.
    """
    nowhere = ask(address, probe.port, _NOWHERE)
    found: list[Probe] = []
    for path in dict.fromkeys(_paths(probe, address, code)):
        if len(found) == _MOST:
            break
        reply = ask(address, probe.port, path)
        # Of a server that answers everything alike only a look at what it depends on tells the addresses apart.
        alike = nowhere.good and reply.body == nowhere.body and path not in _TELLING
        if reply.good and not alike:
            found.append(Probe(probe.service, "http", probe.port, path, ready=True, question=True))
    return tuple(found)


def _paths(probe: Probe, address: str, code: Sequence[str]) -> Iterator[str]:
    number = 0
    for path in _sources(probe, address, code):
        if not HARMFUL.search(path):
            yield path
            number += 1
        if number == _ASKED:
            return


def _sources(probe: Probe, address: str, code: Sequence[str]) -> Iterator[str]:
    yield from described(address, probe.port)
    yield from linked(ask(address, probe.port, "/").body)
    yield from code
    yield "/"
    yield from (path for kind in ("dependency", "readiness") for path in PATHS[kind])
    yield from linked(ask(address, probe.port, "/sitemap.xml").body)


def described(address: str, port: int) -> Iterator[str]:
    """The addresses of an OpenAPI document that can be asked without knowing anything else."""
    for place in _OPENAPI:
        reply = ask(address, port, place)
        if reply.status == 200 and b"paths" in reply.body:
            try:
                yield from of_document(json.loads(reply.body))
            except (ValueError, RecursionError):
                continue
            return


def of_document(document: Any) -> Iterator[str]:
    """The addresses for GET of an OpenAPI document, parameters filled in from its own examples."""
    paths = document.get("paths") if isinstance(document, dict) else None
    base = str(document.get("basePath") or "") if isinstance(document, dict) else ""
    for path, item in paths.items() if isinstance(paths, dict) else ():
        operation = item.get("get") if isinstance(item, dict) else None
        if isinstance(operation, dict) and str(path).startswith("/"):
            parameters = [*(item.get("parameters") or ()), *(operation.get("parameters") or ())]
            filled = _filled(base.rstrip("/") + str(path), parameters)
            if filled is not None:
                yield filled


def _filled(path: str, parameters: Iterable[Any]) -> str | None:
    query = []
    for one in parameters:
        if not isinstance(one, dict):
            return None
        schema: Any = one.get("schema") if isinstance(one.get("schema"), dict) else {}
        value = next(
            (v for v in (one.get("example"), schema.get("example"), schema.get("default")) if v is not None), None
        )
        if one.get("in") == "path":
            if value is None:
                return None
            path = path.replace(f"{{{one.get('name')}}}", str(value))
        elif one.get("required") and one.get("in") == "query":
            if value is None:
                return None
            query.append(f"{one.get('name')}={value}")
        elif one.get("required"):
            return None
    whole = path + ("?" + "&".join(query) if query else "")
    return whole if re.fullmatch(r"/[\w\-./~?=&%:,@+]*", whole) else None


def linked(page: bytes) -> Iterator[str]:
    """The addresses of the same server that a page or a sitemap links."""
    for match in _LINK.finditer(page.decode("utf-8", "replace")):
        yield match["path"] or match["loc"]


def chosen(found: Iterable[Probe], reach: Mapping[str, frozenset[Probe]], known: Iterable[Probe]) -> tuple[Probe, ...]:
    """
    The fewest questions that reach every dependency which any of them reaches.

    A liveness probe that reaches it does not do: whether it hangs or refuses says nothing of requests that may wait.

    Args:
        found: those that were calibrated, the most telling first.
        reach: by service: the questions that change while it is away.
        known: what is asked anyway.
    """
    asked, taken, number = set(known), list[Probe](), dict[str, int]()
    for probe in found:
        mine = {o for o in asked if o.service == probe.service and o.ready}
        news = [target for target, noticing in reach.items() if probe in noticing and not noticing & mine]
        if news and number.get(probe.service, 0) < _CHOSEN:
            number[probe.service] = number.get(probe.service, 0) + 1
            asked.add(probe)
            taken.append(probe)
    return tuple(taken)
