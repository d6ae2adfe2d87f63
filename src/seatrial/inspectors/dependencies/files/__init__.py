"""
The parsers, by the names of their files.

Adding an ecosystem: a module here, an entry in `READERS`; a lock besides an entry in `LOCKS` (workspaces.py). What is
known and not read is in `UNREAD`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from seatrial.inspectors.dependencies.model import Listed, Manifest

from . import (
    conda,
    deno,
    dotnet,
    go,
    gradle,
    java,
    node,
    node_locks,
    php,
    python_locks,
    python_projects,
    python_requirements,
    python_setuptools,
    ruby,
    rust,
)  # fmt: skip
from .unread import UNREAD, Unread

ManifestParser = Callable[[Manifest], Listed]
"""A file to what it says; raises ValueError if it is not what its name says."""


@dataclass(frozen=True, slots=True)
class ManifestFormat:
    """One format."""

    files: re.Pattern[str]
    parse: ManifestParser
    includes: Callable[[Manifest], Iterator[str]] | None = None
    """Other files of the tree that it says are requirements files."""
    applies: Callable[[Manifest], bool] | None = None
    """Whether a file of such a name is of this format at all, where other tools use the name."""
    installed: bool = False
    """Whether it reads files of installed packages (below node_modules)."""


def _reader(
    names: str,
    parse: ManifestParser,
    includes: Callable[[Manifest], Iterator[str]] | None = None,
    applies: Callable[[Manifest], bool] | None = None,
) -> ManifestFormat:
    return ManifestFormat(re.compile(rf"(?:^|/)(?:{names})$"), parse, includes, applies)


REQUIREMENTS = _reader(
    r"(?:[\w.-]*requirements[\w.-]*|requirements/(?:[\w.-]+/)*[\w.-]+|[\w.-]*constraints[\w.-]*)\.(?:txt|in|lock|pip)",
    python_requirements.requirements,
    python_requirements.includes,
)
"""Requirements files by their usual names; those that others include may have any."""
SCRIPT = ManifestFormat(re.compile(r"\.py[w]?$"), python_projects.script)
"""Python files with inline metadata (`python_projects.is_script`)."""

READERS: tuple[ManifestFormat, ...] = (
    REQUIREMENTS,
    _reader(r"(?:poetry|uv|pdm)\.lock", python_locks.toml_lock),
    _reader(r"[\w.-]+\.py\.lock", python_locks.toml_lock),
    _reader(r"pylock(?:\.[^/]+)?\.toml", python_locks.pylock),
    _reader(r"Pipfile\.lock", python_locks.pipfile_lock),
    _reader(r"pyproject\.toml", conda.pyproject_with_pixi, python_projects.dynamic_files),
    _reader(r"Pipfile", python_projects.pipfile),
    _reader(r"setup\.cfg", python_setuptools.setup_cfg, python_setuptools.setup_cfg_files),
    _reader(r"setup\.py", python_setuptools.setup_py),
    _reader(r"(?:[\w.-]*environment[\w.-]*|conda[\w.-]*)\.ya?ml", conda.environment, applies=conda.is_environment),
    _reader(r"pixi\.toml", conda.pixi),
    _reader(r"pixi\.lock", conda.pixi_lock),
    _reader(r"(?:package-lock|npm-shrinkwrap)\.json", node.package_lock),
    _reader(r"yarn\.lock", node_locks.yarn_lock),
    _reader(r"pnpm-lock(?:\.[\w.-]+)?\.yaml", node_locks.pnpm_lock),
    _reader(r"bun\.lock", node_locks.bun_lock),
    ManifestFormat(
        re.compile(r"(?:^|/)node_modules/(?:@[^/]+/)?[^/@]+/package\.json$"), node.installed, installed=True
    ),
    _reader(r"package\.json", node.package_json),
    _reader(r"deno\.jsonc?|import_map\.json", deno.deno_json),
    _reader(r"deno\.lock", deno.deno_lock),
    _reader(r"go\.mod", go.go_mod),
    _reader(r"go\.work", go.go_work),
    _reader(r"Cargo\.lock", rust.cargo_lock),
    _reader(r"Cargo\.toml", rust.cargo_toml),
    _reader(r"pom\.xml", java.pom),
    _reader(r"(?:[\w.-]*gradle)\.lockfile|gradle/dependency-locks/[\w.-]+\.lockfile", gradle.gradle_lock),
    _reader(r"[\w.-]+\.versions\.toml", gradle.catalog),
    _reader(r"[\w.-]+\.gradle(?:\.kts)?", gradle.script),
    _reader(r"(?:Gemfile[\w.-]*|gems)\.(?:lock|locked)", ruby.gemfile_lock),
    _reader(r"Gemfile|gems\.rb", ruby.gemfile),
    _reader(r"[\w.-]+\.gemspec", ruby.gemspec),
    _reader(r"composer\.lock", php.composer_lock),
    _reader(r"composer\.json", php.composer_json),
    _reader(r"packages(?:\.[\w.-]+)?\.lock\.json", dotnet.packages_lock),
    _reader(r"[^/]+\.(?:cs|fs|vb)proj|packages\.config|Directory\.Build\.(?:props|targets)", dotnet.project),
    _reader(r"Directory\.Packages\.props", dotnet.central_versions),
    _reader(r"dotnet-tools\.json", dotnet.tools),
    _reader(r"paket\.lock", dotnet.paket_lock),
)
"""In order; the first that matches a path reads it."""

__all__ = ["READERS", "REQUIREMENTS", "SCRIPT", "UNREAD", "ManifestFormat", "Parser", "Unread"]
