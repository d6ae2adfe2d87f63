"""The inspector from outside: a tree in, three answers out."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from searching import Repository

from seatrial.domain import Answer, Confidence, Finding, Severity, Status
from seatrial.domain.errors import InspectorError
from seatrial.inspectors.path_roles import is_example_path
from seatrial.inspectors.secrets import database, scan
from seatrial.inspectors.secrets.assignment_rules import RULES
from seatrial.inspectors.secrets.engine import PatternEngine
from seatrial.inspectors.secrets.files import PARSERS
from seatrial.inspectors.secrets.formats import FORMATS
from seatrial.inspectors.secrets.inspector import Secrets
from seatrial.inspectors.secrets.model import Format
from seatrial.inspectors.secrets.rules import example
from seatrial.inspectors.secrets.samples import expand
from seatrial.verdict import catalogue

PAT = expand("ghp_{crc62:36}")
PASSWORD = expand("{base62:14}")
TOKENS, FILES, PASSWORDS = Secrets.checks


def answers(repository: Repository, *, jobs: int = 1, **settings: object) -> Mapping[str, Answer]:
    given = list(Secrets().inspect(repository.context(jobs=jobs, **settings)))
    assert [a.check for a in given] == list(Secrets.checks)
    return {a.check: a for a in given}


def only(answer: Answer) -> Finding:
    (finding,) = answer.findings
    return finding


def test_the_catalogue_knows_the_checks() -> None:
    assert set(Secrets.checks) <= set(catalogue.load().by_id)


def test_an_empty_tree_has_nothing_to_ask(folder: Repository) -> None:
    reason = Secrets().applies(folder.context())
    assert reason is not None
    assert reason.status is Status.NA


def test_a_clean_tree_passes(folder: Repository) -> None:
    folder.write("src/app.py", "print('hello')\n")
    folder.write("README.md", "Hello\n")
    for answer in answers(folder).values():
        assert answer.status is Status.PASS
        assert answer.evidence
    assert answers(folder)[TOKENS].evidence.startswith("2 text files, 0.0 MB: ")


def test_each_layer_has_its_answer(folder: Repository) -> None:
    folder.write("src/app.py", f"url = get('{PAT}')\n")
    folder.write("deploy/.netrc", f"machine example.org login ada password {PASSWORD}\n")
    folder.write("src/db.py", f'db_password = "{PASSWORD[::-1]}"\n')
    given = answers(folder)
    assert only(given[TOKENS]).rule == "secrets/github-pat"
    assert only(given[FILES]).rule == "secrets/netrc"
    assert only(given[PASSWORDS]).rule == "secrets/password-assignment"
    assert "1 file of " in given[FILES].evidence


def test_a_finding_says_where_and_what_and_never_the_value(folder: Repository) -> None:
    folder.write("src/app.py", f"import x\n\nurl = get('{PAT}', \"other\")\n")
    finding = only(answers(folder)[TOKENS])
    assert str(finding.location) == "src/app.py:3:12"
    assert finding.location.end_column == 12 + len(PAT)
    assert finding.message == "GitHub personal access token (classic): ghp_****"
    assert finding.anchor == "url = get('****', \"****\")"
    assert "docs.github.com" in finding.remedy
    assert finding.confidence is Confidence.HIGH


def test_a_password_in_a_name_is_not_told_either(folder: Repository) -> None:
    folder.write(".netrc", f"machine example.org login {PASSWORD} password {PASSWORD}\n")
    assert PASSWORD not in only(answers(folder)[FILES]).message


@pytest.mark.parametrize("path", ["tests/test_a.py", "examples/a.py", ".env.example", "src/a.test.js"])
def test_tests_and_documentation_are_less_sure_and_not_hidden(folder: Repository, path: str) -> None:
    folder.write(path, f"db_password='{PASSWORD}'\n")
    assert is_example_path(path)
    [found] = [f for answer in answers(folder).values() for f in answer.findings]
    assert (found.severity, found.confidence) == (Severity.LOW, Confidence.LOW)
    assert found.message.startswith("development only: ")


DATABASE_URL = f"url = 'postgres://app:{PASSWORD}@db.internal:5432/app'\n"
CURL = f"curl -u admin:{PASSWORD} https://db.internal/\n"


@pytest.mark.parametrize("line", [DATABASE_URL, CURL], ids=["url", "curl"])
@pytest.mark.parametrize("path", ["tests/a.py", "examples/a.py", ".env.example", "docs/a.py", "docs/a.md", "README.md"])
def test_a_form_that_people_make_up_is_a_guess_in_tests_and_documents(folder: Repository, path: str, line: str) -> None:
    folder.write("src/a.sh", line)
    folder.write(path, line)
    found = {f.location.path: f for answer in answers(folder).values() for f in answer.findings}
    assert {path: f.confidence for path, f in found.items()} == {"src/a.sh": Confidence.HIGH, path: Confidence.LOW}
    assert found["src/a.sh"].rule == found[path].rule


@pytest.mark.parametrize("path", ["tests/test_a.py", "examples/a.py", ".env.example", "docs/a.py", "compose.dev.yaml"])
def test_a_providers_key_is_what_it_is_wherever_it_is(folder: Repository, path: str) -> None:
    folder.write(path, f"KEY='{PAT}'\n")
    found = only(answers(folder)[TOKENS])
    assert (found.severity, found.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert "development only" not in found.message


def test_a_key_that_a_test_makes_up_is_a_guess(folder: Repository) -> None:
    folder.write("tests/test_a.py", f"KEY='sk_live_{'abcdefghijklmnopqrstuvwx'}'\n")
    assert {f.confidence for f in answers(folder)[TOKENS].findings} <= {Confidence.LOW}


@pytest.mark.parametrize(
    "path", ["src/app.py", ".env", "contest/app.py", "documents.py", "latest/x.yml", "config/docs.py"]
)
def test_other_paths_are_no_examples(path: str) -> None:
    assert not is_example_path(path)


def test_equal_values_are_one_cause_and_others_their_own(folder: Repository) -> None:
    folder.write("a.py", f"call('{PAT}')\n")
    folder.write("b.py", f"x = 1\ncall('{PAT}')\n")
    folder.write(".netrc", f"machine example.org login ada password {PAT}\n")
    folder.write("c.py", f"call('{expand('ghp_{crc62:36}', 'other')}')\n")
    found = [f for a in answers(folder).values() for f in a.findings]
    causes = {f.location.path: f.root for f in found}
    assert causes["a.py"] == causes["b.py"] == causes[".netrc"] != causes["c.py"]
    first = next(f for f in found if f.location.path == ".netrc")
    assert causes["a.py"] == f"{first.rule}:{first.fingerprint}"


def test_two_places_of_one_value_are_enough_for_a_cause(folder: Repository) -> None:
    folder.write("a.py", f"call('{PAT}')\n")
    folder.write("b.py", f"x = 1\ncall('{PAT}')\n")
    folder.write("c.py", f"call('{expand('ghp_{crc62:36}', 'other')}')\n")
    first, second, alone = sorted(answers(folder)[TOKENS].findings, key=lambda f: f.location)
    assert first.cause == second.cause != ""
    assert alone.cause == ""


def test_causes_and_fingerprints_are_the_same_in_every_run(folder: Repository) -> None:
    for name in ("a.py", "b.py"):
        folder.write(name, f"call('{PAT}')\ncall('{PAT}')\n")
    runs = [[(f.fingerprint, f.cause) for f in answers(folder)[TOKENS].findings] for _ in range(2)]
    assert runs[0] == runs[1]
    assert len({fingerprint for fingerprint, _ in runs[0]}) == 4
    assert runs[0][0][1].endswith(runs[0][0][0])


def test_inline_comments_are_respected_and_counted(folder: Repository) -> None:
    ours = "# seatrial: allow secrets/github-pat because it was revoked in May"
    other = "# seatrial: allow secrets/aws-access-key-id because it was revoked in May"
    folder.write("a.py", f"call('{PAT}')  {ours}\ncall('{expand('AKIA{base32:16}')}')  {other}\n")
    answer = answers(folder)[TOKENS]
    assert answer.status is Status.PASS
    assert "2 findings suppressed inline by a comment in the file" in answer.notes
    assert {m.name: m.value for m in answer.measurements}["accepted by a comment"] == 2


@pytest.mark.parametrize(
    "comment",
    [
        "seatrial: allow",
        "seatrial: allow secrets/github-pat",
        "seatrial: allow secrets/github-pat because",
        "seatrial: allow secrets/github-pat because of X",
        "seatrial: allow because it was revoked in May",
        "seatrial: allow secrets/other because it was revoked in May",
        "gitleaks:allow",
        "pragma: allowlist secret",
    ],
)
def test_a_critical_one_needs_the_rule_and_a_reason(folder: Repository, comment: str) -> None:
    folder.write("a.py", f"call('{PAT}')  # {comment}\n")
    assert answers(folder)[TOKENS].status is Status.FAIL
    folder.write("a.py", f"# pragma: allowlist nextline secret\ncall('{PAT}')\n")
    assert answers(folder)[TOKENS].status is Status.FAIL


@pytest.mark.parametrize("comment", ["seatrial: allow", "gitleaks:allow", "pragma: allowlist secret"])
def test_one_of_a_required_check_needs_them_too(folder: Repository, comment: str) -> None:
    folder.write("a.py", f"call('{expand('AKIA{base32:16}')}')  # {comment}\n")
    assert answers(folder)[TOKENS].status is Status.FAIL
    folder.write("a.py", f"password = 'kite-Plum' '-93-harbour'  # {comment}\n")
    assert answers(folder)["secrets/passwords"].status is Status.PASS


def test_binary_files_are_noted(folder: Repository) -> None:
    folder.write("a.bin", b"\0\1\2")
    folder.write("a.py", "x = 1\n")
    assert "1 binary file not searched" in answers(folder)[TOKENS].notes


def test_what_cannot_be_read_lowers_the_share_and_is_named(folder: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.py", "b.py", "c.py", "d.py"):
        folder.write(name, f"call('{PAT}')\n")
    context = folder.context()
    (folder.root / "b.py").unlink()
    (folder.root / "c.py").unlink()
    (folder.root / "c.py").symlink_to("a.py")
    (folder.root / "d.py").unlink()
    os.mkfifo(folder.root / "d.py")
    given = {a.check: a for a in Secrets().inspect(context)}
    assert given[TOKENS].share == Fraction(1, 4)
    notes = " ".join(given[TOKENS].notes)
    assert all(f"not measured: {name}" in notes for name in ("b.py", "c.py", "d.py"))
    assert only(given[TOKENS]).location.path == "a.py"


def test_nothing_readable_is_an_error(folder: Repository) -> None:
    folder.write("a.py", "x")
    context = folder.context()
    (folder.root / "a.py").unlink()
    assert {a.status for a in Secrets().inspect(context)} == {Status.ERROR}


def test_a_file_that_grew_is_read_up_to_its_old_size(folder: Repository) -> None:
    folder.write("a.py", "x = 1\n")
    context = folder.context()
    folder.write("a.py", "x = 1\n" + f"call('{PAT}')\n")
    assert next(iter(Secrets().inspect(context))).status is Status.PASS


def test_history_is_searched_on_request(repository: Repository) -> None:
    repository.write("a.py", f"call('{PAT}')\n")
    leak = repository.commit()
    repository.write("a.py", "clean\n")
    repository.commit()
    assert answers(repository)[TOKENS].status is Status.PASS
    answer = answers(repository, history="all")[TOKENS]
    assert only(answer).commit == leak
    assert "2 commits" in answer.evidence
    assert {m.name: m.value for m in answer.measurements}["commits"] == 2


def test_findings_of_the_history_do_not_renumber_those_of_the_tree(repository: Repository) -> None:
    repository.write("a.py", f"call('{PAT}')\n")
    repository.commit()
    repository.write("a.py", f"x\nx\ncall('{expand('ghp_{crc62:36}', 'other')}')\n")
    repository.commit()
    now = only(answers(repository)[TOKENS])
    both = answers(repository, history="all")[TOKENS].findings
    assert len(both) == 2
    assert now.fingerprint in {f.fingerprint for f in both if not f.commit}


def test_a_range_that_git_does_not_know_is_the_reason(repository: Repository) -> None:
    repository.write("a.py", "x")
    repository.commit()
    given = answers(repository, history="nothing..here")[TOKENS]
    assert given.share == Fraction(1, 2)
    assert "not measured: the history: the history cannot be searched" in given.notes[0]


def test_a_missing_object_costs_the_history_and_not_the_tree(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.py", f"older('{PAT}')\n")
    repository.commit()
    repository.write("a.py", "x")
    repository.write("b.py", f"call('{PAT}')\n")
    repository.commit()
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.root}", str(tmp_path / "partial"))
    partial = Repository.__new__(Repository)
    partial.root, partial.cache = tmp_path / "partial", repository.cache
    given = answers(partial, history="all")[TOKENS]
    assert only(given).location.path == "b.py"
    assert given.share == Fraction(2, 3)
    assert "the history: 1 file version not in this clone" in given.notes[0]


def test_a_token_is_certain_in_documentation_too(folder: Repository) -> None:
    for path in ("docs/guide.md", "README.md"):
        folder.write(path, f"KEY='{PAT}'\n")
    assert {f.confidence for f in answers(folder)[TOKENS].findings} == {Confidence.HIGH}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.zip", b"PK\x03\x04\x14\0\0\0\x08\0\xb7\xac", "archive, not searched"),
        ("a.tgz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "archive, not searched"),
        ("a.bin", b"\0\1\2\3\4\5", "binary, of an unknown kind"),
        ("a.py", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS pointer"),
    ],
)
def test_what_was_not_searched_is_named(folder: Repository, name: str, data: bytes, reason: str) -> None:
    folder.write("b.py", "x = 1\n")
    (folder.root / name).write_bytes(data)
    given = answers(folder)[TOKENS]
    assert given.share == Fraction(1, 2)
    assert f"not measured: {name}: {reason}" in given.notes


@pytest.mark.parametrize(
    ("name", "data"), [("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0"), ("a.pyc", b"\xa7\r\r\n\0\0\0\0\1\2")]
)
def test_pictures_and_compiled_code_are_outside_the_question(folder: Repository, name: str, data: bytes) -> None:
    folder.write("b.py", "x = 1\n")
    (folder.root / name).write_bytes(data)
    assert answers(folder)[TOKENS].share == 1


class TestProcesses:
    """A large tree is shared; the result does not depend on it."""

    @pytest.fixture
    def many(self, folder: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
        monkeypatch.setattr(scan, "WORTH_SHARING", 0)
        monkeypatch.setattr(scan, "_BATCH", 20_000)
        for number in range(40):
            token = expand("ghp_{crc62:36}", str(number % 30))
            folder.write(f"src/{number:02}.py", f"x = 1\ncall('{token}')\n")
        return folder

    def test_the_answers_are_the_same(self, many: Repository) -> None:
        assert answers(many, jobs=3) == answers(many, jobs=1)
        assert len(answers(many, jobs=3)[TOKENS].findings) == 40

    def test_a_process_that_dies_is_an_error_and_no_silence(
        self, many: Repository, engine: PatternEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ours = os.getpid()
        real = scan._search

        def dying(*arguments: object) -> scan.ScanTally:
            if os.getpid() != ours:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(scan, "_search", dying)
        monkeypatch.setattr(scan._WorkerPool, "_take", _patient(scan._WorkerPool._take, ours))
        with pytest.raises(InspectorError, match="ended before its time"):
            answers(many, jobs=2)

    def test_findings_travel(self, many: Repository) -> None:
        given = answers(many)
        assert pickle.loads(pickle.dumps(given)) == given


def _patient(take: object, ours: int) -> object:
    """Leaves work for the others: our own process waits a moment before it begins."""

    def waiting(crew: scan._WorkerPool) -> scan.ScanTally:
        if os.getpid() == ours:
            time.sleep(0.3)
        return take(crew)  # type: ignore[operator, no-any-return]

    return waiting


def test_without_hyperscan_the_answer_says_so(folder: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "hyperscan", None)
    folder.write("a.py", f"call('{PAT}')\n")
    answer = answers(folder)[TOKENS]
    assert only(answer).rule == "secrets/github-pat"
    assert any("hyperscan is not available" in note for note in answer.notes)
    assert Secrets().tools(folder.context()) == ()


def test_every_rule_has_a_page() -> None:
    every = {rule.id: rule.page for rule in Secrets().rules.values()}
    rules = {r.rule for r in FORMATS} | {p.rule for p in PARSERS} | {r.id for r in RULES}
    assert set(every) == rules
    for rule, text in every.items():
        assert text.startswith(f"# {rule}: ")
        for part in ("## What it does\n", "## Why it matters\n", "## How to fix\n", "Source: http"):
            assert part in text


@pytest.mark.parametrize("row", FORMATS[::7], ids=lambda row: row.id)
def test_a_page_shows_the_shape_and_not_the_sample(row: Format) -> None:
    shown = example(row)
    assert "****" in shown
    assert len(shown) < 400
