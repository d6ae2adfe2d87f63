"""Safety as a second source: the real package; its database in a directory, or from a small server that wants a key."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import safety_server
from osv_server import advisory
from osv_server import serving as serving_osv
from safety_server import Service

from seatrial.domain import Answer, Severity, Status
from seatrial.inspectors.base import Context
from seatrial.inspectors.dependencies.inspector import Dependencies
from seatrial.inspectors.dependencies.rules import VULNERABLE
from seatrial.settings import Settings
from seatrial.system.source import open_tree

DAY = 86_400
FILES = {"requirements.txt": "jinja2==3.1.2\ninsecure_package==0.1\nrequests==2.32.0\n"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with safety_server.serving(time.time()) as service:
        monkeypatch.setenv("SAFETY_DATA_API_BASE_URL", service.url)
        monkeypatch.setenv("SAFETY_API_KEY", service.key)
        yield service


def survey(root: Path, files: dict[str, str] = FILES, **settings: Any) -> Answer:
    root.mkdir()
    for name, text in files.items():
        (root / name).write_text(text, "utf-8")
    context = Context(open_tree(root), Settings(**{"osv_url": "off", **settings}), root.parent / "cache")
    return next(a for a in Dependencies().inspect(context) if a.check == VULNERABLE)


def test_its_database_on_disk(tmp_path: Path) -> None:
    database = safety_server.write(tmp_path / "db", time.time() - DAY)
    answer = survey(tmp_path / "r", safety_db=str(database))
    one, other = sorted(answer.findings, key=lambda f: f.rule)
    assert one.rule == "safety/CVE-2025-1"
    assert one.severity is Severity.HIGH
    assert one.message == "jinja2 3.1.2: CVE-2025-1 (SAFETY-70612), CVSS 8.1: Jinja lets a template out of its sandbox."
    assert one.remedy == "upgrade jinja2 to 3.1.6; https://data.safetycli.com/v/70612/97c"
    assert (other.rule, other.severity) == ("safety/SAFETY-25853", Severity.MEDIUM)
    assert answer.share == 1
    assert "Safety looked up 3 of Python's packages" in answer.notes


def test_by_a_key_that_goes_nowhere_else(server: Service, tmp_path: Path) -> None:
    answer = survey(tmp_path / "r")
    assert {f.rule for f in answer.findings} == {"safety/CVE-2025-1", "safety/SAFETY-25853"}
    assert {key for _, key in server.asked} == {server.key}
    assert not any("requests" in path for path, _ in server.asked), "names of packages are not sent"
    [told] = {parse_qs(urlsplit(path).query)["telemetry"][0] for path, _ in server.asked}
    known = {name for name, value in json.loads(told).items() if value}
    assert known == {"safety_version", "safety_source"}, "nor where it runs"
    assert server.key not in repr(answer)


def test_what_both_sources_know_is_told_once(tmp_path: Path) -> None:
    database = safety_server.write(tmp_path / "db", time.time())
    with serving_osv() as osv:
        osv.documents = {"GHSA-1": advisory("GHSA-1", "jinja2", "0", "3.1.6", aliases=["CVE-2025-1"])}
        answer = survey(tmp_path / "r", safety_db=str(database), osv_url=osv.url)
    assert sorted(f.rule for f in answer.findings) == ["osv/CVE-2025-1", "safety/SAFETY-25853"]
    merged = next(f for f in answer.findings if f.rule.startswith("osv/"))
    assert "GHSA-1, SAFETY-70612" in merged.message
    assert merged.severity is Severity.HIGH, "the worse of the two"
    assert answer.share == 1


def test_what_only_one_source_answers_is_measured_by_it(tmp_path: Path) -> None:
    database = safety_server.write(tmp_path / "db", time.time())
    files = FILES | {"Cargo.lock": '[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "registry+x"\n'}
    answer = survey(tmp_path / "r", files, safety_db=str(database), osv_url="http://127.0.0.1:9")
    assert answer.share == Fraction(3, 4)
    assert any("nothing was looked up there" in note for note in answer.notes)


def test_a_server_that_is_away_measures_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFETY_DATA_API_BASE_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("SAFETY_API_KEY", "some-key")
    answer = survey(tmp_path / "r")
    assert answer.status is Status.SKIP
    assert any(note.startswith("Safety's server does not answer") for note in answer.notes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "another"}, "Safety does not accept SAFETY_API_KEY"),
        ({"status": 503}, "Safety has a server that fails"),
        ({"status": 429}, "Safety reached the rate limit of this key"),
        ({"body": b"<html>"}, "Safety has no database there that it can read"),
        ({"body": b'{"meta": {"schema_version": "9"}}'}, "Safety has no database there that it can read"),
        ({"body": b"null"}, "Safety has no database there that it can read"),
    ],
)
def test_a_server_that_refuses_is_an_error(server: Service, tmp_path: Path, change: dict[str, Any], said: str) -> None:
    for name, value in change.items():
        setattr(server, name, value)
    answer = survey(tmp_path / "r")
    assert answer.status is Status.ERROR
    assert answer.reason.startswith(said)
    assert "the-right-key" not in repr(answer)


def test_findings_of_the_one_stay_when_the_other_fails(server: Service, tmp_path: Path) -> None:
    server.key = "another"
    with serving_osv() as osv:
        osv.documents = {"GHSA-1": advisory("GHSA-1", "jinja2", "0", "3.1.6")}
        answer = survey(tmp_path / "r", osv_url=osv.url)
    assert answer.status is Status.ERROR
    assert [f.rule for f in answer.findings] == ["osv/GHSA-1"]


def test_an_old_database_measures_nothing(tmp_path: Path) -> None:
    database = safety_server.write(tmp_path / "db", time.time() - 31 * DAY)
    answer = survey(tmp_path / "r", safety_db=str(database))
    assert answer.status is Status.SKIP
    assert any("31 days old" in note for note in answer.notes)


def test_a_directory_without_a_database_is_an_error(tmp_path: Path) -> None:
    answer = survey(tmp_path / "r", safety_db=str(tmp_path))
    assert answer.status is Status.ERROR
    assert "is not a Safety database" in answer.reason


@pytest.mark.parametrize("by_key", [True, False])
def test_where_safety_is_not_installed_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_key: bool
) -> None:
    database = safety_server.write(tmp_path / "db", time.time())
    monkeypatch.setitem(sys.modules, "safety", None)
    if by_key:
        monkeypatch.setenv("SAFETY_API_KEY", "some-key")
    with serving_osv() as osv:
        osv.documents = {"GHSA-1": advisory("GHSA-1", "jinja2", "0", "3.1.6")}
        answer = survey(tmp_path / "r", osv_url=osv.url, safety_db="" if by_key else str(database))
    assert answer.status is Status.ERROR
    assert answer.reason == "Safety is not installed: install seatrial[safety]"
    assert [f.rule for f in answer.findings] == ["osv/GHSA-1"], "the other source's answers stay"
    settings = Settings(safety_db="" if by_key else str(database))
    tools = Dependencies().tools(Context(open_tree(tmp_path / "r"), settings, tmp_path))
    assert ("safety", "not installed") in [(t.name, t.version) for t in tools]


def test_without_key_and_database_it_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAFETY_API_KEY", raising=False)
    answer = survey(tmp_path / "r")
    assert answer.status is Status.SKIP
    assert not any("Safety" in note for note in answer.notes)


def test_odd_names_and_versions_are_not_taken_for_clean(tmp_path: Path) -> None:
    database = safety_server.write(tmp_path / "db", time.time())
    files = {"requirements.txt": "jinja2==3.1.6\n", "poetry.lock": '[[package]]\nname = "a b; x"\nversion = "1.0"\n'}
    answer = survey(tmp_path / "r", files, safety_db=str(database))
    assert answer.share == Fraction(1, 2)
