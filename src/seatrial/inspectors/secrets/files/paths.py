"""
Names of files: which patterns a path answers to, and whether it is a sample.

A pattern is one of

    .netrc              the file's name
    .docker/config.json its last two or three components
    *.tfvars            the end of the name, from any dot
    .env*               the beginning of the name, up to any `.`, `-` or `_`; not of source code
    settings*.py        the same, of source code
    group_vars/*        anything directly in a folder
    group_vars/*.yml    a suffix directly in a folder

so that a path has a handful of keys to look up in a dictionary, for any number of parsers.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BACKUP = re.compile(
    r"(?:\.(?:bak|backup|old|orig|original|save|saved|swp|copy|prev|tmp|txt|\d{1,8}|rpmsave|rpmnew|dpkg-old"
    r"|dpkg-dist)|~)$"
)
_SAMPLE_SUFFIX = re.compile(
    r"[.\-_](?:example|sample|dist|default|template|tmpl|tpl|tftpl|j2|jinja2?|erb|ejs|mustache|in|skel)$"
)
_SAMPLE = re.compile(
    r"(?:^|[.\-_])(?:examples?|samples?|dist|templates?|tmpl|tpl|tftpl|j2|jinja2?|erb|ejs|mustache|hbs|skel"
    r"|skeleton)(?:[.\-_]|$)"
)
_SEPARATOR = re.compile(r"[.\-_]")
_MAX_PARTS = 6
_CODE = re.compile(
    r"\.(?:py|php|phtml|rb|js|jsx|mjs|cjs|ts|tsx|vue|go|java|kt|scala|groovy|cs|vb|c|h|cc|cpp|hpp|rs|swift|pl"
    r"|pm|lua|html?|css|scss"
    r"|md|rst|svg)$"
)
"""Suffixes of source code and prose: `redis-client.py` does not configure Redis."""


def is_sample(path: str) -> bool:
    """Whether the name says that the file is a sample to copy or a template to fill in."""
    return _SAMPLE.search(path.rsplit("/", 1)[-1].lower()) is not None


def shown_name(path: str) -> str:
    """The name for a message."""
    name = path.rsplit("/", 1)[-1][:80]
    return "".join(c if c.isprintable() else "?" for c in name)


def names_it(path: str, value: str) -> bool:
    """Whether the value is a part of the path, perhaps with a number: `zabbix` in `zabbix/agent.yml`."""
    word = _COUNTED.sub("", value.lower()[:_LONGEST_NAME])
    return len(word) >= _SHORTEST_NAME and word in _PARTS.split(path.lower())


_SHORTEST_NAME, _LONGEST_NAME = 4, 60
_COUNTED = re.compile(r"[0-9!.*#$]+$")
_PARTS = re.compile(r"[/\\._\-]")


@lru_cache(maxsize=4096)
def keys(path: str) -> frozenset[str]:
    """The patterns that the path answers to, also without a backup's or sample's suffix (`wp-config.php.bak`)."""
    *folders, name = path.lower().replace("\\", "/").split("/")
    found = _keys(folders, name)
    for _ in range(2):
        shorter = _BACKUP.sub("", _SAMPLE_SUFFIX.sub("", name))
        if shorter in (name, ""):
            break
        name = shorter
        found |= _keys(folders, name)
    return frozenset(found)


def _keys(folders: list[str], name: str) -> set[str]:
    """The keys of one spelling of the name."""
    found = {name}
    suffixes = [name[m.start() :] for m in re.finditer(r"\.", name)][-3:]
    found.update(f"*{suffix}" for suffix in suffixes)
    cuts = [m.start() for m in _SEPARATOR.finditer(name, 1)][:_MAX_PARTS]
    code = _CODE.search(name)
    found.update(f"{name[:cut]}*{code[0] if code else ''}" for cut in cuts)
    if folders:
        parent = folders[-1]
        found.update((f"{parent}/{name}", f"{parent}/*"))
        found.update(f"{parent}/*{suffix}" for suffix in suffixes[-1:])
    if len(folders) > 1:
        found.add(f"{folders[-2]}/{folders[-1]}/{name}")
    return found
