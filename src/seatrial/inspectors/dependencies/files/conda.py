"""
Conda's environment.yml, pixi.toml and pixi.lock: what they take from PyPI is read, Conda's own packages are named.

OSV has no advisories of Conda's packages (https://google.github.io/osv.dev/data/). Sources:
https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html, https://pixi.sh/latest/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.domain import Location
from seatrial.inspectors.dependencies.model import Gathered, Listed, Manifest
from seatrial.inspectors.dependencies.text import Lines, scalar, table, toml, yaml_documents
from seatrial.text.yaml_tree import Mapping as MappingNode
from seatrial.text.yaml_tree import Scalar, Sequence, YamlNode

from .python_projects import pyproject
from .python_requirements import ECOSYSTEM, by_address, specified

CONDA = "conda"
_REASON = "OSV has no data of Conda's packages"


def environment(manifest: Manifest) -> Listed:
    """`dependencies`, and the list below `pip` in it."""
    found = Gathered(manifest.path)
    for document in yaml_documents(manifest.text):
        if not isinstance(document, MappingNode):
            raise ValueError("not a mapping")  # noqa: TRY004 - what is wrong is the value of the file
        dependencies = document.get("dependencies")
        for one in dependencies.items if isinstance(dependencies, Sequence) else ():
            if isinstance(one, Scalar):
                _conda(one.value, Location(manifest.path, one.line, one.column), found)
            elif isinstance(one, MappingNode):
                _pip(one.get("pip"), found)
    return found.listed()


def _conda(text: str, at: Location, found: Gathered) -> None:
    name = re.split(r"[\s=<>!~\[]", text.rpartition("::")[2].strip(), maxsplit=1)[0]
    if name and name not in ("python", "pip"):
        found.elsewhere(CONDA, name, _REASON, at)


def _pip(node: YamlNode | None, found: Gathered) -> None:
    for one in node.items if isinstance(node, Sequence) else ():
        if isinstance(one, Scalar):
            text, at = one.value.strip(), Location(found.path, one.line, one.column)
            if text.startswith(("-e ", "--editable ")):
                specified(text.partition(" ")[2].strip(), at, found)
            elif text.startswith(("-r", "--requirement", "-c", "--constraint")):
                found.problem(f"it includes requirements by `{text[:60]}`")
            elif not text.startswith("-"):
                specified(text, at, found)


def is_environment(manifest: Manifest) -> bool:
    """Whether a file named environment.yml is one of Conda's: other tools use the name."""
    return bool(re.search(r"(?m)^dependencies\s*:", manifest.text))


def pixi(manifest: Manifest) -> Listed:
    """pixi.toml: `dependencies` of Conda and `pypi-dependencies`, of the workspace, its features and targets."""
    places = Lines(manifest.path, manifest.text)
    found = Gathered(manifest.path)
    _pixi(toml(manifest.text), places, found)
    return found.listed()


def _pixi(document: Mapping[str, Any], places: Lines, found: Gathered) -> None:
    for part in _pixi_parts(document):
        for kind in ("dependencies", "host-dependencies", "build-dependencies"):
            for name in table(part, kind):
                _conda(name, places.key(name), found)
        for name, entry in table(part, "pypi-dependencies").items():
            _pixi_pypi(name, entry, places.key(name), found)


def _pixi_parts(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    features = [document, *table(document, "feature").values()]
    for part in features:
        yield table({"part": part}, "part")
        for target in table(part, "target").values():
            yield table({"part": target}, "part")


def _pixi_pypi(name: str, entry: Any, at: Location, found: Gathered) -> None:
    details = entry if isinstance(entry, dict) else {"version": entry}
    if details.get("git"):
        found.elsewhere(ECOSYSTEM, name, "from version control", at)
    elif details.get("url"):
        by_address(name, str(details["url"]), at, found)
    elif not details.get("path"):
        version = str(details.get("version") or "")
        specified(f"{name}{'' if version == '*' else version}", at, found)


def pyproject_with_pixi(manifest: Manifest) -> Listed:
    """pyproject.toml, with the tables of pixi where it has them."""
    listed = pyproject(manifest)
    document = table(toml(manifest.text), "tool", "pixi")
    if not document:
        return listed
    found = Gathered(manifest.path)
    _pixi(document, Lines(manifest.path, manifest.text), found)
    more = found.listed()
    return Listed(
        listed.path, listed.packages + more.packages, listed.open + more.open, problem=listed.problem,
        unmeasured=listed.unmeasured + more.unmeasured,
    )  # fmt: skip


def pixi_lock(manifest: Manifest) -> Listed:
    """`packages`: entries of PyPI with name and version, entries of Conda by their address."""
    found = Gathered(manifest.path)
    for document in yaml_documents(manifest.text):
        packages = document.get("packages") if isinstance(document, MappingNode) else None
        for one in packages.items if isinstance(packages, Sequence) else ():
            at = Location(manifest.path, one.line, one.column)
            address = scalar(one, "pypi")
            if address or scalar(one, "kind") == "pypi":
                _pixi_locked(one, address, at, found)
            elif address := scalar(one, "conda"):
                file = address.rpartition("/")[2]
                match = re.match(r"(.+)-[^-]+-[^-]+$", file)
                found.elsewhere(CONDA, match[1] if match else file, _REASON, at)
            elif scalar(one, "kind") == "conda":
                found.elsewhere(CONDA, scalar(one, "name"), _REASON, at)
    return found.listed(lock=True, once=True)


def _pixi_locked(one: YamlNode, address: str, at: Location, found: Gathered) -> None:
    name, version = scalar(one, "name"), scalar(one, "version")
    if address.startswith("git+"):
        found.elsewhere(ECOSYSTEM, name, "from version control", at)
    elif address.startswith((".", "/")) and not address.endswith((".whl", ".tar.gz", ".zip")):
        found.own.add(name)
    elif version:
        found.package(ECOSYSTEM, name, version, at)
    else:
        by_address(name, address, at, found)
