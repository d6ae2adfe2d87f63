"""The gates before the parsers of everyday files save time and cost no finding."""

from __future__ import annotations

from pathlib import Path

import pytest
import samples_accounts
import samples_applications
import samples_daemons
import samples_tools
from planting import Sample, plant

from seatrial.inspectors.secrets import database, gates
from seatrial.inspectors.secrets.files import PARSERS, parsers_for
from seatrial.inspectors.secrets.gates import GATES, Gates
from seatrial.inspectors.secrets.samples import expand


@pytest.fixture(scope="session")
def gate(patterns_cache: Path) -> Gates:
    made = gates.load(patterns_cache)
    assert made is not None
    return made


SAMPLES = (*samples_accounts.SAMPLES, *samples_applications.SAMPLES, *samples_tools.SAMPLES, *samples_daemons.SAMPLES)


def shut_out(gate: Gates, path: str, text: str) -> list[str]:
    """Parsers that find something in a file that their gate keeps them from."""
    passed = gate.passed(parsers_for(path), text.encode())
    return [p.id for p in parsers_for(path) if p not in passed and list(p.parse(path, text))]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.parser}-{sample.path}")
def test_on_every_sample(gate: Gates, sample: Sample) -> None:
    text = plant(sample.bad).text
    for path in (sample.path, "app/values.json", "deploy/values.yaml", "x.yml"):
        assert shut_out(gate, path, text) == []


@pytest.mark.parametrize(
    "template",
    ['{{"{}": "{}"}}', "{}: {}\n", "x:\n  - name: {}\n    value: {}\n", "- {}={}\n", '{{"name": "{}", "value": "{}"}}'],
)
@pytest.mark.parametrize(
    "name", ["password", "DB_PASSWORD", "api_key", "clientSecret", "auth_token", "senha", "pgpass"]
)
def test_on_every_way_to_write_a_value(gate: Gates, template: str, name: str) -> None:
    text = template.format(name, expand("{base62:20}"))
    for path in ("app/values.json", "deploy/values.yaml"):
        assert shut_out(gate, path, text) == []


def test_data_is_kept_out(gate: Gates) -> None:
    text = '{"NextToken": {"shape": "String"}, "documentation": "The key: a value"}' * 50
    assert "config-json" not in [p.id for p in gate.passed(parsers_for("api/service.json"), text.encode())]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("api/pages.json", '{"input_token": "NextToken", "limit_key": "MaxItems", "author": "nobody in particular"}'),
        ("deploy/values.yaml", "author: nobody\ntranslation_key: x1\nkeyword: value\nbypass: on\n"),
        ("deploy/values.yaml", 'db:\n  password: "{{ vault_password }}"\n  secret: {{ secret }}\n  token: null\r\n'),
    ],
)
def test_names_that_are_none_and_references_are_kept_out(gate: Gates, path: str, text: str) -> None:
    assert not {"config-json", "config-yaml"} & {p.id for p in gate.passed(parsers_for(path), text.encode())}


@pytest.mark.parametrize(
    "text",
    [
        "password:\n  - s3cr3tV4lue99\n",
        "password:\n  value: s3cr3tV4lue99\n",
        "  password: |\n    s3cr3tV4lue99\n",
        "a: {b: 1, password: s3cr3tV4lue99}\n",
        'a: {"db password": s3cr3tV4lue99}\n',
        "- password: s3cr3tV4lue99\r\n",
        '- - "password" : s3cr3tV4lue99\n',
        "author: x\nurl: https://deploy:s3cr3tV4lue99@example.org/\n",
        "author: x\npassword: s3cr3tV4lue99 # {{ x }}\n",
        "x.y.password: s3cr3tV4lue99",
        "a: {user: b, contraseña: s3cr3tV4lue99}\n",
        f"a: {{b: {'c' * 500}, password: s3cr3tV4lue99}}\n",
        f"{'x' * 100} password: s3cr3tV4lue99\n",
    ],
)
def test_what_the_parser_finds_opens(gate: Gates, text: str) -> None:
    parsers = parsers_for("deploy/values.yaml")
    assert any(list(parser.parse("deploy/values.yaml", text)) for parser in parsers)
    assert shut_out(gate, "deploy/values.yaml", text) == []


def test_too_many_places_to_ask_about_open_every_gate(gate: Gates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MAX_HITS", 2)
    text = "author: a\n" * 3 + "password: s3cr3tV4lue99\n"
    assert shut_out(gate, "deploy/values.yaml", text) == []


def test_parsers_of_other_files_are_not_concerned(gate: Gates) -> None:
    assert gate.passed(parsers_for(".netrc"), b"") == parsers_for(".netrc")


def test_gates_belong_to_parsers() -> None:
    assert set(GATES) <= {parser.id for parser in PARSERS}
