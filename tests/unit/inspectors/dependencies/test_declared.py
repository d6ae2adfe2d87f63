"""What of a tree is read: which lock speaks for which manifest, what is included, and what is named as not measured."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from seatrial.domain import Answer, Status
from seatrial.inspectors.base import Context
from seatrial.inspectors.dependencies import reading
from seatrial.inspectors.dependencies.files import READERS, UNREAD
from seatrial.inspectors.dependencies.inspector import Dependencies
from seatrial.inspectors.dependencies.rules import KEPT, PINNED, VULNERABLE
from seatrial.settings import Settings
from seatrial.system.source import open_tree

MEMBER = '{"name": "m", "dependencies": {"flawed": "1.0.0", "known": "^1.0.0"}}'


def tree(root: Path, files: dict[str, str | bytes]) -> reading.DeclaredPackages:
    """What the files in a folder declare."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return reading.read(open_tree(root))


def answers(root: Path, files: dict[str, str | bytes]) -> dict[str, Answer]:
    """The answers about the files in a folder, without any database."""
    tree(root, files)
    context = Context(open_tree(root), Settings(osv_url="off"), root.parent / "cache")
    return {a.check: a for a in Dependencies().inspect(context)}


def said(read: reading.DeclaredPackages) -> set[str]:
    """All that was read: `name 1.0` with a version, `name?` with a range, `name!` from elsewhere."""
    return (
        {f"{p.name} {p.version}" for p in read.packages}
        | {f"{o.name}?" for o in read.open}
        | {f"{u.name}!" for u in read.unmeasured}
    )


def problems(read: reading.DeclaredPackages) -> dict[str, str]:
    return {one.path: one.problem for one in read.listed if one.problem}


NPM_LOCK = '{"lockfileVersion": 3, "packages": {"": {"name": "r"}, "node_modules/known": {"version": "1.2.0"}}}'
PNPM_LOCK = "lockfileVersion: '9.0'\npackages:\n  known@1.2.0:\n    resolution: {}\n"
YARN_LOCK = 'known@^1.0.0:\n  version "1.2.0"\n'
UV_LOCK = 'version = 1\n[[package]]\nname = "known"\nversion = "1.2.0"\nsource = {registry = "x"}\n'
CARGO_LOCK = '[[package]]\nname = "known"\nversion = "1.2.0"\nsource = "registry+x"\n'
PY_MEMBER = '[project]\nname = "m"\ndependencies = ["known>=1"]\n'
RS_MEMBER = '[package]\nname = "m"\n[dependencies]\nknown = "1"\n'


