"""
Downloads and packages are verified.

## What it does

Reports options that turn verification off: `curl -k`, `wget --no-check-certificate`, `apt-get
--allow-unauthenticated` and `--force-yes`, `apk --allow-untrusted`, `pip --trusted-host`, `npm strict-ssl false`,
`git -c http.sslVerify=false`, and the variables that do the same for good (`NODE_TLS_REJECT_UNAUTHORIZED=0`,
`GIT_SSL_NO_VERIFY`, `PYTHONHTTPSVERIFY=0`).

## Why it matters

Whoever is on the way decides what gets into the image.

## How to fix

Install the certificate of the authority that is missing; sign the repository that is not signed.

Source: https://curl.se/docs/sslcerts.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found

ID = "dockerfile/unverified-download"
CHECK = "dockerfile/hardening"
SEVERITY = Severity.MEDIUM
_OFF = re.compile(
    r"""
    \bcurl\b[^|;&]*?\s(?:-\w*k\w*|--insecure|--proxy-insecure)(?=\s|$)
  | \bwget\b[^|;&]*?\s--no-check-certificate\b
  | \bapt(?:-get)?\b[^|;&]*?\s(?:--allow-unauthenticated|--force-yes|--allow-insecure-repositories)\b
  | \bapk\b[^|;&]*?\s--allow-untrusted\b
  | \b(?:yum|dnf|microdnf|zypper)\b[^|;&]*?\s(?:--nogpgcheck|--no-gpg-checks)\b
  | \bpip3?\b[^|;&]*?\s--trusted-host\b
  | \b(?:npm|yarn)\b[^|;&]*?\bstrict-ssl[\s=]false\b
  | \bgit\b[^|;&]*?http\.sslVerify[\s=](?:false|0)\b
  | \brpm\b[^|;&]*?\s--nosignature\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_VARIABLES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "GIT_SSL_NO_VERIFY": ("1", "true"),
    "PYTHONHTTPSVERIFY": ("0",),
    "NPM_CONFIG_STRICT_SSL": ("false", "0"),
}


def check(file: Dockerfile) -> Iterator[Finding]:
    """Options and variables."""
    for stage in file.stages:
        for one in stage.all("RUN"):
            for match in _OFF.finditer(one.script):
                tool = match[0].split()[0]
                at = one.line_of(re.compile(re.escape(match[0].split()[-1])))
                yield found(
                    ID, SEVERITY, at, f"{tool} does not verify what it downloads", anchor=f"{stage.name} {tool}"
                )
        for one in stage.all("ENV", "ARG"):
            for name, value in one.pairs():
                if value.strip("\"'").lower() in _VARIABLES.get(name.upper(), ()):
                    yield found(
                        ID, SEVERITY, one.at, f"{name} turns verification off for good", anchor=f"{one.keyword} {name}"
                    )
