"""The two spellings of mappings, and what is replaced, joined or kept when two files are merged."""

from __future__ import annotations

import pytest

from seatrial.domain import Location
from seatrial.inspectors.compose.merge import canonical, canonical_body, merge, merge_maps, split
from seatrial.inspectors.compose.values import List, Map, Text, Value, from_node
from seatrial.yaml_tree import load_all


def _read(text: str, path: str = "compose.yaml") -> Map:
    value = from_node(load_all(text)[0], path, {})
    assert isinstance(value, Map)
    return value


def _service(text: str, path: str = "compose.yaml") -> Map:
    return canonical(_read(text, path))


def _merged(base: str, over: str) -> Map:
    value = merge(_service(base, "base.yaml"), _service(over, "over.yaml"))
    assert isinstance(value, Map)
    return value


def _plain(value: Value | None) -> object:
    """As YAML's own mappings, sequences and scalars."""
    if isinstance(value, Map):
        return {name: _plain(entry.value) for name, entry in value}
    if isinstance(value, List):
        return [_plain(item) for item in value.items]
    return value.value if value else None


def _place(at: Location) -> tuple[str, int, int]:
    return at.path, at.line, at.column


CANONICAL = {
    "environment": (
        "environment: [A=1, B, 'C=x=y', D=]",
        {"environment": {"A": "1", "B": None, "C": "x=y", "D": ""}},
    ),
    "labels": ("labels: [a=1]", {"labels": {"a": "1"}}),
    "annotations": ("annotations: [a=1]", {"annotations": {"a": "1"}}),
    "sysctls": ("sysctls: [net.core.somaxconn=1]", {"sysctls": {"net.core.somaxconn": "1"}}),
    "names are no pairs": ("networks: ['a=b', c]\ndepends_on: [db]", {
        "networks": {"a=b": {}, "c": {}}, "depends_on": {"db": {}},
    }),
    "what is built": ("build: {args: [A=1], labels: [b=2], context: .}", {
        "build": {"args": {"A": "1"}, "labels": {"b": "2"}, "context": "."},
    }),
    "what is deployed": ("deploy: {labels: [b=2], replicas: 2}", {"deploy": {"labels": {"b": "2"}, "replicas": 2}}),
    "a build as a text": ("build: .", {"build": "."}),
    "lists that are lists": ("command: [A=1]\nports: ['1:1']", {"command": ["A=1"], "ports": ["1:1"]}),
    "mappings": ("environment: {A: 1}\nbuild: {args: {B: 2}}", {"environment": {"A": 1}, "build": {"args": {"B": 2}}}),
    "what is no text is left out": ("environment: [{A: 1}, B=1]\nnetworks: [[a], b]", {
        "environment": {"B": "1"}, "networks": {"b": {}},
    }),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CANONICAL.values(), ids=CANONICAL)
def test_a_service_has_one_form(text: str, expected: object) -> None:
    assert _plain(_service(text)) == expected
    body = canonical_body(_read(f"services:\n  a:\n    {text.replace(chr(10), chr(10) + '    ')}\n  b: x\nname: n\n"))
    assert _plain(body) == {"services": {"a": expected, "b": "x"}, "name": "n"}


@pytest.mark.parametrize("text", ["name: n", "services: [a]", "services:"])
def test_a_body_without_services_is_itself(text: str) -> None:
    body = _read(text)
    assert canonical_body(body) is body


