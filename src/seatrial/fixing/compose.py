"""Fixes of Compose files. A value that is a guess, such as a limit, makes the fix unsafe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seatrial.domain.patches import FixSafety
from seatrial.inspectors.compose.rules.healthcheck import has_check
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Scalar, YamlNode
from seatrial.text.yaml_tree import Sequence as SequenceNode

from . import capabilities, healthchecks
from .model import Fixer, FixTarget, MakeFix, in_yaml
from .yaml_file import YamlEdit, YamlFile

_LOGS: Mapping[str, Any] = {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}
_PORT = re.compile(
    r"^(?:(?:0\.0\.0\.0|\[?::\]?):)?(?P<host>\d{1,5}(?:-\d{1,5})?)?(?P<colon>:?)"
    r"(?P<target>\d{1,5}(?:-\d{1,5})?(?:/(?:tcp|udp))?)$"
)
_LOOPBACK = "127.0.0.1"
_WEB = ("80", "443")


def _services(target: FixTarget, file: YamlFile, *, joined: bool = False) -> Sequence[str]:
    """
    The services of a finding to change: those that others extend come first.

    Compose joins most lists of a service with those of the one that it extends. It refuses an entry that is then
    there twice. Once the extended one is right, so are most that extend it.

    Args:
        target: the finding.
        file: its file.
        joined: whether the fix adds to such a list; then a service that extends one of another file is left alone.
    """
    extending = [name for name in target.names if file.node("services", name, "extends") is not None]
    if joined:
        extending = [name for name in extending if file.node("services", name, "extends", "file") is None]
    return [name for name in target.names if file.node("services", name, "extends") is None] or extending


def _each_service(*path: str, value: Any) -> MakeFix:
    """A fix that gives every service of a finding the same value at a path."""

    @in_yaml
    def make(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
        for name in _services(target, file):
            yield file.put(("services", name, *path), value)

    return make


@in_yaml
def _healthcheck(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    for name in _services(target, file):
        image = file.node("services", name, "image")
        check = healthchecks.of_image(image.value) if isinstance(image, Scalar) else None
        if check is not None and file.node("services", name, "healthcheck") is None:
            yield file.put(("services", name, "healthcheck"), dict(check))


@in_yaml
def _rotation(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    for name in _services(target, file):
        logging = file.node("services", name, "logging")
        if logging is None:
            yield file.put(("services", name, "logging"), _LOGS)
        else:
            yield file.put(("services", name, "logging", "options", "max-size"), _LOGS["options"]["max-size"])


@in_yaml
def _no_capabilities(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    """Drop all, and give back what an image is known to need. Where that is not known, leave the service as it is."""
    for name in _services(target, file, joined=True):
        needs = _needs(target, name)
        if needs is None:
            continue
        path, given = ("services", name, "cap_drop"), ("services", name, "cap_add")
        dropped, added = file.node(*path), file.node(*given)
        if added is not None and not set(needs) <= _names(added):
            continue  # somebody chose what to give it
        yield file.put(path, ["ALL"]) if dropped is None else file.append(path, "ALL")
        if needs and added is None:
            yield file.put(given, list(needs))


def _names(capabilities: YamlNode) -> set[str]:
    items = capabilities.items if isinstance(capabilities, SequenceNode) else ()
    return {item.value.upper().removeprefix("CAP_") for item in items if isinstance(item, Scalar)}


def _needs(target: FixTarget, name: str) -> Sequence[str] | None:
    """What the service needs in every project that it belongs to; None if that is not known of one."""
    found = [capabilities.needed(service) for _, service in target.sources.services(target.path, name)]
    known = [needs for needs in found if needs is not None]
    if not found or len(known) < len(found):
        return None
    return sorted({one for needs in known for one in needs})


@in_yaml
def _conditions(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    """Wait for what can be waited for; where nothing can, the list stays as it is."""
    for name in _services(target, file):
        path = ("services", name, "depends_on")
        depends = file.node(*path)
        if isinstance(depends, SequenceNode):
            conditions = {i.value: _condition(target, i.value) for i in depends.items if isinstance(i, Scalar)}
            if len(conditions) == len(depends.items) and set(conditions.values()) != {_STARTED}:
                yield file.listed(path, {n: {"condition": c} for n, c in conditions.items()})
        elif isinstance(depends, MappingNode):
            for key, _ in depends.entries:
                if (condition := _condition(target, key.value)) != _STARTED:
                    yield file.put((*path, key.value, "condition"), condition)


_STARTED = "service_started"


def _condition(target: FixTarget, name: str) -> str:
    """What can be waited for; a service that differs between projects counts by the least of them."""
    found = [service for _, service in target.sources.services(target.path, name)]
    if found and all(has_check(service) for service in found):
        return "service_healthy"
    if found and all(_ends(service) for service in found):
        return "service_completed_successfully"
    return _STARTED


def _ends(service: ServiceConfig) -> bool:
    return service.one_shot and service.text("restart") in (None, "no", "on-failure")


@in_yaml
def _to_loopback(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    """Bind the ports of a finding to the loopback interface; those of the web stay open."""
    places = {(at.line, at.column) for at in (target.finding.location, *target.finding.related)}
    for name in _services(target, file):
        ports = file.node("services", name, "ports")
        items = ports.items if isinstance(ports, SequenceNode) else ()
        at_port = any((item.line, item.column) in places for item in items)
        for index, item in enumerate(items):
            if not at_port or (item.line, item.column) in places:
                yield _bound(file, ("services", name, "ports", index), spare_web=not at_port)


def _bound(file: YamlFile, path: tuple[str | int, ...], *, spare_web: bool) -> YamlEdit | None:
    node = file.node(*path)
    if isinstance(node, MappingNode):
        published = file.node(*path, "published")
        if spare_web and isinstance(published, Scalar) and published.value in _WEB:
            return None
        return file.put((*path, "host_ip"), _LOOPBACK)
    match = _PORT.match(node.value) if isinstance(node, Scalar) else None
    if match is None or (spare_web and match["host"] in _WEB and match["colon"]):
        return None
    if not match["colon"]:  # the container's port alone, given back whole: `8080`, or `8080-8090`
        whole = (match["host"] or "") + match["target"]
        return file.put(path, f"{_LOOPBACK}::{whole}")
    return file.put(path, f"{_LOOPBACK}:{match['host'] or ''}:{match['target']}")


@in_yaml
def _without_version(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    del target
    yield file.remove("version")


@in_yaml
def _quoted(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    """Quote what a reader of YAML 1.1 would take for a number or a truth value."""
    at = target.finding.location
    for name in _services(target, file):
        ports, variables = file.node("services", name, "ports"), file.node("services", name, "environment")
        for index, item in enumerate(ports.items if isinstance(ports, SequenceNode) else ()):
            if isinstance(item, Scalar) and (item.line, item.column) == (at.line, at.column):
                yield file.put(("services", name, "ports", index), item.value)
        for key, value in variables.entries if isinstance(variables, MappingNode) else ():
            if isinstance(value, Scalar) and (key.line, key.column) == (at.line, at.column):
                yield file.put(("services", name, "environment", key.value), value.value)


@in_yaml
def _unprivileged(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    for name in _services(target, file, joined=True):
        path = ("services", name, "security_opt")
        options = file.node(*path)
        items = options.items if isinstance(options, SequenceNode) else ()
        if options is None:
            yield file.put(path, ["no-new-privileges:true"])
        elif not any(isinstance(i, Scalar) and i.value.startswith("no-new-privileges") for i in items):
            yield file.append(path, "no-new-privileges:true")
        else:
            for index, item in enumerate(items):
                if isinstance(item, Scalar) and item.value.startswith("no-new-privileges"):
                    yield file.put((*path, index), "no-new-privileges:true")


@in_yaml
def _read_only(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    for name in _services(target, file, joined=True):
        yield file.put(("services", name, "read_only"), True)
        if file.node("services", name, "tmpfs") is None:
            yield file.put(("services", name, "tmpfs"), ["/tmp", "/run"])  # noqa: S108 - inside the container


@in_yaml
def _configuration_read_only(target: FixTarget, file: YamlFile) -> Iterator[YamlEdit | None]:
    at = target.finding.location
    for name in _services(target, file):
        volumes = file.node("services", name, "volumes")
        for index, item in enumerate(volumes.items if isinstance(volumes, SequenceNode) else ()):
            if (item.line, item.column) == (at.line, at.column):
                path = ("services", name, "volumes", index)
                if isinstance(item, Scalar) and item.value.count(":") == 1:
                    yield file.put(path, f"{item.value}:ro")
                elif isinstance(item, MappingNode):
                    yield file.put((*path, "read_only"), True)


_SIMPLE: Mapping[str, tuple[str, FixSafety, tuple[str, ...], Any]] = {
    "restart-policy": ("add a restart policy", FixSafety.SAFE, ("restart",), "unless-stopped"),
    "grace-period": ("give it time to stop", FixSafety.SAFE, ("stop_grace_period",), "30s"),
    "stop-signal": ("ask it to stop", FixSafety.SAFE, ("stop_signal",), "SIGTERM"),
    "start-period": ("give it time to start", FixSafety.SAFE, ("healthcheck", "start_period"), "30s"),
    "memory-limit": ("limit the memory", FixSafety.UNSAFE, ("mem_limit",), "512m"),
    "cpu-limit": ("limit the processor time", FixSafety.UNSAFE, ("cpus",), 1.0),
    "pids-limit": ("limit the processes", FixSafety.UNSAFE, ("pids_limit",), 200),
    "shared-memory": ("give it shared memory", FixSafety.SAFE, ("shm_size",), "256m"),
    "root-user": ("run as a user without rights", FixSafety.UNSAFE, ("user",), "10001:10001"),
}

FIXERS: tuple[Fixer, ...] = (
    Fixer("compose/healthcheck", "add a healthcheck", FixSafety.SAFE, _healthcheck),
    Fixer("compose/depends-on-condition", "wait for what it depends on", FixSafety.SAFE, _conditions),
    Fixer("compose/log-rotation", "rotate the logs", FixSafety.SAFE, _rotation),
    Fixer("compose/cap-drop", "drop all capabilities that it does not need", FixSafety.UNSAFE, _no_capabilities),
    Fixer("compose/version-key", "remove the obsolete key", FixSafety.SAFE, _without_version),
    Fixer("compose/yaml-surprise", "quote the value", FixSafety.SAFE, _quoted),
    *(
        Fixer(f"compose/{rule}", title, safety, _each_service(*path, value=value))
        for rule, (title, safety, path, value) in _SIMPLE.items()
    ),
    Fixer("compose/no-new-privileges", "forbid new privileges", FixSafety.UNSAFE, _unprivileged),
    Fixer("compose/read-only-root", "make the root file system read-only", FixSafety.UNSAFE, _read_only),
    Fixer("compose/writable-config", "mount it read-only", FixSafety.UNSAFE, _configuration_read_only),
    Fixer("compose/published-datastore", "publish it on loopback only", FixSafety.UNSAFE, _to_loopback),
    Fixer("compose/published-everywhere", "publish it on loopback only", FixSafety.UNSAFE, _to_loopback),
    Fixer("compose/admin-tool", "publish it on loopback only", FixSafety.UNSAFE, _to_loopback),
)
