"""Whose account a store's markers use, by the variables of its image."""

from __future__ import annotations

import pytest

from seatrial.lab import mongo
from seatrial.text.redact import Secret

IN_FILE = Secret("from the file")


@pytest.mark.parametrize(
    ("environment", "user", "password"),
    [
        ({"MONGO_INITDB_ROOT_USERNAME": "shop", "MONGO_INITDB_ROOT_PASSWORD": "abc"}, "shop", "abc"),
        ({"MONGO_INITDB_ROOT_USERNAME": "shop", "MONGO_INITDB_ROOT_PASSWORD_FILE": "/f"}, "shop", "from the file"),
        ({"MONGODB_ROOT_PASSWORD": "abc"}, "root", "abc"),
        ({"MONGODB_ROOT_USER": "boss", "MONGODB_ROOT_PASSWORD_FILE": "/f"}, "boss", "from the file"),
    ],
)
def test_the_administrator_of_mongodb(environment: dict[str, str], user: str, password: str) -> None:
    found = mongo.account(environment, IN_FILE)
    assert found is not None
    assert (found[0], found[1].reveal()) == (user, password)


@pytest.mark.parametrize("environment", [{}, {"MONGO_INITDB_ROOT_PASSWORD": "abc"}, {"MONGO_INITDB_DATABASE": "shop"}])
def test_without_an_account_nobody_has_to_say_who_he_is(environment: dict[str, str]) -> None:
    assert mongo.account(environment, IN_FILE) is None
