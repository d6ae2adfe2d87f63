"""PHP: composer.lock. Source: https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file"""

from __future__ import annotations

import json

from seatrial.inspectors.dependencies.model import Listed, Package
from seatrial.inspectors.dependencies.text import Lines


def composer_lock(path: str, text: str) -> Listed:
    """`packages` and `packages-dev`."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004 - what is wrong is the value of the file
    lines = Lines(path, text)
    found = []
    for section in ("packages", "packages-dev"):
        for entry in document.get(section) or ():
            name, version = str(entry.get("name", "")), str(entry.get("version", "")).removeprefix("v")
            licences = entry.get("license") or ()
            if name and version[:1].isdigit():
                at = lines.next(f'"name": "{name}"')
                told = entry.get("abandoned")
                instead = f"use {told} instead" if isinstance(told, str) else "choose another package" if told else ""
                found.append(Package("Packagist", name, version, at, " OR ".join(map(str, licences)), instead))
    return Listed(path, tuple(found), lock=True)
