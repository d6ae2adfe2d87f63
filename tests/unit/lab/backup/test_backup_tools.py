"""What a drill asks of each kind of store, and how it reads the answers; the real programs are in tests/trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from seatrial.lab.backup.inside import Ended
from seatrial.lab.backup.tools import DRILL, MysqlTool, PostgresTool, RedisTool, Table, UnknownTool, asked, tool
from seatrial.lab.engine import LabError


@dataclass
class Store:
    """Answers each call in turn."""

    answers: list[str]
    calls: list[Sequence[str]] = field(default_factory=list)

    def run(self, words: Sequence[str], limit: float) -> Ended:
        del limit
        self.calls.append(words)
        return Ended(0, "", self.answers.pop(0))

    def is_up(self) -> bool:
        return True


def test_the_main_database_comes_first_and_an_unused_administrators_one_is_left_out() -> None:
    store = Store(["analytics\npostgres\nshop\n", "\n"])
    assert PostgresTool({"POSTGRES_DB": "shop", "POSTGRES_USER": "app"}).databases(store) == ("shop", "analytics")
    assert PostgresTool({}).databases(Store(["postgres\n", "public.orders\n"])) == ("postgres",)
    assert MysqlTool({"MARIADB_DATABASE": "shop"}).databases(Store(["a\nshop\n"])) == ("shop", "a")


def test_names_of_tables_cannot_leave_their_quotes() -> None:
    store = Store(['public."it\'s"\n', 'public."it\'s"\t2\t7\nsequence public.s\t1\t9\n'])
    found = PostgresTool({}).tables(store, "shop")
    assert found == {'public."it\'s"': Table(2, "7"), "sequence public.s": Table(1, "9")}
    assert "select 'public.\"it''s\"', count(*)" in store.calls[1][-1]
    store = Store(["odd`name\n", "3\n", "shop.odd`name\t99\n"])
    assert MysqlTool({}).tables(store, "shop") == {"odd`name": Table(3, "99")}
    assert "from `odd``name`" in store.calls[1][-1]


def test_an_answer_of_another_shape_is_an_error_and_not_an_empty_store() -> None:
    with pytest.raises(LabError, match="something else than tables"):
        RedisTool({}).tables(Store(["(error) NOPERM\n"]), "")
    with pytest.raises(LabError, match="fewer checksums"):
        MysqlTool({}).tables(Store(["a\nb\n", "1\n2\n", "shop.a\t1\n"]), "shop")


def test_a_server_with_modules_or_many_keys_is_not_drilled() -> None:
    with pytest.raises(LabError, match="modules"):
        RedisTool({}).databases(Store(["name\nsearch\n"]))
    with pytest.raises(LabError, match="300,001 keys"):
        RedisTool({}).databases(Store(["\n", "# Keyspace\ndb0:keys=300000,expires=0\ndb3:keys=1,expires=0\n"]))
    assert RedisTool({}).databases(Store(["\n", "# Keyspace\ndb0:keys=3,expires=1\n"])) == ("",)


def test_no_restore_goes_into_a_database_of_the_image() -> None:
    assert DRILL in PostgresTool({}).restore()
    assert DRILL in MysqlTool({}).restore()


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("postgres", PostgresTool), ("timescale", PostgresTool), ("mariadb", MysqlTool), ("keydb", RedisTool),
        ("mongo", UnknownTool), ("rabbitmq", UnknownTool),
    ],
)  # fmt: skip
def test_each_kind_has_its_tool(kind: str, made: type) -> None:
    assert isinstance(tool(kind, {}), made)


def test_a_store_that_is_not_known_needs_a_fingerprint() -> None:
    with pytest.raises(LabError, match="without `fingerprint`"):
        UnknownTool().tables(Store([]), "")


def test_the_last_line_of_the_errors_says_why() -> None:
    @dataclass
    class Failing(Store):
        def run(self, words: Sequence[str], limit: float) -> Ended:
            del words, limit
            return Ended(1, "pg_dump: warning\npg_dump: error: no password\n\n")

    with pytest.raises(LabError, match=r"^pg_dump: error: no password$"):
        asked(Failing([]), ["pg_dump"])
    assert Ended(3).complaint == "exit code 3"
