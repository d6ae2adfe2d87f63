"""What is looked up, and above all what is not: no network, no data and no version are never clean."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from osv_server import Service, advisory, serving, serving_files

from seatrial.domain import Answer, Location, Severity, Status
from seatrial.domain.errors import UsageError
from seatrial.inspectors.base import Context
from seatrial.inspectors.dependencies import advisories, database
from seatrial.inspectors.dependencies.inspector import Dependencies
from seatrial.inspectors.dependencies.model import Package
from seatrial.inspectors.dependencies.osv import Osv, OsvError
from seatrial.inspectors.dependencies.rules import VULNERABLE
from seatrial.settings import Settings
from seatrial.system.source import open_tree

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def osv() -> Iterator[Service]:
    with serving() as service:
        yield service


def package(name: str, version: str, ecosystem: str = "PyPI") -> Package:
    return Package(ecosystem, name, version, Location("requirements.txt", 1, 1))


def survey(root: Path, files: dict[str, str], **settings: Any) -> dict[str, Answer]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    context = Context(open_tree(root), Settings(**settings), root.parent / "cache", denied_licences=("AGPL-3.0-only",))
    return {a.check: a for a in Dependencies().inspect(context)}


def test_a_flaw_is_found_at_its_line_with_what_fixes_it(osv: Service, tmp_path: Path) -> None:
    vector = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
    osv.documents = {
        "GHSA-1": advisory("GHSA-1", "Jinja2", "0", "3.1.6", aliases=["CVE-2025-1"], severity=vector),
        "PYSEC-1": advisory("PYSEC-1", "jinja2", "0", "3.1.6", aliases=["CVE-2025-1"]),
        "GHSA-2": advisory("GHSA-2", "jinja2", "3.1.4"),
    }
    files = {"requirements.txt": "# pinned\nrequests==2.32.0\njinja2==3.1.2\n"}
    answer = survey(tmp_path / "r", files, osv_url=osv.url)[VULNERABLE]
    [finding] = answer.findings
    assert finding.rule == "osv/CVE-2025-1"
    assert finding.severity is Severity.CRITICAL
    assert finding.location == Location("requirements.txt", 3, 1)
    assert finding.remedy.startswith("upgrade jinja2 to 3.1.6")
    assert "GHSA-1, PYSEC-1" in finding.message
    assert "CVSS 9.8" in finding.message
    assert answer.share == 1


def test_one_flaw_of_one_package_is_one_cause_wherever_it_is(osv: Service, tmp_path: Path) -> None:
    osv.documents = {"GHSA-1": advisory("GHSA-1", "jinja2", "0", "3.1.6")}
    files = {"a/requirements.txt": "jinja2==3.1.2\n", "b/requirements.txt": "Jinja2==3.1.2\n"}
    [finding] = survey(tmp_path / "r", files, osv_url=osv.url)[VULNERABLE].findings
    assert [at.path for at in finding.related] == ["b/requirements.txt"]


def test_what_has_no_version_is_not_measured(osv: Service, tmp_path: Path) -> None:
    files = {"requirements.txt": "requests==2.32.0\njinja2>=3\nflask\nclick~=8.0\n"}
    answers = survey(tmp_path / "r", files, osv_url=osv.url)
    assert answers[VULNERABLE].status is Status.PASS
    assert answers[VULNERABLE].share == Fraction(1, 4)
    assert "not measured: click, flask, jinja2: no single version" in answers[VULNERABLE].notes
    [finding] = answers["dependencies/pinned"].findings
    assert finding.message == "version not pinned: jinja2, flask, click"
    assert finding.location.line == 2


def test_a_version_that_cannot_be_compared_is_not_measured(tmp_path: Path) -> None:
    db = exported(tmp_path / "db", advisory("GHSA-1", "flask", "0"))
    files = {"requirements.txt": "flask===1.0-custom-x\nclick==8.0\n"}
    answer = survey(tmp_path / "r", files, vuln_db=str(db))[VULNERABLE]
    assert answer.share == Fraction(1, 2)
    assert "not measured: flask 1.0-custom-x: a version that cannot be compared" in answer.notes


def test_nothing_pinned_is_not_measured_and_no_pass(osv: Service, tmp_path: Path) -> None:
    answer = survey(tmp_path / "r", {"requirements.txt": "flask\n"}, osv_url=osv.url)[VULNERABLE]
    assert answer.status is Status.SKIP
    assert osv.asked == []


def test_a_broken_manifest_is_told_and_not_measured(osv: Service, tmp_path: Path) -> None:
    files = {"requirements.txt": "requests==2.32.0\n", "web/package-lock.json": "{", "poetry.lock": "[[package"}
    answer = survey(tmp_path / "r", files, osv_url=osv.url)[VULNERABLE]
    assert answer.share == Fraction(1, 3)
    assert [n.split(": ")[:3] for n in answer.notes] == [
        ["not measured", "web/package-lock.json", "cannot be read"],
        ["not measured", "poetry.lock", "cannot be read"],
    ]


@pytest.mark.parametrize(
    ("failures", "said"),
    [
        ([(500, "", b"")] * 4, "OSV answered 500, also when asked again"),
        ([(429, "3600", b"")], "OSV answered 429, also when asked again"),
        ([(404, "", b"")], "OSV answered 404"),
        ([(302, "", b"")], "OSV answered 302"),
        ([(200, "", b"<html>")], "not JSON"),
        ([(200, "", b"[]")], "not a JSON object"),
        ([(200, "", b"{}")], "other packages than it was asked about"),
        ([(200, "", b'{"results": []}')], "other packages than it was asked about"),
        ([(200, "", b'{"results": [{"vulns": [{"id": "../../x"}]}]}')], "returned a malformed advisory id"),
    ],
)
def test_a_service_that_fails_is_not_clean(
    osv: Service, tmp_path: Path, failures: list[tuple[int, str, bytes]], said: str
) -> None:
    osv.failures = failures
    with pytest.raises(OsvError, match=said):
        Osv(osv.url, tmp_path, sleep=lambda _: None).ask([package("flask", "1.0")])


def test_an_unreachable_service_is_not_measured_and_no_pass(tmp_path: Path) -> None:
    files = {"requirements.txt": "requests==2.32.0\n"}
    answers = survey(tmp_path / "r", files, osv_url="http://127.0.0.1:9")
    assert answers[VULNERABLE].status is Status.SKIP
    assert "cannot be reached" in answers[VULNERABLE].reason
    assert "--vuln-db" in answers[VULNERABLE].reason
    assert answers["dependencies/pinned"].status is Status.PASS


def test_turned_off_it_asks_nobody_and_measures_nothing(tmp_path: Path) -> None:
    answer = survey(tmp_path / "r", {"requirements.txt": "requests==2.32.0\n"}, osv_url="off")[VULNERABLE]
    assert answer.status is Status.SKIP
    assert "osv_url` is off" in answer.reason


def test_it_is_patient_and_reads_every_page(osv: Service, tmp_path: Path) -> None:
    osv.documents = {f"GHSA-{n}": advisory(f"GHSA-{n}", "flask", "0", "9") for n in range(7)}
    osv.page, osv.failures = 3, [(503, "1", b""), (429, "", b"")]
    waits: list[float] = []
    [found] = Osv(osv.url, tmp_path, sleep=waits.append).ask([package("flask", "1.0")]).values()
    assert len(found) == 7
    assert waits == [1.0, 1.0]
    assert [len(b["queries"]) for b in osv.bodies] == [1, 1, 1, 1, 1]


def test_an_advisory_is_fetched_once_and_again_when_it_changed(osv: Service, tmp_path: Path) -> None:
    osv.documents = {"GHSA-1": advisory("GHSA-1", "flask", "0", "2")}
    asked = [package("flask", "1.0")]
    for _ in range(2):
        assert Osv(osv.url, tmp_path).ask(asked)[asked[0]][0]["summary"] == "flaw GHSA-1"
    assert sum("/vulns/" in path for path in osv.asked) == 1
    osv.documents["GHSA-1"] |= {"modified": "2026-02-02T00:00:00Z", "summary": "worse"}
    assert Osv(osv.url, tmp_path).ask(asked)[asked[0]][0]["summary"] == "worse"
    assert sum("/vulns/" in path for path in osv.asked) == 2


def exported(path: Path, *documents: dict[str, Any], fetched: dt.datetime | None = NOW) -> Path:
    path.mkdir(parents=True)
    by_ecosystem: dict[str, list[dict[str, Any]]] = {}
    for one in documents:
        by_ecosystem.setdefault(one["affected"][0]["package"]["ecosystem"], []).append(one)
    for ecosystem, some in by_ecosystem.items():
        with zipfile.ZipFile(path / f"{ecosystem}.zip", "w") as archive:
            for one in some:
                archive.writestr(f"{one['id']}.json", json.dumps(one))
    if fetched:
        (path / "fetched.json").write_text(json.dumps({"fetched": fetched.isoformat()}))
    return path


def test_a_database_on_disk_needs_nobody(tmp_path: Path) -> None:
    db = exported(tmp_path / "db", advisory("GHSA-1", "Flask_App", "0", "2.0"), advisory("GHSA-2", "other", "0"))
    files = {"requirements.txt": "flask-app==1.0\nclean==1.0\n"}
    answer = survey(tmp_path / "r", files, vuln_db=str(db), osv_url="http://127.0.0.1:9")[VULNERABLE]
    assert [f.rule for f in answer.findings] == ["osv/GHSA-1"]
    assert answer.share == 1
    for as_zip in (db / "PyPI.zip",):
        answer = survey(tmp_path / "r", files, vuln_db=str(as_zip))[VULNERABLE]
        assert [f.rule for f in answer.findings] == ["osv/GHSA-1"]


def test_an_old_database_measures_nothing(tmp_path: Path) -> None:
    db = exported(tmp_path / "db", advisory("GHSA-1", "x", "0"), fetched=NOW - dt.timedelta(days=31))
    answer = survey(tmp_path / "r", {"requirements.txt": "flask==1.0\n"}, vuln_db=str(db))[VULNERABLE]
    assert answer.status is Status.SKIP
    assert "31 days old" in answer.reason


def test_an_ecosystem_without_data_is_not_measured(tmp_path: Path) -> None:
    db = exported(tmp_path / "db", advisory("GHSA-1", "x", "0"))
    files = {"requirements.txt": "flask==1.0\n", "go.mod": "module x\n\nrequire example.com/m v1.2.3\n"}
    answer = survey(tmp_path / "r", files, vuln_db=str(db))[VULNERABLE]
    assert answer.share == Fraction(1, 2)
    assert "has nothing of Go: not measured" in " ".join(answer.notes)


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "missing"):
        answer = survey(tmp_path / "r", {"requirements.txt": "flask==1.0\n"}, vuln_db=str(path))[VULNERABLE]
        assert answer.status is Status.ERROR
        assert "is not an OSV database" in answer.reason
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and nothing more")
    answer = survey(tmp_path / "r", {"requirements.txt": "flask==1.0\n"}, vuln_db=str(tmp_path / "broken.zip"))[
        VULNERABLE
    ]
    assert "is broken; fetch it again" in answer.reason


def test_what_is_too_large_in_a_database_is_told_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = exported(tmp_path / "db", advisory("GHSA-1", "flask", "0"))
    for limit in ("_ENTRY_LIMIT", "_COUNT_LIMIT"):
        with monkeypatch.context() as patched:
            patched.setattr(database, limit, 0)
            answer = survey(tmp_path / "r", {"requirements.txt": "flask==1.0\n"}, vuln_db=str(db))[VULNERABLE]
        assert answer.status is Status.ERROR
        assert "not read" in answer.reason


def test_an_update_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    db = exported(tmp_path / "db", advisory("GHSA-1", "x", "0"))
    before = (db / "PyPI.zip").read_bytes()
    with pytest.raises(UsageError, match="could not be fetched"):
        database.update(db, ("PyPI",), lambda _: None, source="http://127.0.0.1:9")
    with pytest.raises(UsageError, match="there is no ecosystem"):
        database.update(db, ("Pypi",), lambda _: None)
    assert (db / "PyPI.zip").read_bytes() == before
    assert not list(db.glob("*.part"))


@pytest.mark.parametrize(
    ("ecosystem", "version", "introduced", "fixed", "hit"),
    [
        ("PyPI", "1.0rc1", "0", "1.0", True),
        ("PyPI", "1.0.post1", "0", "1.0", False),
        ("PyPI", "2.0", "2.0", "", True),
        ("npm", "1.2.3-beta.1", "1.2.3", "", False),
        ("npm", "4.17.20", "0", "4.17.21", True),
        ("Maven", "2.14.1", "2.0-beta9", "2.15.0", True),
        ("Maven", "2.15.0", "2.0-beta9", "2.15.0", False),
        ("Go", "0.0.0-20190308221718-c2843e01d9a2", "0", "0.0.0-20200220183623-bac4c82f6975", True),
        ("RubyGems", "6.0.3.1", "6.0.0", "6.0.3.2", True),
        ("Packagist", "5.4.0", "5.0.0", "5.4.1", True),
        ("NuGet", "12.0.3", "0", "13.0.1", True),
        ("crates.io", "0.2.22", "0", "0.2.23", True),
    ],
)
def test_versions_are_compared_as_their_ecosystem_does(
    ecosystem: str, version: str, introduced: str, fixed: str, hit: bool
) -> None:
    document = advisory("X-1", "some", introduced, fixed, ecosystem=ecosystem)
    assert (advisories.of(document, package("some", version, ecosystem)) is not None) is hit


def test_a_withdrawn_advisory_and_one_of_another_package_say_nothing() -> None:
    document = advisory("X-1", "some", "0")
    assert advisories.of({**document, "withdrawn": "2026-01-01T00:00:00Z"}, package("some", "1")) is None
    assert advisories.of(document, package("other", "1")) is None
    assert advisories.of(document, package("some", "1", "npm")) is None
    assert advisories.of({**document, "id": "MAL-2026-1"}, package("some", "1")).severity is Severity.CRITICAL  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="not an OSV advisory"):
        advisories.of({"affected": [{"package": "x"}]}, package("some", "1"))


@pytest.mark.parametrize(
    ("version", "hit"), [("0.9", False), ("1.0", True), ("1.4", True), ("1.5", True), ("1.6", False)]
)
def test_the_last_affected_version_is_affected(version: str, hit: bool) -> None:
    document = advisory("X-1", "some", "1.0")
    document["affected"][0]["ranges"][0]["events"] = [{"introduced": "1.0"}, {"last_affected": "1.5"}]
    document["affected"][0].pop("versions", None)
    assert (advisories.of(document, package("some", version)) is not None) is hit


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5),
        ("7.1", 7.1),
        ("nonsense", None),
        ("CVSS:3.1/AV:N", None),
    ],
)
def test_scores_are_those_of_the_vectors(vector: str, score: float | None) -> None:
    assert advisories.cvss_score(vector) == score


def test_aliases_are_merged_through_others() -> None:
    def one(identity: str, *aliases: str) -> advisories.Advisory:
        return advisories.Advisory(identity, frozenset({identity, *aliases}), "", None, ())

    merged = advisories.merged(
        [one("GHSA-1", "CVE-1"), one("PYSEC-1", "CVE-2"), one("X-1", "CVE-1", "CVE-2"), one("Y")]
    )
    assert [m.id for m in merged] == ["CVE-1", "Y"]


def test_an_update_fetches_notes_the_time_and_can_be_used(tmp_path: Path) -> None:
    export = exported(tmp_path / "export" / "PyPI", advisory("GHSA-1", "flask", "0", "2.0"), fetched=None)
    (export / "PyPI.zip").rename(export / "all.zip")
    with serving_files(tmp_path / "export") as url:
        said: list[str] = []
        database.update(tmp_path / "db", ("PyPI",), said.append, source=url)
    assert said == ["fetching PyPI"]
    assert database.Database(tmp_path / "db").age(NOW) < 1
    answer = survey(tmp_path / "r", {"requirements.txt": "flask==1.0\n"}, vuln_db=str(tmp_path / "db"))[VULNERABLE]
    assert [f.rule for f in answer.findings] == ["osv/GHSA-1"]
