"""
Values of a service whose text Compose cannot read: sizes, durations, numbers, and short syntax.

A value that holds a variable without a value is not judged.

Source: compose-go, types/, format/volume.go and loader/interpolate.go; docker/go-units, size.go
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from seatrial.domain import Location

from .identity import mount_parts
from .merge import is_null
from .model_paths import ByPath, ModelPath, in_services
from .ports import complaint
from .service import ServiceConfig
from .values import ComposeText, List, Map, Value

FormError = tuple[Location, str]


def complaints(service: ServiceConfig) -> Iterator[FormError]:
    """What Compose cannot read in a service, and where."""
    return _below(service.body, ("services", service.name))


def of_resource(kind: str, name: str, value: Value) -> Iterator[FormError]:
    """What Compose cannot read in a network, volume, secret or config, and where."""
    return _below(value, (kind, name))


def _below(value: Value, path: ModelPath) -> Iterator[FormError]:
    check = _CHECKS.at(path)
    if check is not None and (
        not isinstance(value, ComposeText) or (value.value is not None and "${" not in value.text)
    ):
        said = check(value)
        if said:
            yield value.at, f"{'.'.join(path[2:]).replace('.[]', '')}: {said}"
    if isinstance(value, Map):
        for name, entry in value:
            yield from _below(entry.value, (*path, name))
    elif isinstance(value, List):
        for item in value.items:
            yield from _below(item, (*path, "[]"))


_SIZE = re.compile(r"-?\d+(?:\.\d+)?\.? ?(?:b|[kmgtp](?:i?b)?)?", re.IGNORECASE)
_DURATION = re.compile(r"[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w))+)")
_INTEGER = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
_BOOLEAN = re.compile(r"true|false|y|yes|on|n|no|off", re.IGNORECASE)


def _like(pattern: re.Pattern[str], what: str) -> Callable[[Value], str]:
    def check(value: Value) -> str:
        fits = not isinstance(value, ComposeText) or not isinstance(value.value, str) or pattern.fullmatch(value.text)
        return "" if fits else f"{_shown(value)} is not {what}"

    return check


def _shown(value: Value) -> str:
    text = value.text if isinstance(value, ComposeText) else ""
    return repr(text) if len(text) <= 40 else "the value"


def _volume(value: Value) -> str:
    if isinstance(value, Map):
        bind = value.text("type") == "bind" and "source" not in value.entries
        return "a bind mount needs a source" if bind else ""
    parts = mount_parts(value.text) if isinstance(value, ComposeText) else ["-"]
    if len(parts) > 3:
        return f"{_shown(value)} has too many colons"
    return "a part between the colons is empty" if not all(parts) else ""


def _host(value: Value) -> str:
    if not isinstance(value, ComposeText):
        return ""
    separator = "=" if "=" in value.text else ":"
    name, found, _ = value.text.partition(separator)
    if not found:
        return f"{_shown(value)} has no address"
    return f"{_shown(value)} has no proper name of a host" if not name or ":" in name else ""


def _context(value: Value) -> str:
    lost = [name for name, entry in value if is_null(entry.value)] if isinstance(value, Map) else []
    return f"{lost[0][:40]!r} has no context" if lost else ""


def _device(value: Value) -> str:
    if isinstance(value, Map) and "target" not in value.entries:
        return "a device needs a target"
    return f"{_shown(value)} has too many parts" if isinstance(value, ComposeText) and value.text.count(":") > 2 else ""


def _command(value: Value) -> str:
    """Whether quotes, backquotes and parentheses of a command are closed (mattn/go-shellwords)."""
    if not isinstance(value, ComposeText):
        return ""
    text = value.text
    quote, index = "", 0
    while index < len(text):
        character = text[index]
        if character == "\\" and quote != "'":
            index += 1
            if index == len(text):
                return "ends with a backslash"
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"`":
            quote = character
        elif character == "(":
            quote = ")"
        elif character in ";&|<>":
            break  # the rest is not read
        index += 1
    return "a quote or parenthesis is not closed" if quote else ""


def _ssh(value: Value) -> str:
    """Keys of a build without a path: only the agent's own has a name."""
    lost = (
        [name for name, entry in value if is_null(entry.value) and name != "default"] if isinstance(value, Map) else []
    )
    return f"{lost[0][:40]!r} has no path of a key" if lost else ""


