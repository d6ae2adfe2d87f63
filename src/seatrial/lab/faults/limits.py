"""Limits of a running container, changed for a while by the engine's update call and given back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from seatrial.lab.faults.base import FaultContext, NotUndone
from seatrial.lab.model import Service

ChangeLimits = Callable[[Mapping[str, int]], None]
"""Changes fields of the engine's update call."""


@contextmanager
def changed(
    context: FaultContext, service: Service, during: Mapping[str, int], after: Mapping[str, int]
) -> Iterator[ChangeLimits]:
    """
    Other limits while the context lasts. What is yielded changes the same fields once more.

    Args:
        context: to work with.
        service: whose container.
        during: fields of the engine's update call.
        after: the same fields as they were, in the form in which they can be given back.
    """
    container = context.project.container(service.name)
    api = context.engine.client.api

    def update(values: Mapping[str, int]) -> None:
        # The SDK knows no NanoCpus here, and the engine takes nothing else where Compose set `cpus`.
        answer = api._post_json(api._url("/containers/{0}/update", container.id), data=dict(values))  # noqa: SLF001
        api._raise_for_status(answer)  # noqa: SLF001

    def change(values: Mapping[str, int]) -> None:
        context.act(f"change the limits of {service.name}", lambda: update(values))

    try:
        change(during)
        yield change
    finally:
        context.act(f"give {service.name} its limits back", lambda: update(after))
    now = context.inspect(service.name)["HostConfig"]
    wrong = {name for name, value in after.items() if max(int(now.get(name) or 0), 0) != max(value, 0)}
    if wrong and container.id == context.project.container(service.name).id:
        raise NotUndone(f"limits of {service.name} are not as they were: {', '.join(sorted(wrong))}")
