"""Every parser on its samples: what it must find, exactly where, and what it must not."""

from __future__ import annotations

import pytest
import samples_accounts
import samples_applications
import samples_daemons
import samples_tools
from planting import Sample, plant

from seatrial.domain import Confidence
from seatrial.inspectors.secrets import files
from seatrial.inspectors.secrets.files import CredentialFile

SAMPLES = (*samples_accounts.SAMPLES, *samples_tools.SAMPLES, *samples_applications.SAMPLES, *samples_daemons.SAMPLES)
BY_ID: dict[str, CredentialFile] = {parser.id: parser for parser in files.PARSERS}


def _id(sample: Sample) -> str:
    return sample.parser


@pytest.mark.parametrize("sample", SAMPLES, ids=_id)
def test_finds_every_value_at_its_place_and_nothing_else(sample: Sample) -> None:
    planted = plant(sample.bad)
    found = sorted(BY_ID[sample.parser].parse(sample.path, planted.text), key=lambda c: c.start)
    assert [(c.start, c.end) for c in found] == list(planted.spans)
    for credential in found:
        assert credential.rule == f"secrets/{sample.parser}"
        assert credential.value.reveal() == planted.text[credential.start : credential.end]
        assert credential.key == sample.key or (not sample.key and credential.key)
        assert credential.confidence is BY_ID[sample.parser].confidence
        assert credential.value.reveal() not in credential.title


@pytest.mark.parametrize("sample", SAMPLES, ids=_id)
def test_finds_the_same_with_line_ends_of_windows(sample: Sample) -> None:
    planted = plant(sample.bad.replace("\n", "\r\n"))
    found = BY_ID[sample.parser].parse(sample.path, planted.text)
    assert {(c.start, c.end) for c in found} == set(planted.spans)


@pytest.mark.parametrize("sample", SAMPLES, ids=_id)
def test_dispatch_reaches_the_parser(sample: Sample) -> None:
    assert BY_ID[sample.parser] in files.parsers_for(sample.path)
    assert BY_ID[sample.parser].matches(sample.path)


@pytest.mark.parametrize("sample", SAMPLES, ids=_id)
def test_all_parsers_together_agree_on_the_places(sample: Sample) -> None:
    planted = plant(sample.bad)
    found = list(files.credentials(sample.path, planted.text))
    assert {(c.start, c.end) for c in found} >= set(planted.spans)
    assert len(found) == len(planted.spans)


@pytest.mark.parametrize("sample", SAMPLES, ids=_id)
def test_silent_on_the_good_text(sample: Sample) -> None:
    assert [(c.rule, c.start) for c in files.credentials(sample.path, sample.good)] == []


@pytest.mark.parametrize(("parser", "found", "other"), samples_applications.BINARY)
def test_stores_are_found_by_name(parser: str, found: str, other: str) -> None:
    (credential,) = files.credentials(f"deep/{found}", "")
    assert (credential.rule, credential.start, credential.end) == (f"secrets/{parser}", 0, 0)
    assert not list(files.credentials(f"deep/{other}", ""))


def test_every_parser_has_both_samples() -> None:
    covered = {sample.parser for sample in SAMPLES if "«" in sample.bad and sample.good.strip() + " "}
    covered |= {parser for parser, _, _ in samples_applications.BINARY}
    assert covered == set(BY_ID)
    assert len(BY_ID) == len(files.PARSERS), "ids are unique"


@pytest.mark.parametrize("name", [".env.example", "app.env.sample", "env.sh.j2", ".env.dist"])
def test_samples_to_copy_have_low_confidence(name: str) -> None:
    planted = plant("DB_PASSWORD=«pw»\nOTHER_PASSWORD=root\n")
    found = list(files.credentials(name, planted.text))
    assert [(c.start, c.end) for c in found] == list(planted.spans)
    assert {c.confidence for c in found} == {Confidence.LOW}


def test_weak_passwords_are_reported_lower() -> None:
    (weak,) = files.credentials(".env", "DB_PASSWORD=admin123\n")
    (strong,) = files.credentials(".env", plant("DB_PASSWORD=«pw»\n").text)
    assert weak.severity < strong.severity
    assert weak.confidence is Confidence.LOW


def test_a_plain_word_is_a_password_where_the_grammar_says_so() -> None:
    text = "machine h login bob password chapter\n"
    (found,) = files.credentials(".netrc", text)
    assert (found.start, found.confidence) == (text.index("chapter"), Confidence.LOW)
    assert not list(files.credentials("conf/a.ini", "password = chapter\n"))


def test_a_token_given_as_user_is_not_named_in_the_title() -> None:
    planted = plant("https://«alnum:40»:x-oauth-basic@git.corp.io\n")
    (found,) = files.credentials(".git-credentials", planted.text)
    assert [(found.start, found.end)] == list(planted.spans)
    assert found.value.reveal() not in found.title
    planted = plant("https://«alnum:40»:«pw»@git.corp.io\n")
    for found in files.credentials(".git-credentials", planted.text):
        assert planted.text[slice(*planted.spans[0])] not in found.title


@pytest.mark.parametrize("name", ["redis-client.py", "settings.html", "docker-compose.md", "ldap.go", "wp-config.md"])
def test_code_and_prose_are_no_configuration(name: str) -> None:
    assert not [
        parser.id for parser in files.parsers_for(name) if parser.id not in ("javascript-settings", "django-settings")
    ]


@pytest.mark.parametrize(
    "path",
    ["config/locales/es.yml", "res/values-es/strings.xml", "messages_es.properties", "src/i18n/es.json", "pt-BR.json"],
)
def test_labels_in_translations_are_no_passwords(path: str) -> None:
    text = plant('password: «pw»\npassword=«pw»\n{"password": "«pw»"}<a><password>«pw»</password></a>').text
    assert not list(files.credentials(path, text))
    assert list(files.credentials("conf/a.properties", text)), "elsewhere it is one"
