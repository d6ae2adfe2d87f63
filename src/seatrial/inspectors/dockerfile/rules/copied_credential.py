"""
No credential file is copied into the image.

## What it does

Reports `COPY` and `ADD` of files that hold credentials by their name: `.env`, private keys, `.npmrc`, `.pypirc`,
`.netrc`, `.git-credentials`, `.aws`, `.ssh`, `.docker/config.json`, kubeconfig, and of the whole `.git`. A file of the
repository without a credential is fine: an `.npmrc` with settings, or with `${NPM_TOKEN}`.

## Why it matters

The file stays in its layer even if a later one deletes it.

## How to fix

`RUN --mount=type=secret,id=npmrc,target=/root/.npmrc …` for what the build needs, and `.dockerignore` for the rest.

Source: https://docs.docker.com/build/building/secrets/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

_FILE = re.compile(
    r"""(?:^|/)(?:
        \.env(?:\.(?:prod|production|local|staging|live)\w*)?
      | id_(?:rsa|dsa|ecdsa|ed25519) | [\w.-]*(?:private|server)[\w.-]*\.key | [\w-]+\.(?:p12|pfx|jks|ppk)
      | \.npmrc | \.pypirc | \.netrc | \.git-credentials | \.htpasswd | \.pgpass | \.my\.cnf
      | \.(?:aws|ssh|gnupg|kube)(?:/.*)? | \.docker/config\.json | kubeconfig | credentials\.json
      | service[-_]?account[\w-]*\.json | \.git/?
    )$""",
    re.VERBOSE,
)


def is_credential_name(path: str) -> bool:
    """Whether a file of that name, or below a folder of that name, holds credentials as a rule."""
    return _FILE.search(path) is not None


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Sources of COPY and ADD."""
    for stage in file.stages:
        for one in stage.all("COPY", "ADD"):
            if one.flag("from"):
                continue
            for source in one.words[:-1]:
                if _FILE.search(source) and not _is_harmless(file, source):
                    what = "the history of the repository" if source.rstrip("/").endswith(".git") else source
                    severity, where = (
                        (RULE.severity, "") if file.is_shipped(stage) else (Severity.MEDIUM, " (in a build stage)")
                    )
                    yield found(
                        RULE.id,
                        severity,
                        one.at,
                        f"{one.keyword} puts {what} into the image{where}",
                        "RUN --mount=type=secret,id=NAME …",
                        anchor=f"{one.keyword} {source}",
                    )


def _is_harmless(file: Dockerfile, source: str) -> bool:
    """Whether the repository has what is copied, and no credential is in it. The context is at or above the file."""
    name = source.strip("/")
    folders, folder = [""], posixpath.dirname(file.path)
    while folder:
        folders.append(folder)
        folder = posixpath.dirname(folder)
    wanted = {posixpath.normpath(posixpath.join(folder, name)) for folder in folders}
    there = {path for path in file.context if path in wanted or any(path.startswith(f"{one}/") for one in wanted)}
    return bool(there) and there <= file.harmless


RULE = Rule.of(
    __doc__,
    id="dockerfile/copied-credential",
    check="dockerfile/secrets",
    severity=Severity.HIGH,
    find=_find,
)
