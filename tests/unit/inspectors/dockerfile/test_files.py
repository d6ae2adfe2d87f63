"""Which files are Dockerfiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.inspectors.dockerfile.files import dockerfiles, templates
from seatrial.system.source import open_tree

IMAGE = "# a comment\n\nFROM debian:12 AS x\n"


def found(root: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return dockerfiles(open_tree(root))


@pytest.mark.parametrize(
    "name",
    ["Dockerfile", "dockerfile", "DOCKERFILE", "Dockerfile.prod", "api.Dockerfile", "api.dockerfile",
     "Dockerfile-alpine",
     "Dockerfile_gpu", "Containerfile", "Containerfile.dev", "x.Containerfile", "a/b/Dockerfile", "Dockerfile.py",
     "Dockerfile.go", "Dockerfile.1.2", "Dockerfile.php"],
)  # fmt: skip
def test_files_that_are_dockerfiles(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {name: IMAGE}) == [name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dockerfile.go", "package dockerfile\n"),
        ("dockerfile_test.go", "// FROM a\npackage dockerfile\n"),
        ("dockerfile.ts", "from './x'\n"),
        ("dockerfile.js", "ARG(1)\n"),
        ("dockerfile_parse.py", "from os import path\n"),
        ("dockerfile_parse.py", "from os import (\n"),
        ("dockerfile-parse.py", "# x\nfrom . import path\n"),
        ("dockerfile-security.rego", "package main\n"),
        ("dockerfile.yml", "from: a\n"),
        ("dockerfile.json", "{}\n"),
        ("Dockerfile.md", IMAGE),
        ("Dockerfile.dockerignore", "FROM a\n"),
        ("dockerfile.sql", "from a, b\n"),
        ("dockerfile.go.tmpl", IMAGE),
        ("mydockerfile", IMAGE),
        ("Dockerfiles", IMAGE),
        (".dockerignore", IMAGE),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, text: str) -> None:
    assert found(tmp_path, {name: text}) == []


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("compose.yaml", "services:\n  a:\n    build:\n      context: app\n      dockerfile: image.build\n"),
        ("compose.yaml", "services:\n  a:\n    build:\n      dockerfile: ./image.build\n      context: ./app\n"),
        ("compose.yml", 'services:\n  a:\n    build: {context: "app", dockerfile: "image.build"}\n'),
        (
            "docker-compose.dev.yml",
            "services:\n  a:\n    build:\n      context: .\n      dockerfile: app/image.build\n",
        ),
        ("deploy/compose.yml", "services:\n  a:\n    build:\n      context: ../app\n      dockerfile: image.build\n"),
        ("docker-bake.hcl", 'target "a" {\n  context = "app"\n  dockerfile = "image.build"\n}\n'),
        ("docker-bake.json", '{"target": {"a": {"context": "app", "dockerfile": "image.build"}}}\n'),
        (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n    - with:\n        file: app/image.build\n"),
        (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n    - run: docker build -f app/image.build .\n"),
        ("Makefile", "all:\n\tdocker build --file=app/image.build -t x .\n"),
    ],
)
def test_files_that_a_build_names(tmp_path: Path, by: str, text: str) -> None:
    assert found(tmp_path, {by: text, "app/image.build": IMAGE, "app/other.build": IMAGE}) == ["app/image.build"]


def test_a_named_file_that_holds_something_else_is_none(tmp_path: Path) -> None:
    text = "services:\n  a:\n    build:\n      dockerfile: notes\n"
    assert found(tmp_path, {"compose.yaml": text, "notes": "Some words.\n"}) == []


@pytest.mark.parametrize("name", ["Dockerfile.j2", "Dockerfile.tmpl", "app.Dockerfile.erb", "Dockerfile.in"])
def test_templates(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {name: "FROM {{ base }}\n"}) == []
    assert templates(open_tree(tmp_path)) == [name]


def test_a_template_of_source_is_no_template_of_a_dockerfile(tmp_path: Path) -> None:
    assert found(tmp_path, {"dockerfile.go.tmpl": IMAGE}) == []
    assert templates(open_tree(tmp_path)) == []
