"""YAML with positions and limits: right values, right places, and no file can exhaust us."""

from __future__ import annotations

import resource

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seatrial.text import yaml_tree
from seatrial.text.yaml_tree import (
    Mapping,
    Scalar,
    Sequence,
    YamlError,
    YamlNode,
    load_all,
    to_python,
)


def only(text: str) -> YamlNode:
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
    ("text", "place", "message", "expected"),
    [
        ("a: b: c", (1, 5), "there is a second colon", "quotes around"),
        ("a: [1\n", (2, 1), "a list in brackets is not closed (it opens at 1:4)", "`]`"),
        ("a: {b: 1\nc: 2", (2, 2), "a mapping in braces is not closed (it opens at 1:4)", "`}`"),
        ("\ta: 1", (1, 1), "a tab is used for indentation", "spaces"),
        ("a:\n\tb: 1", (2, 1), "a tab is used for indentation", "spaces"),
        ("a: 'x", (1, 4), "a quoted text is not closed", "the closing quote"),
        ('a: "x\nb: 1\n', (1, 4), "a quoted text is not closed", "the closing quote"),
        ("a: 1\n b: 2", (2, 3), "the line above is not a key", "a new line"),
        ("a:\n  b: 1\n c: 2", (3, 2), "does not belong to the mapping above", "in the column of its keys"),
        ("- a\nb: 1", (2, 1), "does not belong to the list above", "in the column of its items"),
        ("a: 'it's'", (1, 8), "something follows the end of a value", "quotes around the whole text"),
        ("a: @x", (1, 4), "this character cannot begin a value", "quotes"),
        ("a: [1,,2]", (1, 7), "a value is missing", "a text, a list or a mapping"),
        ("a\x01b: 1", (1, 2), "control character U+0001", "printable"),
        ("a: 1\nb: \ud800", (2, 4), "control character U+D800", "printable"),
        ("x: 1\ny: *z", (2, 4), "alias *z has no anchor", "&z before it"),
        ("? [1]\n: 2", (1, 3), "a key is a list or a mapping", "a text before the colon"),
        ("a: &a [*a]", (1, 8), "has no anchor", "&a before it"),
        ("? " + "k" * 2000, (1, 3), "a key is longer than 1,024 characters", ""),
    ],
)
def test_what_is_not_yaml(text: str, place: tuple[int, int], message: str, expected: str) -> None:
    with pytest.raises(YamlError) as error:
        load_all(text)
    assert (error.value.line, error.value.column) == place
    assert message in error.value.message
    assert expected in error.value.expected
    assert "\n" not in error.value.message


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join('*' + chr(97 + i) for _ in range(9))}]\n" for i in range(12)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS, "[" * 100_000, '{"a":' * 100_000, "- " * 100_000, "? " * 100_000, "[\n" * 5_000_000,
        "".join(f"{' ' * i}a:\n" for i in range(3_000)), "".join(f"{' ' * i}-\n" for i in range(3_000)),
        "&a " * 10_000, "'" * 1_000_001, "'" + "a " * 4_900_000, "a" * (11 << 20),
        "a" * (9 << 20) + ": b", "? " + "a" * (9 << 20), "- a\n" * 2_500_000, "[" + "a," * 5_000_000,
        "---\n" * 2_500_000, "\t" * 1_000_000, "".join(f"- &a{i} x\n" for i in range(300_000)),
        "".join(f"k{i}: &a{i} {{<<: *a{i - 1}}}\n" if i else "k0: &a0 {x: 1}\n" for i in range(5_000)),
        "".join(f"k{i}: &a{i} [*a{i - 1}]\n" if i else "k0: &a0 [x]\n" for i in range(600)),
    ],
    ids=lambda t: f"{t[:6]!r}-{len(t)}",
)  # fmt: skip
def test_hostile_texts_end_soon_and_small(text: str) -> None:
    """Read without limits these last for minutes and more."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(YamlError) as error:
        load_all(text)
    assert len(error.value.message) < 120
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


def test_the_limits_are_of_what_aliases_stand_for() -> None:
    chain = "".join(f"k{i}: &a{i} [*a{i - 1}]\n" if i else "k0: &a0 [x]\n" for i in range(yaml_tree.DEPTH_LIMIT - 1))
    node = only(chain)
    assert isinstance(node, Mapping)
    innermost = to_python(node.entries[-1][1])
    for _ in range(yaml_tree.DEPTH_LIMIT - 1):
        assert isinstance(innermost, list)
        (innermost,) = innermost
    assert innermost == "x"
    with pytest.raises(YamlError, match="deeper than 100 levels"):
        load_all(chain + "more: [*a98]")


def test_replacement_characters_are_text() -> None:
    assert to_python(only("a: b\ufffdc")) == {"a": "b\ufffdc"}


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


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("ours", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_editors_where_yaml_ends_more(end: str, ours: str) -> None:
    """libyaml ends lines at NEL and U+2028, too: every finding below would be some lines too low."""
    text = ours.join((f"a: 'x{end}y{end} z'", f"b: 1 # {end} # more{end}", f"c: [ 1,{end} 2]", "d:", "  e: 3", ""))
    (document,) = load_all(text)
    assert isinstance(document, Mapping)
    assert [(key.line, key.column) for key, _ in document.entries] == [(1, 1), (2, 1), (3, 1), (4, 1)]
    value, inside = document.get("a"), document.get("c")
    assert (value.line, value.column, value.end_line, value.end_column) == (1, 4, 1, 12)  # type: ignore[union-attr]
    assert [(item.line, item.column) for item in inside.items] == [(3, 6), (3, 10)]  # type: ignore[union-attr]
    with pytest.raises(YamlError) as failed:
        load_all(f"{text}f: g: h{ours}")
    assert (failed.value.line, failed.value.column) == (6, 5)
    with pytest.raises(YamlError) as failed:
        load_all(f"{text}{end}f: \x01")
    assert (failed.value.line, failed.value.column) == (6, 5)
