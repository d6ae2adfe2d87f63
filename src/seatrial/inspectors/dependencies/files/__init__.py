"""The parsers, by the names of their files. Adding an ecosystem: a module here, an entry in `PARSERS`."""

from __future__ import annotations

import re
from collections.abc import Callable

from seatrial.inspectors.dependencies.model import Listed

from . import dotnet, go, java, node, php, python, ruby, rust

Parser = Callable[[str, str], Listed]
"""Path and text to what the file says; raises ValueError if it is not what its name says."""

PARSERS: tuple[tuple[re.Pattern[str], Parser], ...] = (
    (
        re.compile(r"(?:^|/)(?:[\w.-]*requirements[\w.-]*|requirements/[\w.-]+|constraints[\w.-]*)\.(?:txt|in|lock)$"),
        python.requirements,
    ),
    (re.compile(r"(?:^|/)poetry\.lock$"), python.poetry_lock),
    (re.compile(r"(?:^|/)uv\.lock$"), python.uv_lock),
    (re.compile(r"(?:^|/)(?:pdm|pylock(?:\.[\w-]+)?)\.(?:lock|toml)$"), python.pdm_lock),
    (re.compile(r"(?:^|/)Pipfile\.lock$"), python.pipfile_lock),
    (re.compile(r"(?:^|/)pyproject\.toml$"), python.pyproject),
    (re.compile(r"(?:^|/)(?:package-lock|npm-shrinkwrap)\.json$"), node.package_lock),
    (re.compile(r"(?:^|/)yarn\.lock$"), node.yarn_lock),
    (re.compile(r"(?:^|/)pnpm-lock\.yaml$"), node.pnpm_lock),
    (re.compile(r"(?:^|/)package\.json$"), node.package_json),
    (re.compile(r"(?:^|/)go\.mod$"), go.go_mod),
    (re.compile(r"(?:^|/)Cargo\.lock$"), rust.cargo_lock),
    (re.compile(r"(?:^|/)pom\.xml$"), java.pom),
    (re.compile(r"(?:^|/)(?:gradle|buildscript-gradle)\.lockfile$"), java.gradle_lock),
    (re.compile(r"(?:^|/)Gemfile\.lock$"), ruby.gemfile_lock),
    (re.compile(r"(?:^|/)composer\.lock$"), php.composer_lock),
    (re.compile(r"(?:^|/)packages\.lock\.json$"), dotnet.packages_lock),
    (re.compile(r"\.(?:cs|fs|vb)proj$|(?:^|/)(?:Directory\.Packages\.props|packages\.config)$"), dotnet.project),
)
"""In order; the first that matches a path reads it."""

LOCKS = {
    "pyproject.toml": ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml", "requirements.lock"),
    "package.json": ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"),
}
"""Manifests that are not looked at where one of their locks stands beside them, or above."""
