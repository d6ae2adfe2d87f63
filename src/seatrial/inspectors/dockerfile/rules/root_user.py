"""
The image does not run as root.

## What it does

Reports an image without `USER`, or whose last `USER` is root. Left out: images whose base is known to set another user,
and entry points that drop root themselves (`gosu`, `su-exec`, `setpriv`).

## Why it matters

Root in a container is root on the host as soon as anything leads out: a mount, a flaw in the kernel, a capability.

## How to fix

Make a user and name it by its number, so that Kubernetes can see that it is not root: `USER 10001`.

Source: https://docs.docker.com/build/building/best-practices/#user
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Confidence, Finding, Severity
from seatrial.inspectors.dockerfile.syntax import Dockerfile, Instruction, filled
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rule

_OWN_USER = re.compile(
    r"nonroot|unprivileged|rootless|^bitnami/|(?:^|/)chainguard/|^cgr\.dev/|^jenkins/|^grafana/|^prom/"
    r"|^sonarqube|^selenium/"
    r"|^quay\.io/keycloak/|^registry\.access\.redhat\.com/ubi\d/(?:nodejs|python|openjdk)"
)
_GIVES_UP = re.compile(r"\b(?:gosu|su-exec|setpriv|chpst|s6-setuidgid|runuser|setuidgid)\b")
_ENTRY = ("ENTRYPOINT", "CMD", "RUN", "COPY", "ADD")


def _find(file: Dockerfile) -> Iterator[Finding]:
    """An image without a user, or with root."""
    final = file.final
    if final is None:
        return
    last = next((u for stage in file.shipped() if (u := stage.last("USER")) is not None), None)
    if last is None:
        unknown = final.base == "scratch" or _OWN_USER.search(file.root_image(final)) or _drops(file)
        if not unknown:
            message = "the image has no USER: what runs in it runs as root"
            yield found(RULE.id, RULE.severity, final.at, message, "USER 10001", confidence=_sure(file))
        return
    user = filled(last.text, _values(file, last)).split(":")[0].strip().strip("\"'")
    if user in ("root", "0") and not _drops(file):
        yield found(RULE.id, RULE.severity, last.at, "the last USER is root", "USER 10001")


def _values(file: Dockerfile, before: Instruction) -> dict[str, str]:
    """Variables with a known value where an instruction is."""
    given = {n: v for one in file.arguments if one.keyword == "ARG" for n, v in one.pairs()}
    values: dict[str, str] = {}
    for stage in reversed(file.shipped()):
        arguments: dict[str, str] = {}
        for one in stage.all("ARG", "ENV"):
            if one.at.line > before.at.line:
                break
            pairs = ((n, v or given.get(n, "") if one.keyword == "ARG" else v) for n, v in one.pairs())
            (arguments if one.keyword == "ARG" else values).update(pairs)
        if before in stage.instructions:
            return arguments | values
    return values


def _drops(file: Dockerfile) -> bool:
    return any(_GIVES_UP.search(i.text) for stage in file.shipped() for i in stage.all(*_ENTRY))


def _sure(file: Dockerfile) -> Confidence:
    """An image that nothing starts by itself is a base or a tool; its user is chosen elsewhere."""
    starts = any(True for stage in file.shipped() for _ in stage.all("CMD", "ENTRYPOINT"))
    return Confidence.HIGH if starts else Confidence.LOW


RULE = Rule.of(
    __doc__,
    id="dockerfile/root-user",
    check="dockerfile/hardening",
    severity=Severity.MEDIUM,
    find=_find,
)
