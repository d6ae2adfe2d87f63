"""
Which services the code and the configuration of a service name as hosts.

Many programs have the host of their store in code (`createClient({host: "redis"})`) or in a mounted file
(`proxy_pass http://app:8000`). Read are the files of a build context and the files that are mounted, up to a limit.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .model import Stack

_SUFFIXES = frozenset({
    ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".py", ".go", ".rb", ".php", ".java", ".kt", ".scala", ".cs", ".fs",
    ".ex", ".exs", ".rs", ".pl", ".lua", ".conf", ".cfg", ".ini", ".toml", ".yml", ".yaml", ".json", ".properties",
    ".env", ".xml", ".cnf", ".sh", ".tmpl", ".template", ".vcl",
})  # fmt: skip
_NAMES = frozenset({"Caddyfile", "nginx.conf", ".env", "haproxy.cfg"})
_SKIPPED = frozenset(
    {"node_modules", "vendor", "dist", "build", "target", "__pycache__", "venv", "tests", "test", "docs"}
)
_FILES = 600
"""Files of one service that are read."""
_SIZE = 256 * 1024
_IMPORTED = r"(?<!require\()(?<!import )(?<!import\()(?<!from )(?<!package )"
"""`require("redis")` names a library."""


def with_mentions(stack: Stack, document: Mapping[str, Any]) -> Stack:
    """The stack, each service with the other services that its own files name as hosts."""
    bodies = document.get("services") or {}
    names = frozenset(stack.services)
    services = {
        name: replace(service, mentions=frozenset(_mentioned(bodies.get(name) or {}, names - {name})))
        for name, service in stack.services.items()
    }
    return replace(stack, services=services)


def _mentioned(body: Mapping[str, Any], names: Collection[str]) -> Iterator[str]:
    if not names:
        return
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    host = re.compile(
        rf"{_IMPORTED}[\"'`](?:[a-z][a-z0-9+]{{1,15}}://)?(?:[^\s\"'`@/]{{1,80}}@)?(?P<quoted>{either})(?::\d{{2,5}})?(?:/[^\"'`\n]{{0,200}})?[\"'`]"
        rf"|://(?:[^\s\"'`@/]{{1,80}}@)?(?P<address>{either})(?=[:/;\s\"'`]|$)|(?<![\w.-])(?P<port>{either}):\d{{2,5}}\b",
        re.MULTILINE,
    )
    for path in _files(body):
        for match in host.finditer(_text(path)):
            yield match["quoted"] or match["address"] or match["port"]


def _files(body: Mapping[str, Any]) -> Iterator[Path]:
    """The files of the build context, then those that are mounted."""
    build = body.get("build") or {}
    roots = [build.get("context") if isinstance(build, Mapping) else build]
    roots += [m.get("source") for m in body.get("volumes") or () if isinstance(m, Mapping) and m.get("type") == "bind"]
    count = 0
    for root in (Path(str(r)) for r in roots if r and str(r).startswith("/")):
        for path in _below(root):
            if count >= _FILES:
                return
            count += 1
            yield path


def _below(root: Path) -> Iterator[Path]:
    if root.is_symlink() or not root.exists() or root == Path("/"):
        return
    if root.is_file():
        yield root
        return
    for folder, folders, files in os.walk(root, followlinks=False):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        for name in sorted(files):
            if name in _NAMES or os.path.splitext(name)[1] in _SUFFIXES:  # noqa: PTH122 - a text, not a path
                yield Path(folder, name)


def _text(path: Path) -> str:
    """What a regular file holds; empty if it is large, or none."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _SIZE:
            return ""
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