@pytest.mark.parametrize(
    ("files", "member"),
    [
        ({"package.json": '{"workspaces": ["packages/*"]}', "package-lock.json": NPM_LOCK}, "packages/m/package.json"),
        ({"package.json": '{"workspaces": {"packages": ["./p/**"]}}', "yarn.lock": YARN_LOCK}, "p/a/b/package.json"),
        ({"pnpm-workspace.yaml": "packages:\n  - 'apps/*'\n", "pnpm-lock.yaml": PNPM_LOCK}, "apps/m/package.json"),
        ({"pyproject.toml": '[tool.uv.workspace]\nmembers = ["lib/*"]\n', "uv.lock": UV_LOCK}, "lib/m/pyproject.toml"),
        ({"Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n', "Cargo.lock": CARGO_LOCK}, "crates/m/Cargo.toml"),
    ],
)
def test_a_lock_speaks_for_declared_members_only(tmp_path: Path, files: dict[str, str], member: str) -> None:
    text = {"package.json": MEMBER.replace('"flawed": "1.0.0", ', ""), "pyproject.toml": PY_MEMBER}
    body = text.get(member.rpartition("/")[2], RS_MEMBER)
    assert said(tree(tmp_path / "in", {**files, member: body})) == {"known 1.2.0"}
    stranger = f"elsewhere/{member.rpartition('/')[2]}"
    assert said(tree(tmp_path / "out", {**files, stranger: body})) == {"known 1.2.0", "known?"}


@pytest.mark.parametrize("excluded", ['["packages/*", "!packages/m"]', '["packages"]', '["packages/*/x"]', "[]"])
def test_a_folder_that_a_workspace_leaves_out_is_read_by_itself(tmp_path: Path, excluded: str) -> None:
    files = {"package.json": f'{{"workspaces": {excluded}}}', "package-lock.json": NPM_LOCK}
    assert "flawed 1.0.0" in said(tree(tmp_path, {**files, "packages/m/package.json": MEMBER}))


def test_a_lock_speaks_only_for_what_it_names(tmp_path: Path) -> None:
    assert said(tree(tmp_path, {"package.json": MEMBER, "package-lock.json": NPM_LOCK})) == {
        "known 1.2.0", "flawed 1.0.0",
    }  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"{", NPM_LOCK[:60].encode(), b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        b"\0\1\2\3" * 99, b'{"lockfileVersion": 3, "packages": {}}', b"[" * 100_000,
        b'{\n<<<<<<< a\n"packages": {}\n=======\n"packages": {}\n>>>>>>> b\n}\n',
    ],
)  # fmt: skip
def test_a_lock_that_says_nothing_is_named_and_its_manifest_is_read(tmp_path: Path, broken: bytes) -> None:
    read = tree(tmp_path, {"package.json": MEMBER, "package-lock.json": broken})
    assert list(problems(read)) == ["package-lock.json"]
    assert "flawed 1.0.0" in said(read)


@pytest.mark.parametrize("path", ["yarn.lock", "pnpm-lock.yaml", "uv.lock", "Cargo.lock", "Gemfile.lock", "bun.lock"])
def test_a_lone_lock_without_a_package_is_doubted(tmp_path: Path, path: str) -> None:
    text = {
        "bun.lock": '{"packages": {}}',
        "yarn.lock": "# yarn lockfile v1\n",
        "pnpm-lock.yaml": "lockfileVersion: 9\n",
    }
    got = answers(tmp_path / "r", {path: text.get(path, "# nothing\n")})
    assert [got[check].status for check in (PINNED, KEPT, VULNERABLE)] == [Status.ERROR] * 3
    assert path in got[PINNED].reason


def test_an_empty_lock_of_a_project_without_dependencies_is_no_problem(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"package.json": '{"name": "x"}', "yarn.lock": "# yarn lockfile v1\n"}
    assert problems(tree(tmp_path, files)) == {}


def test_includes_are_followed_by_any_name_and_once(tmp_path: Path) -> None:
    read = tree(
        tmp_path,
        {
            "requirements.txt": "-r deps/base.list\n--constraint=deps/pins\n-r requirements.txt\n",
            "deps/base.list": "a==1.0\n-r ../requirements.txt\n-rmore.list\n",
            "deps/more.list": "b==2.0\n",
            "deps/pins": "c==3.0\n",
        },
    )
    assert said(read) == {"a 1.0", "b 2.0", "c 3.0"}


@pytest.mark.parametrize("target", ["../../../etc/passwd", "/etc/passwd", "~/x", "missing.txt", "a/../../x"])
def test_an_include_that_is_not_in_the_tree_is_named(tmp_path: Path, target: str) -> None:
    read = tree(tmp_path, {"requirements.txt": f"a==1.0\n-r {target}\n"})
    assert target in problems(read)["requirements.txt"]
    assert said(read) == {"a 1.0"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("jinja2 @ https://x.example/jinja2-2.10-py2.py3-none-any.whl", "jinja2 2.10"),
        ("https://x.example/jinja2-2.10.tar.gz#sha256=00", "jinja2 2.10"),
        ("./wheels/jinja2-2.10-py3-none-any.whl", "jinja2 2.10"),
        ("jinja2 @ https://x.example/archive/main.zip", "jinja2!"),
        ("git+https://x.example/jinja2.git@v1#egg=jinja2", "jinja2!"),
        ("-e git+ssh://git@x.example/jinja2.git#egg=jinja2", "jinja2!"),
        ("jinja2 @ git+https://x.example/jinja2@2.10", "jinja2!"),
        ("jinja2[i18n] == 2.10 ; python_version < '4'", "jinja2 2.10"),
        ("jinja2==2.*", "jinja2?"),
    ],
)
def test_every_form_of_a_requirement_counts(tmp_path: Path, line: str, expected: str) -> None:
    assert said(tree(tmp_path, {"requirements.txt": line + "\n"})) == {expected}


