"""Compose's model and ours in the same words: absolute paths, defaults filled in, every single value a text."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.inspectors.compose.identity import mount_parts, split
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.values import List, Map, Value
from seatrial.text.durations import seconds

PROJECT = "oracle"
"""The name of every project that is asked about."""
SECTIONS = ("services", "networks", "volumes", "secrets", "configs", "models")


def theirs(model: Mapping[str, Any]) -> dict[str, Any]:
    """Compose's model in the words of comparison."""
    return {section: _forms(section, model.get(section) or {}) for section in SECTIONS}


def ours(project: ComposeProject, folder: str, variables: Mapping[str, str]) -> dict[str, Any]:
    """Our model in the same words; paths are made absolute from the file that they are written in."""
    told = {section: _plain(project.body.get(section), (section,), folder, variables) or {} for section in SECTIONS}
    for service in told["services"].values():
        _completed(service, variables)
    for section in SECTIONS[1:5]:
        for name, resource in told[section].items():
            told[section][name] = resource = dict(resource or {})
            resource.setdefault("name", name if resource.get("external") else f"{PROJECT}_{name}")
    used = {n for s in told["services"].values() for n in s.get("networks") or ()}
    if "default" in used:
        told["networks"].setdefault("default", {"name": f"{PROJECT}_default"})
    for config in told["configs"].values():
        if config.get("environment") in variables:
            config["content"] = variables[config["environment"]]
    return {section: _forms(section, told[section]) for section in SECTIONS}


_PATHS = re.compile(
    r"services \S+ (?:build context|build additional_contexts \S+|build ssh \S+|env_file \[\] path|label_file \[\]"
    r"|develop watch \[\] path)|(?:secrets|configs) \S+ file"
)


def _plain(value: Value | None, path: tuple[str, ...], folder: str, variables: Mapping[str, str]) -> Any:
    if isinstance(value, Map):
        found = {name: _plain(entry.value, (*path, name), folder, variables) for name, entry in value}
        if path[0] == "services" and path[2:] == ("volumes", "[]"):
            found["target"] = posixpath.normpath(found["target"])
        if path[0] == "services" and path[2:] == ("volumes", "[]") and found.get("type") == "bind":
            source = value.get("source")
            found["source"] = _absolute(found["source"], source.at.path if source else value.at.path, folder)
        if (
            path[:1] == ("volumes",)
            and path[-1:] == ("driver_opts",)
            and found.get("o") == "bind"
            and "device" in found
        ):
            found["device"] = _absolute(found["device"], value.at.path, folder)
        return found
    if isinstance(value, List):
        return [_plain(item, (*path, "[]"), folder, variables) for item in value.items]
    if value is None or value.value is None:
        return None
    text = value.value
    if "$" in value.text and "$$" not in value.raw:  # a variable without a value is nothing, for Compose
        text = re.sub(r"\$\{(\w+)\}", lambda found: found[0] if found[1] in variables else "", value.text)
    if _PATHS.fullmatch(" ".join(path)) and isinstance(text, str):
        return _absolute(text, value.at.path, folder)
    if path[0] == "services" and path[2:] == ("volumes", "[]"):
        return _short_volume(str(text), value.at.path, folder)
    return text


def _absolute(path: str, file: str, folder: str) -> str:
    if "://" in path or path.startswith(("/", "git@", "service:")) or not path:
        return path
    if path.startswith("~"):
        return path.replace("~", "/home/oracle", 1)
    return posixpath.normpath(posixpath.join(folder, posixpath.dirname(file), path))


def _short_volume(text: str, file: str, folder: str) -> dict[str, Any]:
    parts = mount_parts(text)
    if len(parts) == 1:
        return {"type": "volume", "target": posixpath.normpath(parts[0])}
    source, target, options = parts[0], parts[1], parts[2].split(",") if len(parts) > 2 else []
    bind = source[:1] in (".", "/", "~")
    mount: dict[str, Any] = {
        "type": "bind" if bind else "volume",
        "target": posixpath.normpath(target),
        "read_only": "ro" in options,
    }
    mount["source"] = _absolute(source, file, folder) if bind else source
    mount["bind"] = {
        "propagation": next((o for o in options if o.lstrip("r") in ("shared", "slave", "private")), ""),
        "selinux": next((o for o in options if o in ("z", "Z")), ""),
    }
    mount["volume"] = {"nocopy": "nocopy" in options}
    return mount


def _completed(service: dict[str, Any], variables: Mapping[str, str]) -> None:
    """What Compose adds by itself."""
    if build := service.get("build"):
        _built(build, variables)
    environment = service.get("environment") or {}
    service["environment"] = {k: variables.get(k) if v is None else v for k, v in environment.items()}
    service["ports"] = [port for item in service.get("ports") or () for port in _ports(item)]
    service["secrets"] = [_secret(item) for item in service.get("secrets") or ()]
    service["configs"] = [{"source": i} if isinstance(i, str) else i for i in service.get("configs") or ()]
    service["devices"] = [_device(item) for item in service.get("devices") or ()]
    hooks = [hook for key in ("post_start", "pre_stop") for hook in service.get(key) or ()]
    for holder, name in ((service, "command"), (service, "entrypoint"), *((hook, "command") for hook in hooks)):
        if isinstance(holder.get(name), str):
            holder[name] = shlex.split(holder[name])
    for holder in (service, service.get("build") or {}):
        if isinstance(hosts := holder.get("extra_hosts"), dict):
            pairs = ((host, found if isinstance(found, list) else [found]) for host, found in hosts.items())
            holder["extra_hosts"] = [f"{host}={address}" for host, found in pairs for address in found]
    health = service.get("healthcheck") or {}
    if isinstance(health.get("test"), str):
        health["test"] = ["CMD-SHELL", health["test"]]
    for one in (service.get("depends_on") or {}).values():
        one.setdefault("condition", "service_started")
        one.setdefault("required", True)
    if not any(service.get(key) for key in ("networks", "network_mode", "provider")):
        service["networks"] = {"default": None}
    if service.get("scale") is not None and service.get("deploy"):
        service["deploy"]["replicas"] = service["scale"]
    reserved = ((service.get("deploy") or {}).get("resources") or {}).get("reservations") or {}
    for one in (*(reserved.get("devices") or ()), *(service.get("gpus") or ())):
        if "device_ids" not in one:
            one.setdefault("count", "all")