def test_the_one_form_remembers_where_its_parts_were_written() -> None:
    service = _service(
        "environment: !x\n  - A=1\n  - B=${V:-a=b}\nbuild: !y\n  args: !z [C=1]\nnetworks: !n\n  - front\n"
    )
    environment, build, networks = service.get("environment"), service.get("build"), service.get("networks")
    assert isinstance(environment, Map)
    assert isinstance(build, Map)
    assert isinstance(networks, Map)
    assert [_place(service.key(name))[1:] for name in ("environment", "build", "networks")] == [(1, 1), (4, 1), (6, 1)]
    assert (environment.tag, build.tag, networks.tag) == ("!x", "!y", "!n")
    assert (environment.at.line, build.at.line, networks.at.line) == (1, 4, 6)
    assert [_place(entry.key_at)[1:] for _, entry in environment] == [(2, 5), (3, 5)]
    assert [_place(entry.value.at)[1:] for _, entry in environment] == [(2, 5), (3, 5)]
    assert [entry.value.raw for _, entry in environment if isinstance(entry.value, Text)] == ["1", "${V:-a=b}"]
    args, front = build.get("args"), networks.get("front")
    assert isinstance(args, Map)
    assert isinstance(front, Map)
    assert (_place(build.key("args"))[1:], args.tag, args.short) == ((5, 3), "!z", True)
    assert (_place(networks.key("front"))[1:], _place(front.at)[1:], front.short) == ((7, 5), (7, 5), True)
    assert (environment.short, networks.short, service.short) == (True, True, False)


def test_a_body_in_the_one_form_remembers_where_its_services_are() -> None:
    body = canonical_body(_read("name: n\nservices:\n  a: {image: x}\n  b: {image: y}\n"))
    services = body.get("services")
    assert isinstance(services, Map)
    assert (_place(body.key("services"))[1:], _place(services.key("b"))[1:]) == ((2, 1), (4, 3))
    assert (services.at.line, services.at.column) == (3, 3)


def test_a_name_that_a_list_says_twice_is_remembered() -> None:
    environment = _service("environment:\n- A=1\n- A=1\n- B=1\n- A=2=3\n- A\n").get("environment")
    assert isinstance(environment, Map)
    assert [(name, at.line) for name, at in environment.repeated] == [("A", 5), ("A", 6)]
    assert _plain(environment) == {"A": None, "B": "1"}
    once = _service("environment: [A=1, B=2]\nnetworks: [a, a]").get("environment")
    assert isinstance(once, Map)
    assert once.repeated == ()


MERGED = {
    "a text": ("image: a", "image: b", {"image": "b"}),
    "a new key": ("image: a", "init: true", {"image": "a", "init": True}),
    "lists are joined": ("devices: [a, b]", "devices: [b, c]", {"devices": ["a", "b", "b", "c"]}),
    "mappings are joined": ("deploy: {a: 1, b: {c: 1}}", "deploy: {b: {d: 2}}", {
        "deploy": {"a": 1, "b": {"c": 1, "d": 2}},
    }),
    "a list over a mapping": ("x: {a: 1}", "x: [b]", {"x": ["b"]}),
    "a mapping over a list": ("x: [b]", "x: {a: 1}", {"x": {"a": 1}}),
    "a text over a list": ("env_file: [a]", "env_file: b", {"env_file": "b"}),
    "a list over a text": ("env_file: a", "env_file: [b]", {"env_file": ["b"]}),
    "a text over a mapping": ("build: {context: .}", "build: ./x", {"build": "./x"}),
    "an override replaces a mapping": ("x: {a: 1}", "x: !override {b: 2}", {"x": {"b": 2}}),
    "an override replaces a list": ("ports: ['1:1']", "ports: !override ['2:2']", {"ports": ["2:2"]}),
    "an unknown tag replaces nothing": ("x: {a: 1}", "x: !Override {b: 2}", {"x": {"a": 1, "b": 2}}),
    "commands are replaced": ("command: [a, b]\nentrypoint: [c]", "command: [d]\nentrypoint: [e]", {
        "command": ["d"], "entrypoint": ["e"],
    }),
    "no command takes the command away": ("command: [a]\nimage: x", "command:\ninit: true", {
        "command": None, "image": "x", "init": True,
    }),
    "nothing over a mapping leaves it, and the rest goes on": ("deploy: {a: 1}", "deploy:\ninit: true", {
        "deploy": {"a": 1}, "init": True,
    }),
    "nothing where nothing was": ("image: a", "deploy:", {"image": "a", "deploy": None}),
    "a variable without a value is passed on": ("environment: {A: 1, B: 2}", "environment: {A: }", {
        "environment": {"A": None, "B": 2},
    }),
    "a key of another mapping without a value stays": ("logging: {driver: a}", "logging: {driver: }", {
        "logging": {"driver": "a"},
    }),
    "an overriding null": ("logging: {driver: a}", "logging: {driver: !override }", {"logging": {"driver": None}}),
    "a reset of what is not there": ("image: a", "ports: !reset []", {"image": "a"}),
    "a reset inside": ("environment: {A: 1, B: 2}", "environment: {A: !reset null}", {"environment": {"B": 2}}),
    "the rest after a reset": ("image: a\nports: ['1:1']", "ports: !reset []\ninit: true", {
        "image": "a", "init": True,
    }),
}  # fmt: skip


