"""What an override makes of a base, by the Compose specification's rules for merging."""

from __future__ import annotations

from seatrial.inspectors.compose.merge import canonical, merge
from seatrial.inspectors.compose.values import List, Map, Text, Value, from_node
from seatrial.yaml_tree import load_all


def _service(text: str) -> Map:
    value = from_node(load_all(text)[0], "compose.yaml", {})
    assert isinstance(value, Map)
    return canonical(value)


def _merged(base: str, over: str) -> Map:
    value = merge(_service(base), _service(over))
    assert isinstance(value, Map)
    return value


def _texts(value: Value | None) -> list[str]:
    assert isinstance(value, List)
    return [item.text for item in value.items if isinstance(item, Text)]


def test_reset_removes_the_key() -> None:
    merged = _merged("image: a\nports: ['1:1']\n", "ports: !reset []\n")
    assert set(merged.entries) == {"image"}


def test_a_healthchecks_test_is_replaced_and_not_joined() -> None:
    merged = _merged("healthcheck: {test: [CMD, a]}\n", "healthcheck: {test: [CMD, b]}\n")
    assert _texts(merged.get("healthcheck", "test")) == ["CMD", "b"]


def test_extra_hosts_in_list_form_merge_by_name() -> None:
    merged = _merged("extra_hosts: ['a=1.1.1.1', 'b=2.2.2.2']\n", "extra_hosts: ['a=3.3.3.3']\n")
    hosts = merged.get("extra_hosts")
    assert isinstance(hosts, Map)
    assert {name: entry.value.text for name, entry in hosts if isinstance(entry.value, Text)} == {
        "a": "3.3.3.3",
        "b": "2.2.2.2",
    }


def test_a_repeated_capability_is_one() -> None:
    assert _texts(_merged("cap_add: [A, B]\n", "cap_add: [B, C]\n").get("cap_add")) == ["A", "B", "C"]
