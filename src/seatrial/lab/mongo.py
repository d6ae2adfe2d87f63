"""
Markers in MongoDB: one document each, acknowledged when the journal of a majority has it.

With the weaker default, a killed server may lose the last 100 ms of what it acknowledged: that
would be a finding about MongoDB. Source: https://www.mongodb.com/docs/manual/reference/write-concern/
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from seatrial.text.redact import Secret

from .events import Events

_TIMEOUT = 2000  # milliseconds, for a whole operation
_ROOT = {"MONGO_INITDB_ROOT": "", "MONGODB_ROOT": "root"}
"""How the variables of the official image and of Bitnami's begin, and the name if none is given."""
_COLLECTION = "markers"


@dataclass
class Mongo:
    """By the official driver; a new connection for every batch, as after a failure."""

    service: str
    events: Events
    port: int
    account: tuple[str, Secret] | None
    """User and password of the administrator; None: there is no authentication."""
    database: str

    def write(self, numbers: Iterable[int]) -> set[int]:
        """Insert one after the other."""
        from pymongo.errors import PyMongoError
        from pymongo.write_concern import WriteConcern

        done: set[int] = set()
        with contextlib.suppress(PyMongoError, OSError, ValueError), self._open() as database:
            markers = database.get_collection(_COLLECTION, write_concern=WriteConcern(w="majority", j=True))
            for number in numbers:
                markers.insert_one({"_id": number})
                done.add(number)
        return done

    def read(self) -> set[int] | None:
        """Every document."""
        from pymongo.errors import PyMongoError

        with contextlib.suppress(PyMongoError, OSError, ValueError), self._open() as database:
            return {int(document["_id"]) for document in database[_COLLECTION].find()}
        return None

    @contextmanager
    def _open(self) -> Iterator[Any]:
        from pymongo import MongoClient

        user, password = self.account or (None, None)
        client: MongoClient[dict[str, Any]] = MongoClient(
            self.events.address(self.service),
            self.port,
            username=user,
            password=password.reveal() if password else None,
            directConnection=True,  # this container, whatever it says of a replica set
            retryWrites=False,  # a second attempt would hide the first one's failure
            timeoutMS=_TIMEOUT,
            serverSelectionTimeoutMS=_TIMEOUT,
            connectTimeoutMS=_TIMEOUT,
        )
        with client:
            yield client[self.database]


def account(environment: Mapping[str, str], password: Secret | None) -> tuple[str, Secret] | None:
    """
    The administrator, by the images' variables.

    Args:
        environment: of the service.
        password: the content of the file that the environment names, if it names one.
    """
    for prefix, usual in _ROOT.items():
        user = environment.get(f"{prefix}_USERNAME") or environment.get(f"{prefix}_USER") or usual
        given = environment.get(f"{prefix}_PASSWORD")
        known = Secret(given) if given else password if environment.get(f"{prefix}_PASSWORD_FILE") else None
        if user and known:
            return user, known
    return None
