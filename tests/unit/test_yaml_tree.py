"""YAML with positions and limits: right values, right places, and no file can exhaust us."""

from __future__ import annotations

import resource
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seatrial import yaml_tree
from seatrial.yaml_tree import Mapping, Node, Scalar, Sequence, YamlError, load_all, to_python


def only(text: str) -> Node:
    (node,) = load_all(text)
    return node


def test_positions_count_from_one() -> None:
    node = only("a: 1\nbc:\n  - x\n  - 'y z'\n")
    assert isinstance(node, Mapping)
    (_, one), (key, items) = node.entries
    assert (one.line, one.column) == (1, 4)
    assert (key.line, key.column, key.end_column) == (2, 1, 3)
    assert isinstance(items, Sequence)
    assert [(i.line, i.column, i.end_column) for i in items.items] == [(3, 5, 6), (4, 5, 10)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22:22", "22:22"), ("on", "on"), ("yes", "yes"), ("0o17", 15), ("0x1F", 31), ("0440", 0o440), ("-3", -3),
        ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), (".inf", float("inf")), ("~", None), ("null", None), ("true", True),
        ("'true'", "true"), ("|\n  12", "12"), ("!!str 12", "12"), ("1_000", "1_000"), ("2026-01-01", "2026-01-01"),
        ("9" * 5000, "9" * 5000),
    ],
)  # fmt: skip
def test_scalars_by_the_core_schema_of_yaml_1_2(text: str, value: object) -> None:
    assert to_python(only(f"k: {text}")) == {"k": value}


def test_merge_keys() -> None:
    node = only("a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2}\nc: {y: 3, <<: [*b, {x: 9, z: 9}]}")
    assert to_python(node)["c"] == {"x": 1, "z": 9, "y": 3}  # type: ignore[index,call-overload]
    assert isinstance(node, Mapping)
    merged = node.get("c")
    assert isinstance(merged, Mapping)
    key = merged.key("x")
    assert key is not None
    assert (key.line, key.column) == (1, 8)


def test_duplicate_keys_are_told_and_the_last_one_wins() -> None:
    node = only("a: 1\nb: 2\na: 3\n")
    assert isinstance(node, Mapping)
    assert [(d.value, d.line) for d in node.duplicates] == [("a", 3)]
    value = node.get("a")
    assert isinstance(value, Scalar)
    assert value.value == "3"


def test_tags_are_kept() -> None:
    node = only("ports: !reset []\n")
    assert isinstance(node, Mapping)
    assert node.entries[0][1].tag == "!reset"


def test_several_and_no_documents() -> None:
    assert len(load_all("a: 1\n---\nb: 2\n")) == 2
    assert load_all("") == load_all("# only a comment\n") == load_all("---\n") == ()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: b: c", (1, 5), "mapping values are not allowed"),
        ("a: [1\n", (2, 1), "expected ',' or ']'"),
        ("\ta: 1", (1, 1), "cannot start any token"),
        ("a: 'x", (1, 6), "unexpected end of stream"),
        ("a\x01b: 1", (1, 2), "control character U+0001"),
        ("x: 1\ny: *z", (2, 4), "alias *z has no anchor"),
        ("? [1]\n: 2", (1, 3), "a key is a list or a mapping"),
        ("a: &a [*a]", (1, 8), "has no anchor"),
    ],
)
def test_what_is_not_yaml(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(YamlError) as error:
        load_all(text)
    assert (error.value.line, error.value.column) == place
    assert message in error.value.message
    assert "\n" not in error.value.message


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join('*' + chr(97 + i) for _ in range(9))}]\n" for i in range(12)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS, "[" * 100_000, '{"a":' * 100_000, "- " * 100_000, "? " * 100_000, "x: " + "!" * 100_000,
        "".join(f"{' ' * i}a:\n" for i in range(3_000)), "&a " * 10_000, "'" * 1_000_001, "a" * (11 << 20),
        "".join(f"k{i}: &a{i} {{<<: *a{i - 1}}}\n" if i else "k0: &a0 {x: 1}\n" for i in range(5_000)),
    ],
    ids=lambda t: f"{t[:6]!r}-{len(t)}",
)  # fmt: skip
def test_hostile_texts_end_soon_and_small(text: str) -> None:
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        for node in load_all(text):
            to_python(node)
    except YamlError as error:
        assert len(error.message) < 300  # noqa: PT017 - an error is one of two right outcomes
    assert time.process_time() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("abc :#'\"\n-", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), values, min_size=1))
def test_what_pyyaml_writes_comes_back(value: dict[str, object]) -> None:
    assert to_python(only(yaml.safe_dump(value))) == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        for node in load_all(text):
            to_python(node)
    except YamlError:
        pass


def test_without_libyaml_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x {b: [1, 'two']}\nc: {<<: *x}\n"
    fast = load_all(text)
    monkeypatch.setattr(yaml_tree, "_LOADER", yaml.SafeLoader)
    assert load_all(text) == fast