@pytest.mark.parametrize(
    "text",
    [
        '[dependency-groups]\na = ["x==1.0"]\nb = [{include-group = "a"}, "y>=1"]\n',
        '[project.optional-dependencies]\na = ["x==1.0"]\nb = ["y>=1"]\n',
        '[tool.poetry.dev-dependencies]\nx = "1.0"\ny = "^1"\n',
        '[tool.poetry.group.a.dependencies]\nx = {version = "==1.0", optional = true}\ny = [{version = "^1"}]\n',
        '[tool.pdm.dev-dependencies]\na = ["x==1.0", "y>=1"]\n',
        '[tool.uv]\ndev-dependencies = ["x==1.0", "y"]\n',
        '[tool.hatch.envs.test]\ndependencies = ["x==1.0"]\nextra-dependencies = ["y"]\n',
        '[tool.flit.metadata]\nrequires = ["x==1.0"]\nrequires-extra.a = ["y"]\n',
        '[tool.pixi.pypi-dependencies]\nx = "==1.0"\ny = "*"\n',
    ],
)
def test_every_table_of_a_pyproject_is_read(tmp_path: Path, text: str) -> None:
    assert said(tree(tmp_path, {"pyproject.toml": text})) == {"x 1.0", "y?"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("setup.py", "from setuptools import setup\nsetup(install_requires=open('r').read().split())\n"),
        ("setup.py", "from setuptools import setup\nN = ['a==1']\nN.append(f())\nsetup(install_requires=N)\n"),
        ("pyproject.toml", '[project]\nname = "x"\ndynamic = ["dependencies"]\n'),
        ("pyproject.toml", '[dependency-groups]\na = [{include-group = "missing"}]\n'),
        ("pyproject.toml", "[dependency-groups]\na = [1]\n"),
        ("build.gradle.kts", "dependencies {\n  implementation(computed())\n}\n"),
        ("Gemfile", "gem name, version\n"),
        ("x.py", "# /// script\n# dependencies = ['a==1']\n"),
        ("go.mod", "module x\nrequire nonsense\n"),
        ("yarn.lock", "nonsense\n"),
    ],
)
def test_what_is_computed_or_not_understood_is_named(tmp_path: Path, path: str, text: str) -> None:
    assert list(problems(tree(tmp_path, {path: text}))) == [path]


UNREAD_SAMPLES = {
    "build.sbt": "x", "mix.exs": "defp deps do", "pubspec.yaml": "dependencies:\n", "Podfile": "x",
    "vcpkg.json": '{"dependencies": []}', "bun.lockb": "x", "Package.resolved": "{}", "conanfile.txt": "x",
    "renv.lock": "{}", "Chart.yaml": "dependencies:\n- name: x\n", "x.cabal": "x", "stack.yaml": "x",
    "rebar.config": "x", "ivy.xml": "x", "tox.ini": "[testenv]\ndeps = a\n", "conda-lock.yml": "package: []\n",
    "flake.nix": "{ inputs.nixpkgs.url = 1; }", "dune-project": "(package (depends (a (>= 2))))",
    "main.tf": "terraform { required_providers { aws = {} } }", ".meteor/packages": "a@1.0\n",
    "Gopkg.toml": "[[constraint]]\n", "Puppetfile": "mod 'a'\n", "haxelib.json": '{"dependencies": {"a": ""}}',
    "Brewfile": 'brew "a"\n', "buf.yaml": "deps:\n  - a\n", "config/importmap.rb": 'pin "a"\n',
    "a.csx": '#r "nuget: a, 1.0"\n', "a.main.kts": '@file:DependsOn("a:b:1")\n', "a.groovy": "@Grab('a:b:1')\n",
    "buildout.cfg": "[a]\neggs = b\n", "glide.yaml": "import: []\n", "spago.yaml": "package: {}\n",
}  # fmt: skip
UNREAD_BUT_EMPTY = {
    "main.tf": 'resource "a" "b" {}', "a.csx": "var x = 1;\n", "a.groovy": "println 1\n", "buf.yaml": "version: v1\n",
    "flake.nix": "{ outputs = self: { }; }", "west.yml": "manifest:\n  self: {}\n", "dune-project": "(lang dune 3)",
}  # fmt: skip