def _exclusive(value: Value) -> str:
    both = isinstance(value, Map) and {"count", "device_ids"} <= set(value.entries)
    return "count and device_ids exclude each other" if both else ""


def _watch(value: Value) -> str:
    if not isinstance(value, Map):
        return ""
    if value.text("path") == "":
        return "path is empty"
    needed = value.text("action") not in ("rebuild", "restart") and not value.text("target")
    return f"{value.text('action') or 'the action'} needs a target" if needed else ""


_SIZES = (
    "mem_limit", "mem_reservation", "memswap_limit", "mem_swappiness", "shm_size", "build.shm_size",
    "deploy.resources.limits.memory", "deploy.resources.reservations.memory", "volumes.[].tmpfs.size",
)  # fmt: skip
_DURATIONS = (
    "healthcheck.interval", "healthcheck.timeout", "healthcheck.start_period", "healthcheck.start_interval",
    "stop_grace_period", "deploy.restart_policy.delay", "deploy.restart_policy.window", "deploy.update_config.delay",
    "deploy.update_config.monitor", "deploy.rollback_config.delay", "deploy.rollback_config.monitor",
)  # fmt: skip
_INTEGERS = (
    "cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "oom_score_adj", "scale",
    "pids_limit", "ulimits.*", "ulimits.*.hard", "ulimits.*.soft", "healthcheck.retries", "ports.[].target",
    "deploy.replicas", "deploy.update_config.parallelism", "deploy.rollback_config.parallelism",
    "blkio_config.weight", "deploy.restart_policy.max_attempts", "deploy.placement.max_replicas_per_node",
)  # fmt: skip
_NUMBERS = (
    "cpu_percent", "cpus", "deploy.update_config.max_failure_ratio", "deploy.rollback_config.max_failure_ratio",
    "deploy.resources.limits.cpus", "deploy.resources.reservations.cpus",
)  # fmt: skip
_BOOLEANS = (
    "init", "oom_kill_disable", "privileged", "read_only", "volumes.[].read_only", "volumes.[].volume.nocopy",
    "depends_on.*.required", "depends_on.*.restart", "healthcheck.disable", "stdin_open", "tty",
    "attach", "build.no_cache", "build.pull", "build.privileged", "use_api_socket",
)  # fmt: skip

_RESOURCES = (
    *(f"networks.*.{name}" for name in ("external", "internal", "attachable", "enable_ipv4", "enable_ipv6")),
    *(f"{kind}.*.external" for kind in ("volumes", "secrets", "configs")),
)

_CHECKS: ByPath[Callable[[Value], str]] = ByPath(
    {
        **dict.fromkeys(in_services(*_SIZES), _like(_SIZE, "a size such as 512m")),
        **dict.fromkeys(in_services(*_DURATIONS), _like(_DURATION, "a duration such as 1m30s")),
        **dict.fromkeys(in_services(*_INTEGERS), _like(_INTEGER, "a whole number")),
        **dict.fromkeys(in_services(*_NUMBERS), _like(_NUMBER, "a number")),
        **dict.fromkeys(in_services(*_BOOLEANS), _like(_BOOLEAN, "true or false")),
        **dict.fromkeys(_RESOURCES, _like(_BOOLEAN, "true or false")),
        **dict.fromkeys(in_services("volumes.[]"), _volume),
        **dict.fromkeys(in_services("extra_hosts.[]", "build.extra_hosts.[]"), _host),
        **dict.fromkeys(in_services("devices.[]"), _device),
        **dict.fromkeys(in_services("build.ssh"), _ssh),
        **dict.fromkeys(in_services("build.additional_contexts"), _context),
        **dict.fromkeys(in_services("command", "entrypoint"), _command),
        **dict.fromkeys(in_services("ports.[]"), complaint),
        **dict.fromkeys(in_services("gpus.[]", "deploy.resources.reservations.devices.[]"), _exclusive),
        **dict.fromkeys(in_services("develop.watch.[]"), _watch),
    }
)
