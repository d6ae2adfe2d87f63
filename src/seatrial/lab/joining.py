"""What a stack needs of us beside it: to be on its networks, and to hold its volumes in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from .engine import FAILURES, LABEL, DockerEngine, LabError, Own, one_line
from .stack import RunningProject


@contextlib.contextmanager
def joined(engine: DockerEngine, own: Own | None) -> Iterator[None]:
    """
    Be on the run's networks, and leave them before they are taken down.

    Args:
        engine: whose networks they are.
        own: the container that we run in; None: on the engine's own machine, which reaches every network.

    Raises:
        LabError: a network could not be joined.
    """
    networks: list[Any] = []
    try:
        if own is not None:
            networks = list(engine.client.networks.list(filters={"label": f"{LABEL}={engine.run}"}))
            _join(own, networks)
        yield
    finally:
        for network in networks:
            with contextlib.suppress(*FAILURES):
                network.disconnect(own.id if own else "", force=True)


def join_new(engine: DockerEngine, own: Own) -> None:
    """Be on networks of the run that are new since, until they are removed; those that we are on refuse it."""
    with contextlib.suppress(*FAILURES):
        for network in engine.client.networks.list(filters={"label": f"{LABEL}={engine.run}"}):
            with contextlib.suppress(*FAILURES):
                network.connect(own.id)


def _join(own: Own, networks: list[Any]) -> None:
    try:
        for network in networks:
            network.connect(own.id)
    except FAILURES as error:
        raise LabError(f"the stack's networks could not be joined: {one_line(error)}") from None


@contextlib.contextmanager
def held(project: RunningProject, image: str, lifetime: float) -> Iterator[None]:
    """
    A container of ours mounts the small volumes meanwhile: in memory they vanish with the last one that does.

    Args:
        project: whose volumes they are.
        image: ours.
        lifetime: seconds after which it ends, even if we are gone.

    Raises:
        LabError: it cannot be started.
    """
    volumes = {f"{project.name}_{volume}": f"/held/{n}" for n, volume in enumerate(project.small_volumes)}
    if not volumes:
        yield
        return
    command = ["sleep", str(round(lifetime))]
    holder = project.engine.sidecar(image, command, volumes=volumes, lifetime=lifetime)
    try:
        yield
    finally:
        project.engine.remove(holder)