@pytest.mark.parametrize("path", UNREAD_BUT_EMPTY)
def test_a_file_that_declares_nothing_is_not_named(tmp_path: Path, path: str) -> None:
    files: dict[str, str | bytes] = {path: UNREAD_BUT_EMPTY[path], "requirements.txt": "a==1.0\n"}
    got = answers(tmp_path / "r", files)[PINNED]
    assert got.share == 1
    assert not any(path in note for note in got.notes)


@pytest.mark.parametrize("path", UNREAD_SAMPLES)
def test_a_manifest_of_a_format_that_is_not_read_is_named(tmp_path: Path, path: str) -> None:
    files: dict[str, str | bytes] = {path: UNREAD_SAMPLES[path], "requirements.txt": "a==1.0\n"}
    got = answers(tmp_path / "r", files)[PINNED]
    assert got.share == Fraction(1, 2)
    assert [path in note for note in got.notes] == [True]


def test_no_file_is_both_read_and_not_read() -> None:
    for path in UNREAD_SAMPLES:
        if path != "conda-lock.yml":  # named by what it holds
            assert not any(one.files.search(path) for one in READERS), path
        assert any(one.files.search(path) for one in UNREAD), path


def test_catalogs_of_pnpm_yarn_and_bun_are_resolved(tmp_path: Path) -> None:
    member = '{"dependencies": {"a": "catalog:", "b": "catalog:old", "c": "catalog:none"}}'
    catalogs = "catalog:\n  a: 1.0.0\ncatalogs:\n  old:\n    b: 2.0.0\n"
    for name in ("pnpm-workspace.yaml", ".yarnrc.yml"):
        assert said(tree(tmp_path / name, {name: catalogs, "p/package.json": member})) == {"a 1.0.0", "b 2.0.0", "c?"}
    root = '{"workspaces": {"packages": [], "catalog": {"a": "1.0.0"}, "catalogs": {"old": {"b": "2.0.0"}}}}'
    files: dict[str, str | bytes] = {"package.json": root, "p/package.json": member}
    assert said(tree(tmp_path / "bun", files)) == {"a 1.0.0", "b 2.0.0", "c?"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("npm:real@1.2.0", {"real 1.2.0"}), ("npm:@s/real@1.2.0", {"@s/real 1.2.0"}), ("npm:real@^1", {"real?"}),
        ("workspace:*", set()), ("file:../x", set()), ("git+https://x/y.git", {"x!"}), ("o/r#main", {"x!"}),
        ("https://registry.example/@s/real/-/real-1.2.0.tgz", {"@s/real 1.2.0"}), ("latest", {"x?"}),
        ("patch:real@npm%3A1.2.0#~/p.patch", {"real 1.2.0"}), ("jsr:@std/x@1", {"x!"}),
    ],
)  # fmt: skip
def test_every_form_of_a_dependency_of_node(tmp_path: Path, wanted: str, expected: set[str]) -> None:
    assert said(tree(tmp_path, {"package.json": f'{{"devDependencies": {{"x": "{wanted}"}}}}'})) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"@s/a@^1.0.0", "@s/a@^1.1.0":\n  "version" "1.2.0"\n', {"@s/a 1.2.0"}),
        ('"x@npm:real@^1.0.0":\n  version "1.2.0"\n', {"real 1.2.0"}),
        ('x@^1:\r\n  version "1.2.0"\r\n', {"x 1.2.0"}),
        ('"x@npm:real@^1":\n  version: 1.2.0\n  resolution: "real@npm:1.2.0"\n', {"real 1.2.0"}),
        ('"x@patch:x@npm%3A1.2.0#~/p":\n  version: 1.2.0\n  resolution: "x@patch:x@npm%3A1.2.0#~/p"\n', {"x 1.2.0"}),
        ('"x@https://github.com/o/x.git":\n  version "1.2.0"\n  resolved "https://github.com/o/x.git#00"\n', {"x!"}),
        ('x@^1:\n  version "1.2.0"\n  resolved "https://r.example/@s/real/-/real-1.2.0.tgz#00"\n', {"@s/real 1.2.0"}),
    ],
)
def test_every_form_of_an_entry_of_a_yarn_lock(tmp_path: Path, text: str, expected: set[str]) -> None:
    assert said(tree(tmp_path, {"yarn.lock": text})) == expected


