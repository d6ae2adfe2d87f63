"""
The image has a healthcheck.

## What it does

Reports an image that serves a port (`EXPOSE`) and has no `HEALTHCHECK`, or whose last one is `NONE`.

## Why it matters

Without one a container counts as up as soon as its process has started, and one that hangs stays "running". A
Compose file or Kubernetes may bring a check of its own; the image cannot rely on it.

## How to fix

`HEALTHCHECK --interval=10s --timeout=3s CMD ["/app/healthcheck"]`, by the program itself rather than by curl.

Source: https://docs.docker.com/reference/dockerfile/#healthcheck
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule


def _find(file: Dockerfile) -> Iterator[Finding]:
    """A server without a health check."""
    shipped = file.shipped()
    exposed = next((i for stage in shipped for i in stage.all("EXPOSE") if not i.trigger), None)
    checked = next((i for stage in shipped if (i := stage.last("HEALTHCHECK")) is not None), None)
    if exposed is not None and (checked is None or checked.text.strip().upper() == "NONE"):
        remedy = 'HEALTHCHECK --interval=10s --timeout=3s CMD ["/app/healthcheck"]'
        at = checked.at if checked is not None else exposed.at
        yield found(RULE.id, RULE.severity, at, "the image serves a port and has no HEALTHCHECK", remedy)


RULE = Rule.of(
    __doc__,
    id="dockerfile/healthcheck",
    check="dockerfile/lifecycle",
    severity=Severity.LOW,
    find=_find,
)
