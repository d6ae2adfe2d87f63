"""
Downloads and packages are verified.

## What it does

Reports options that turn verification off: `curl -k`, `wget --no-check-certificate`, `apt-get
--allow-unauthenticated` and `--force-yes`, `apk --allow-untrusted`, `pip --trusted-host`, `npm strict-ssl false` and
`git -c http.sslVerify=false`. Variables that do the same are reported too (`NODE_TLS_REJECT_UNAUTHORIZED=0`,
`GIT_SSL_NO_VERIFY`, `PYTHONHTTPSVERIFY=0`).

## Why it matters

An attacker on the network path decides what gets into the image.

## How to fix

Install the certificate of the authority that is missing; sign the repository that is not signed.

Source: https://curl.se/docs/sslcerts.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Finding, Severity
from seatrial.inspectors.dockerfile.shell import Command
from seatrial.inspectors.dockerfile.syntax import Dockerfile
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

from .weight import in_stage

_OFF = {
    "curl": r"-[a-zA-Z]*k[a-zA-Z]*|--insecure|--proxy-insecure",
    "wget": r"--no-check-certificate",
    "apt-get": r"--allow-unauthenticated|--force-yes|--allow-insecure-repositories",
    "apk": r"--allow-untrusted",
    "yum": r"--nogpgcheck|--no-gpg-checks?",
    "pip": r"--trusted-host(?:=.*)?",
    "npm": r"(?:--)?(?:no-)?strict-ssl(?:=(?:false|0))?",
    "git": r"(?i:(?:-c)?http\.sslVerify(?:=(?:false|0))?)",
    "rpm": r"--nosignature",
}
"""By program: options that turn verification off."""
_LIKE = {
    "apt": "apt-get", "dnf": "yum", "dnf5": "yum", "microdnf": "yum", "tdnf": "yum", "zypper": "yum", "pip3": "pip",
    "yarn": "npm", "pnpm": "npm", "python": "pip", "python3": "pip",
}  # fmt: skip
_NEEDS_FALSE = ("npm", "git")
_MAX_OPTION = 300
_VARIABLES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": ("0",),
    "GIT_SSL_NO_VERIFY": ("1", "true"),
    "PYTHONHTTPSVERIFY": ("0",),
    "NPM_CONFIG_STRICT_SSL": ("false", "0"),
}


def _find(file: Dockerfile) -> Iterator[Finding]:
    """Options and variables."""
    for stage in file.stages:
        severity, where = in_stage(file, stage, RULE.severity)
        for one in stage.all("RUN"):
            for command in one.commands:
                if option := _off(command):
                    at = one.line_of(re.compile(re.escape(option)))
                    message = f"{command.program} does not verify what it downloads{where}"
                    yield found(RULE.id, severity, at, message, anchor=f"{stage.name} {command.program}")
        for one in stage.all("ENV", "ARG"):
            for name, value in one.pairs():
                if value.strip("\"'").lower() in _VARIABLES.get(name.upper(), ()):
                    message = f"{name} turns verification off for good{where}"
                    yield found(RULE.id, severity, one.at, message, anchor=f"{one.keyword} {name}")


def _off(command: Command) -> str:
    """The option of a command that turns verification off; empty if there is none."""
    kind = _LIKE.get(command.program, command.program)
    pattern = _OFF.get(kind)
    if pattern is None:
        return ""
    arguments = command.arguments
    for word, following in zip(arguments, (*arguments[1:], ""), strict=False):
        if len(word) > _MAX_OPTION or not re.fullmatch(pattern, word):
            continue
        off = "=" in word or word.startswith("--no-") or following.lower() in ("false", "0")
        if kind not in _NEEDS_FALSE or off:
            return word
    return ""


RULE = Rule.of(
    __doc__,
    id="dockerfile/unverified-download",
    check="dockerfile/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
