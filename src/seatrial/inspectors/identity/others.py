"""Actions, infrastructure, documentation, monorepos, and what is none of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from seatrial.domain.kinds import RepositoryKind, Trait
from seatrial.inspectors.whole import Whole, section
from seatrial.text.wording import counted, listed

_ACTION = re.compile(r"^action\.ya?ml$")
_RUNS = re.compile(r"^runs\s*:", re.MULTILINE)
_INFRASTRUCTURE = {
    r"\.tf$|\.tofu$": ("Terraform", r"^[ \t]*(?:resource|module|provider|data)\s+\""),
    r"(?:^|/)terragrunt\.hcl$": ("Terragrunt", ""),
    r"(?:^|/)Pulumi\.ya?ml$": ("Pulumi", r"^(?:name|runtime)\s*:"),
    r"(?:^|/)cdk\.json$": ("AWS CDK", r"\"app\""),
    r"\.bicep$": ("Bicep", ""),
    r"(?:^|/)ansible\.cfg$|(?:^|/)(?:site|playbook)[\w-]*\.ya?ml$": (
        "Ansible",
        r"^\[defaults\]|^[ \t]*-?[ \t]*hosts\s*:",
    ),
    r"(?:^|/)flake\.nix$|(?:^|/)configuration\.nix$": ("NixOS", r"nixosConfigurations|services\."),
    r"\.(?:ya?ml|json|template)$": ("CloudFormation", r"AWSTemplateFormatVersion"),
}
_SITES = re.compile(
    r"(?:^|/)(?:mkdocs\.ya?ml|docusaurus\.config\.[jt]s|book\.toml|antora\.ya?ml|hugo\.(?:toml|ya?ml)|_config\.ya?ml|conf\.py"
    r"|\.vitepress/config\.\w+|zensical\.toml)$"
)
_PROSE = re.compile(r"\.(?:md|mdx|rst|adoc|txt)$", re.IGNORECASE)
_FORMALITIES = re.compile(
    r"(?:^|/)(?:readme|licen[cs]e|copying|notice|changelog|contributing|code_of_conduct|security|authors|codeowners)(?:\.\w+)?$",
    re.IGNORECASE,
)
_ENOUGH = 3  # pages that make a documentation of a repository without a generator's file
_FOLDERS = re.compile(r"^(?:apps|packages|services|libs|crates|modules|projects|components)/[^/]+/")
_MANIFESTS = frozenset({
    "package.json", "pyproject.toml", "setup.py", "go.mod", "Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts",
    "composer.json", "mix.exs", "pubspec.yaml",
})  # fmt: skip


def action(whole: Whole) -> Trait | None:
    """An action that others use: its file lies at the top."""
    path = next((p for p in whole.paths if _ACTION.match(p) and _RUNS.search(whole.text(p))), None)
    return Trait(RepositoryKind.ACTION, (path,), path) if path else None


def infrastructure(whole: Whole) -> Trait | None:
    """What describes machines, networks and accounts."""
    evidence: dict[str, str] = {}
    for pattern, (name, says) in _INFRASTRUCTURE.items():
        found = [p for p in whole.named(pattern) if not says or re.search(says, whole.text(p), re.MULTILINE)]
        if found:
            evidence[f"{name} in {counted(len(found), 'file')}"] = found[0]
    return Trait(RepositoryKind.INFRASTRUCTURE, tuple(evidence), next(iter(evidence.values()))) if evidence else None


def monorepo(whole: Whole) -> Trait | None:
    """Several packages under one roof."""
    members = {
        posixpath.dirname(path)
        for path in whole.own
        if posixpath.basename(path) in _MANIFESTS and "node_modules/" not in path and "/" in path
    }
    declared = next(_workspaces(whole), "")
    grouped = {folder for folder in members if _FOLDERS.match(f"{folder}/")}
    if (declared and len(members) >= 2) or len(grouped) >= 2:
        evidence = f"{counted(len(members), 'package')}{f' in {declared}' if declared else ''}"
        return Trait(RepositoryKind.MONOREPO, (evidence,), declared)
    return None


def _workspaces(whole: Whole) -> Iterator[str]:
    for path in ("pnpm-workspace.yaml", "lerna.json", "nx.json", "turbo.json", "go.work"):
        if path in whole.tree.paths:
            yield path
    if whole.json("package.json").get("workspaces"):
        yield "package.json"
    if section(whole.toml("Cargo.toml"), "workspace"):
        yield "Cargo.toml"
    if section(whole.toml("pyproject.toml"), "tool", "uv", "workspace"):
        yield "pyproject.toml"


def rest(whole: Whole) -> Trait:
    """Documentation, scripts, or nothing yet."""
    programs = (*whole.code, *whole.scripts)
    pages = [p for p in whole.paths if _PROSE.search(p) and not _FORMALITIES.search(p)]
    site = next((p for p in whole.paths if _SITES.search(p) and whole.text(p).strip()), "")
    if site and len(pages) >= len(whole.code):
        return Trait(RepositoryKind.DOCUMENTATION, (site, counted(len(pages), "page")), site)
    if programs:
        return Trait(
            RepositoryKind.CLI, (f"{counted(len(programs), 'program')} that nothing deploys or publishes",), programs[0]
        )
    if len(pages) >= _ENOUGH:
        return Trait(RepositoryKind.DOCUMENTATION, (counted(len(pages), "page"),), pages[0])
    if whole.tree.unread:
        hidden = f"{counted(len(whole.tree.unread), 'path')} that cannot be read"
        return Trait(RepositoryKind.CLI, (hidden,), whole.paths[0] if whole.paths else "")
    return Trait(RepositoryKind.EMPTY, (f"nothing but {_listed(whole.paths)}",), whole.paths[0] if whole.paths else "")


def _listed(paths: tuple[str, ...]) -> str:
    return listed(sorted(paths, key=lambda p: (p.count("/"), p)), 3) or "no file"
