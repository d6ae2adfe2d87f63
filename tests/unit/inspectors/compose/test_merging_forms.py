"""The spellings of lists and mappings, and what is replaced, joined or kept when two files are merged."""

from __future__ import annotations

import pytest

from seatrial.domain import Location
from seatrial.inspectors.compose.canonical import canonical
from seatrial.inspectors.compose.documents import onto
from seatrial.inspectors.compose.identity import split
from seatrial.inspectors.compose.merge import Merger
from seatrial.inspectors.compose.tags import TaggedDocument, part
from seatrial.inspectors.compose.values import ComposeText, List, Map, Value, from_node
from seatrial.text.yaml_tree import load_all

SERVICE = ("services", "a")


def _read(text: str, path: str = "compose.yaml") -> Map:
    value = from_node(load_all(text)[0], path, {})
    assert isinstance(value, Map)
    return value


def _body(text: str, path: str = "compose.yaml") -> TaggedDocument:
    indented = "".join(f"    {line}\n" for line in text.splitlines())
    return part(_read(f"services:\n  a:\n{indented}", path))


def _canonical(text: str) -> Map:
    value = canonical(_read(text), SERVICE)
    assert isinstance(value, Map)
    return value


def _whole(base: str, over: str, merger: Merger | None = None) -> Map:
    second = _body(over, "over.yaml")
    return onto(_body(base, "base.yaml").body, second.body, second.dropped, merger or Merger())


def _merged(base: str, over: str, merger: Merger | None = None) -> Map:
    value = _whole(base, over, merger).get(*SERVICE)
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
    "a build as a text": ("build: ./x", {"build": {"context": "./x"}}),
    "one address": ("dns: 1.1.1.1\ntmpfs: /run", {"dns": ["1.1.1.1"], "tmpfs": ["/run"]}),
    "hosts stay a mapping until two are merged": ("extra_hosts: {b: [2.2.2.2, '::1'], a: 1.1.1.1}", {
        "extra_hosts": {"b": ["2.2.2.2", "::1"], "a": "1.1.1.1"},
    }),
    "lists that are lists": ("command: [A=1]\nports: ['1:1']", {"command": ["A=1"], "ports": ["1:1"]}),
    "mappings": ("environment: {A: 1}\nbuild: {args: {B: 2}}", {"environment": {"A": 1}, "build": {"args": {"B": 2}}}),
    "what is no text is left out": ("environment: [{A: 1}, B=1]\nnetworks: [[a], b]", {
        "environment": {"B": "1"}, "networks": {"b": {}},
    }),
    "a repeated item": ("cap_add: [A, B, A]\nvolumes: ['aa:/x', 'bb:/x']", {
        "cap_add": ["A", "B"], "volumes": ["bb:/x"],
    }),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CANONICAL.values(), ids=CANONICAL)
def test_a_service_has_one_form(text: str, expected: object) -> None:
    assert _plain(_canonical(text)) == expected


