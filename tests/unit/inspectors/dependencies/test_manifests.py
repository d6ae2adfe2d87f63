"""Manifests and locks of every ecosystem, as their tools write them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.inspectors.base import Context
from seatrial.inspectors.dependencies import reading
from seatrial.inspectors.dependencies.files import READERS, SCRIPT, ManifestParser
from seatrial.inspectors.dependencies.inspector import Dependencies
from seatrial.inspectors.dependencies.model import Listed, Manifest
from seatrial.settings import Settings
from seatrial.system.source import open_tree


def parser(path: str) -> ManifestParser:
    return next(one.parse for one in (*READERS, SCRIPT) if one.files.search(path))


def read(path: str, text: str, **neighbours: str) -> Listed:
    """What a file says; neighbours by their paths (`gradle.properties` cannot be a keyword: use `**{...}`)."""
    return parser(path)(Manifest(path, text, neighbours.get, frozenset(neighbours)))


def packages(path: str, text: str) -> list[tuple[str, str, str, int]]:
    return [(p.ecosystem, p.name, p.version, p.at.line) for p in read(path, text).packages]


SAMPLES: dict[str, tuple[str, list[tuple[str, str, str, int]]]] = {
    "requirements.txt": (
        (
            "-r base.txt\n--index-url https://pypi.example/simple\nrequests[socks]==2.32.0 ; python_version > '3'  # why\n"
            "a==1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\nb===2.0+local\n./local\nc==3.*\ngit+https://x/y.git\n"
        ),
        [("PyPI", "requests", "2.32.0", 3), ("PyPI", "a", "1.0", 4), ("PyPI", "b", "2.0+local", 7)],
    ),
    "requirements/dev.txt": ("pytest==8.0\n", [("PyPI", "pytest", "8.0", 1)]),
    "pyproject.toml": (
        '[project]\nname = "x"\ndependencies = [\n  "a==1.0",\n  "b>=2",\n]\n[tool.poetry.dependencies]\npython = "^3.11"\nc = "1.2.3"\n',
        [("PyPI", "a", "1.0", 4), ("PyPI", "c", "1.2.3", 9)],
    ),
    "poetry.lock": (
        '# made by Poetry\n[[package]]\nname = "a"\nversion = "1.0"\n\n[[package]]\nname = "b"\nversion = "2.0"\n',
        [("PyPI", "a", "1.0", 3), ("PyPI", "b", "2.0", 7)],
    ),
    "uv.lock": (
        (
            'version = 1\n[[package]]\nname = "own"\nversion = "0.1"\nsource = { editable = "." }\n\n[[package]]\nname = "a"\n'
            'version = "1.0"\nsource = { registry = "https://pypi.org/simple" }\n'
        ),
        [("PyPI", "a", "1.0", 8)],
    ),
    "pdm.lock": ('[[package]]\nname = "a"\nversion = "1.0"\n', [("PyPI", "a", "1.0", 2)]),
    "pylock.toml": ('lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\n', [("PyPI", "a", "1.0", 3)]),
    "Pipfile.lock": (
        '{"default": {\n "a": {"version": "==1.0"}},\n "develop": {\n "b": {"version": "==2.0"}, "c": {"git": "x"}}}',
        [("PyPI", "a", "1.0", 2), ("PyPI", "b", "2.0", 4)],
    ),
    "package-lock.json": (
        (
            '{"lockfileVersion": 3, "packages": {\n"": {"name": "x"},\n"node_modules/a": {"version": "1.0.0"},\n'
            '"node_modules/a/node_modules/@s/b": {"version": "2.0.0"},\n"packages/own": {"version": "1.0.0"},\n'
            '"node_modules/own": {"link": true}}}'
        ),
        [("npm", "a", "1.0.0", 3), ("npm", "@s/b", "2.0.0", 4)],
    ),
    "npm-shrinkwrap.json": (
        '{"lockfileVersion": 1, "dependencies": {\n"a": {"version": "1.0.0", "dependencies": {\n"b": {"version": "2.0.0"}}}}}',
        [("npm", "a", "1.0.0", 2), ("npm", "b", "2.0.0", 3)],
    ),
    "yarn.lock": (
        (
            '# yarn lockfile v1\n\n"@s/a@^1.0.0", "@s/a@^1.1.0":\n  version "1.2.3"\n\n"b@npm:^2.0.0":\n  version: 2.0.1\n\n'
            '"own@workspace:.":\n  version: 0.0.0-use.local\n\nalias@npm:real@^3.0.0:\n  version "3.0.0"\n'
        ),
        [("npm", "@s/a", "1.2.3", 3), ("npm", "b", "2.0.1", 6), ("npm", "real", "3.0.0", 12)],
    ),
    "pnpm-lock.yaml": (
        (
            "lockfileVersion: '9.0'\npackages:\n\n  '@s/a@1.0.0':\n    resolution: {}\n  b@2.0.0(react@18.0.0):\n    resolution: {}\n"
            "  /c/3.0.0:\n    resolution: {}\n  /@s/d/4.0.0_x@1.0.0:\n    resolution: {}\n"
        ),
        [("npm", "@s/a", "1.0.0", 4), ("npm", "b", "2.0.0", 6), ("npm", "c", "3.0.0", 8), ("npm", "@s/d", "4.0.0", 10)],
    ),
    "package.json": (
        '{"dependencies": {\n"a": "1.0.0",\n"b": "^2.0.0",\n"c": "file:../c",\n"d": "workspace:*"}}',
        [("npm", "a", "1.0.0", 2)],
    ),
    "go.mod": (
        (
            "module example.com/x\n\ngo 1.24.1\n\nrequire (\n\tgithub.com/a/b v1.2.3\n\tgithub.com/c/d v0.1.0 // indirect\n)\n"
            "require golang.org/x/net v0.1.0\nreplace github.com/c/d => github.com/e/f v0.2.0\n"
        ),
        [
            ("Go", "stdlib", "1.24.1", 3),
            ("Go", "github.com/a/b", "1.2.3", 6),
            ("Go", "golang.org/x/net", "0.1.0", 9),
            ("Go", "github.com/e/f", "0.2.0", 7),
        ],
    ),
    "Cargo.lock": (
        (
            'version = 4\n\n[[package]]\nname = "own"\nversion = "0.1.0"\n\n[[package]]\nname = "a"\nversion = "1.0.0"\n'
            'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
        ),
        [("crates.io", "a", "1.0.0", 8)],
    ),
    "pom.xml": (
        (
            '<?xml version="1.0"?>\n<project>\n<version>3.0</version>\n<properties><a.version>1.5</a.version></properties>\n'
            "<dependencyManagement><dependencies>\n<dependency><groupId>g</groupId><artifactId>m</artifactId>"
            "<version>2.0</version></dependency>\n</dependencies></dependencyManagement>\n<dependencies>\n"
            "<dependency><groupId>g</groupId><artifactId>a</artifactId><version>${a.version}</version></dependency>\n"
            "<dependency><groupId>g</groupId><artifactId>m</artifactId></dependency>\n"
            "<dependency><groupId>g</groupId><artifactId>u</artifactId></dependency>\n</dependencies></project>"
        ),
        [("Maven", "g:m", "2.0", 6), ("Maven", "g:a", "1.5", 9), ("Maven", "g:m", "2.0", 10)],
    ),
    "gradle.lockfile": ("# made\ng:a:1.0=runtimeClasspath\nempty=x\n", [("Maven", "g:a", "1.0", 2)]),
    "Gemfile.lock": (
        (
            "GIT\n  remote: x\n  specs:\n    own (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    rails (7.0.0)\n"
            "      activesupport (= 7.0.0)\n    nokogiri (1.15.0-x86_64-linux)\n\nPLATFORMS\n  ruby\n"
        ),
        [("RubyGems", "rails", "7.0.0", 9), ("RubyGems", "nokogiri", "1.15.0", 11)],
    ),
    "composer.lock": (
        '{"packages": [\n{"name": "a/b", "version": "v1.2.3"}],\n"packages-dev": [{"name": "c/d", "version": "dev-main"}]}',
        [("Packagist", "a/b", "1.2.3", 2)],
    ),
    "packages.lock.json": (
        '{"version": 1, "dependencies": {"net8.0": {\n"A.B": {"type": "Direct", "resolved": "1.0.0"}}}}',
        [("NuGet", "A.B", "1.0.0", 2)],
    ),
    "src/app.csproj": (
        (
            '<Project>\n<ItemGroup>\n<PackageReference Include="A.B" Version="1.2.3" />\n'
            '<PackageReference Include="C" Version="1.*" />\n</ItemGroup></Project>'
        ),
        [("NuGet", "A.B", "1.2.3", 3)],
    ),
    "Pipfile": (
        (
            '[packages]\na = "==1.0"\nb = "*"\nc = {version = "==3.0", extras = ["x"]}\nd = "4.0"\n[dev-packages]\ne = "==5.0"\n'
            '[requires]\npython_version = "3.12"\n'
        ),
        [("PyPI", "a", "1.0", 2), ("PyPI", "c", "3.0", 4), ("PyPI", "e", "5.0", 7)],
    ),
    "setup.cfg": (
        "[options]\ninstall_requires =\n    a==1.0  # why\n    b>=2; python_version < '4'\n[options.extras_require]\nx = c==3.0\n",
        [("PyPI", "a", "1.0", 3), ("PyPI", "c", "3.0", 6)],
    ),
    "setup.py": (
        (
            'from setuptools import setup\nNEEDED = ["a==1.0"]\nsetup(\n  install_requires=NEEDED,\n'
            '  extras_require={"x": ["b==2.0"]},\n  tests_require="c==3.0",\n)\n'
        ),
        [("PyPI", "a", "1.0", 2), ("PyPI", "b", "2.0", 5), ("PyPI", "c", "3.0", 6)],
    ),
    "tools/report.py": (
        '#!/usr/bin/env python\n# /// script\n# dependencies = [\n#   "a==1.0",\n# ]\n# ///\nprint()\n',
        [("PyPI", "a", "1.0", 4)],
    ),
    "environment.yml": (
        "name: x\ndependencies:\n  - python=3.12\n  - conda-forge::numpy=1.26\n  - pip:\n    - a==1.0\n    - -e .\n",
        [("PyPI", "a", "1.0", 6)],
    ),
    "pixi.toml": (
        '[dependencies]\nnumpy = "1.26.*"\n[pypi-dependencies]\na = "==1.0"\n[feature.test.pypi-dependencies]\nb = "==2.0"\n',
        [("PyPI", "a", "1.0", 4), ("PyPI", "b", "2.0", 6)],
    ),
    "pixi.lock": (
        (
            "version: 6\npackages:\n- conda: https://conda.example/noarch/tz-2024a-h0.conda\n- pypi: https://x/a-1.0-py3-none-any.whl\n"
            "  name: a\n  version: '1.0'\n"
        ),
        [("PyPI", "a", "1.0", 4)],
    ),
    "node_modules/a/package.json": (
        '{"name": "a",\n"version": "1.0.0", "dependencies": {"b": "^1.0.0"}}',
        [("npm", "a", "1.0.0", 2)],
    ),
    "bun.lock": (
        (
            '{\n  "lockfileVersion": 1, // a comment\n  "workspaces": {"": {"name": "x"},},\n  "packages": {\n'
            '    "@s/a": ["@s/a@1.0.0", "", {}, "sha512-//=="],\n    "alias": ["real@2.0.0", ""],\n    "own": ["own@workspace:own"],\n  }\n}'
        ),
        [("npm", "@s/a", "1.0.0", 5), ("npm", "real", "2.0.0", 6)],
    ),
    "deno.jsonc": (
        '{"imports": {\n// npm\n"a": "npm:a@1.0.0",\n"b": "npm:@s/b@^2",\n"c": "jsr:@std/c@1.0.0",}}',
        [("npm", "a", "1.0.0", 3)],
    ),
    "deno.lock": (
        '{"version": "5", "npm": {\n"a@1.0.0": {},\n"@s/b@2.0.0_a@1.0.0": {}}, "jsr": {"@std/c@1.0.0": {}}}',
        [("npm", "a", "1.0.0", 2), ("npm", "@s/b", "2.0.0", 3)],
    ),
    "go.work": ("go 1.24\nuse ./missing\n", []),
    "Cargo.toml": (
        (
            '[package]\nname = "own"\n[dependencies]\na = "=1.0.0"\nb = "1.2.3"\nc = { package = "real", version = "=2.0.0" }\n'
            '[target.\'cfg(unix)\'.build-dependencies]\nd = { version = "=3.0.0" }\ne = { path = "../e" }\n'
        ),
        [("crates.io", "a", "1.0.0", 4), ("crates.io", "real", "2.0.0", 6), ("crates.io", "d", "3.0.0", 8)],
    ),
    "gradle/libs.versions.toml": (
        (
            '[versions]\nv = "1.5"\n[libraries]\na = "g:a:1.0"\nb = { group = "g", name = "b", version.ref = "v" }\n'
            'c = { module = "g:c", version = { strictly = "2.0" } }\nd = { module = "g:d" }\n[plugins]\np = { id = "x.y", version = "3.0" }\n'
        ),
        [
            ("Maven", "g:a", "1.0", 4),
            ("Maven", "g:b", "1.5", 5),
            ("Maven", "g:c", "2.0", 6),
            ("Maven", "x.y:x.y.gradle.plugin", "3.0", 9),
        ],
    ),
    "build.gradle": (
        (
            'def v = "1.5"\nplugins {\n  id "x.y" version "3.0"\n}\ndependencies {\n  implementation "g:a:1.0" // why\n'
            "  testImplementation group: 'g', name: 'b', version: '2.0'\n  api \"g:c:$v\"\n  /* api 'g:old:1.0' */\n"
            "  runtimeOnly(project(':own'))\n  implementation libs.d\n}\n"
        ),
        [
            ("Maven", "x.y:x.y.gradle.plugin", "3.0", 3),
            ("Maven", "g:a", "1.0", 6),
            ("Maven", "g:b", "2.0", 7),
            ("Maven", "g:c", "1.5", 8),
        ],
    ),
    "Gemfile": (
        'source "https://rubygems.org"\ngem "a", "1.0"\ngem \'b\', "~> 2.0", require: false\ngem "c", git: "https://x/c"\ngem "d", path: "d"\n',
        [("RubyGems", "a", "1.0", 2)],
    ),
    "x.gemspec": (
        'Gem::Specification.new do |s|\n  s.add_dependency "a", "= 1.0"\n  s.add_development_dependency("b", ">= 2")\nend\n',
        [("RubyGems", "a", "1.0", 2)],
    ),
    "composer.json": (
        '{"require": {"php": ">=8.1", "ext-json": "*",\n"a/b": "1.2.3"}, "require-dev": {\n"c/d": "v2.0.0", "e/f": "^1.0"}}',
        [("Packagist", "a/b", "1.2.3", 2), ("Packagist", "c/d", "2.0.0", 3)],
    ),
    "Directory.Packages.props": (
        '<Project><ItemGroup>\n<PackageVersion Include="A" Version="1.0.0" />\n</ItemGroup></Project>',
        [("NuGet", "A", "1.0.0", 2)],
    ),
    ".config/dotnet-tools.json": (
        '{"version": 1, "tools": {\n"a": {"version": "1.0.0", "commands": ["a"]}}}',
        [("NuGet", "a", "1.0.0", 2)],
    ),
    "paket.lock": (
        "NUGET\n  remote: https://x\n    A (1.0.0)\n      B (>= 1.0)\nGITHUB\n  remote: o/r\n    src/x.fs (abc)\n",
        [("NuGet", "A", "1.0.0", 3)],
    ),
    "packages.config": ('<packages>\n<package id="A" version="1.0.0" /></packages>', [("NuGet", "A", "1.0.0", 2)]),
}


@pytest.mark.parametrize("path", SAMPLES)
def test_names_versions_and_lines(path: str) -> None:
    text, expected = SAMPLES[path]
    assert packages(path, text) == expected


def test_every_parser_has_a_sample() -> None:
    assert {parser(path) for path in SAMPLES} == {one.parse for one in (*READERS, SCRIPT)}


def test_ranges_are_told() -> None:
    assert [(o.name, o.at.line) for o in read("pyproject.toml", SAMPLES["pyproject.toml"][0]).open] == [("b", 5)]
    assert [o.name for o in read("requirements.txt", SAMPLES["requirements.txt"][0]).open] == ["c"]
    assert [o.name for o in read("package.json", SAMPLES["package.json"][0]).open] == ["b"]
    assert [o.name for o in read("src/app.csproj", SAMPLES["src/app.csproj"][0]).open] == ["C"]
    assert [o.name for o in read("pom.xml", SAMPLES["pom.xml"][0]).open] == ["g:u"]


def test_a_line_without_a_hash_among_others_is_told() -> None:
    listed = read("requirements.txt", "a==1.0 --hash=sha256:00\nb==2.0\n")
    assert [p.name for p in listed.unhashed] == ["b"]


def test_what_was_given_up_and_licences_are_read() -> None:
    text = '{"packages": {"node_modules/a": {"version": "1.0.0", "license": "MIT", "deprecated": "use b"}}}'
    [one] = read("package-lock.json", text).packages
    assert (one.licence, one.abandoned) == ("MIT", "use b")
    text = '{"packages": [{"name": "a/b", "version": "1.0.0", "license": ["MIT", "GPL-2.0-only"], "abandoned": "c/d"}]}'
    [one] = read("composer.lock", text).packages
    assert (one.licence, one.abandoned) == ("MIT OR GPL-2.0-only", "use c/d instead")


def test_denied_licences(tmp_path: Path) -> None:
    text = (
        '{"packages": {"node_modules/a": {"version": "1.0.0", "license": "AGPL-3.0-only"},\n'
        '"node_modules/b": {"version": "1.0.0", "license": "(MIT OR AGPL-3.0-only)"}}}'
    )
    (tmp_path / "package-lock.json").write_text(text)
    context = Context(
        open_tree(tmp_path), Settings(osv_url="off"), tmp_path / "cache", denied_licences=("agpl-3.0-only",)
    )
    answers = {a.check: a for a in Dependencies().inspect(context)}
    assert [f.subject for f in answers["dependencies/licences"].findings] == ["a"]


@pytest.mark.parametrize("path", SAMPLES)
@given(cut=st.integers(0, 400), noise=st.text(max_size=20))
def test_broken_files_are_errors_of_one_kind(path: str, cut: int, noise: str) -> None:
    text = SAMPLES[path][0]
    with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
        read(path, text[:cut] + noise + text[cut:])


def test_a_pom_with_a_document_type_is_refused() -> None:
    with pytest.raises(ValueError, match="document type"):
        read("pom.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><project>&a;</project>')


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("poetry.lock", '[[package]]\nname = ""\nversion = "1"\n'),
        ("uv.lock", '[[package]]\nname = "a"\nversion = " "\n'),
        ("Cargo.lock", 'version = 3\n[[package]]\nname = ""\nversion = "1.0.0"\nsource = "registry+https://h"\n'),
        ("composer.lock", '{"packages": [{"name": "", "version": "1.0"}]}'),
        ("packages.lock.json", '{"dependencies": {"net8.0": {"": {"type": "Direct", "resolved": "1.0.0"}}}}'),
    ],
)
def test_an_entry_without_a_name_or_version_is_a_problem_and_no_package(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (listed,) = reading.read(open_tree(tmp_path)).listed
    assert listed.packages == ()
    assert "no name" in listed.problem
