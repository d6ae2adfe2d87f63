"""The automaton: what it finds, and a cache that is used when it is sound and only then."""

from __future__ import annotations

import functools
import os
import stat
from pathlib import Path

import hyperscan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.domain.errors import InspectorError
from seatrial.inspectors.secrets import database
from seatrial.inspectors.secrets.database import Expression, Hit, load

SOME = [Expression("ab+c"), Expression("x[0-9]{2}", database.CASELESS), Expression("^end$", database.MULTILINE)]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many expressions were compiled, one number for each time (the probe of the library is not counted)."""
    counts: list[int] = []
    real = database._compile

    def counting(expressions: list[Expression]) -> database.Automaton:
        if len(expressions) > 1:
            counts.append(len(expressions))
        return real(expressions)

    monkeypatch.setattr(database, "_compile", counting)
    return counts


def file_in(cache: Path) -> Path:
    (file,) = (cache / "secrets").iterdir()
    return file


def test_flags_are_those_of_the_library() -> None:
    assert database.CASELESS == hyperscan.HS_FLAG_CASELESS
    assert database.MULTILINE == hyperscan.HS_FLAG_MULTILINE


def test_ends_of_matches(tmp_path: Path) -> None:
    hits = load(SOME, tmp_path).scan(b"abbc X12\nend\n")
    assert sorted(hits) == [Hit(0, 4), Hit(1, 8), Hit(2, 12)]


def test_the_second_time_nothing_is_compiled(tmp_path: Path, compiled: list[int]) -> None:
    first = load(SOME, tmp_path)
    again = load(SOME, tmp_path)
    assert compiled == [len(SOME) + 1]
    assert again.scan(b"abc") == first.scan(b"abc") == [Hit(0, 3)]


def test_other_patterns_have_a_file_of_their_own(tmp_path: Path, compiled: list[int]) -> None:
    load(SOME, tmp_path)
    load(SOME[:2], tmp_path)
    assert len(compiled) == 2
    assert len(list((tmp_path / "secrets").iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:-1],
        lambda raw: raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        lambda raw: b"something else altogether" * 50,
        lambda raw: raw.replace(b"automaton 1", b"automaton 0", 1),
    ],
    ids=["empty", "short", "changed", "foreign", "other version"],
)
def test_a_damaged_file_is_compiled_anew(tmp_path: Path, compiled: list[int], damage: object) -> None:
    load(SOME, tmp_path)
    file = file_in(tmp_path)
    sound = file.read_bytes()
    file.write_bytes(damage(sound))  # type: ignore[operator]
    assert load(SOME, tmp_path).scan(b"abc") == [Hit(0, 3)]
    assert len(compiled) == 2
    assert file.read_bytes()[: len(database._MAGIC)] == database._MAGIC
    load(SOME, tmp_path)
    assert len(compiled) == 2


def test_a_file_of_other_patterns_under_our_name_is_not_used(tmp_path: Path, compiled: list[int]) -> None:
    """Digest right, contents wrong: the self-test notices, because its index differs."""
    load(SOME, tmp_path)
    ours = file_in(tmp_path)
    other = tmp_path / "other"
    load([Expression("zzz")], other)
    ours.write_bytes(file_in(other).read_bytes())
    assert load(SOME, tmp_path).scan(b"abc") == [Hit(0, 3)]
    assert len(compiled) == 3


def test_the_cache_is_ours_alone(tmp_path: Path) -> None:
    load(SOME, tmp_path / "new" / "cache")
    folder = tmp_path / "new" / "cache" / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file_in(tmp_path / "new" / "cache").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_cache_that_others_can_write_is_not_used(tmp_path: Path, mode: int, compiled: list[int]) -> None:
    load(SOME, tmp_path)
    (tmp_path / "secrets").chmod(mode)
    load(SOME, tmp_path)
    assert len(compiled) == 2


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "secrets").symlink_to("elsewhere")
    load(SOME, tmp_path)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_cache_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert load(SOME, tmp_path / "cache").scan(b"abc") == [Hit(0, 3)]


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", refuse)
    load(SOME, tmp_path)
    assert list((tmp_path / "secrets").iterdir()) == []


def test_a_pattern_that_does_not_compile_is_named_as_our_fault(tmp_path: Path) -> None:
    with pytest.raises(InspectorError, match="refuses a pattern"):
        load([Expression("a(b")], tmp_path)


def test_hits_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MAX_HITS", 10)
    assert len(load([Expression("a")], tmp_path).scan(b"a" * 1000)) == 10


def test_the_key_does_not_depend_on_the_working_directory(tmp_path: Path, compiled: list[int]) -> None:
    load(SOME, tmp_path)
    here = Path.cwd()
    try:
        os.chdir(tmp_path)
        load(SOME, tmp_path)
    finally:
        os.chdir(here)
    assert len(compiled) == 1


class TestTextsTogether:
    """Several texts in one pass have the hits that each has by itself."""

    TEXTS = (b"", b"abc", b"x12\nend", b"no", b"", b"ab", b"bc", b"X99", b"end\n", b"\0\n", b"end")

    def test_hits_and_their_places_are_those_of_each_text(self, tmp_path: Path) -> None:
        matcher = load(SOME, tmp_path)
        assert matcher.scan_all(self.TEXTS) == database.one_by_one(matcher, self.TEXTS)
        assert matcher.scan_all(self.TEXTS)[2].places == [Hit(1, 3), Hit(2, 7)]
        assert matcher.scan_all([]) == []

    @given(st.lists(st.text(alphabet="abcx12 end\n\0", max_size=12).map(str.encode), max_size=12))
    def test_whatever_the_texts(self, texts: list[bytes]) -> None:
        assert together().scan_all(texts) == database.one_by_one(together(), texts)

    def test_with_too_many_hits_each_text_has_its_own_limit(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "MAX_HITS", 10)
        many, few = load(SOME, tmp_path).scan_all([b"abc" * 30, b"abc"])
        assert (len(many.places), many.cut) == (10, 30)
        assert few == database.Hits([Hit(0, 3)])

    def test_expressions_keep_their_numbers_where_others_are_left_out(self, tmp_path: Path) -> None:
        matcher = load([None, SOME[1], None], tmp_path)
        assert matcher.scan(b"abbc x12 end") == [Hit(1, 8)]


@functools.cache
def together() -> database.Automaton:
    """One automaton for all examples."""
    return database._compile(SOME)
