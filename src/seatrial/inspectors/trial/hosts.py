"""
Hosts that the code of a repository connects to: those of addresses, of settings called `host`, and of client calls.

They are candidates only: the lab knows the stack, and leaves out what is not a service of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.path_roles import is_example_path
from seatrial.lab.hosts import NamedHost
from seatrial.system.source import Tree

_SIZE = 256 * 1024  # bytes of one file
_FILES = 2_000
_NAME = r"(?P<host>[A-Za-z][\w.-]*)"
_SUFFIXES = frozenset({
    "py", "js", "mjs", "cjs", "ts", "mts", "tsx", "jsx", "java", "kt", "groovy", "go", "rb", "php", "rs", "cs",
    "ex", "exs", "scala", "sh", "pl", "lua", "conf", "cnf", "cfg", "ini", "toml", "properties", "json", "yaml",
    "yml", "xml", "tmpl", "template", "vcl",
})  # fmt: skip
_COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$")
_HOSTS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"://(?:[^\s/@\"'`]*@)?{_NAME}(?=[:/\"'`\s;?)]|$)",
        rf"\b\w{{0,40}}(?:host|server|addr|broker|upstream|endpoint)\w{{0,40}}[\"']?\s{{0,20}}(?::|=>?|,|\|\|)\s{{0,20}}[\"'`]{_NAME}[\"'`:]",
        rf"\b\w{{0,40}}(?:host|hostname)[ \t]{{0,20}}=[ \t]{{0,20}}{_NAME}(?=[\s;&\"']|$)",
        rf"[\"'`]{_NAME}:\d{{2,5}}[\"'`/]",
        rf"\(\s{{0,20}}\(?\s{{0,20}}[\"'`]{_NAME}[\"'`]\s*,\s*\d{{2,5}}\b",
        rf"\b(?:gethostbyname|getaddrinfo|StrictRedis|Redis|Memcache|Client|createClient|connect)\(\s*[\"'`]{_NAME}[\"'`]",
        rf"^[ \t]*(?:server|fastcgi_pass|uwsgi_pass|grpc_pass|bind)\s+{_NAME}(?=[:;\s])",
    )
)


def read(tree: Tree) -> tuple[NamedHost, ...]:
    """The hosts in all code and settings of a repository; tests, examples and Compose files are left out."""
    found: dict[NamedHost, None] = {}
    files = (f for f in tree.files if _is_code(f.path) and f.size <= _SIZE)
    for _, file in zip(range(_FILES), files, strict=False):
        try:
            text = tree.text(file.path)
        except OSError:
            continue
        found |= dict.fromkeys(NamedHost(file.path, name) for name in _named(text or ""))
    return tuple(found)


def _is_code(path: str) -> bool:
    known = path.rpartition(".")[2].lower() in _SUFFIXES
    return known and not _COMPOSE.search(path) and not is_example_path(path)


def _named(text: str) -> Iterator[str]:
    for pattern in _HOSTS:
        yield from (match["host"] for match in pattern.finditer(text))
