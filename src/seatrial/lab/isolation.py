"""
A trial touches nothing but its own: empty ones replace networks, volumes and data that belong to others.

`name:` and `external:` make a volume or a network the machine's. A bind mount can be the developer's own database. To
break a stack on those, and to remove them at the end, would be to destroy them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.domain.stores import PATHS
from seatrial.text.redact import Secret

from .compose import ProjectFiles
from .engine import LABEL
from .model import Mount, Service, Stack
from .trees import Trees

_BASE = re.compile(r"^\s*(?:FROM\s+(?:--\S+\s+)*|COPY\s+(?:--\S+\s+)*--from=)(\S+)", re.IGNORECASE | re.MULTILINE)
"""Names of images in a Dockerfile."""


@dataclass
class Isolation:
    """The part of our file on top of the user's that gives a project everything of its own."""

    document: Mapping[str, Any]
    """The files as Compose understands them."""
    stack: Stack
    name: str
    """Of the project."""
    run: str
    """For our label."""
    place: ProjectFiles
    small: Mapping[str, int]
    """Volumes that are to be small ones in memory, and their bytes."""
    known: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    """Secrets that an earlier version of the same project was given: this one gets the same."""
    notes: list[str] = field(default_factory=list)
    generated: dict[str, Secret] = field(default_factory=dict)
    """Secrets that were made up, by name."""
    trees: Trees = field(init=False)
    """Copies of what containers may write to."""
    _data: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the data that is not to be touched."""
        theirs = [(s, m) for s in self.stack.services.values() for m in s.mounts if _is_own_data(s, m)]
        for service, mount in theirs:
            # The same name in every version of a stack, so that an update finds its data.
            name = f"seatrial-data-{service.name}-{_short(mount.target)}"
            volume = {"type": "volume", "source": name, "target": mount.target}
            self._data.setdefault(service.name, []).append(volume)
            self.notes.append(f"{service.name}: an empty volume replaces the directory at {mount.target}")
        self.trees = Trees(self.document, self.place, frozenset((s.name, m.target) for s, m in theirs))
        self.notes += self.trees.notes

    @property
    def images(self) -> Mapping[str, str]:
        """
        By service that is built under a name of the user's, or uses what another builds: a name of the run's own.

        Otherwise a trial would replace the user's own image, and two runs of different commits would start each
        other's. A name that a Dockerfile of the stack builds on has to stay.
        """
        services = self.stack.services.values()
        built = {s.image: f"{self.name}-{s.name}" for s in services if s.builds and s.image}
        for base in self._bases() if built else ():
            built.pop(base, None)
        return {s.name: built[s.image] for s in services if s.image in built}

    def _bases(self) -> Iterator[str]:
        """The images that builds of the stack begin with or copy from."""
        for body in self.document["services"].values():
            build = (body or {}).get("build") or {}
            yield from (
                str(c).removeprefix("docker-image://") for c in (build.get("additional_contexts") or {}).values()
            )
            text = str(build.get("dockerfile_inline") or "")
            with contextlib.suppress(OSError, ValueError):
                file = Path(str(build.get("context") or ""), str(build.get("dockerfile") or "Dockerfile"))
                text = text or file.read_text("utf-8", "replace")
            yield from _BASE.findall(text)

    def service(self, name: str) -> Iterator[str]:
        """Lines for one service."""
        body = self.document["services"][name] or {}
        yield f"    labels: {json.dumps({LABEL: self.run})}"
        if name in self.images:
            yield f"    image: {json.dumps(self.images[name])}"
        if reset := [key for key in ("tags", "cache_to") if (body.get("build") or {}).get(key)]:
            yield f"    build: {{{', '.join(f'{key}: !reset []' for key in reset)}}}"
        if body.get("ports"):
            yield "    ports: !reset []"
        if body.get("container_name"):
            yield "    container_name: !reset null"
        if mounts := [*self._data.get(name, ()), *self.trees.mounts(name)]:
            yield f"    volumes: {json.dumps(mounts)}"

    def sections(self) -> Iterator[str]:
        """Lines for networks, volumes and secrets."""
        yield from _section("networks", dict(self._networks()))
        yield from _section("volumes", dict(self._volumes()))
        yield from _section("secrets", dict(self._secrets()))

    def _networks(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """
        A fixed range of addresses may be in use by the stack itself on this machine, or by another trial.

        With IPv6 it stays: engines before 27 have none of their own to give.
        """
        for name, body in self._entries("networks"):
            kept = (
                "internal",
                "enable_ipv6",
                *(("ipam",) if body.get("enable_ipv6") or self._has_fixed_addresses(name) else ()),
            )
            own = {key: body[key] for key in kept if body.get(key)}
            yield name, own | {"name": f"{self.name}_{name}", "labels": {LABEL: self.run}}
            if self._is_shared(name, body) or body.get("driver", "bridge") not in ("bridge", "overlay"):
                self.notes.append(f"a separate network replaces {name}, which other projects may use")

    def _has_fixed_addresses(self, network: str) -> bool:
        joined = ((s or {}).get("networks") or {} for s in self.document["services"].values())
        return any({"ipv4_address", "ipv6_address"} & (n.get(network) or {}).keys() for n in joined)

    def _volumes(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        for name, body in self._entries("volumes"):
            own: dict[str, object] = {"name": f"{self.name}_{name}", "labels": {LABEL: self.run}}
            if name in self.small:
                # Open to all: the engine gives a volume its image's owner only where it makes the directory itself.
                options = {"type": "tmpfs", "device": "tmpfs", "o": f"size={self.small[name]},mode=1777"}
                own |= {"driver": "local", "driver_opts": options}
            yield name, own
            if self._is_shared(name, body) or body.get("driver_opts"):
                self.notes.append(f"an empty volume replaces {name}, which other projects may use")
        for volumes in self._data.values():
            for one in volumes:
                yield one["source"], {"name": f"{self.name}_{one['source']}", "labels": {LABEL: self.run}}

    def _secrets(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Secrets whose files are not in the repository, as they should be, get random contents for the trial."""
        for name, body in self._entries("secrets"):
            file = Path(str(body.get("file") or ""))
            if not body.get("external") and (str(file) in ("", ".") or file.exists()):
                continue
            made = self.place.scratch / f"secret-{_short(name)}"
            self.generated[name] = self.known.get(name) or Secret(secrets.token_hex(16))
            made.write_text(self.generated[name].reveal(), "utf-8")
            made.chmod(0o644)  # the container's user has to read it, whoever that is
            yield name, {"file": str(self.place.scratch_outside / made.name)}
        if self.generated:
            self.notes.append(f"secrets without a file were given random contents: {', '.join(sorted(self.generated))}")

    def _is_shared(self, name: str, body: Mapping[str, Any]) -> bool:
        """Whether others can mean the same one: it is made elsewhere, or has a name without the project's."""
        return bool(body.get("external")) or body.get("name", f"{self.name}_{name}") != f"{self.name}_{name}"

    def _entries(self, section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((name, body or {}) for name, body in (self.document.get(section) or {}).items())


def _short(text: str) -> str:
    """A few characters by which a text is known, fit for any name."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _is_own_data(service: Service, mount: Mount) -> bool:
    """Whether a mount is a directory of the machine in which a datastore keeps its data."""
    if mount.kind != "bind" or mount.read_only:
        return False
    kinds = (kind for kind in PATHS if kind in (service.store, f"{service.store}ql", f"{service.store}db"))
    return any(mount.target.rstrip("/") in PATHS[kind] for kind in kinds)


def _section(name: str, entries: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Each entry as it is here, even where the user's files say otherwise."""
    if entries:
        yield f"{name}:"
    for key, body in entries.items():
        yield f"  {json.dumps(key)}: !override {json.dumps(body)}"
