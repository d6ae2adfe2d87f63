"""Configuration of any program: values under keys that sound like a secret. Last, for what no other parser knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.inspectors.secrets.code_tables import is_country
from seatrial.inspectors.secrets.files import embedded, http_clients, names, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_JSON_PAIR = re.compile(r'"([^"\\\n]{1,120})"\s{0,50}:\s{0,50}"((?:[^"\\\n]|\\.){1,4000}+)"')
_JSON_NAMED = re.compile(
    r'"(?:name|key|Name|Key|id|parameterkey|ParameterKey|option|OptionName)"\s{0,50}:\s{0,50}"([^"\\\s]{1,120})"\s{0,50},\s{0,100}'
    r'"(?:value|Value|ParameterValue|default|string)"\s{0,50}:\s{0,50}"((?:[^"\\\n]|\\.){1,4000}+)"'
)
_LOCK = re.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|composer\.lock|yarn\.lock|pnpm-lock\.yaml|pipfile\.lock"
    r"|poetry\.lock)$"
)


def _json(path: str, text: str) -> Iterator[CredentialEntry]:
    """By pairs, without walking the structure: most JSON is data, and large."""
    if _LOCK.search(path.lower()) or not names.promising(text):
        return
    for pattern in (_JSON_PAIR, _JSON_NAMED):
        for match in pattern.finditer(text):
            if names.is_secret(match[1]):
                if is_country(match[1], match[2], text, match.start()):
                    continue
                yield CredentialEntry(match[1], TextSpan(match[2], *match.span(2)))
            elif pattern is _JSON_PAIR and ("://" in match[2] or ";" in match[2]):
                yield from embedded.within(TextSpan(match[2], *match.span(2)))


def _yaml(path: str, text: str) -> Iterator[CredentialEntry]:
    if not _LOCK.search(path.lower()):
        for entry in scans.yaml_values()(path, text):
            if not is_country(entry.key.rpartition(".")[2], entry.span.value, text, entry.span.start):
                yield entry


_PAIRS = scans.key_values()
_UPSTREAM = re.compile(r"(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass\s", re.IGNORECASE)
"""nginx's directives end in `pass` and name an address: https://nginx.org/en/docs/http/ngx_http_proxy_module.html"""


def _ini(path: str, text: str) -> Iterator[CredentialEntry]:
    return (entry for entry in _PAIRS(path, text) if not _UPSTREAM.match(entry.key))


def _headers(path: str, text: str) -> Iterator[CredentialEntry]:
    """`proxy_set_header Authorization "Basic ..."` and its like."""
    if "uthorization" in text:
        yield from http_clients.authorization(path, text)


_DIRECTIVES = scans.directives(
    *("password", "passwd", "secret", "bindpw", "requirepass", "masterauth", "rootpw", "dbpassword", "db_password"),
    *("auth_pass", "proxypassword", "smtppassword", "sharedsecret", "shared-secret", "api_key", "apikey", "api-key"),
    *("secret_key", "token"),
)

PARSERS = (
    CredentialFile(
        id="config-json",
        guesses=True,
        title="value in a JSON file",
        documentation="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        names=(
            "*.json",
            "*.json5",
            "*.jsonc",
            "*.webmanifest",
            "*.tfvars.json",
            ".babelrc",
            ".jshintrc",
            "*.ipynb",
            ".bowerrc",
            "*.template",
        ),
        scan=scans.all_of(_json),
    ),
    CredentialFile(
        id="config-yaml",
        guesses=True,
        title="value in a YAML file",
        documentation="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        names=("*.yml", "*.yaml", "*.sls", "*.raml"),
        scan=_yaml,
    ),
    CredentialFile(
        id="config-xml",
        guesses=True,
        title="value in an XML file",
        documentation="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        names=(
            "*.xml",
            "*.config",
            "*.plist",
            "*.xconf",
            "*.jmx",
            "*.ktr",
            "*.kjb",
            "*.jrxml",
            "*.ds",
            "*.dtsx",
            "*.rdl",
            "*.resx",
            "*.strings.xml",
            "*.mxml",
            "*.wsdl",
            "*.iml",
            "*.pubxml",
            "*.props",
            "*.targets",
        ),
        scan=scans.xml_values(),
        sniff=lambda text: "<" in text[:4000],
    ),
    CredentialFile(
        id="config-ini",
        guesses=True,
        title="value in a configuration file",
        documentation="https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html",
        names=(
            "*.ini",
            "*.cfg",
            "*.conf",
            "*.cnf",
            "*.toml",
            "*.config",
            "*.prefs",
            "*.prop",
            "*.props",
            "*.setting",
            "*.inf",
            "*.cf",
            "*.rc",
            "*.reg",
            "*.kickstart",
            "*.ks",
            "*.preseed",
            "*.secret",
            "*.secrets",
            "*.creds",
            "*.credentials",
            "*.pass",
            "*.auth",
            "*.login",
            "config",
            "settings",
            "credentials",
            "secrets",
            ".config",
            "*.service",
            "*.desktop",
            "*.sample",
            "*.dist",
            "*.vars",
            "*.envs",
            "*.parameters",
            "*.pgpassword",
            ".pylintrc",
            "*.defaults",
            "*.token",
            "*.editorconfig",
        ),
        scan=scans.all_of(_ini, _DIRECTIVES, _headers),
        sniff=lambda text: not text.lstrip()[:5].startswith(("<?xml", "<?php")),
    ),
)
