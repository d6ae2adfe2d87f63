"""
Mounts of a service in both syntaxes, `tmpfs` included.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md#volumes
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from seatrial.domain import Location

from .identity import mount_parts
from .service import ServiceConfig
from .values import ComposeText, Map, Value

_PATH = re.compile(r"^(?:[./~]|\$\{?(?:PWD|HOME)\b|[A-Za-z]:[\\/])")


@dataclass(frozen=True, slots=True)
class MountConfig:
    """One mount."""

    at: Location
    source: str
    """A path of the host, a volume's name, or empty."""
    target: str
    bind: bool = False
    """Whether the source is a path of the host."""
    read_only: bool = False
    tmpfs: bool = False
    propagation: str = ""
    source_at: Location | None = None
    """Where the source is written, in the long syntax."""


def mounts(service: ServiceConfig, volumes: Map | None = None) -> Iterator[MountConfig]:
    """
    Every mount of a service.

    Args:
        service: whose mounts.
        volumes: the project's volumes; with them a volume whose `driver_opts` bind a path counts as a bind mount.
    """
    for item in service.items("volumes"):
        found = _long(item) if isinstance(item, Map) else _short(item)
        if found is not None:
            device = _device(volumes, found) if volumes else ""
            yield replace(found, source=device, bind=True) if device else found
    for item in service.texts("tmpfs"):
        yield MountConfig(item.at, "", item.text.partition(":")[0], tmpfs=True)


def _device(volumes: Map, mount: MountConfig) -> str:
    """
    The path of the host behind a named volume of the `local` driver; empty if there is none.

    Source: https://docs.docker.com/engine/storage/volumes/#create-a-volume
    """
    if mount.bind or mount.tmpfs or (volumes.text(mount.source, "driver") or "local") != "local":
        return ""
    options = re.split(r"[,\s]+", volumes.text(mount.source, "driver_opts", "o") or "")
    kind = volumes.text(mount.source, "driver_opts", "type") or "none"
    bound = kind == "bind" or bool({"bind", "rbind"} & set(options))
    return (volumes.text(mount.source, "driver_opts", "device") or "") if bound else ""


def _long(item: Map) -> MountConfig:
    kind = item.text("type") or "volume"
    return MountConfig(
        item.at,
        item.text("source") or "",
        item.text("target") or "",
        bind=kind == "bind",
        read_only=item.text("read_only") == "true",
        tmpfs=kind == "tmpfs",
        propagation=item.text("bind", "propagation") or "",
        source_at=source.at if (source := item.get("source")) else None,
    )


def _short(item: Value) -> MountConfig | None:
    if not isinstance(item, ComposeText) or not item.text:
        return None
    source, *rest = mount_parts(item.text)
    if not rest and re.match(r"[A-Za-z]:/", source):
        # Compose takes the letter for a drive of Windows, and no engine on Linux mounts that; the volume is meant
        source, *rest = source.split(":", 1)
    if not rest:
        return MountConfig(item.at, "", source)
    target, options = rest[0], ":".join(rest[1:])
    words = options.split(",")
    propagation = next((w for w in words if w in ("shared", "rshared", "slave", "rslave", "private", "rprivate")), "")
    return MountConfig(item.at, source, target, bool(_PATH.match(source)), "ro" in words, propagation=propagation)
