"""Stacks that could harm the machine of the engine; they are tried only on request."""

from __future__ import annotations

from collections.abc import Iterator

from .model import Stack
from .trees import SYSTEM


def of(stack: Stack) -> Iterator[str]:
    """What would give the stack's code power over the engine's machine."""
    for service in stack.services.values():
        if service.privileged:
            yield f"{service.name} is privileged"
        if service.network_mode == "host" or service.pid == "host":
            yield f"{service.name} shares the host's {'network' if service.network_mode == 'host' else 'processes'}"
        machine = sorted({m.source for m in service.mounts if m.kind == "bind" and not m.read_only} & SYSTEM)
        if machine:
            yield f"{service.name} may write to the machine's {' and '.join(machine)}"
        if any(m.source.endswith(("docker.sock", "containerd.sock", "podman.sock")) for m in service.mounts):
            yield f"{service.name} mounts the container engine's socket"
