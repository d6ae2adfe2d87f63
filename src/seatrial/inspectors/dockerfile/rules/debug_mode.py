"""
The image does not start in a mode for developers.

## What it does

Reports `ENV` with a debug switch that is on, in what is shipped: `DEBUG=1`, `FLASK_ENV=development`,
`NODE_ENV=development`, `RAILS_ENV=development`, `APP_DEBUG=true`, and `--reload`/`--debug` in `CMD`.

## Why it matters

Debug modes show source code, settings and sometimes a console to every client that causes an error.

## How to fix

Leave it out of the image; set it where developers start it.

Source: https://flask.palletsprojects.com/en/stable/debugging/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

_ON = ("1", "true", "on", "yes")
_MODES = ("NODE_ENV", "FLASK_ENV", "RAILS_ENV", "RACK_ENV", "APP_ENV", "ASPNETCORE_ENVIRONMENT", "DJANGO_ENV")
_SWITCHES = re.compile(r"^(?:FLASK_DEBUG|DJANGO_DEBUG|APP_DEBUG|DEBUG|WP_DEBUG|SYMFONY_DEBUG)$")
_COMMAND = re.compile(
    r"\b(?:uvicorn|gunicorn|hypercorn)\b.*\s--reload\b|\bflask\b.*\s--debug\b|\bmanage\.py\s+runserver\b|\bnodemon\b"
)


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Switches and servers for developers."""
    for stage in file.shipped():
        for one in stage.all("ENV"):
            for name, value in one.pairs():
                text = value.strip("\"'").lower()
                if (_SWITCHES.match(name) and text in _ON) or (name in _MODES and text in ("development", "dev")):
                    yield found(
                        RULE.id,
                        RULE.severity,
                        one.at,
                        f"{name}={text} starts a mode for developers",
                        anchor=f"ENV {name}",
                    )
        for one in stage.all("CMD", "ENTRYPOINT"):
            if match := _COMMAND.search(" ".join(one.words)):
                tool = match[0].split()[0]
                yield found(
                    RULE.id,
                    RULE.severity,
                    one.at,
                    f"{tool} starts as a server for developers",
                    anchor=f"{one.keyword} {tool}",
                )


RULE = Rule.of(
    __doc__,
    id="dockerfile/debug-mode",
    check="dockerfile/hardening",
    severity=Severity.LOW,
    find=_find,
)