def _built(build: dict[str, Any], variables: Mapping[str, str]) -> None:
    if not build.get("dockerfile_inline"):
        build.setdefault("dockerfile", "Dockerfile")
    args = build.get("args") or {}
    build["args"] = {
        k: variables.get(k) if v is None else v for k, v in args.items() if v is not None or k in variables
    }
    if isinstance(build.get("ssh"), dict):
        build["ssh"] = [k if v is None else f"{k}={v}" for k, v in build["ssh"].items()]


def _secret(item: Any) -> Any:
    item = {"source": item} if isinstance(item, str) else dict(item)
    item.setdefault("target", f"/run/secrets/{item['source']}")
    return item


def _device(item: Any) -> Any:
    if not isinstance(item, str):
        return item
    source, *rest = item.split(":")
    return {"source": source, "target": rest[0] if rest else source, "permissions": rest[1] if len(rest) > 1 else "rwm"}


def _ports(item: Any) -> Iterator[dict[str, Any]]:
    if isinstance(item, dict):
        yield {"mode": "ingress", "protocol": "tcp", **item}
        return
    text, _, protocol = str(item).partition("/")
    *host, target = split(text)
    inside, outside = _range(target), _range(host[-1]) if host else None
    common = {"protocol": protocol.lower() or "tcp", "mode": "ingress", "host_ip": ":".join(host[:-1]).strip("[]")}
    for number, port in enumerate(inside):
        published = None
        if outside:
            published = str(outside[number]) if len(outside) == len(inside) else host[-1]
        yield {"target": port, "published": published, **common}


def _range(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1)) if first else []


def _forms(section: str, resources: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _form((section, name), body) for name, body in resources.items()}


_SIZES = ("mem_limit", "memory", "shm_size", "memswap_limit", "mem_reservation")
_DURATIONS = ("interval", "timeout", "start_period", "start_interval", "stop_grace_period", "delay")
_BOOLEANS = ("privileged", "read_only", "tty", "init", "stdin_open", "attach", "oom_kill_disable")


def _bytes(text: str) -> str:
    found = re.fullmatch(r"(-?[\d.]+) ?([kmgt]?)i?b?", text.lower())
    return str(int(float(found[1]) * 1024 ** " kmgt".index(found[2] or " "))) if found else text


_UNORDERED = ("ports", "volumes", "extra_hosts", "devices", "config", "secrets", "env_file", "security_opt")


def _form(path: tuple[str, ...], value: Any) -> Any:
    """A value without what is empty, every single value as a text."""
    if isinstance(value, Mapping):
        return _mapping(path, value)
    if isinstance(value, list):
        return _list(path, value)
    return None if value is None else _single(path, value)


def _mapping(path: tuple[str, ...], value: Mapping[str, Any]) -> Any:
    found = {(k.lower() if "blkio_config" in path else k): _form((*path, k), v) for k, v in value.items()}
    if path[-1] in ("networks", "models"):
        return found
    if path[-1] == "bind":
        found["create_host_path"] = "" if value.get("create_host_path", True) else "no"
    pairs = path[-1] in ("environment", "labels", "args")
    return {k: v for k, v in found.items() if v not in (None, "", [], {}) or (pairs and v is not None)} or None


def _list(path: tuple[str, ...], value: list[Any]) -> list[Any]:
    if path[-1] == "extra_hosts":
        value = [":".join(re.split("[=:]", host, maxsplit=1)).replace("[", "").replace("]", "") for host in value]
    items = [_form((*path, "[]"), item) for item in value]
    if path[-1] == "env_file":
        items = [{k: v for k, v in item.items() if (k, v) != ("required", "true")} for item in items]
        items = [item for n, item in enumerate(items) if item not in items[:n]]
    return sorted(items, key=lambda v: json.dumps(v, sort_keys=True)) if path[-1] in _UNORDERED else items


def _single(path: tuple[str, ...], value: Any) -> Any:
    name = path[-1]
    if path[-2:-1] == ("options",) and "provider" in path:
        return [str(value)]
    if name in _SIZES:
        return _bytes(str(value))
    if name in _DURATIONS:
        return str(seconds(str(value), -1))
    if name == "cpus":
        return str(float(value))
    if name == "mode" and isinstance(value, int):
        return f"0{value:o}"
    if name == "count" and value == -1:
        return "all"
    if name in _BOOLEANS:
        value = str(value).lower() in ("true", "yes", "on", "y")
    if isinstance(value, bool):  # Compose leaves out what is false
        return "true" if value or "environment" in path or "labels" in path else None
    return str(value)
