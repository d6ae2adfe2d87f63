"""The section `backups` of the configuration."""

from __future__ import annotations

import pytest

from seatrial.domain.errors import UsageError
from seatrial.settings import config

ENTRY = "backups:\n  - {service: db, dump: pg_dump shop, restore: psql}\n"


def test_each_store_has_its_commands() -> None:
    [entry] = config.parse(ENTRY, ".seatrial.yml").backups
    assert (entry.service, entry.dump, entry.restore, entry.runs_in) == ("db", "pg_dump shop", "psql", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("backups:\n  - {service: db, dump: x}\n", ":2:5: backups.0.restore: field required"),
        ("backups:\n  - {service: db, dump: x, restore: y, retore: z}\n", "unknown key 'retore'"),
        (ENTRY + "  - {service: db, dump: x, restore: y}\n", "db: one entry for each service"),
        ("backups:\n  - {service: db, dump: '', restore: y}\n", "backups.0.dump"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        config.parse(text, ".seatrial.yml")
    assert message in f"{caught.value.where}: {caught.value} {caught.value.remedy}"
