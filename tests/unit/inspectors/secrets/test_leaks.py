"""
Plant secrets of every kind, run the inspector, and look for them in every byte that leaves it.

What leaves it: answers in every form in which they travel (repr, str, pickle), output, logs, warnings, exceptions,
files in the cache and in the temporary directory.
"""

from __future__ import annotations

import base64
import logging
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from searching import Repository

from seatrial.inspectors.secrets import engine as engine_module
from seatrial.inspectors.secrets.engine import PatternEngine
from seatrial.inspectors.secrets.formats import BY_RULE, FORMATS
from seatrial.inspectors.secrets.inspector import Secrets
from seatrial.inspectors.secrets.samples import expand

PASSWORD_KINDS = ("{printable:16}", "{base62:24}", "{hex:32}", "{base64url:43}")


def _passwords() -> Iterator[str]:
    number = 0
    while True:
        yield expand(PASSWORD_KINDS[number % len(PASSWORD_KINDS)], f"planted {number}")
        number += 1


def planted() -> tuple[dict[str, str], list[str]]:
    """Files by path, and the secrets in them; all made at run time."""
    password = _passwords()
    secrets: list[str] = []

    def new() -> str:
        secrets.append(next(password))
        return secrets[-1]

    written: dict[str, str] = {}
    for row in FORMATS[::9]:  # layer 1: some seventy formats, one file each, quoted and bare
        value = expand(row.example, "planted")
        secrets.append(_secret_part(row.id, value))
        written[f"src/{row.id}.txt"] = f"before\nx = '{value}'\n{value}\nafter\n"
    written[".netrc"] = f"machine example.org login ada password {new()}\n"
    written["deploy/.env"] = f"DB_PASSWORD={new()}\nexport API_TOKEN='{new()}'\n# OLD_SECRET={new()}\n"
    written[".pgpass"] = f"db.example.org:5432:app:ada:{new()}\n"
    written["config/database.yml"] = f"production:\n  username: app\n  password: {new()}\n"
    written[".docker/config.json"] = (
        '{"auths": {"registry.example.org": {"auth": "' + base64.b64encode(f"ada:{new()}".encode()).decode() + '"}}}\n'
    )
    written["terraform.tfvars"] = f'db_password = "{new()}"\n'
    written["app/application.properties"] = f"spring.datasource.password={new()}\n"
    written["wp-config.php"] = f"<?php\ndefine( 'DB_PASSWORD', '{new()}' );\n"
    written[".git-credentials"] = f"https://ada:{new()}@git.example.org\n"
    written[".npmrc"] = f"//registry.example.org/:_authToken={new()}\n"
    written["src/db.py"] = f'connect(user="ada", password="{new()}")\nadmin_token = "{new()}"\n'
    written["src/Main.java"] = f'String apiSecret = "{new()}";\n// old password: {new()}\n'
    written["src/app.js"] = f"const cfg = {{ clientSecret: '{new()}', url: 'postgres://app:{new()}@db/app' }};\n"
    written["run.sh"] = f"#!/bin/sh\nmysql -u app -p{new()} app\ncurl -u ada:{new()} https://example.org\n"
    written["dist/app.min.js"] = "f();" * 5000 + f'a={{password:"{new()}"}};' + "g();" * 5000
    written["notes.txt"] = f"login: ada / password: {new()}\n"
    twice = new()
    written["src/Name.java"] = f'String password = "{twice}"; // {twice}\nString user_{1} = "{twice}";\n'
    return written, secrets


def _secret_part(rule: str, value: str) -> str:
    row = BY_RULE[f"secrets/{rule}"]
    match = re.search(row.pattern, value, re.IGNORECASE if row.ignore_case else re.NOFLAG)
    assert match is not None
    return match["secret"]


def clues(secret: str) -> Iterator[bytes]:
    """The secret in every form in which it could leak: whole, each line of it, base64, hex."""
    for part in {secret, *secret.splitlines()}:
        raw = part.strip().encode()
        if len(raw) >= 12:
            yield raw
            yield raw.hex().encode()
            for shift in range(3):  # base64 inside a longer text, whatever its place
                yield base64.b64encode(bytes(shift) + raw)[4 if shift else 0 : -4]


def everything_told(answers: object) -> bytes:
    return b"\n".join((repr(answers).encode(), str(answers).encode(), pickle.dumps(answers, protocol=0)))


def files_below(*roots: Path) -> bytes:
    return b"\n".join(p.read_bytes() + bytes(p) for root in roots for p in root.rglob("*") if p.is_file())


def assert_no_leak(told: bytes, secrets: list[str]) -> None:
    leaked = [n for n, secret in enumerate(secrets) if any(clue in told for clue in clues(secret))]
    assert leaked == [], f"secrets number {leaked} of the list were told"


@pytest.fixture
def told_elsewhere(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Callable[[], bytes]:
    caplog.set_level(logging.DEBUG)

    def text() -> bytes:
        streams = capfd.readouterr()
        return "\n".join((streams.out, streams.err, caplog.text)).encode()

    return text


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_planted_secret_is_told(
    repository: Repository,
    told_elsewhere: Callable[[], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    jobs: int,
) -> None:
    monkeypatch.setattr("seatrial.inspectors.secrets.scan.WORTH_SHARING", 0)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    written, secrets = planted()
    assert len(secrets) >= 80
    for path, text in written.items():
        repository.write(path, text)
    repository.commit()
    for path in written:
        if path.startswith("src/"):
            repository.write(path, "clean\n")
    repository.commit()
    answers = list(Secrets().inspect(repository.context(jobs=jobs, history="all")))

    rules = {f.rule for a in answers for f in a.findings}
    assert len(rules) > 60, "the test is worth nothing if the secrets are not found"
    assert all(a.findings for a in answers)
    told = everything_told(answers) + everything_told([f.fingerprint + f.root for a in answers for f in a.findings])
    assert_no_leak(told, secrets)
    assert_no_leak(told_elsewhere(), secrets)
    assert_no_leak(files_below(repository.cache, tmp_path / "temporary"), secrets)


def test_the_objects_inside_do_not_print_values(engine: PatternEngine) -> None:
    written, secrets = planted()
    told = b""
    for path, text in written.items():
        content, searched = engine.search(path, text.encode())
        told += repr((content, searched, searched.found)).encode() + str(searched).encode()
    assert_no_leak(told, secrets)


def test_an_exception_on_the_way_tells_nothing(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own bug in the middle of the work: the traceback, as Python prints it, holds names of code only."""
    written, secrets = planted()
    for path, text in written.items():
        repository.write(path, text)

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("seatrial.inspectors.secrets.findings._Page._anchor", broken)
    with pytest.raises(RuntimeError) as caught:
        list(Secrets().inspect(repository.context()))
    assert_no_leak("".join(traceback.format_exception(caught.value)).encode(), secrets)


def test_the_kept_automaton_holds_patterns_only(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, secrets = planted()
    few = engine_module.expressions()[:40]
    monkeypatch.setattr(engine_module, "expressions", lambda: few)
    searcher = PatternEngine(engine_module.matchers(tmp_path / "cache"))
    for path, text in written.items():
        searcher.search(path, text.encode())
    assert_no_leak(files_below(tmp_path / "cache"), secrets)


def test_the_detector_detects() -> None:
    """A control: each form of a secret in some larger text is seen."""
    secret = expand("{pem:RSA}")
    middle = secret.splitlines()[3].encode()
    for told in (middle, middle.hex().encode(), base64.b64encode(b"x" + middle + b"yz"), secret.encode()):
        with pytest.raises(AssertionError):
            assert_no_leak(b"before " + told + b" after", [secret])
