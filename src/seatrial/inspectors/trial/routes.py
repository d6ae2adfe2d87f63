"""
Addresses that the code of a repository answers: routes for GET without parameters, read and not run.

They are candidates only: each is asked before it is used, so a route that is not there costs one request.

Sources: the routing pages of Flask, FastAPI, Django, Django REST framework, Express, Nest, Spring, Rails, Gin, Echo,
Laravel and Sinatra.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from seatrial.inspectors.path_roles import is_example_path
from seatrial.lab.routes import HARMFUL, Route
from seatrial.system.source import Tree

_SIZE = 256 * 1024  # bytes of one file of code
_FILES = 2_000
_ELSEWHERE = 12  # prefixes of a file, and of others, that are tried, at most
_MOST = 2_000  # routes
_PATH = r"r?[\"'`]\^?(?P<path>/?[\w\-./~]*)\$?[\"'`]"
_ROOTED = r"[\"'`](?P<path>/[\w\-./~]*)[\"'`]"
_PREFIXED = r"r?[\"'`]\^?(?P<prefix>/?[\w\-./~]+)[\"'`]"
_ROUTES: Mapping[str, Sequence[re.Pattern[str]]] = {
    "py": (
        re.compile(rf"@\s*[\w.]+\.(?:get|route|api_route)\(\s*{_PATH}(?P<rest>[^)]{{0,200}})"),
        re.compile(rf"(?<![\w.])(?:re_)?path\(\s*{_PATH}\s*,(?!\s*include\()(?P<rest>)"),
        re.compile(rf"\.add_(?:url_rule|get|route)\(\s*{_PATH}(?P<rest>)"),
        re.compile(r"\brouter\.register\(\s*r?[\"'](?P<collection>[\w\-/]+)[\"'](?P<rest>)"),
    ),
    "js": (
        re.compile(rf"\b[\w$]+\.get\(\s*{_ROOTED}(?P<rest>)"),
        re.compile(rf"\.route\(\s*{_ROOTED}\s*\)\s*\.get\((?P<rest>)"),
        re.compile(r"@Get\(\s*(?:[\"'`](?P<path>/?[\w\-./~]*)[\"'`])?\s*\)(?P<rest>)"),
    ),
    "java": (
        re.compile(rf"@(?:GetMapping|GET|Path)\(\s*(?:value\s*=\s*|path\s*=\s*)?{_PATH}(?P<rest>)"),
        re.compile(r"@GetMapping(?:\(\s*\))?(?=\s*[\n@])(?P<path>)(?P<rest>)"),
    ),
    "go": (
        re.compile(rf"\.(?:GET|Get|HandleFunc|Handle)\(\s*{_PATH}(?P<rest>)"),
        re.compile(r"\.HandleFunc\(\s*\"GET (?P<path>/[\w\-./]*)\"(?P<rest>)"),
    ),
    "rb": (
        re.compile(rf"^\s*get\s+{_PATH}(?P<rest>)", re.MULTILINE),
        re.compile(r"^\s*resources\s+:(?P<path>\w+)(?P<rest>)", re.MULTILINE),
    ),
    "php": (re.compile(rf"Route::get\(\s*{_PATH}(?P<rest>)"),),
    "rs": (re.compile(rf"\.route\(\s*{_PATH}\s*,\s*(?:web::)?get\((?P<rest>)"),),
}
_PREFIXES = re.compile(
    rf"(?:prefix\s*=\s*|url_prefix\s*=\s*|\.use\(\s*|@RequestMapping\(\s*(?:value\s*=\s*)?|\.(?:Group|Route|nest)\(\s*"
    rf"|namespace\s+|@Controller\(\s*|APPLICATION_ROOT\s*=\s*|setGlobalPrefix\(\s*){_PREFIXED}"
    rf"|(?<![\w.])(?:re_)?path\(\s*r?[\"']\^?(?P<included>[\w\-./~]+)[\"']\s*,\s*include\("
)
_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("js", "mjs", "cjs", "ts", "mts", "tsx", "jsx"), "js"),
    **dict.fromkeys(("java", "kt", "groovy"), "java"),
    **{suffix: suffix for suffix in ("py", "go", "rb", "php", "rs")},
}
_OTHER_METHODS = re.compile(r"methods\s*=\s*[\[(](?![^\])]*GET)", re.IGNORECASE)


def read(tree: Tree) -> tuple[Route, ...]:
    """The routes of all code of a repository; tests, examples and harmful addresses are left out."""
    texts: dict[str, str] = {}
    code = (f for f in tree.files if _language(f.path) and f.size <= _SIZE and not is_example_path(f.path))
    for _, file in zip(range(_FILES), code, strict=False):
        try:
            texts[file.path] = tree.text(file.path) or ""
        except OSError:
            continue
    plain = {path: tuple(dict.fromkeys(_plain(_language(path), text))) for path, text in texts.items()}
    prefixes = {path: _prefixes(text) for path, text in texts.items()}
    sure = (r for path in plain for r in _routes(path, plain[path], ("", *prefixes[path]), 0))
    nested = (r for path in plain for r in _routes(path, plain[path], _nested(prefixes[path]), 1))
    below = (r for path in plain for r in _routes(path, plain[path], tuple(_elsewhere(path, prefixes)), 2))
    found: dict[tuple[str, str], Route] = {}
    for route in itertools.islice(itertools.chain(sure, nested, below), _MOST):
        found.setdefault((route.file, route.path), route)
    return tuple(found.values())


def _language(path: str) -> str:
    return _LANGUAGES.get(path.rpartition(".")[2].lower(), "")


def _prefixes(text: str) -> tuple[str, ...]:
    found = (match["prefix"] or match["included"] for match in _PREFIXES.finditer(text))
    return tuple(itertools.islice(dict.fromkeys(found), _ELSEWHERE))


def _plain(language: str, text: str) -> Iterator[str]:
    """What the code names itself, without what is put before it elsewhere."""
    for pattern in _ROUTES[language]:
        for match in pattern.finditer(text):
            told = match.groupdict()
            if not _OTHER_METHODS.search(match["rest"]):
                collection = told.get("collection")
                yield f"{collection.strip('/')}/" if collection else told.get("path") or ""


def _nested(own: Sequence[str]) -> tuple[str, ...]:
    """Groups in groups, the outer one first."""
    return tuple(f"{outer}/{inner}" for outer, inner in itertools.combinations(own, 2))


def _elsewhere(file: str, prefixes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """
    What other files of the same program put before a file's routes.

    Routers are put below prefixes, often in another file: which of them go together shows only a run of the
    code.
    """
    others = (
        prefix
        for other, every in prefixes.items()
        if other != file and _language(other) == _language(file) and _together(other, file)
        for prefix in every
    )
    for outer in itertools.islice(dict.fromkeys(others), _ELSEWHERE):
        yield outer
        yield from (f"{outer}/{inner}" for inner in prefixes[file])


def _together(one: str, other: str) -> bool:
    """Whether two files may be of one program: one is at the top, or both are in the same folder there."""
    tops = {path.partition("/")[0] if "/" in path else "" for path in (one, other)}
    return "" in tops or len(tops) == 1


def _routes(file: str, plain: Iterable[str], prefixes: Sequence[str], guesses: int) -> Iterator[Route]:
    for path, prefix in itertools.product(plain, prefixes):
        whole = posixpath.normpath(f"/{prefix}/{path}").replace("//", "/")
        whole += "/" if (path or prefix).endswith("/") and whole != "/" else ""
        if not HARMFUL.search(whole):
            yield Route(file, whole, guesses)