@pytest.mark.parametrize(("base", "over", "expected"), MERGED.values(), ids=MERGED)
def test_what_an_override_makes_of_a_service(base: str, over: str, expected: object) -> None:
    assert _plain(_merged(base, over)) == expected


def test_a_body_that_leaves_a_key_empty_takes_nothing_away() -> None:
    assert _plain(merge_maps(_read("volumes: {a: }\nname: x"), _read("volumes:\nname: y"))) == {
        "volumes": {"a": None},
        "name": "y",
    }


def test_a_merged_value_is_where_the_override_wrote_it() -> None:
    base = "image: a\nports: ['1:1']\ndevices: [a]\nlabels: {a: 1}\n"
    merged = _merged(base, "\nports: ['2:2']\n\ndevices: [b]\nlabels: {b: 1}\n")
    assert _place(merged.at)[:2] == ("over.yaml", 2)
    assert [_place(merged.key(name))[:2] for name in ("image", "ports", "devices", "labels")] == [
        ("base.yaml", 1), ("over.yaml", 2), ("over.yaml", 4), ("over.yaml", 5),
    ]  # fmt: skip
    for name, line in (("ports", 2), ("devices", 4), ("labels", 5)):
        value = merged.get(name)
        assert value is not None
        assert _place(value.at)[:2] == ("over.yaml", line)


@pytest.mark.parametrize(
    ("base", "over", "kept"),
    [
        ("ports: ['1:1']", "ports: []", ["ports"]),
        ("x: {a: 1}", "x: {}", ["x"]),
        ("x: {a: 1}", "x: !override {}", []),
        ("ports: ['1:1']", "ports: !override []", []),
        ("ports: ['1:1']", "ports: ['2:2']", []),
        ("x: {a: 1}", "x: {b: 1}", []),
        ("ports: []", "ports: []", []),
        ("x: {}", "x: {}", []),
        ("ports: ['1:1']", "image: a", []),
        ("image: a", "image: ''", []),
        ("command: [a]", "command: []", []),
        ("image: a", "ports: []", []),
    ],
)
def test_an_empty_list_that_takes_nothing_away_is_remembered(base: str, over: str, kept: list[str]) -> None:
    merged = _merged(base, over)
    assert [(name, at.path) for name, at in merged.kept] == [(name, "over.yaml") for name in kept]
    for again in (merge(_service("b: c"), merged), merge(merged, _service("b: c"))):
        assert isinstance(again, Map)
        assert again.kept == merged.kept


def test_what_a_merge_key_lost_stays_known() -> None:
    lossy = "<<: {environment: {%s: '1'}}\nenvironment: {B: '2'}\n"
    merged = _merged(lossy % "LOST", lossy % "GONE")
    assert [(one.name, one.names) for one in merged.lost] == [("environment", ("LOST",)), ("environment", ("GONE",))]
    assert _merged("image: a", "image: b").lost == ()


