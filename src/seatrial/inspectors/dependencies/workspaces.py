"""
Which lock speaks for which manifest: its own, beside it, or that of a workspace that declares it as a member.

A lock in some folder above says nothing of a project that is not its member; and a lock speaks only for the
dependencies that it names.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.text.globs import Globs
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Scalar, Sequence

from .files.node import workspaces
from .files.rust import members as cargo_members
from .model import Listed, Manifest
from .text import array, json_object, table, toml, yaml_documents

Members = Callable[[Manifest], tuple[list[str], list[str]]]
"""The globs of the folders that a root declares as members, and of those that it leaves out."""


def _npm(root: Manifest) -> tuple[list[str], list[str]]:
    return _signed(workspaces(json_object(root.text)))


def _pnpm(root: Manifest) -> tuple[list[str], list[str]]:
    globs: list[str] = []
    for document in yaml_documents(root.text):
        packages = document.get("packages") if isinstance(document, MappingNode) else None
        globs += [i.value for i in (packages.items if isinstance(packages, Sequence) else ()) if isinstance(i, Scalar)]
    return _signed(globs)


def _deno(root: Manifest) -> tuple[list[str], list[str]]:
    document = json_object(root.text, comments=True)
    return _signed([*map(str, array(document, "workspace")), *map(str, array(document, "workspace", "members"))])


def _uv(root: Manifest) -> tuple[list[str], list[str]]:
    workspace = table(toml(root.text), "tool", "uv", "workspace")
    return [str(m) for m in array(workspace, "members")], [str(m) for m in array(workspace, "exclude")]


def _cargo(root: Manifest) -> tuple[list[str], list[str]]:
    return cargo_members(toml(root.text))


def _signed(globs: Iterator[str] | list[str]) -> tuple[list[str], list[str]]:
    every = list(globs)
    return [g for g in every if not g.startswith("!")], [g[1:] for g in every if g.startswith("!")]


@dataclass(frozen=True, slots=True)
class Family:
    """Manifests of one tool, and the locks that may speak for them."""

    manifests: re.Pattern[str]
    """By their names, without a folder."""
    locks: re.Pattern[str]
    """By their names, without a folder."""
    roots: tuple[tuple[str, Members], ...] = ()
    """Files that declare members of a workspace."""


def _matches(globs: list[str], folder: str) -> bool:
    """Whether one of the globs names exactly this folder: what lies below a member is not a member."""
    for glob in globs:
        parts = [p for p in glob.strip().removeprefix("./").rstrip("/").split("/") if p not in ("", ".")]
        if not parts or len(parts) > 50:
            continue
        exact = "**" in parts or len(parts) == folder.count("/") + 1
        if exact and Globs(["./" + "/".join(parts) if len(parts) > 1 else parts[0] + "/"]).match(f"{folder}/x"):
            return True
    return False


def _family(manifests: str, locks: str, *roots: tuple[str, Members]) -> Family:
    return Family(re.compile(rf"(?:{manifests})$"), re.compile(rf"(?:{locks})$"), roots)


FAMILIES: tuple[Family, ...] = (
    _family(
        r"package\.json",
        r"(?:package-lock|npm-shrinkwrap)\.json|yarn\.lock|bun\.lock|pnpm-lock(?:\.[\w.-]+)?\.yaml|deno\.lock",
        ("package.json", _npm), ("pnpm-workspace.yaml", _pnpm), ("deno.json", _deno), ("deno.jsonc", _deno),
    ),
    _family(r"deno\.jsonc?|import_map\.json", r"deno\.lock", ("deno.json", _deno), ("deno.jsonc", _deno)),
    _family(r"pyproject\.toml|setup\.py|setup\.cfg", r"uv\.lock", ("pyproject.toml", _uv)),
    _family(
        r"pyproject\.toml|setup\.py|setup\.cfg",
        r"(?:poetry|pdm)\.lock|pylock(?:\.[^/]+)?\.toml|requirements\.lock|pixi\.lock",
    ),
    _family(r"pixi\.toml", r"pixi\.lock"),
    _family(r"Pipfile", r"Pipfile\.lock"),
    _family(r"Cargo\.toml", r"Cargo\.lock", ("Cargo.toml", _cargo)),
    _family(r"[\w.-]+\.gradle(?:\.kts)?", r"[\w.-]*gradle\.lockfile"),
    _family(r"Gemfile|[\w.-]+\.gemspec", r"Gemfile\.lock"),
    _family(r"gems\.rb", r"gems\.locked"),
    _family(r"composer\.json", r"composer\.lock"),
    _family(r"[^/]+\.(?:cs|fs|vb)proj|packages\.config", r"packages(?:\.[\w.-]+)?\.lock\.json"),
)  # fmt: skip
_COMPILED = re.compile(
    r"(?m)^# +(?:pip-compile|uv (?:pip compile|export)|pdm export|poetry export)\b(?P<arguments>.*)$"
)


class Locks:
    """
    The locks of a tree.

    Args:
        locks: what each file that can be a lock says, and its text, by path.
    """

    def __init__(self, locks: Mapping[str, tuple[Listed, str]]) -> None:
        self._locks = locks
        self._by_folder: dict[str, list[str]] = {}
        self._members: dict[str, tuple[list[str], list[str]]] = {}
        for path in locks:
            self._by_folder.setdefault(posixpath.dirname(path), []).append(path)

    def of(self, manifest: Manifest) -> Iterator[str]:
        """The paths of the locks that speak for a manifest."""
        for family in FAMILIES:
            if family.manifests.fullmatch(manifest.name):
                for folder in _upwards(manifest.folder):
                    for path in self._by_folder.get(folder, ()):
                        if family.locks.fullmatch(posixpath.basename(path)) and self._speaks(
                            path, folder, family, manifest
                        ):
                            yield path
        for path in self._by_folder.get(manifest.folder, ()):
            if path != manifest.path and _compiled_from(manifest, path, self._locks[path][1]):
                yield path

    def _speaks(self, path: str, folder: str, family: Family, manifest: Manifest) -> bool:
        if folder == manifest.folder or self._is_member(folder, family, manifest):
            return True
        # Cargo's and Bundler's locks name the members that their manifests reach by a path.
        name = _crate(manifest) if manifest.name == "Cargo.toml" else _gem(manifest)
        return bool(name) and name in self._locks[path][0].own

    def _is_member(self, folder: str, family: Family, manifest: Manifest) -> bool:
        """Whether a workspace in a folder above declares the manifest's folder as its member."""
        relative = posixpath.relpath(manifest.folder, folder or ".")
        for name, members in family.roots:
            path = posixpath.join(folder, name)
            if path in manifest.paths:
                chosen, excluded = self._declared(path, members, manifest)
                if _matches(chosen, relative) and not _matches(excluded, relative):
                    return True
        return False

    def _declared(self, path: str, members: Members, manifest: Manifest) -> tuple[list[str], list[str]]:
        if path not in self._members:
            text = manifest.neighbour(path)
            try:
                self._members[path] = members(Manifest(path, text)) if text is not None else ([], [])
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                self._members[path] = [], []
        return self._members[path]


def _crate(manifest: Manifest) -> str:
    try:
        return str(table(toml(manifest.text), "package").get("name", ""))
    except (ValueError, RecursionError):
        return ""


def _gem(manifest: Manifest) -> str:
    return manifest.name.removesuffix(".gemspec") if manifest.name.endswith(".gemspec") else ""


def _compiled_from(manifest: Manifest, path: str, text: str) -> bool:
    """Whether a file says, or shows by its name, that a tool made it from the manifest."""
    name = posixpath.basename(path)
    if manifest.name.endswith(".in") and name == manifest.name.removesuffix(".in") + ".txt":
        return True
    if name == f"{manifest.name}.lock":  # the lock of a script (PEP 723), as uv writes it
        return True
    said = _COMPILED.search(text[:4000])
    if said is None:
        return False
    arguments = {posixpath.basename(word) for word in said["arguments"].split()}
    exported = "export" in said[0] and manifest.name == "pyproject.toml"
    return exported or manifest.name in arguments


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
