"""Which items of two lists are the same for Compose: ranges of ports, devices, mounts, and what a file names twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from seatrial.inspectors.compose.identity import joined, mount_parts, unique
from seatrial.inspectors.compose.values import ComposeText, List, Map, Value, from_node
from seatrial.text.yaml_tree import load_all

PORTS = ("services", "a", "ports")


def items(text: str, path: str = "a/compose.yaml") -> tuple[Value, ...]:
    value = from_node(load_all(f"[{text}]")[0], path, {})
    assert isinstance(value, List)
    return value.items


def shown(found: tuple[Value, ...]) -> list[object]:
    return [
        item.text if isinstance(item, ComposeText) else sorted(dict(item)) if isinstance(item, Map) else 0
        for item in found
    ]


def ports(*texts: str) -> list[object]:
    return shown(unique(items(", ".join(f"'{text}'" for text in texts)), PORTS))


def each(text: str) -> Iterator[tuple[int | None, int, str]]:
    """Every single port that a short syntax without an address publishes, by counting."""
    rest, _, protocol = text.partition("/")
    outside, _, inside = rest.rpartition(":")
    first, _, last = inside.partition("-")
    distance = int(outside.partition("-")[0]) - int(first) if outside else None
    for number in range(int(first), int(last or first) + 1):
        yield None if distance is None else number + distance, number, protocol.lower() or "tcp"


@pytest.mark.parametrize(
    "texts",
    [
        ("7000-7003:7000-7003", "7001:7001"),
        ("7001:7001", "7000-7003:7000-7003"),
        ("7000-7003:7000-7003", "7002-7005:7002-7005"),
        ("7002-7005:7002-7005", "7000-7003:7000-7003"),
        ("7000-7003:7000-7003", "7004-7005:7004-7005"),
        ("7000-7009:7000-7009", "7002:7002", "7004-7005:7004-7005", "7007:7007"),
        ("7000-7009:7000-7009", "7004-7005:7004-7005", "7002-7006:7002-7006"),
        ("7000-7009:7000-7009", "7007:7007", "7001:7001", "7000-7002:7000-7002"),
        ("7000-7009:7000-7009", "7000-7009:7000-7009"),
        ("7000-7003:7000-7003", "8000-8003:7000-7003"),
        ("7000-7003:7000-7003", "7000-7003:7000-7003/udp"),
        ("7000-7003:7000-7003/udp", "7001:7001/udp"),
        ("7000-7003:7000-7003/TCP", "7001:7001"),
        ("3000-3005", "3002"),
        ("3000-3005", "3002:3002"),
        ("3000-3001", "3001-3002", "3000-3002"),
    ],
)
def test_every_port_of_every_range_is_published_once(texts: tuple[str, ...]) -> None:
    found = Counter(port for text in ports(*texts) for port in each(str(text)))
    assert found == Counter({port for text in texts for port in each(text)})


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("7000-7003:7000-7003", "7001:7001"), ["7000:7000", "7002-7003:7002-7003", "7001:7001"]),
        (("7000-7003:8000-8003", "7001:8001"), ["7000:8000", "7002-7003:8002-8003", "7001:8001"]),
        (("7000-7001:7000-7001", "9:9", "7000-7003:7000-7003"), ["9:9", "7000-7003:7000-7003"]),
        (("7000-7003:7000-7003", "9:9"), ["7000-7003:7000-7003", "9:9"]),
        (("3000-3005", "3002"), ["3000-3001", "3003-3005", "3002"]),
        (("7000-7002:7000-7002/udp", "7002:7002/udp"), ["7000-7001:7000-7001/udp", "7002:7002/udp"]),
        (
            ("127.0.0.1:7000-7002:7000-7002", "127.0.0.1:7000:7000"),
            ["127.0.0.1:7001-7002:7001-7002", "127.0.0.1:7000:7000"],
        ),
        (("[::1]:7000-7002:7000-7002", "[::1]:7000:7000"), ["[::1]:7001-7002:7001-7002", "[::1]:7000:7000"]),
        (("127.0.0.1:7000-7002:7000-7002", "7000:7000"), ["127.0.0.1:7000-7002:7000-7002", "7000:7000"]),
        (("0.0.0.0:7000-7002:7000-7002", "7000:7000"), ["7001-7002:7001-7002", "7000:7000"]),
        (("7000-7003:7000-7001", "7000:7000"), ["7000-7003:7000-7001", "7000:7000"]),
        (("7000-7003:80", "7000:80"), ["7000-7003:80", "7000:80"]),
        (("${A}-7003:7000-7003", "7000:7000"), ["${A}-7003:7000-7003", "7000:7000"]),
        (("100000-100002", "100001"), ["100000-100002", "100001"]),
        (("1-100000", "2"), ["1-100000", "2"]),
        (("80:80", "80:80"), ["80:80"]),
        (("80:80/tcp", "80:80"), ["80:80"]),
        ((":80", "80"), ["80"]),
    ],
)
def test_what_stays_of_a_range_stands_in_its_place(texts: tuple[str, ...], expected: list[str]) -> None:
    assert ports(*texts) == expected


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("devices", "/dev/a:/dev/x", "/dev/b:/dev/x:rwm", True),
        ("devices", "/dev/a", "/dev/a", True),
        ("devices", "/dev/a:/dev/x", "{source: /dev/b, target: /dev/x}", True),
        ("devices", "/dev/a:/dev/x", "/dev/a:/dev/y", False),
        ("devices", "{source: a}", "{source: b}", False),
        ("volumes", "aa:/x/../y", "/y", True),
        ("volumes", "aa:/y/", "/y", True),
        ("volumes", "'C:\\\\x:/y'", "/y", True),
        ("volumes", "aa:/x", "aa:/y", False),
        ("volumes", "{source: a}", "{source: b}", False),
        ("volumes", "[a]", "[b]", False),
        ("volumes", "'aa:'", "'bb:'", True),
        ("secrets", "a", "{source: a}", True),
        ("secrets", "{source: a, target: /t}", "{source: b, target: /t}", True),
        ("secrets", "a", "{source: a, target: /t}", False),
        ("secrets", "a", "{source: x, target: /run/secrets/a}", True),
        ("configs", "a", "{source: x, target: /a}", True),
        ("configs", "a", "{source: a}", True),
        ("configs", "a", "b", False),
        ("configs", "{}", "''", True),
        ("env_file", "x.env", "{path: x.env, required: false}", True),
        ("env_file", "x.env", "y.env", False),
        ("env_file", "{}", "''", True),
        ("cap_add", "A", "A", True),
        ("tmpfs", "/run=1", "/run=2", True),
        ("tmpfs", "/run", "/tmp", False),
        ("security_opt", "a", "a", False),
    ],
)
def test_an_item_takes_the_place_of_the_same_one(name: str, one: str, other: str, same: bool) -> None:
    for first, second in ((one, other), (other, one)):
        given = items(f"{first}, x-between, {second}")
        expected = (given[2], given[1]) if same else given
        assert unique(given, ("services", "a", name)) == expected
        assert joined(given[:2], given[2:], ("services", "a", name)) == (
            expected if name != "security_opt" else given[:2]
        )


def test_environment_files_of_two_folders_are_two() -> None:
    given = (*items("x.env", "a/compose.yaml"), *items("x.env", "b/compose.yaml"), *items("x.env", "b/other.yaml"))
    assert unique(given, ("services", "a", "env_file")) == (given[0], given[2])


def test_what_is_written_the_same_way_in_both_is_there_once() -> None:
    first, second = items("a, a, {b: [1]}, 1, true"), items("{b: [1]}, c, c, '1', a, {b: [2]}, [1], [2], [1], 'true'")
    assert joined(first, second, ("services", "a", "security_opt")) == (
        *first, second[1], second[3], second[5], second[6], second[7], second[9],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a:", ["a:"]),
        ("a:b", ["a:b"]),
        ("aa:/b", ["aa", "/b"]),
        ("c:/x:/y", ["c:/x", "/y"]),
        ("/x:d:/y:ro", ["/x", "d:/y", "ro"]),
        ("1:/x", ["1", "/x"]),
        ("${A:-b}:/x:ro", ["${A:-b}", "/x", "ro"]),
    ],
)
def test_a_mount_is_split_as_compose_splits_it(text: str, parts: list[str]) -> None:
    assert mount_parts(text) == parts
