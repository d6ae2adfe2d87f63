"""
Credential files by structure: a parser for each kind of file that programs keep their passwords in.

`PARSERS` is in order of precedence: where two parsers name the same place, the first one's finding counts, so the
generic ones come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from seatrial.inspectors.secrets.files import (
    automation_scripts,
    ci,
    cloud,
    containers,
    cookie_jars,
    daemon_accounts,
    database_clients,
    dialogues,
    dotnet,
    ftp_servers,
    generic,
    gherkin,
    here_documents,
    http_clients,
    http_scripts,
    infrastructure,
    installers,
    irc_servers,
    java,
    java_accounts,
    key_stores,
    mail_clients,
    mail_servers,
    monitoring_daemons,
    netrc,
    package_registries,
    paths,
    php_applications,
    proxies,
    routers,
    servers,
    shells,
    sip_servers,
    sql_statements,
    transfer_clients,
    unix_accounts,
    version_control,
    voice_servers,
    vpn_secrets,
    web_frameworks,
    wireless,
)
from seatrial.inspectors.secrets.files.base import CredentialFile
from seatrial.inspectors.secrets.model import Credential

__all__ = ["PARSERS", "CredentialFile", "credentials", "parsers_for"]

PARSERS: tuple[CredentialFile, ...] = (
    *netrc.PARSERS,
    *unix_accounts.PARSERS,
    *version_control.PARSERS,
    *package_registries.PARSERS,
    *containers.PARSERS,
    *cloud.PARSERS,
    *infrastructure.PARSERS,
    *database_clients.PARSERS,
    *transfer_clients.PARSERS,
    *mail_clients.PARSERS,
    *http_clients.PARSERS,
    *cookie_jars.PARSERS,
    *shells.PARSERS,
    *ci.PARSERS,
    *php_applications.PARSERS,
    *web_frameworks.PARSERS,
    *java.PARSERS,
    *dotnet.PARSERS,
    *servers.PARSERS,
    *daemon_accounts.PARSERS,
    *dialogues.PARSERS,
    *automation_scripts.PARSERS,
    *gherkin.PARSERS,
    *here_documents.PARSERS,
    *ftp_servers.PARSERS,
    *http_scripts.PARSERS,
    *installers.PARSERS,
    *irc_servers.PARSERS,
    *java_accounts.PARSERS,
    *mail_servers.PARSERS,
    *monitoring_daemons.PARSERS,
    *proxies.PARSERS,
    *sip_servers.PARSERS,
    *voice_servers.PARSERS,
    *vpn_secrets.PARSERS,
    *wireless.PARSERS,
    *routers.PARSERS,
    *sql_statements.PARSERS,
    *key_stores.PARSERS,
    *generic.PARSERS,
)

MAX_TEXT = 10_000_000
"""Characters that are read of a file; what follows is not looked at."""


def _by_name() -> dict[str, tuple[int, ...]]:
    """For every name pattern the parsers that have it, by their place in the registry."""
    found: dict[str, list[int]] = {}
    for place, parser in enumerate(PARSERS):
        for name in parser.names:
            found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


_BY_NAME = _by_name()
_FOLDERS = frozenset(name.split("/")[-2] for name in _BY_NAME if "/" in name)
_FIRST_PART = re.compile(r".?[^.\-_]*", re.DOTALL)
_FIRST_PARTS = frozenset(
    _FIRST_PART.findall(name.partition("*")[0])[0] for name in _BY_NAME if "/" not in name and name[0] != "*"
)


def parsers_for(path: str) -> tuple[CredentialFile, ...]:
    """The parsers whose kind of file has this name, in order of precedence. A handful of dictionary look-ups."""
    folder, _, name = path.lower().rpartition("/")
    first = _FIRST_PART.match(name)
    if (
        (first and first[0] in _FIRST_PARTS)
        or folder[folder.rfind("/") + 1 :] in _FOLDERS
        or "\\" in path
        or "*" in name  # taken for a pattern's star there, which does no harm
        or name.endswith("~")
    ):
        return _chosen(paths.keys(path))
    return _by_suffix(name.partition(".")[2])


@lru_cache(maxsize=4096)
def _by_suffix(suffix: str) -> tuple[CredentialFile, ...]:
    """The parsers for a name of which only what follows its first dot says anything: most of all names."""
    return _chosen(paths.keys(f"\0.{suffix}"))


def _chosen(keys: Iterable[str]) -> tuple[CredentialFile, ...]:
    places = {place for key in keys for place in _BY_NAME.get(key, ())}
    return tuple(PARSERS[place] for place in sorted(places))


def credentials(path: str, text: str) -> Iterator[Credential]:
    """
    What all parsers find in a file, from the top, each place once.

    Args:
        path: relative to the tree, with `/`; the name decides which parsers read the text.
        text: the decoded file; may be empty for binary files, which are known by name.
    """
    text = text[:MAX_TEXT]
    taken: dict[tuple[int, int], Credential] = {}
    for parser in parsers_for(path):
        for found in parser.parse(path, text):
            taken.setdefault((found.start, found.end), found)
    yield from _without_overlaps(list(taken.values()))


def _without_overlaps(found: list[Credential]) -> Iterator[Credential]:
    """The first of those that share characters; a longer value represents what is within it."""
    end = -1
    for credential in sorted(found, key=lambda c: (c.start, -c.end)):
        if credential.start >= end:
            yield credential
            end = max(end, credential.end)
