"""Changes of YAML files by position: comments, layout, aliases, line ends; the file means what the change says."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seatrial.fixing.yaml_file import YamlEdit, YamlFile, flow
from seatrial.text.yaml_tree import YamlError, load_all, to_python


def changed(text: str, *changes: YamlEdit | None) -> str:
    assert all(change is not None for change in changes)
    made = YamlFile(text).verified([change for change in changes if change is not None])
    assert made is not None
    return made


def put(text: str, path: tuple[str | int, ...], value: Any, before: str = "") -> str:
    return changed(text, YamlFile(text).put(path, value, before=before))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n  b: 1 # why\n", "a:\n  b: 1 # why\n  x: y\n"),
        ("a:\n  b: 1\n\n# next\nc: 2\n", "a:\n  b: 1\n  x: y\n\n# next\nc: 2\n"),
        ("a:\n    b:\n        - 1\n        - 2\nc: 2\n", "a:\n    b:\n        - 1\n        - 2\n    x: y\nc: 2\n"),
        ("a:\n  b:\n  - 1\nc: 2", "a:\n  b:\n  - 1\n  x: y\nc: 2"),
        ("a:\n  b: 1", "a:\n  b: 1\n  x: y"),
        ("a:\r\n  b: 1\r\n", "a:\r\n  b: 1\r\n  x: y\r\n"),
        ("a: {b: 1}\n", "a: {b: 1, x: y}\n"),
        ("a: {}\n", "a: {x: y}\n"),
        ("a: {b: 1,\n  c: [2,\n   3],\n}\nd: 4\n", "a: {b: 1,\n  c: [2,\n   3], x: y\n}\nd: 4\n"),
        ("a:\n  b: [1,\n    2]\nd: 4\n", "a:\n  b: [1,\n    2]\n  x: y\nd: 4\n"),
        ("a:\n  b: |\n    text\n\n    more\n\nd: 4\n", "a:\n  b: |\n    text\n\n    more\n  x: y\n\nd: 4\n"),
        ("a: &anchor\n  b: 1\nd: 4\n", "a: &anchor\n  b: 1\n  x: y\nd: 4\n"),
        ("a:\n  x: # nothing yet\n", "a:\n  x: y # nothing yet\n"),
        ("a:\n  x: z # was z\n", "a:\n  x: y # was z\n"),
        ('a:\n  x: "z"\n', 'a:\n  x: "y"\n'),
        ("a:\n  x: 'z'\n", "a:\n  x: 'y'\n"),
        ("a:\n  <<: *m\nm: &m {}\n", None),
        ("m: &m {b: 1}\na: *m\n", None),
        ("m: &m {b: 1}\na:\n  <<: *m\n  c: 2\n", "m: &m {b: 1}\na:\n  <<: *m\n  c: 2\n  x: y\n"),
        ("a: [1]\n", None),
        ("a: text\n", None),
        ("a: &a {b: 1}\nc: *a\n", None),
    ],
)  # fmt: skip
def test_a_key_is_added_or_replaced(text: str, after: str | None) -> None:
    try:
        file = YamlFile(text)
    except YamlError:
        assert after is None
        return
    change = file.put(("a", "x"), "y")
    assert (file.verified([change]) if change else None) == after


def test_a_new_part_of_the_file_goes_in_front_of_another_with_its_comments() -> None:
    text = "on: push\n\n# what it does\njobs:\n  a: {}\n"
    assert put(text, ("p",), {"c": "read"}, "jobs") == "on: push\n\np:\n  c: read\n\n# what it does\njobs:\n  a: {}\n"


def test_a_list_becomes_a_mapping_in_its_own_style() -> None:
    value = {"db": {"condition": "service_healthy"}}
    block, brackets = "a:\n  d:\n    - db\n  e: 1\n", "a:\n  d: [db] # why\n"
    assert changed(block, YamlFile(block).listed(("a", "d"), value)) == (
        "a:\n  d:\n    db:\n      condition: service_healthy\n  e: 1\n"
    )
    assert changed(brackets, YamlFile(brackets).listed(("a", "d"), value)) == (
        "a:\n  d: {db: {condition: service_healthy}} # why\n"
    )
    commented = "a:\n  d:\n    - db # why\n    - c\n"
    assert YamlFile(commented).listed(("a", "d"), value) is None  # the comment would be lost


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a:\n  - 1\nb: 2\n", 'a:\n  - 1\n  - "8:80"\nb: 2\n'),
        ("a:\n- 1\n# end\n", 'a:\n- 1\n- "8:80"\n# end\n'),
        ("a: [1, 2 ]\n", 'a: [1, 2, "8:80" ]\n'),
    ],
)
def test_an_item_is_added(text: str, after: str) -> None:
    assert changed(text, YamlFile(text).append(("a",), "8:80")) == after


def test_a_key_is_removed_with_its_lines() -> None:
    text = "version: '3' # old\nservices:\n  a: {}\n"
    assert changed(text, YamlFile(text).remove("version")) == "services:\n  a: {}\n"
    assert YamlFile("version: '3'\n").remove("version") is None  # nothing would be left


def test_a_change_of_what_other_places_share_is_refused() -> None:
    text = "a: &a\n  b: 1\nc: *a\n"
    file = YamlFile(text)
    change = file.put(("a", "x"), "y")
    assert change is not None
    assert file.verified([change]) is None


_PLAIN = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 99), st.text(st.characters(codec="ascii"), max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("abc-", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(_PLAIN)
def test_what_is_written_is_what_is_read(value: Any) -> None:
    text = f"k: {flow(value)}\n"
    try:
        [read] = load_all(text)
    except YamlError:  # a control character, which no fix writes
        assert any(ord(c) < 32 or ord(c) == 127 for c in repr(value) + str(value)) or "\\x" in repr(value)
        return
    assert to_python(read) == {"k": value}


@given(
    st.dictionaries(st.text("abcdef", min_size=1, max_size=3), _PLAIN, min_size=1, max_size=4),
    st.sampled_from(["new", "other-key"]),
    _PLAIN,
)
def test_any_file_with_any_new_key_means_what_was_meant(content: dict[str, Any], key: str, value: Any) -> None:
    text = "# first\n" + yaml.safe_dump({"top": content, "end": 1}, sort_keys=False)
    try:
        file = YamlFile(text)
    except YamlError:
        return
    change = file.put(("top", key), value)
    assert change is not None
    made = file.verified([change])
    if made is not None:
        [read] = load_all(made)
        expected = to_python(file.root)
        assert isinstance(expected, dict)
        top = expected["top"]
        assert isinstance(top, dict)
        top[key] = value
        assert to_python(read) == expected
        assert made.startswith("# first\n")
