"""
Which files of a tree are Dockerfiles: by their names, by what names them, and by what is in them.

`Dockerfile`, `Dockerfile.prod`, `api.Dockerfile`, `Dockerfile-alpine` and `Containerfile` are. A file whose name merely
begins like that (`dockerfile.go`, `dockerfile-security.rego`) is one if its first instruction can begin a Dockerfile.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from seatrial.system.source import Tree

from .lexing import is_comment, lines_of

_NAME = re.compile(r"(?:docker|container)file(?:[._-].+)?|.+[._-](?:docker|container)file", re.IGNORECASE)
_TEMPLATES = frozenset({"j2", "jinja", "jinja2", "tmpl", "tpl", "template", "in", "erb", "mustache", "ejs", "gotmpl"})
_OTHERS = frozenset({
    "dockerignore", "containerignore", "md", "rst", "txt", "adoc", "html", "json", "yml", "yaml", "toml", "xml", "go",
    "mod", "ts", "tsx", "js", "mjs", "cjs", "jsx", "py", "pyi", "rb", "rs", "java", "kt", "kts", "scala", "cs", "c",
    "h", "cc", "cpp", "hpp", "swift", "php", "pl", "lua", "r", "sh", "bash", "zsh", "fish", "ps1", "bat", "cmd",
    "rego", "hcl", "tf", "sql", "snap", "lock", "log", "patch", "diff", "orig", "rej", "bak", "swp", "sum", "sha256",
    "asc", "sig", "vim", "el", "lang", "tmlanguage", "sublime-syntax", "svg", "png", "gif", "jpg",
})  # fmt: skip
"""Endings of other kinds of files, in which a Dockerfile needs to show that it is one."""
_FIRST = re.compile(
    r"""
    FROM (?:[ \t]+--\S+)* [ \t]+ [\w$][^\s'"(),;]* (?:[ \t]+ AS [ \t]+ [\w.$-]\S*)? [ \t]* [\\`]? \Z
  | ARG [ \t]+ [A-Za-z_]\w* (?:=.*|[ \t]+[A-Za-z_]\w*.*|[ \t]*[\\`]?) \Z
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NAMED_BY = re.compile(
    r"(?:^|[\s{,])[\"']?(?:dockerfile|file)[\"']?\s*[:=]\s*[\"']?([\w./${}-]{1,200})[\"']?"
    r"|(?:build|buildx)\b[^\n]{0,200}?\s(?:-f|--file)[ =][\"']?([\w./-]{1,200})"
)
_NAMING = re.compile(
    r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$|(?:^|/)docker-bake[\w.-]*\.(?:hcl|json)$|^\.github/workflows/[^/]+\.ya?ml$"
    r"|(?:^|/)\.gitlab-ci\.ya?ml$|(?:^|/)(?:Makefile|skaffold\.yaml)$"
)
_SIZE = 512 * 1024
"""Bytes of a file that names others; a larger one is not searched."""


def dockerfiles(tree: Tree) -> list[str]:
    """Every path that is a Dockerfile, templates left out."""
    named = _named(tree)
    return [f.path for f in tree.files if (f.path in named and not is_template(f.path)) or _is_one(tree, f.path)]


def templates(tree: Tree) -> list[str]:
    """Templates of Dockerfiles: what is built is not in the tree."""
    return [f.path for f in tree.files if is_template(f.path)]


def is_dockerfile_name(path: str) -> bool:
    """Whether a path is a Dockerfile by its name alone."""
    name = posixpath.basename(path)
    return bool(_NAME.fullmatch(name)) and _ending(name) not in _OTHERS | _TEMPLATES


def is_template(path: str) -> bool:
    """Whether a path is named like the template of a Dockerfile."""
    stem, _, ending = posixpath.basename(path).rpartition(".")
    return ending.lower() in _TEMPLATES and bool(_NAME.fullmatch(stem)) and _ending(stem) not in _OTHERS


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _is_one(tree: Tree, path: str) -> bool:
    if is_dockerfile_name(path):
        return not posixpath.basename(path).startswith(("dockerfile_", "dockerfile-")) or begins_like_one(tree, path)
    name = posixpath.basename(path)
    ending = _ending(name)
    return bool(_NAME.fullmatch(name)) and ending in _OTHERS and _may_be_one(ending) and begins_like_one(tree, path)


def _may_be_one(ending: str) -> bool:
    """Whether an ending is also used for variants (`Dockerfile.go`, `Dockerfile.php`), and not only for other kinds."""
    return ending not in {"dockerignore", "containerignore", "md", "rst", "html", "orig", "rej", "swp", "patch", "diff"}


def begins_like_one(tree: Tree, path: str) -> bool:
    """Whether the first instruction of a file is FROM or ARG."""
    try:
        text = tree.text(path)
    except OSError:
        return False
    for line in lines_of((text or "")[:65536]):
        bare = line.text.strip()
        if bare and not is_comment(bare):
            return bool(_FIRST.match(bare))
    return False


def _named(tree: Tree) -> set[str]:
    """Files of any name that Compose, bake, a workflow or make builds, if they look like one."""
    found: set[str] = set()
    for file in tree.files:
        if _NAMING.search(file.path) and file.size <= _SIZE:
            found |= {path for path in _mentions(tree, file.path) if path in tree.paths}
    return {path for path in found if begins_like_one(tree, path)}


def _mentions(tree: Tree, path: str) -> Iterator[str]:
    try:
        text = tree.text(path) or ""
    except OSError:
        return
    folder = posixpath.dirname(path)
    contexts = {
        "",
        folder,
        *(
            c.strip("\"' ")
            for c in re.findall(r"(?:context|build)[\"']?[ \t]*[:=][ \t]*([^\s,{}][^\s,}]{0,200})", text)
        ),
    }
    for match in _NAMED_BY.finditer(text):
        name = match[1] or match[2]
        for context in contexts:
            for base in ("", folder):
                yield posixpath.normpath(posixpath.join(base, context, name))