MORE_FORMS = {
    "one environment file": ("env_file: a.env", {"env_file": [{"path": "a.env"}]}),
    "environment files": ("env_file: [a.env, {path: b.env, required: false}]", {
        "env_file": [{"path": "a.env"}, {"path": "b.env", "required": False}],
    }),
    "no environment file": ("env_file:", {"env_file": None}),
    "all processors": ("gpus: all", {"gpus": [{"count": "all"}]}),
    "some processors": ("gpus: [{count: 1}]", {"gpus": [{"count": 1}]}),
    "no processor": ("gpus:", {"gpus": None}),
    "secrets of a build": ("build: {secrets: [a, {source: b}]}", {
        "build": {"secrets": [{"source": "a"}, {"source": "b"}]},
    }),
    "secrets of a build in another kind": ("build: {secrets: {a: b}}", {"build": {"secrets": {"a": "b"}}}),
    "agents and contexts": ("build: {ssh: [default, a=b], additional_contexts: [c=d]}", {
        "build": {"ssh": {"default": None, "a": "b"}, "additional_contexts": {"c": "d"}},
    }),
    "an empty address": ("dns: ['', 1.1.1.1, [x]]", {"dns": ["1.1.1.1", ["x"]]}),
    "no address": ("dns:", {"dns": None}),
    "what is not watched": ("develop: {watch: [{ignore: a, include: [b]}]}", {
        "develop": {"watch": [{"ignore": ["a"], "include": ["b"]}]},
    }),
    "hosts as a list": ("extra_hosts: ['a:1']", {"extra_hosts": ["a:1"]}),
    "a host without an address": ("extra_hosts: {a: }", {"extra_hosts": {"a": None}}),
    "a build that is nothing": ("build:", {"build": None}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MORE_FORMS.values(), ids=MORE_FORMS)
def test_rarer_parts_of_a_service_have_one_form(text: str, expected: object) -> None:
    assert _plain(_canonical(text)) == expected


@pytest.mark.parametrize("section", ["volumes", "networks", "secrets", "configs"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{external: {name: x}}", {"external": True, "name": "x"}),
        ("{external: {}}", {"external": True}),
        ("{name: own, external: {name: x}}", {"name": "own", "external": True}),
        ("{external: true, name: x}", {"external": True, "name": "x"}),
        ("{driver: local}", {"driver": "local"}),
        ("", None),
        ("[a]", ["a"]),
    ],
)
def test_the_old_spelling_of_an_external_thing_is_todays(section: str, written: str, expected: object) -> None:
    assert _plain(canonical(_read(f"{section}: {{v: {written}}}"))) == {section: {"v": expected}}


def test_what_stands_for_a_mapping_is_where_it_was_written() -> None:
    whole = canonical(_read("services:\n  a:\n    build: ./x\nvolumes:\n  v:\n    external:\n      name: x\n"))
    assert isinstance(whole, Map)
    build, volume = whole.get("services", "a", "build"), whole.get("volumes", "v")
    assert isinstance(build, Map)
    assert isinstance(volume, Map)
    assert (build.short, _place(build.at)[1:], _place(build.key("context"))[1:]) == (True, (3, 12), (3, 12))
    external = volume.get("external")
    assert isinstance(external, ComposeText)
    assert (_place(volume.key("external"))[1], external.at.line, external.raw) == (6, 7, "true")
    environment = _canonical("environment: [A=1]\nbuild: {ssh: [a=b]}")
    pairs, ssh = environment.get("environment"), environment.get("build", "ssh")
    assert isinstance(pairs, Map)
    assert isinstance(ssh, Map)
    assert (pairs.listed, ssh.listed) == (True, False)


def test_the_one_form_remembers_where_its_parts_were_written() -> None:
    service = _canonical("environment:\n  - A=1\n  - B=${V:-a=b}\nbuild:\n  args: [C=1]\nnetworks:\n  - front\n")
    environment, build, networks = service.get("environment"), service.get("build"), service.get("networks")
    assert isinstance(environment, Map)
    assert isinstance(build, Map)
    assert isinstance(networks, Map)
    assert [_place(service.key(name))[1:] for name in ("environment", "build", "networks")] == [(1, 1), (4, 1), (6, 1)]
    assert [_place(entry.key_at)[1:] for _, entry in environment] == [(2, 5), (3, 5)]
    assert [_place(entry.value.at)[1:] for _, entry in environment] == [(2, 5), (3, 5)]
    assert [entry.value.raw for _, entry in environment if isinstance(entry.value, ComposeText)] == ["1", "${V:-a=b}"]
    args, front = build.get("args"), networks.get("front")
    assert isinstance(args, Map)
    assert isinstance(front, Map)
    assert (_place(build.key("args"))[1:], args.short) == ((5, 3), True)
    assert (_place(networks.key("front"))[1:], _place(front.at)[1:], front.short) == ((7, 5), (7, 5), True)
    assert (environment.short, networks.short, service.short) == (True, True, False)


def test_a_name_that_a_list_says_twice_is_remembered() -> None:
    environment = _canonical("environment:\n- A=1\n- A=1\n- B=1\n- A=2=3\n- A\n").get("environment")
    assert isinstance(environment, Map)
    assert [(name, at.line) for name, at in environment.repeated] == [("A", 5), ("A", 6)]
    assert _plain(environment) == {"A": None, "B": "1"}


MERGED = {
    "a text": ("image: a", "image: b", {"image": "b"}),
    "a new key": ("image: a", "init: true", {"image": "a", "init": True}),
    "lists are joined, and what both say is there once": ("security_opt: [a, b, b]", "security_opt: [b, c]", {
        "security_opt": ["a", "b", "b", "c"],
    }),
    "mappings are joined": ("deploy: {a: 1, b: {c: 1}}", "deploy: {b: {d: 2}}", {
        "deploy": {"a": 1, "b": {"c": 1, "d": 2}},
    }),
    "a list over a mapping": ("x: {a: 1}", "x: [b]", {"x": ["b"]}),
    "a mapping over a list": ("x: [b]", "x: {a: 1}", {"x": {"a": 1}}),
    "a text beside a list": ("dns: [a]", "dns: b", {"dns": ["a", "b"]}),
    "a list beside a text": ("dns: a", "dns: [b]", {"dns": ["a", "b"]}),
    "nothing beside a list": ("dns: [a]", "dns:", {"dns": ["a"]}),
    "a list on nothing": ("dns:", "dns: a", {"dns": ["a"]}),
    "a build as a text": ("build: {context: ., target: a}", "build: ./x", {"build": {"context": "./x", "target": "a"}}),
    "a build on a text": ("build: ./x", "build: {target: a}", {"build": {"context": "./x", "target": "a"}}),
    "pairs of both forms": ("environment: [A=1, B=2]", "environment: {A: 3, C: 4}", {
        "environment": {"A": 3, "B": "2", "C": 4},
    }),
    "nothing beside pairs": ("environment: [A=1]", "environment:", {"environment": {"A": "1"}}),
    "pairs on nothing": ("environment:", "environment: [A=1]", {"environment": {"A": "1"}}),
    "pairs on a text": ("labels: x", "labels: [A=1]", {"labels": {"A": "1"}}),
    "a text beside pairs": ("labels: [A=1]", "labels: x", {"labels": {"A": "1"}}),
    "networks of both forms": ("networks: [a, b]", "networks: {b: {priority: 1}, c: }", {
        "networks": {"a": {}, "b": {"priority": 1}, "c": None},
    }),
    "nothing beside networks": ("networks: [a]", "networks:", {"networks": {"a": {}}}),
    "networks on nothing": ("networks:", "networks: [a]", {"networks": {"a": {}}}),
    "a network's options stay under its name": ("networks: {a: {priority: 1}}", "networks: [a]", {
        "networks": {"a": {"priority": 1}},
    }),
    "a dependency's condition does not": (
        "depends_on: {a: {condition: service_healthy, required: false, restart: true}, b: {condition: x}}",
        "depends_on: [a]",
        {"depends_on": {"a": {"restart": True}, "b": {"condition": "x"}}},
    ),
    "a condition on a name": ("depends_on: [a]", "depends_on: {a: {condition: x}}", {
        "depends_on": {"a": {"condition": "x"}},
    }),
    "logging of one driver": (
        "logging: {driver: a, options: {x: 1}}", "logging: {driver: a, options: {y: 2}}",
        {"logging": {"driver": "a", "options": {"x": 1, "y": 2}}},
    ),
    "logging of another driver": (
        "logging: {driver: a, options: {x: 1}}", "logging: {driver: b, options: {y: 2}}",
        {"logging": {"driver": "b", "options": {"y": 2}}},
    ),
    "logging without a driver": ("logging: {driver: a}", "logging: {options: {y: 2}}", {
        "logging": {"driver": "a", "options": {"y": 2}},
    }),
    "logging on one without a driver": ("logging: {options: {y: 2}}", "logging: {driver: a}", {
        "logging": {"driver": "a", "options": {"y": 2}},
    }),
    "a limit of two numbers": ("ulimits: {n: {soft: 1, hard: 2}}", "ulimits: {n: {soft: 3}}", {
        "ulimits": {"n": {"soft": 3, "hard": 2}},
    }),
    "a limit of one number": ("ulimits: {n: {soft: 1, hard: 2}}", "ulimits: {n: 5}", {"ulimits": {"n": 5}}),
    "a limit of two on one": ("ulimits: {n: 5}", "ulimits: {n: {soft: 1, hard: 2}}", {
        "ulimits": {"n": {"soft": 1, "hard": 2}},
    }),
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
    "a reset of what is not there": ("image: a", "ports: !reset []", {"image": "a"}),
    "a reset inside": ("environment: {A: 1, B: 2}", "environment: {A: !reset null}", {"environment": {"B": 2}}),
    "the rest after a reset": ("image: a\nports: ['1:1']", "ports: !reset []\ninit: true", {
        "image": "a", "init": True,
    }),
}  # fmt: skip


@pytest.mark.parametrize(("base", "over", "expected"), MERGED.values(), ids=MERGED)
def test_what_an_override_makes_of_a_service(base: str, over: str, expected: object) -> None:
    assert _plain(_merged(base, over)) == expected


def test_ranges_of_addresses_are_merged_by_their_subnet() -> None:
    network = "networks: {{n: {{ipam: {{config: {}}}}}}}"

    def merged(base: str, over: str) -> object:
        found = Merger().merge(_read(network.format(base)), _read(network.format(over)))
        return _plain(found.get("networks", "n", "ipam", "config") if isinstance(found, Map) else None)

    one, other = "{subnet: 10.1.0.0/16, gateway: 10.1.0.1}", "{subnet: 10.2.0.0/16}"
    assert merged(f"[{one}]", "[{subnet: 10.1.0.0/16, ip_range: 10.1.1.0/24}]") == [
        {"subnet": "10.1.0.0/16", "gateway": "10.1.0.1", "ip_range": "10.1.1.0/24"}
    ]
    assert merged(f"[{one}]", f"[{other}]") == [{"subnet": "10.2.0.0/16"}]
    assert merged(f"[x, {one}]", f"[y, {other}]") == [{"subnet": "10.2.0.0/16"}]
    assert merged(f"[{other}, {one}]", "[{subnet: 10.1.0.0/16}]") == [{"subnet": "10.1.0.0/16", "gateway": "10.1.0.1"}]
    assert merged(f"[{one}]", "") == [{"subnet": "10.1.0.0/16", "gateway": "10.1.0.1"}]
    assert merged("", f"[{other}]") == [{"subnet": "10.2.0.0/16"}]


@pytest.mark.parametrize(
    ("base", "over", "clashes"),
    [
        ("security_opt: [a]", "security_opt: b", ["security_opt"]),
        ("deploy: {a: 1}", "deploy: [b]", ["deploy"]),
        ("deploy: {a: {b: 1}}", "deploy: {a: [c]}", ["deploy.a"]),
        ("image: a", "image: b", []),
        ("image: a", "image: [b]", []),
        ("security_opt: [a]", "security_opt:", []),
        ("logging: {driver: a}", "logging: x", ["logging"]),
        ("logging: x", "logging: {driver: a}", ["logging"]),
        ("logging: {driver: a}", "logging:", ["logging"]),
        ("networks: {a: {x: 1}}", "networks: {a: [b]}", ["networks.a"]),
        ("networks: {a: {x: 1}}", "networks: x", ["networks"]),
        ("build: {args: {A: 1}, target: {a: 1}}", "build: {target: [x]}", ["build.target"]),
    ],
)
def test_what_is_of_another_kind_clashes_at_its_place(base: str, over: str, clashes: list[str]) -> None:
    merger = Merger()
    _merged(base, over, merger)
    assert [".".join(clash.path[2:]) for clash in merger.clashes] == clashes
    assert all(clash.path[:2] == SERVICE and clash.at.path == "over.yaml" for clash in merger.clashes)
    assert len({clash.at.line for clash in merger.clashes} - {3}) == 0


def test_a_merged_value_is_where_the_override_wrote_it() -> None:
    base = "image: a\nports: ['1:1']\nsecurity_opt: [a]\nlabels: {a: 1}\ndns: [a]\n"
    merged = _merged(base, "ports: ['2:2']\ninit: true\nsecurity_opt: [b]\nlabels: {b: 1}\ndns: b\n")
    assert _place(merged.at)[:2] == ("over.yaml", 3)
    names = ("image", "ports", "security_opt", "labels", "dns")
    assert [_place(merged.key(name))[:2] for name in names] == [
        ("base.yaml", 3), ("over.yaml", 3), ("over.yaml", 5), ("over.yaml", 6), ("over.yaml", 7),
    ]  # fmt: skip
    for name, line in (("ports", 3), ("security_opt", 5), ("labels", 6), ("dns", 7)):
        value = merged.get(name)
        assert value is not None
        assert _place(value.at)[:2] == ("over.yaml", line)


def test_a_renewed_dependency_is_where_it_was_written() -> None:
    merged = _merged("depends_on:\n  a: {condition: x}\n  b: {condition: y}", "depends_on: [a]")
    found = merged.get("depends_on")
    assert isinstance(found, Map)
    assert [(name, *_place(entry.key_at)[:2]) for name, entry in found] == [
        ("a", "over.yaml", 3),
        ("b", "base.yaml", 5),
    ]
    short = {name: entry.value.short for name, entry in found if isinstance(entry.value, Map)}
    assert short == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("base", "over", "short"),
    [
        ("[a]", "[a]", True),
        ("[a]", "{a: {condition: x}}", False),
        ("[a]", "{a: {restart: true}}", True),
        ("{a: {condition: x}}", "{a: {restart: true}}", False),
        ("{a: {condition: x}}", "[a]", True),
    ],
)
def test_whether_a_dependency_says_its_condition_is_remembered(base: str, over: str, short: bool) -> None:
    found = _merged(f"depends_on: {base}", f"depends_on: {over}").get("depends_on", "a")
    assert isinstance(found, Map)
    assert found.short is short