SAME = {
    "ports": [
        ("'80:80'", "80:80/tcp"),
        ("'80:80'", "{target: 80, published: '80'}"),
        ("'80:80'", "{target: 80, published: 80, protocol: tcp}"),
        ("'80:80/udp'", "{target: 80, published: '80', protocol: udp}"),
        ("'80'", "{target: 80}"),
        ("'127.0.0.1:80:81'", "{target: 81, published: '80', host_ip: 127.0.0.1}"),
        ("'[::1]:80:80'", "{target: 80, published: '80', host_ip: '::1'}"),
        ("'[::1]:80:80'", "{target: 80, published: '80', host_ip: '[::1]'}"),
    ],
    "volumes": [
        ("'a:/data'", "'/data'"),
        ("'./x:/data:ro'", "'named:/data/'"),
        ("'/data'", "{type: volume, source: x, target: /data/}"),
        ("'C:\\x:/data'", "'/data'"),
        ("'C:/x:/data:ro'", "'./y:/data'"),
        ("'./host:/'", "{type: tmpfs, target: /}"),
    ],
    "secrets": [
        ("key", "{source: key}"),
        ("key", "{source: other, target: key}"),
        ("{source: key, uid: '1'}", "{source: key, uid: '2'}"),
    ],
    "configs": [("key", "{source: key}")],
    "dns": [("1.1.1.1", "1.1.1.1")],
}
OTHERS = {
    "ports": [
        ("'80:80'", "'80:80/udp'"),
        ("'80:80'", "'81:80'"),
        ("'80:80'", "'80:81'"),
        ("'80:80'", "'127.0.0.1:80:80'"),
        ("'80:80'", "{target: 80, published: '80', protocol: udp}"),
        ("{target: 80}", "{target: 81}"),
        ("{target: 80, host_ip: 1.1.1.1}", "{target: 80, host_ip: 1.1.1.2}"),
        ("[1]", "[2]"),
        ("{}", "{target: 80}"),
        ("{}", "'XXXX'"),
        ("{target: 80, published: XXXX}", "{target: 80}"),
        ("{target: 80, host_ip: XXXX}", "{target: 80}"),
    ],
    "volumes": [
        ("'a:/data'", "'a:/other'"),
        ("{type: bind}", "{type: tmpfs}"),
        ("[a]", "[b]"),
        ("'/x'", "'/y'"),
        ("'./x:/data'", "'./x/:/more/data'"),
        ("'/'", "'/x'"),
        ("{type: bind}", "XXXX"),
    ],
    "secrets": [
        ("a", "b"),
        ("{source: a, target: b}", "a"),
        ("{uid: '1'}", "{uid: '2'}"),
        ("[a]", "[b]"),
    ],
    "cap_add": [("A", "B"), ("[A]", "[B]")],
}


@pytest.mark.parametrize(("name", "one", "other"), [(name, *pair) for name, pairs in SAME.items() for pair in pairs])
def test_the_same_thing_is_replaced_however_it_is_written(name: str, one: str, other: str) -> None:
    for base, over in ((one, other), (other, one)):
        assert _plain(_merged(f"{name}: [{base}]", f"{name}: [{over}]")) == _plain(_read(f"{name}: [{over}]"))


@pytest.mark.parametrize(("name", "one", "other"), [(name, *pair) for name, pairs in OTHERS.items() for pair in pairs])
def test_different_things_are_joined(name: str, one: str, other: str) -> None:
    for base, over in ((one, other), (other, one)):
        joined = _plain(_read(f"{name}: [{base}, {over}]"))
        assert _plain(_merged(f"{name}: [{base}]", f"{name}: [{over}]")) == joined


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a:b:c", ["a", "b", "c"]),
        ("X:Y", ["X", "Y"]),
        ("${A:-b}:c", ["${A:-b}", "c"]),
        ("${X:-Y}:c", ["${X:-Y}", "c"]),
        ("[::1]:80:80", ["[::1]", "80", "80"]),
        ("${A:-${B:-c}}:d", ["${A:-${B:-c}}", "d"]),
        ("a}:b", ["a}", "b"]),
        (":", ["", ""]),
    ],
)
def test_a_short_form_is_split_at_its_own_colons(text: str, parts: list[str]) -> None:
    assert split(text) == parts
