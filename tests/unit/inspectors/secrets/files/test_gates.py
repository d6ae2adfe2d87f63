"""The gates before the parsers of everyday files save time and cost no finding."""

from __future__ import annotations

from pathlib import Path

import pytest
import samples_accounts
import samples_applications
import samples_tools
from planting import Sample, plant

from seatrial.inspectors.secrets import gates
from seatrial.inspectors.secrets.files import PARSERS, parsers_for
from seatrial.inspectors.secrets.gates import GATES, Gates
from seatrial.inspectors.secrets.samples import expand


@pytest.fixture(scope="session")
def gate(patterns_cache: Path) -> Gates:
    made = gates.load(patterns_cache)
    assert made is not None
    return made


SAMPLES = (*samples_accounts.SAMPLES, *samples_applications.SAMPLES, *samples_tools.SAMPLES)


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


def test_parsers_of_other_files_are_not_concerned(gate: Gates) -> None:
    assert gate.passed(parsers_for(".netrc"), b"") == parsers_for(".netrc")


def test_gates_belong_to_parsers() -> None:
    assert set(GATES) <= {parser.id for parser in PARSERS}
