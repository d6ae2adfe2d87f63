"""What a repository is taken for."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.domain.kinds import Identity, RepositoryKind
from seatrial.inspectors.identity import recognise
from seatrial.inspectors.whole import Whole
from seatrial.system.source import open_tree

PYTHON = "[build-system]\nrequires = ['hatchling']\n[project]\nname = 'x'\n"
PUBLISHED = PYTHON + "classifiers = ['Typing :: Typed']\n"
SERVICES = "services:\n  api: {build: .}\n  db: {image: 'postgres:17'}\n"
MANIFEST = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n"
    "spec: {template: {spec: {containers: [{name: a, image: 'a:1'}]}}}\n"
)
SERVER = "import uvicorn\nuvicorn.run('app:app')\n"
GO_SERVER = "package main\nfunc main() { http.ListenAndServe(a, b) }\n"

CASES: dict[str, tuple[dict[str, str], set[RepositoryKind]]] = {
    "compose": ({"compose.yaml": SERVICES, "app.py": "x = 1\n"}, {RepositoryKind.SERVICE}),
    "image": ({"Dockerfile": "FROM debian\n", "app.py": "x = 1\n"}, {RepositoryKind.SERVICE}),
    "kubernetes": ({"k8s/api.yaml": MANIFEST}, {RepositoryKind.SERVICE}),
    "chart": ({"chart/Chart.yaml": "apiVersion: v2\nname: x\n"}, {RepositoryKind.SERVICE}),
    "platform": ({"Procfile": "web: gunicorn app\n", "app.py": "x = 1\n"}, {RepositoryKind.SERVICE}),
    "code of a server": ({"app.py": SERVER, "requirements.txt": "uvicorn\n"}, {RepositoryKind.SERVICE}),
    "server with a manifest": ({"pyproject.toml": PYTHON, "x/app.py": SERVER}, {RepositoryKind.SERVICE}),
    "go server": ({"go.mod": "module x\n", "main.go": GO_SERVER}, {RepositoryKind.SERVICE}),
    "express": (
        {"package.json": '{"name": "x", "main": "i.js", "scripts": {"start": "node i.js"}}', "i.js": "app.listen(80)"},
        {RepositoryKind.SERVICE},
    ),
    "web application": (
        {"package.json": '{"private": true, "name": "x", "scripts": {"build": "b"}, "devDependencies": {"vite": "1"}}'},
        {RepositoryKind.SERVICE},
    ),
    "spring": ({"pom.xml": "<project/>", "src/A.java": "@SpringBootApplication class A {}"}, {RepositoryKind.SERVICE}),
    "library": ({"pyproject.toml": PYTHON, "src/x/__init__.py": "x = 1\n"}, {RepositoryKind.LIBRARY}),
    "library with a store for its tests": (
        {"pyproject.toml": PUBLISHED, "x.py": "x = 1\n", "compose.yaml": "services: {db: {image: postgres}}\n"},
        {RepositoryKind.LIBRARY},
    ),
    "library that holds a server": ({"pyproject.toml": PUBLISHED, "x/run.py": SERVER}, {RepositoryKind.LIBRARY}),
    "library with a development container": (
        {"pyproject.toml": PUBLISHED, "x.py": "x = 1\n", ".devcontainer/Dockerfile": "FROM x\nEXPOSE 1\n"},
        {RepositoryKind.LIBRARY},
    ),
    "library with an example": (
        {"package.json": '{"name": "x", "exports": "./i.js"}', "i.js": "1", "examples/compose.yaml": SERVICES},
        {RepositoryKind.LIBRARY},
    ),
    "go library": ({"go.mod": "module x\n", "x.go": "package x\n"}, {RepositoryKind.LIBRARY}),
    "crate": ({"Cargo.toml": "[package]\nname = 'x'\n", "src/lib.rs": "pub fn x() {}"}, {RepositoryKind.LIBRARY}),
    "published service": ({"pyproject.toml": PUBLISHED, "x.py": "x = 1\n", "compose.yaml": SERVICES}, {
        RepositoryKind.SERVICE, RepositoryKind.LIBRARY,
    }),
    "tool": ({"pyproject.toml": PYTHON + "[project.scripts]\nx = 'x:main'\n", "x.py": "1\n"}, {RepositoryKind.CLI}),
    "npm tool": ({"package.json": '{"name": "x", "bin": "x.js"}', "x.js": "1"}, {RepositoryKind.CLI}),
    "released tool with an image": (
        {"go.mod": "module x\n", "m.go": "package main\n", ".goreleaser.yml": "version: 2\n", "Dockerfile": "FROM x\n"},
        {RepositoryKind.CLI},
    ),
    "scripts": ({"backup.sh": "#!/bin/sh\nrsync a b\n"}, {RepositoryKind.CLI}),
    "action": ({"action.yml": "name: x\nruns: {using: node24, main: i.js}\n", "i.js": "1"}, {RepositoryKind.ACTION}),
    "action with an image": (
        {"action.yml": "runs: {using: docker, image: Dockerfile}\n", "Dockerfile": "FROM x\n", "e.sh": "#!/bin/sh\n"},
        {RepositoryKind.ACTION},
    ),
    "terraform": ({"main.tf": 'resource "a_b" "c" {}\n'}, {RepositoryKind.INFRASTRUCTURE}),
    "ansible": ({"site.yml": "- hosts: all\n  roles: [a]\n"}, {RepositoryKind.INFRASTRUCTURE}),
    "site": ({"mkdocs.yml": "site_name: x\n", "docs/a.md": "a", "docs/b.md": "b"}, {RepositoryKind.DOCUMENTATION}),
    "pages": ({f"{n}.md": "text" for n in "abc"}, {RepositoryKind.DOCUMENTATION}),
    "empty": ({"README.md": "# x\n", "x/__init__.py": ""}, {RepositoryKind.EMPTY}),
    "monorepo": (
        {
            "package.json": '{"name": "r", "private": true, "workspaces": ["packages/*"]}',
            "packages/a/package.json": '{"name": "a", "exports": "."}',
            "packages/b/package.json": '{"name": "b", "private": true}',
            "packages/a/i.js": "1",
        },
        {RepositoryKind.LIBRARY, RepositoryKind.MONOREPO},
    ),
}  # fmt: skip


def told(root: Path, files: dict[str, str], declared: tuple[RepositoryKind, ...] = ()) -> Identity:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return recognise(Whole(open_tree(root)), declared)


@pytest.mark.parametrize("case", CASES)
def test_a_repository_is_told_for_what_it_is(case: str, tmp_path: Path) -> None:
    files, kinds = CASES[case]
    found = told(tmp_path, files)
    assert found.kinds == kinds, found.sentence
    assert all(trait.evidence for trait in found.traits)


def test_the_sentence_names_the_evidence(tmp_path: Path) -> None:
    files = {"compose.yaml": SERVICES, "Dockerfile": "FROM debian\n"}
    assert told(tmp_path, files).sentence == "a deployable service: compose.yaml with 2 services, Dockerfile"


def test_the_owner_overrules_us(tmp_path: Path) -> None:
    found = told(tmp_path, {"compose.yaml": SERVICES}, (RepositoryKind.LIBRARY,))
    assert found.kinds == {RepositoryKind.LIBRARY}
    assert "`kind` says so" in found.sentence


@pytest.mark.parametrize("text", ["{", "[]", "nul", '{"workspaces": 7}', '{"scripts": [1]}', '{"name": {"a": 1}}'])
def test_malformed_manifests_are_no_reason_to_fail(text: str, tmp_path: Path) -> None:
    files = {"package.json": text, "pyproject.toml": text, "Cargo.toml": text, "compose.yaml": text, "a.py": "x = 1\n"}
    assert told(tmp_path, files).kinds


def test_a_compose_file_that_cannot_be_read_is_still_a_service(tmp_path: Path) -> None:
    assert RepositoryKind.SERVICE in told(tmp_path, {"compose.yaml": "services: [", "a.py": "x = 1\n"}).kinds
