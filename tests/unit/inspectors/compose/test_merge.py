"""What an override makes of a base, by the Compose specification's rules for merging."""

from __future__ import annotations

from seatrial.inspectors.compose.documents import together
from seatrial.inspectors.compose.merge import Merger
from seatrial.inspectors.compose.tags import TaggedDocument, part
from seatrial.inspectors.compose.values import ComposeText, List, Map, Value, from_node
from seatrial.text.yaml_tree import load_all


def _body(text: str) -> TaggedDocument:
    indented = "".join(f"    {line}\n" for line in text.splitlines())
    value = from_node(load_all(f"services:\n  a:\n{indented}")[0], "compose.yaml", {})
    assert isinstance(value, Map)
    return part(value)


def _merged(base: str, over: str, merger: Merger | None = None) -> Map:
    value = together([_body(base), _body(over)], merger or Merger()).get("services", "a")
    assert isinstance(value, Map)
    return value


def _texts(value: Value | None) -> list[str]:
    assert isinstance(value, List)
    return [item.text for item in value.items if isinstance(item, ComposeText)]


def test_reset_removes_the_key() -> None:
    merged = _merged("image: a\nports: ['1:1']\n", "ports: !reset []\n")
    assert set(merged.entries) == {"image"}


def test_reset_removes_one_variable_of_many() -> None:
    merged = _merged("environment: {A: 1, B: 2}\n", "environment: {A: !reset null}\n")
    environment = merged.get("environment")
    assert isinstance(environment, Map)
    assert set(environment.entries) == {"B"}


def test_a_healthchecks_test_is_replaced_and_not_joined() -> None:
    merged = _merged("healthcheck: {test: [CMD, a]}\n", "healthcheck: {test: [CMD, b]}\n")
    assert _texts(merged.get("healthcheck", "test")) == ["CMD", "b"]


def test_addresses_of_a_host_are_added() -> None:
    merged = _merged("extra_hosts: ['a=1.1.1.1', 'b=2.2.2.2']\n", "extra_hosts: {a: [3.3.3.3, '::1']}\n")
    assert _texts(merged.get("extra_hosts")) == ["a=1.1.1.1", "b=2.2.2.2", "a=3.3.3.3", "a=::1"]


def test_a_repeated_capability_is_one() -> None:
    assert _texts(_merged("cap_add: [A, B]\n", "cap_add: [B, C]\n").get("cap_add")) == ["A", "B", "C"]


def test_a_port_takes_its_place_in_a_range() -> None:
    merged = _merged("ports: ['7000-7003:7000-7003']\n", "ports: [{target: 7001, published: '7001', mode: host}]\n")
    ports = merged.get("ports")
    assert _texts(ports) == ["7000:7000", "7002-7003:7002-7003"]


def test_what_is_of_another_kind_cannot_be_merged() -> None:
    merger = Merger()
    _merged("security_opt: [a]\n", "security_opt: a\n", merger)
    assert [clash.path for clash in merger.clashes] == [("services", "a", "security_opt")]
