"""What stands in for a `.env` that is not committed, and for secrets without a value."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seatrial.lab.engine import LabError
from seatrial.lab.standins import Finder, StandIns
from seatrial.system.process import Completed


def compose(
    services: dict[str, Any], variables: dict[str, str], secrets: dict[str, Any] | None = None
) -> Callable[..., Completed]:
    """Answers as Compose does."""

    def call(*words: str) -> Completed:
        if "--variables" in words:
            rows = ["NAME                REQUIRED            DEFAULT VALUE       ALTERNATE VALUE"]
            rows += [f"{name:<20}{'false':<20}{default:<20}" for name, default in variables.items()]
            out = "\n".join(rows)
        else:
            out = json.dumps({"services": services, "secrets": secrets or {}})
        return Completed("docker", 0, out.encode(), b"")

    return call


def find(
    root: Path, services: dict[str, Any] | None = None, given: dict[str, str] | None = None, **variables: str
) -> StandIns:
    scratch = root / "scratch"
    scratch.mkdir()
    finder = Finder(root, scratch, given or {}, lambda name: name.endswith("PASSWORD"))
    return finder.find(compose(services or {}, variables))


def test_an_example_stands_in_for_variables(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("PORT=80\n")
    found = find(tmp_path)
    assert found.env_file == tmp_path / ".env.example"
    assert found.notes == ("variables come from .env.example, because .env is missing",)
    assert not found.made


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DB_PASSWORD=\n")
    (tmp_path / ".env.example").write_text("DB_PASSWORD=\n")
    found = find(tmp_path, {"api": {"env_file": [".env"]}}, DB_PASSWORD="")
    assert found == StandIns()


@pytest.mark.parametrize(
    "line", ["DB_PASSWORD=", "DB_PASSWORD=''", 'export DB_PASSWORD=""', "DB_PASSWORD= # choose one"]
)
def test_a_secret_without_a_value_is_made_up(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env.example").write_text(f"PORT=\n{line}\n")
    found = find(tmp_path, DB_PASSWORD="")
    assert set(found.made) == {"DB_PASSWORD"}
    assert len(found.made["DB_PASSWORD"].reveal()) == 32
    assert found.made["DB_PASSWORD"].reveal() not in repr(found)
    assert found.notes[-1] == "variables without a value were given random ones: DB_PASSWORD"


@pytest.mark.parametrize(
    ("example", "given", "default"),
    [("DB_PASSWORD=x\n", {}, ""), ("", {"DB_PASSWORD": "x"}, ""), ("", {}, "changeme"), ("PORT=\n", {}, "x")],
)
def test_a_secret_with_a_value_is_not(tmp_path: Path, example: str, given: dict[str, str], default: str) -> None:
    (tmp_path / ".env.example").write_text(example)
    assert not find(tmp_path, given=given, DB_PASSWORD=default).made


def test_a_secret_of_the_compose_files_alone_is_made_up_too(tmp_path: Path) -> None:
    assert set(find(tmp_path, DB_PASSWORD="", PORT="").made) == {"DB_PASSWORD"}


def test_an_example_stands_in_for_a_services_file(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "api.env.sample").write_text("DB_PASSWORD=\nPORT=1\n")
    (tmp_path / "there.env").write_text("A=1\n")
    files = [
        {"path": "there.env"},
        {"path": "./config/api.env", "required": True},
        {"path": "no.env", "required": False},
    ]
    found = find(tmp_path, {"api": {"env_file": files}, "web": {"env_file": "there.env"}, "other": {}})
    assert list(found.env_files) == ["api"]
    paths = [str(entry["path"]) for entry in found.env_files["api"]]
    sample, made = str(tmp_path / "config" / "api.env.sample"), str(tmp_path / "scratch" / "variables-api")
    assert paths == [str(tmp_path / "there.env"), sample, str(tmp_path / "no.env"), made]
    assert Path(made).read_text() == f"DB_PASSWORD={found.made['DB_PASSWORD'].reveal()}\n"
    assert Path(made).stat().st_mode & 0o077 == 0
    assert "config/api.env.sample replaces config/api.env, which is missing" in found.notes
    [line] = found.lines("api")
    assert line.startswith("    env_file: !override [{")
    assert list(found.lines("web")) == []


def test_variables_and_services_get_the_same_secret(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("DB_PASSWORD=\n")
    found = find(tmp_path, {"api": {"env_file": ".env"}}, DB_PASSWORD="")
    written = (tmp_path / "scratch" / "variables-api").read_text()
    assert written == f"DB_PASSWORD={found.made['DB_PASSWORD'].reveal()}\n"


@pytest.mark.parametrize("folder", [".envs/.local.example", ".envs.sample/.local", ".envs-dist/.local"])
def test_an_example_of_a_folder_stands_in_for_its_files(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / ".django").write_text("A=1\n")
    found = find(tmp_path, {"api": {"env_file": [".envs/.local/.django"]}})
    assert [str(entry["path"]) for entry in found.env_files["api"]] == [str(tmp_path / folder / ".django")]


def test_a_file_that_nothing_stands_in_for_is_said_with_what_to_do(tmp_path: Path) -> None:
    text = r"^api takes its variables from secrets\.env, which is missing; commit `secrets\.env\.example`"
    with pytest.raises(LabError, match=text):
        find(tmp_path, {"api": {"env_file": ["secrets.env"]}})


def test_a_path_with_a_variable_is_left_to_compose(tmp_path: Path) -> None:
    assert not find(tmp_path, {"api": {"env_file": ["${NAME}.env"]}}).env_files


@pytest.mark.parametrize(
    ("name", "example"),
    [
        (".env.dev", ".env.dev-sample"),
        (".env.dev", ".env.dev.example"),
        (".env.dev", ".env.example.dev"),
        (".env.prod", ".env.prod_template"),
        ("app.env", "app.example.env"),
        ("app.env", "app.env-dist"),
        (".env", ".env-sample"),
        (".env", ".env_example"),
        (".env", "sample.env"),
    ],
)
def test_an_example_is_known_in_every_usual_spelling(tmp_path: Path, name: str, example: str) -> None:
    (tmp_path / example).write_text("PORT=80\n")
    found = find(tmp_path, {"api": {"env_file": [name]}})
    assert found.env_files["api"][0]["path"] == str(tmp_path / example)


def test_another_file_is_no_example(tmp_path: Path) -> None:
    (tmp_path / ".env.prod-sample").write_text("PORT=80\n")
    with pytest.raises(LabError, match=r"\.env\.dev"):
        find(tmp_path, {"api": {"env_file": [".env.dev"]}})


@pytest.mark.parametrize(
    ("written", "given", "made"),
    [("", {}, {"TOKEN"}), ("TOKEN=\n", {}, {"TOKEN"}), ("TOKEN=x\n", {}, set()), ("", {"TOKEN": "x"}, set())],
)
def test_a_secret_of_a_variable_that_nobody_sets_is_made_up(
    tmp_path: Path, written: str, given: dict[str, str], made: set[str]
) -> None:
    (tmp_path / ".env").write_text(written, "utf-8")
    finder = Finder(tmp_path, tmp_path, given, lambda _: False)
    found = finder.find(compose({}, {}, {"token": {"environment": "TOKEN"}, "other": {"file": "x"}, "none": None}))
    assert found.made.keys() == made
