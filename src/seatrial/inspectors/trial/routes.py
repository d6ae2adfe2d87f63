"""
Addresses that the code of a repository answers: routes for GET without parameters, read and not run.

They are candidates only: each is asked before it is used, so a route that is not there costs one request.

Sources: the routing pages of Flask, FastAPI, Django, Express, Spring, Rails, Gin, Echo, Laravel and Sinatra.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from seatrial.inspectors.path_roles import is_example_path
from seatrial.lab.routes import HARMFUL, Route
from seatrial.source import Tree

_SIZE = 256 * 1024  # bytes of one file of code
_FILES = 2_000
_PATH = r"[\"'`](?P<path>/?[\w\-./~]*)[\"'`]"
_PREFIXED = r"[\"'`](?P<prefix>/?[\w\-./~]+)[\"'`]"
_ROUTES: Mapping[str, Sequence[re.Pattern[str]]] = {
    "py": (
        re.compile(rf"@\s*[\w.]+\.(?:get|route|api_route)\(\s*{_PATH}(?P<rest>[^)]{{0,200}})"),
        re.compile(rf"(?<![\w.])(?:re_)?path\(\s*{_PATH}\s*,(?P<rest>)"),
        re.compile(rf"\.add_(?:url_rule|get|route)\(\s*{_PATH}(?P<rest>)"),
    ),
    "js": (re.compile(rf"\b(?:app|router|server|api|fastify)\.get\(\s*{_PATH}(?P<rest>)"),),
    "java": (re.compile(rf"@(?:GetMapping|GET|Path)\(\s*(?:value\s*=\s*|path\s*=\s*)?{_PATH}(?P<rest>)"),),
    "go": (
        re.compile(rf"\.(?:GET|Get|HandleFunc|Handle)\(\s*{_PATH}(?P<rest>)"),
        re.compile(r"\.HandleFunc\(\s*\"GET (?P<path>/[\w\-./]*)\"(?P<rest>)"),
    ),
    "rb": (re.compile(rf"^\s*get\s+{_PATH}(?P<rest>)", re.MULTILINE),),
    "php": (re.compile(rf"Route::get\(\s*{_PATH}(?P<rest>)"),),
    "rs": (re.compile(rf"\.route\(\s*{_PATH}\s*,\s*(?:web::)?get\((?P<rest>)"),),
}
_PREFIXES = re.compile(
    rf"(?:prefix\s*=\s*|url_prefix\s*=\s*|\.use\(\s*|@RequestMapping\(\s*(?:value\s*=\s*)?|\.(?:Group|Route)\(\s*"
    rf"|namespace\s+|APPLICATION_ROOT\s*=\s*){_PREFIXED}"
    rf"|(?<![\w.])(?:re_)?path\(\s*[\"'](?P<included>[\w\-./~]+)[\"']\s*,\s*include\("
)
_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("js", "mjs", "cjs", "ts", "mts", "tsx", "jsx"), "js"),
    **dict.fromkeys(("java", "kt", "groovy"), "java"),
    **{suffix: suffix for suffix in ("py", "go", "rb", "php", "rs")},
}
_OTHER_METHODS = re.compile(r"methods\s*=\s*[\[(](?![^\])]*GET)", re.IGNORECASE)


def read(tree: Tree) -> tuple[Route, ...]:
    """The routes of all code of a repository; tests, examples and harmful addresses are left out."""
    found: dict[Route, None] = {}
    code = (f for f in tree.files if _language(f.path) and f.size <= _SIZE and not is_example_path(f.path))
    for _, file in zip(range(_FILES), code, strict=False):
        try:
            text = tree.text(file.path)
        except OSError:
            continue
        found |= dict.fromkeys(Route(file.path, path) for path in _routes(_language(file.path), text or ""))
    return tuple(found)


def _language(path: str) -> str:
    return _LANGUAGES.get(path.rpartition(".")[2].lower(), "")


def _routes(language: str, text: str) -> Iterator[str]:
    plain = [
        match["path"]
        for pattern in _ROUTES[language]
        for match in pattern.finditer(text)
        if not _OTHER_METHODS.search(match["rest"])
    ]
    prefixes = [match["prefix"] or match["included"] for match in _PREFIXES.finditer(text)]
    for path in plain:
        for prefix in ("", *prefixes):
            whole = posixpath.normpath(f"/{prefix}/{path}").replace("//", "/")
            whole += "/" if path.endswith("/") and whole != "/" else ""
            if not HARMFUL.search(whole):
                yield whole
