"""Why an image cannot be pulled: which one, from which registry, for what reason, and what helps."""

from __future__ import annotations

import re
from collections.abc import Iterable

from seatrial.text.wording import counted

_REASONS = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (r"no such host|server misbehaving|temporary failure", "its name cannot be resolved"),
        (r"connection refused|connection reset", "it refuses the connection"),
        (r"i/o timeout|TLS handshake|context deadline exceeded", "it does not answer in time"),
        (r"network is unreachable|no route to host", "no network leads there"),
        (r"toomanyrequests|too many requests", "it limits image pulls; log in first"),
        (r"\b(?:502|503|504) ", "it answers with an error of its own"),
        (
            r"unauthorized|access denied|denied:|no basic auth credentials|authentication required",
            "it requires a login, or does not have the image; log in first",
        ),
    )
)
"""What engines and registries say when it is the way to the image that is missing. Source: messages of Go's package
`net`, of the distribution API's error codes, and of Docker Hub's rate limit."""
_NAMED = re.compile(
    r"(?:pull access denied for |resolve reference \"|source metadata for |manifest for )(?P<image>[\w.\-/:@]+[\w])"
)
_ASKED = re.compile(
    r"https?://(?P<host>[\w.\-]+(?::\d+)?)/v2/(?P<name>[\w.\-/]+)/manifests/(?P<reference>(?:sha256:)?[\w.\-]+)"
)
"""A request of BuildKit, which does not always print the image's name. Source: the distribution API."""
_HOST = re.compile(r"https?://(?P<host>[\w.\-]+(?::\d+)?)/v2/|lookup (?P<name>[\w.\-]+)")
_HUB = "docker.io"


def why_not(text: str, missing: Iterable[str]) -> str:
    """
    One sentence on why images cannot be pulled; empty if the way to a registry is not the reason.

    Args:
        text: what Compose or the engine printed.
        missing: images that are not here, in case the text names none.
    """
    reason = next((reason for pattern, reason in _REASONS if pattern.search(text)), "")
    if not reason:
        return ""
    named = dict.fromkeys(match["image"] for match in _NAMED.finditer(text))
    images = list(named or dict.fromkeys(map(_image, _ASKED.finditer(text)))) or sorted(set(missing))
    registries = (
        list(dict.fromkeys(map(registry, images))) or [m["host"] or m["name"] for m in _HOST.finditer(text)][:1]
    )
    what = f"{counted(len(images), 'image')} ({', '.join(images)})" if len(images) > 1 else " ".join(["image", *images])
    return (
        f"{what} cannot be pulled from {', '.join(registries) or 'the registry'}: {reason}; "
        "a step before this one can pull or build it"
    )


def _image(asked: re.Match[str]) -> str:
    """The image that a request asks for, as a Dockerfile names it."""
    separator = "@" if ":" in asked["reference"] else ":"
    name = f"{asked['name']}{separator}{asked['reference']}"
    return name.removeprefix("library/") if asked["host"] == "registry-1.docker.io" else f"{asked['host']}/{name}"


def registry(image: str) -> str:
    """The registry of an image's name, by the rule of the distribution's references: `docker.io` if it names none."""
    first, slash, _ = image.partition("/")
    return first if slash and (first == "localhost" or "." in first or ":" in first) else _HUB
