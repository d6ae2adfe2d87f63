"""Text is found in every encoding that can be recognised, and what is none is called binary."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seatrial.text.encoding import decode, has_conflict_markers, is_binary, is_utf8, unreadable

INI = "[server]\npassword = Grüße an 日本 – пароль\n"
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
CONFLICT = "{\n<<<<<<< HEAD\n  1\n=======\n  2\n>>>>>>> topic\n}\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", *WIDE])
def test_a_file_in_any_unicode_encoding_is_text(encoding: str) -> None:
    assert decode(INI.encode(encoding)) == INI


@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("text", [INI * 400, "пароль: секрет\n", "密码：天地玄黄\n宇宙洪荒\n", "a=b\r\n", "A" * 9000])
def test_a_missing_mark_hides_nothing(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Co", "Cs"]), max_size=30))
def test_lines_of_any_script_survive_utf_16_with_a_mark(text: str) -> None:
    assert decode(("\ufeff" + text).encode("utf-16-le")) == text


@pytest.mark.parametrize("cut", [1, 2, 3])
@pytest.mark.parametrize("encoding", WIDE)
def test_a_file_that_was_cut_off_is_still_text(encoding: str, cut: int) -> None:
    assert (decode(INI.encode(encoding)[:-cut]) or "").startswith("[server]\npassword")


@pytest.mark.parametrize("data", [b"token = x\n\0", b"A=1\0B=2\0C=3\0", b"name\0: value\n", b"token\n\0\0\0\0"])
def test_a_nul_does_not_hide_the_text_around_it(data: bytes) -> None:
    assert decode(data) == data.decode()


@pytest.mark.parametrize(
    "data",
    [
        b"a\0b",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0",
        b"PK\x03\x04\x14\0\0\0\x08\0\xb7\xac\xce\x34",
        b"\0" * 64,
        b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x03\0>\0\x01\0\0\0",
        b"SQLite format 3\0\x10\0\x01\x01\0@  \0\0\0\x05\0\0\0\x02",
    ],
)
def test_binary_formats_are_binary(data: bytes) -> None:
    assert is_binary(data)
    assert decode(data) is None
    assert unreadable(data) == "binary"


def test_our_own_interpreter_is_binary() -> None:
    assert is_binary(Path(sys.executable).resolve().read_bytes()[:65536])


def test_bytes_that_are_not_utf_8_become_replacement_characters() -> None:
    assert decode(b"\xff") == "\N{REPLACEMENT CHARACTER}"
    assert decode(b"") == ""


@given(st.binary(max_size=64))
def test_bytes_are_decoded_or_called_binary_and_nothing_else_happens(data: bytes) -> None:
    assert (decode(data) is None) == is_binary(data)


@given(st.binary(max_size=64))
def test_what_can_be_searched_as_it_is_decodes_as_utf_8(data: bytes) -> None:
    assume(is_utf8(data))
    assert decode(data) == data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def test_a_git_lfs_pointer_is_no_content() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
    assert unreadable(pointer) == "Git LFS pointer"
    assert not unreadable(b"# see " + pointer)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_merge_conflict_markers_are_recognised(end: str) -> None:
    assert has_conflict_markers(CONFLICT.replace("\n", end).encode())
    assert unreadable(CONFLICT.replace("=======", "||||||| base\n0\n=======").encode()) == "merge-conflict markers"


@pytest.mark.parametrize("text", ["Title\n=======\ntext\n", "<<<<<<< HEAD\n", "a <<<<<<< b\n=======\n>>>>>>> c\n"])
def test_part_of_a_conflict_is_none(text: str) -> None:
    assert not has_conflict_markers(text.encode())


@pytest.mark.parametrize("order", ["<>=", "=<>", ">=<", "><=", "=><", "<=", "<>", "<=<=", "==>"])
def test_markers_in_another_order_are_no_conflict(order: str) -> None:
    text = "".join({"<": "<<<<<<< a\n", "=": "=======\n", ">": ">>>>>>> b\n"}[sign] for sign in order)
    assert not has_conflict_markers(f"x\n{text}".encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_a_conflict_in_another_encoding_is_one_too(encoding: str) -> None:
    assert unreadable(CONFLICT.encode(encoding)) == "merge-conflict markers"


@pytest.mark.timeout(60)  # worse than linear takes minutes
@pytest.mark.parametrize("part", ["<<<<<<< a\n", "<<<<<<<\n=======\n", "=======\n", "<<<<<<<\nx\n"])
def test_many_markers_take_no_square_of_time(part: str) -> None:
    unreadable((part * (1_000_000 // len(part)) + "\n>>>>>>>x").encode())


def test_no_other_module_looks_for_pointers_and_markers() -> None:
    source = Path(__file__).parents[2] / "src" / "seatrial"
    found = [
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if any(sign in path.read_text("utf-8") for sign in ("git-lfs", "<{7}", "<<<<<<<", ">{7}", ">>>>>>>"))
    ]
    assert found == ["text/encoding.py"]