@pytest.mark.parametrize(
    ("base", "over", "short"), [("[A=1]", "[B=1]", True), ("[A=1]", "{B: 1}", False), ("{A: 1}", "[B=1]", False)]
)
def test_pairs_that_only_lists_said_are_remembered_as_lists(base: str, over: str, short: bool) -> None:
    found = _merged(f"environment: {base}", f"environment: {over}").get("environment")
    assert isinstance(found, Map)
    assert (found.short, found.listed) == (short, True)


def test_names_that_lists_say_twice_stay_known() -> None:
    found = _merged("environment: [A=1, A=2]", "environment: [B=1, B=2]").get("environment")
    assert isinstance(found, Map)
    assert [(name, at.path) for name, at in found.repeated] == [("A", "base.yaml"), ("B", "over.yaml")]


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
    for again in (Merger().merge(_read("b: c"), merged), Merger().merge(merged, _read("b: c"))):
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
        ("'80:80/udp'", "{target: 80, published: '80', protocol: udp}"),
        ("'80'", "{target: 80}"),
        ("'127.0.0.1:80:81'", "{target: 81, published: '80', host_ip: 127.0.0.1}"),
        ("'[::1]:80:80'", "{target: 80, published: '80', host_ip: '::1'}"),
    ],
    "volumes": [
        ("'aa:/data'", "'/data'"),
        ("'./x:/data:ro'", "'named:/data/'"),
        ("'/data/'", "{type: volume, source: x, target: /data}"),
        ("'C:\\x:/data'", "'/data'"),
        ("'C:/x:/data:ro'", "'./y:/data'"),
        ("'./host:/'", "{type: tmpfs, target: /}"),
    ],
    "secrets": [
        ("key", "{source: key}"),
        ("{source: a, target: key}", "{source: other, target: key}"),
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
        ("[a]", "[b]"),
    ],
    "cap_add": [("A", "B")],
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
