"""
Layer 3 as the engine runs it: hyperscan over the bytes, then `scan` at the hits.

What leaks and what does not is in `secret_lines.py`, by language; here every line of it is held to its exact span.
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterator
from itertools import pairwise

import hyperscan
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secret_lines import EXPRESSIONS, LEAKS

from seatrial.domain import Confidence, Severity
from seatrial.inspectors.secrets import assignments
from seatrial.inspectors.secrets.assignments import PREFILTERS, RULES, scan
from seatrial.inspectors.secrets.file_kinds import FileKind, file_kind, holds_labels, is_sample
from seatrial.inspectors.secrets.forms import FORMS
from seatrial.inspectors.secrets.literal_texts import LiteralTexts
from seatrial.inspectors.secrets.model import Credential
from seatrial.inspectors.secrets.sighting import PathContext


@functools.lru_cache(maxsize=1)
def database() -> hyperscan.Database:
    result = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    expressions, flags = zip(*PREFILTERS, strict=True)
    result.compile(
        expressions=[e.encode() for e in expressions],
        ids=list(range(len(flags))),
        elements=len(flags),
        flags=list(flags),
    )
    return result


def hits(text: str) -> list[tuple[int, int]]:
    """Where prefilters matched, and which."""
    data = text.encode("utf-8", "surrogateescape")
    ends: set[tuple[int, int]] = set()
    database().scan(data, match_event_handler=lambda index, _from, to, _flags, _context: ends.add((to, index)))
    return [(len(data[:end].decode("utf-8", "ignore")), index) for end, index in sorted(ends)]


def find(path: str, text: str) -> list[Credential]:
    found = hits(text)
    return list(scan(path, text, [end for end, _ in found], [index for _, index in found]))


def samples() -> Iterator[tuple[str, str]]:
    """One sample per marked value; the lines before it belong to it."""
    for path, text in LEAKS.items():
        sample = ""
        for line in text.strip("\n").splitlines(keepends=True):
            sample += line
            if "«" in line:
                yield path, sample + ("" if line.endswith("\n") else "\n")
                sample = ""


@pytest.mark.parametrize(("path", "sample"), list(samples()))
def test_every_leak_is_found_at_its_place(path: str, sample: str) -> None:
    text = sample.replace("«", "").replace("»", "")
    start, end = sample.index("«"), sample.index("»") - 1
    found = find(path, text)
    assert [(c.start, c.end) for c in found] == [(start, end)]
    assert found[0].value.reveal() == text[start:end]
    tried_all = scan(path, text, [at for at, _ in hits(text)])
    assert [(c.start, c.end) for c in tried_all] == [(start, end)], "the same without knowing which form"


@pytest.mark.parametrize(
    ("path", "line"), [(p, line) for p, t in EXPRESSIONS.items() for line in t.strip("\n").splitlines()]
)
def test_what_is_no_leak_is_not_found(path: str, line: str) -> None:
    assert find(path, line + "\n") == []
    assert list(scan(path, line + "\n", range(len(line) + 1))) == [], "even where the prefilter does not keep it out"


@pytest.mark.parametrize("path", list(LEAKS))
def test_leaks_are_found_in_company_too(path: str) -> None:
    text = LEAKS[path].replace("«", "").replace("»", "")
    assert len(find(path, text)) >= 0.9 * LEAKS[path].count("«")


def test_every_rule_and_form_is_reached_and_described() -> None:
    reached = {c.rule for path, sample in samples() for c in find(path, re.sub("[«»]", "", sample))}
    assert reached == {rule.id for rule in RULES}
    assert len({form.name for form in FORMS}) == len(FORMS) == len(PREFILTERS)
    for rule in RULES:
        assert rule.source.startswith("https://")
        assert str(rule.what).endswith(".")
        assert rule.why.endswith(".")
        assert rule.fix.endswith(".")


def test_a_password_in_code_is_high_and_in_a_test_only_less_sure() -> None:
    line = 'password = "S3cr3t!pass"\n'
    [in_code], [in_test], [in_docs] = find("app/db.py", line), find("tests/test_db.py", line), find("docs/db.py", line)
    assert (in_code.severity, in_code.confidence) == (Severity.HIGH, Confidence.HIGH)
    assert (in_test.severity, in_test.confidence) == (Severity.HIGH, Confidence.LOW)
    assert in_docs.confidence is Confidence.LOW


def test_a_guessable_password_is_medium_and_says_so() -> None:
    [found] = find("docker-compose.yml", "      MYSQL_ROOT_PASSWORD: root\n")
    assert (found.severity, found.confidence) == (Severity.MEDIUM, Confidence.LOW)
    assert "guessed" in found.title
    assert "MYSQL_ROOT_PASSWORD" in found.title


def test_a_hash_is_medium() -> None:
    [found] = find("app/users.py", 'password_hash = "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"\n')
    assert (found.rule, found.severity) == ("secrets/password-hash", Severity.MEDIUM)


def test_a_basic_header_is_judged_by_the_password_in_it() -> None:
    def header(credentials: bytes) -> str:
        return f'h = "Authorization: Basic {base64.b64encode(credentials).decode()}"\n'

    assert [c.rule for c in find("app/api.py", header(b"deploy:h4rb0ur"))] == ["secrets/basic-auth"]
    assert find("app/api.py", header(b"user:${PASSWORD}")) == []
    assert find("app/api.py", header(b"\x80\x81\x82\x83:\x84\x85\x86\x87")) == []
    assert find("app/api.py", header(b"no colon in here")) == []


@pytest.mark.parametrize("path", ["locale/de/app.py", "src/i18n/fr.json", "resources/messages.properties"])
def test_translations_hold_labels(path: str) -> None:
    assert holds_labels(path)
    assert find(path, '"password": "Geheimnis",\npassword=Geheimnis\n') == []


def test_the_title_names_the_user_and_never_the_value() -> None:
    [found] = find("deploy.sh", "curl -u deploy:d0ck-yard https://ci.internal/build\n")
    assert "deploy" in found.title
    assert "d0ck-yard" not in repr(found)


def test_bare_words_are_values_in_configuration_only() -> None:
    line = "password = h4rb0ur\n"
    assert [c.key for c in find("app.ini", line)] == ["password"]
    assert find("app.py", line) == []
    assert find("bin/tool", "#!/usr/bin/env python3\n" + line) == []


def test_a_script_without_extension_is_known_by_its_first_line() -> None:
    assert file_kind("bin/run", "#!/bin/sh") is FileKind.SHELL
    assert file_kind("bin/run", "#!/usr/bin/perl") is FileKind.CODE
    assert file_kind("bin/run") is FileKind.TEXT


@pytest.mark.parametrize(
    "path", ["tests/a.py", "src/test_a.py", "a/b_test.go", "docs/x.rst", "README.md", "examples/a.js", "spec/a_spec.rb"]
)
def test_samples_are_known_by_their_path(path: str) -> None:
    assert is_sample(path)


@pytest.mark.parametrize(
    "path", ["src/app.py", "latest/app.py", "contest/app.py", "protest.py", "doctor/app.py", "inspector.rb"]
)
def test_other_paths_are_no_samples(path: str) -> None:
    assert not is_sample(path)


def test_the_middle_of_a_long_line_is_read() -> None:
    line = "var a=1;" * 20_000 + 'cfg={user:"app",password:"S3cr3t!pass"};' + "b=2;" * 20_000
    [found] = find("dist/app.min.js", line)
    assert found.value.reveal() == "S3cr3t!pass"
    assert line[found.start : found.end] == "S3cr3t!pass"


def test_offsets_count_characters_not_bytes() -> None:
    text = "# Größe ändern, пароль, 日本\n" * 50 + 'password = "S3cr3t!pass"\n'
    [found] = find("app.py", text)
    assert text[found.start : found.end] == "S3cr3t!pass"


_PIECES = st.sampled_from(
    [
        "password",
        "token",
        "=",
        ":",
        "'",
        '"',
        "`",
        "\n",
        " ",
        "hunter2",
        "${X}",
        "://",
        "u:p@h",
        "-p",
        "Basic ",
        "{",
        "}",
        "<",
        ">",
        "</",
        "\\",
        ",",
        "(",
        ")",
        "value",
        "name",
        "ключ",
        "\x00",
        "\udc80",
        "#",
        "|",
        ";",
        "&",
        "a1B2c3D4e5F6g7H8",
    ]
)


@settings(max_examples=200)
@given(
    st.lists(_PIECES | st.text(max_size=8), max_size=60).map("".join),
    st.lists(st.integers(min_value=-5, max_value=1000), max_size=10),
    st.sampled_from(["a.py", "a.yml", "a.sh", "a.md", "a.json", "Dockerfile", "", "locale/a.po"]),
)
def test_any_text_and_any_hits_are_survived(text: str, places: list[int], path: str) -> None:
    found = list(scan(path, text, places))
    assert found == list(scan(path, text, places)), "the same again"
    for before, after in pairwise(found):
        assert before.end <= after.start
    for credential in found:
        assert text[credential.start : credential.end] == credential.value.reveal()
        assert credential.rule in {rule.id for rule in RULES}


@pytest.mark.parametrize(
    "unit",
    [
        'password="',
        "password=",
        "a.b-c.",
        "password: ",
        "{password",
        "<password>",
        "://a:b",
        "mysql -p",
        "curl -u a:",
        '("a",',
        " password is ",
        "-p a ",
        "Basic AAAA",
        "set ",
        '\\"',
        "' ",
        "x",
        "password='a' ",
        'variable "password" {',
    ],
)
@pytest.mark.parametrize("path", ["a.py", "a.yml", "a.sh", "a.txt"])
def test_hostile_lines_are_read_in_short_stretches(monkeypatch: pytest.MonkeyPatch, path: str, unit: str) -> None:
    """What takes its time with a stretch takes it in proportion to the text, however long a line is."""
    read: list[int] = []
    in_window = assignments._in_window

    def counting(place: PathContext, text: str, texts: LiteralTexts, stretch: assignments._Window) -> list[Credential]:
        read.append(stretch.end - stretch.start)
        return in_window(place, text, texts, stretch)

    monkeypatch.setattr(assignments, "_in_window", counting)
    text = unit * (30_000 // len(unit))
    list(scan(path, text, range(0, len(text), 97)))
    assert max(read) <= assignments.LONGEST + assignments.BEFORE + assignments.AFTER
    assert sum(read) < 1.3 * len(text)


@pytest.mark.parametrize(
    "text", ['names=("passwd", "passwd-s3fs", ".passwd-s3fs"),\n', '*("token", "tok3n-9f8a", "key"),\n']
)
def test_a_list_of_names_is_no_assignment(text: str) -> None:
    assert list(scan("src/a.py", text, range(len(text)))) == []
