"""Libraries and command-line tools, by the manifests of their languages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from seatrial.inspectors.whole import Whole, section, suffix

PUBLISHES = re.compile(
    r"gh-action-pypi-publish|\b(?:twine|uv|poetry|flit|hatch|maturin|pdm)\s+(?:publish|upload)|\bnpm\s+publish|\bpnpm\s+publish"
    r"|\byarn\s+(?:npm\s+)?publish|changesets/action|\bcargo\s+publish|\bgem\s+push|\bgoreleaser\b|\bnuget\s+push"
    r"|\bmvn\b[^\n]{0,200}\bdeploy\b|\bgradlew?\b[^\n]{0,200}\bpublish|semantic-release|release-please|\bmix\s+hex\.publish"
)
"""What puts a package where others fetch it."""
_PIPELINE = re.compile(
    r"^\.github/workflows/|^\.gitlab-ci\.yml$|^Makefile$|^\.circleci/|^tox\.ini$|^noxfile\.py$|^justfile$"
)


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """One package."""

    path: str
    evidence: str
    published: bool = False
    """Whether something shows that it is meant for other people's programs or machines."""


@dataclass
class Packages:
    """What a repository packages."""

    libraries: list[PackageFacts] = field(default_factory=list)
    tools: list[PackageFacts] = field(default_factory=list)


def find(whole: Whole) -> Packages:
    """Every package of what the repository delivers."""
    found = Packages()
    published = any(PUBLISHES.search(whole.text(path)) for path in whole.paths if _PIPELINE.search(path))
    for path in whole.own:
        reader = _READERS.get(posixpath.basename(path)) or _BY_SUFFIX.get(suffix(path))
        for is_tool, package in reader(whole, path, published) if reader else ():
            (found.tools if is_tool else found.libraries).append(package)
    return found


_Found = Iterator[tuple[bool, PackageFacts]]
"""Whether it is a tool, and the package."""


def _pyproject(whole: Whole, path: str, published: bool) -> _Found:
    data = whole.toml(path)
    project, poetry = section(data, "project"), section(data, "tool", "poetry")
    if (
        not (project or poetry)
        or poetry.get("package-mode") is False
        or section(data, "tool", "uv").get("package") is False
    ):
        return
    built = "build-system" in data
    shared = published or bool(project.get("classifiers") or poetry.get("classifiers"))
    scripts = section(project, "scripts") or section(poetry, "scripts")
    if scripts:
        yield True, PackageFacts(path, f"{path} with {', '.join(sorted(map(str, scripts))[:3])}", shared)
    if built and (not scripts or shared):
        yield False, PackageFacts(path, path, shared)


def _setup(whole: Whole, path: str, published: bool) -> _Found:
    text = whole.text(path)
    shared = published or "classifiers" in text
    if "console_scripts" in text:
        yield True, PackageFacts(path, f"{path} with console scripts", shared)
    if re.search(r"\bsetup\s*\(|^\[metadata\]", text, re.MULTILINE):
        yield False, PackageFacts(path, path, shared)


def _npm(whole: Whole, path: str, published: bool) -> _Found:
    data = whole.json(path)
    if not data.get("name") or data.get("private") is True or "node_modules/" in path:
        return
    if data.get("bin"):
        yield True, PackageFacts(path, f"{path} with `bin`", True)
    if any(data.get(key) for key in ("files", "exports", "types", "typings", "publishConfig", "module")):
        yield False, PackageFacts(path, path, True)
    elif data.get("main") and not section(data, "scripts").get("start"):
        yield False, PackageFacts(path, path, published)


def _cargo(whole: Whole, path: str, published: bool) -> _Found:
    data = whole.toml(path)
    if not section(data, "package"):
        return
    folder = posixpath.dirname(path)
    private = section(data, "package").get("publish") is False
    shared = not private and (published or bool(section(data, "package").get("description")))
    if data.get("lib") or posixpath.join(folder, "src/lib.rs") in whole.tree.paths:
        yield False, PackageFacts(path, path, shared)
    if data.get("bin") or posixpath.join(folder, "src/main.rs") in whole.tree.paths:
        yield True, PackageFacts(path, path, published and not private)


_GO_MAIN = re.compile(r"^package\s+main\b", re.MULTILINE)


def _go(whole: Whole, path: str, published: bool) -> _Found:
    folder = posixpath.dirname(path)
    inside = [p for p in whole.code if p.endswith(".go") and (not folder or p.startswith(f"{folder}/"))]
    programs = [p for p in inside if _GO_MAIN.search(whole.text(p))]
    released = published or any(posixpath.basename(p) in (".goreleaser.yml", ".goreleaser.yaml") for p in whole.paths)
    if programs:
        yield True, PackageFacts(path, f"{path} with {programs[0]}", released)
    elif inside:
        yield False, PackageFacts(path, path, True)


def _maven(whole: Whole, path: str, published: bool) -> _Found:
    text = whole.text(path)
    if "<distributionManagement>" in text or "central-publishing" in text or published:
        yield False, PackageFacts(path, path, True)


def _gradle(whole: Whole, path: str, published: bool) -> _Found:
    text = whole.text(path)
    if "maven-publish" in text or "java-library" in text:
        yield False, PackageFacts(path, path, published or "maven-publish" in text)


def _gemspec(whole: Whole, path: str, published: bool) -> _Found:
    del published
    tool = "executables" in whole.text(path)
    yield tool, PackageFacts(path, path, True)


def _composer(whole: Whole, path: str, published: bool) -> _Found:
    data = whole.json(path)
    if data.get("name") and data.get("type", "library") != "project":
        yield False, PackageFacts(path, path, published or data.get("type") == "library")


def _csproj(whole: Whole, path: str, published: bool) -> _Found:
    text = whole.text(path)
    if "<PackAsTool>true" in text:
        yield True, PackageFacts(path, f"{path} as a tool", True)
    elif "<PackageId>" in text or "<GeneratePackageOnBuild>true" in text or "<IsPackable>true" in text:
        yield False, PackageFacts(path, path, published)


def _others(whole: Whole, path: str, published: bool) -> _Found:
    """Manifests that say by a word whether they are for others: Elixir, Swift, Dart."""
    text = whole.text(path)
    if re.search(r"\bpackage:\s|\.library\(|^version:\s*\d", text, re.MULTILINE) and "publish_to: none" not in text:
        yield False, PackageFacts(path, path, published)


_LockReader = Callable[[Whole, str, bool], _Found]
_READERS: Mapping[str, _LockReader] = {
    "pyproject.toml": _pyproject,
    "setup.py": _setup,
    "setup.cfg": _setup,
    "package.json": _npm,
    "Cargo.toml": _cargo,
    "go.mod": _go,
    "pom.xml": _maven,
    "build.gradle": _gradle,
    "build.gradle.kts": _gradle,
    "composer.json": _composer,
    "mix.exs": _others,
    "Package.swift": _others,
    "pubspec.yaml": _others,
}
_BY_SUFFIX: Mapping[str, _LockReader] = {"gemspec": _gemspec, "csproj": _csproj, "fsproj": _csproj}
