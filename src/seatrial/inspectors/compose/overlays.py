"""Whether a Compose file is written to be used on top of another one."""

from __future__ import annotations

from collections.abc import Iterator

from .values import ComposeText, List, Map, Value

_SECTIONS = ("networks", "volumes", "secrets", "configs")
_STANDALONE = frozenset({"image", "build", "extends", "provider"})


def is_overlay(body: Map, base: Map) -> bool:
    """Whether a file lacks something that its base has: an image or build, or a service or resource that it uses."""
    services = body.get("services")
    if not isinstance(services, Map) or not services.entries:
        return True
    bodies = [entry.value for _, entry in services if isinstance(entry.value, Map)]
    if any(not _STANDALONE & set(service.entries) for service in bodies):
        return True
    lacking = {name for service in bodies for name in _services(service)} - set(services.entries)
    if lacking & _names(base.get("services")):
        return True
    return any(
        ({name for service in bodies for name in _resources(service, section)} - _names(body.get(section)))
        & _names(base.get(section))
        for section in _SECTIONS
    )


def _names(value: Value | None) -> set[str]:
    """The names of a mapping, or of a list of names."""
    if isinstance(value, Map):
        return set(value.entries)
    return {item.text for item in value.items if isinstance(item, ComposeText)} if isinstance(value, List) else set()


def _services(service: Map) -> Iterator[str]:
    """The services that a service refers to."""
    yield from _names(service.get("depends_on"))
    for key in ("links", "volumes_from"):
        yield from (text.partition(":")[0] for text in _names(service.get(key)))
    for key in ("network_mode", "pid", "ipc"):
        text = service.text(key) or ""
        if text.startswith("service:"):
            yield text.removeprefix("service:")
    extends = service.get("extends")
    if isinstance(extends, ComposeText):
        yield extends.text
    elif isinstance(extends, Map) and not extends.get("file"):
        yield extends.text("service") or ""


def _resources(service: Map, section: str) -> Iterator[str]:
    """The names of top-level resources of one section that a service refers to."""
    value = service.get(section)
    if isinstance(value, Map):
        yield from value.entries
    for item in value.items if isinstance(value, List) else ():
        if isinstance(item, ComposeText):
            yield item.text.partition(":")[0]
        elif isinstance(item, Map):
            yield item.text("source") or ""