def test_a_parent_in_the_tree_gives_versions_and_one_outside_is_named(tmp_path: Path) -> None:
    dependency = (
        "<dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>%s</dependency></dependencies>"
    )
    parent = (
        "<project><groupId>o</groupId><artifactId>p</artifactId><version>1</version><properties><v>1.5</v></properties>"
        f"<dependencyManagement>{dependency % '<version>${v}</version>'}</dependencyManagement></project>"
    )
    child = (
        "<project><parent><groupId>o</groupId><artifactId>p</artifactId><version>1</version></parent>"
        f"{dependency % ''}</project>"
    )
    assert said(tree(tmp_path / "in", {"pom.xml": parent, "m/pom.xml": child})) == {"g:a 1.5"}
    assert said(tree(tmp_path / "out", {"m/pom.xml": child})) == {"o:p 1", "g:a!"}


def test_central_versions_and_properties_of_dotnet(tmp_path: Path) -> None:
    central = '<Project><ItemGroup><PackageVersion Include="A" Version="$(V)"/></ItemGroup></Project>'
    read = tree(
        tmp_path,
        {
            "Directory.Packages.props": central,
            "Directory.Build.props": "<Project><PropertyGroup><V>1.0.0</V></PropertyGroup></Project>",
            "src/x.csproj": "<Project><ItemGroup><PackageReference Include='A'/><PackageReference Include='B'>"
            "<Version>2.0.0</Version></PackageReference></ItemGroup></Project>",
        },
    )
    assert said(read) == {"A 1.0.0", "B 2.0.0"}


@pytest.mark.parametrize("path", ["pom.xml", "x.csproj", "packages.config"])
def test_entities_and_depth_of_xml_are_refused(tmp_path: Path, path: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><project>&b;</project>'
    for number, text in enumerate((bomb, "<a>" * 10_000)):
        assert list(problems(tree(tmp_path / str(number), {path: text}))) == [path]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "a = " + "[" * 50_000), ("package.json", '{"a":' * 50_000), ("pnpm-lock.yaml", "[" * 50_000),
        ("bun.lock", "{" + "/*" * 50_000),
        ("pdm.lock", "a." * 50_000 + "a = 1"),
        ("setup.py", "setup(" * 50_000), ("requirements.txt", "a" * 100_000),
        ("build.gradle", "dependencies {\n" + " " * 100_000 + "\n"), ("x.py", "# /// script\n" * 50_000),
    ],
)  # fmt: skip
def test_hostile_files_end_as_named_problems(tmp_path: Path, path: str, text: str) -> None:
    assert list(problems(tree(tmp_path, {path: text}))) == [path]
