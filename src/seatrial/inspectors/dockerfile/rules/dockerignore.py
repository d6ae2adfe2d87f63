"""
Only what the image needs is sent to the builder.

## What it does

Reports `COPY .` or `ADD .` where neither the repository's root nor the Dockerfile's directory has a `.dockerignore`.

## Why it matters

`.git`, `.env`, `node_modules` and everything else end up in the image, and any change of theirs rebuilds it.

## How to fix

A `.dockerignore` that begins with `*` and lists what is needed with `!`.

Source: https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

_ALL = (".", "./", "./.", "*", "./*", "/")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Everything is copied, and nothing is left out."""
    folder = posixpath.dirname(file.path)
    ignores = {f"{file.path}.dockerignore", posixpath.join(folder, ".dockerignore"), ".dockerignore"}
    if ignores & file.context:
        return
    for stage in file.stages:
        for one in stage.all("COPY", "ADD"):
            if not one.flag("from") and any(source in _ALL for source in one.words[:-1]):
                message = f"{one.keyword} takes the whole directory, and there is no .dockerignore"
                yield found(
                    RULE.id, RULE.severity, one.at, message, ".dockerignore:\n*\n!src", anchor=f"{one.keyword} all"
                )
                return


RULE = Rule.of(
    __doc__,
    id="dockerfile/dockerignore",
    check="dockerfile/reproducible",
    severity=Severity.LOW,
    find=_find,
)
