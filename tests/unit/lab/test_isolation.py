"""A trial gets networks, volumes, data and secrets of its own, whoever the files give them to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.lab.compose import ProjectFiles
from seatrial.lab.isolation import Isolation, _short
from seatrial.lab.model import read


class _Tagged(yaml.SafeLoader):
    """Reads Compose's own tags as what they stand before."""


_Tagged.add_multi_constructor("!", lambda loader, _tag, node: _value(loader, node))


def _value(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else None


def isolated(document: dict[str, Any], scratch: Path) -> tuple[Isolation, str, Any]:
    place = ProjectFiles(scratch, Path("/repository"), ("compose.yaml",), scratch, Path("/out"))
    own = Isolation(document, read(document), name="p", run="r", place=place, small={})
    services = [line for name in document["services"] for line in (f"  {name}:", *own.service(name))]
    text = "\n".join(["services:", *services, *own.sections()])
    return own, text, yaml.load(text, Loader=_Tagged)


def test_names_and_external_things_of_the_machine_are_not_taken(tmp_path: Path) -> None:
    document = {
        "services": {"a": {"image": "x:1", "ports": [{"target": 80}], "container_name": "fixed"}},
        "volumes": {
            "data": {"name": "precious"},
            "ext": {"external": True, "name": "theirs"},
            "bound": {"name": "p_bound", "driver_opts": {"type": "none", "o": "bind", "device": "/srv/data"}},
        },
        "networks": {"default": {"name": "fixed"}, "proxy": {"external": True, "name": "proxy"}},
    }
    own, text, told = isolated(document, tmp_path)
    assert {name: body["name"] for name, body in told["volumes"].items()} == {
        "data": "p_data", "ext": "p_ext", "bound": "p_bound",
    }  # fmt: skip
    assert all("driver_opts" not in body and "external" not in body for body in told["volumes"].values())
    assert text.count("!override") == 5  # what their drivers would do is not done
    label = {"io.seatrial.run": "r"}
    assert told["networks"] == {
        "default": {"name": "p_default", "labels": label}, "proxy": {"name": "p_proxy", "labels": label},
    }  # fmt: skip
    assert told["services"]["a"] == {"labels": {"io.seatrial.run": "r"}, "ports": [], "container_name": None}
    assert own.notes == [
        "a separate network replaces default, which other projects may use",
        "a separate network replaces proxy, which other projects may use",
        "an empty volume replaces data, which other projects may use",
        "an empty volume replaces ext, which other projects may use",
        "an empty volume replaces bound, which other projects may use",
    ]


def test_ranges_of_addresses_stay_only_where_a_service_has_one_of_them(tmp_path: Path) -> None:
    ipam = {"config": [{"subnet": "10.9.0.0/24"}]}
    document = {
        "services": {"a": {"image": "x:1", "networks": {"fixed": {"ipv4_address": "10.9.0.5"}, "free": None}}},
        "networks": {
            "fixed": {"ipam": ipam, "internal": True},
            "free": {"ipam": ipam, "driver_opts": {"com.docker.network.bridge.name": "br0"}},
            "lan": {"driver": "macvlan", "driver_opts": {"parent": "eth0"}},
            "six": {"ipam": ipam, "enable_ipv6": True},
        },
    }
    own, _, told = isolated(document, tmp_path)
    assert (told["networks"]["fixed"]["ipam"], told["networks"]["fixed"]["internal"]) == (ipam, True)
    assert told["networks"]["free"].keys() == told["networks"]["lan"].keys() == {"name", "labels"}
    assert told["networks"]["six"].keys() == {"name", "labels", "ipam", "enable_ipv6"}
    assert own.notes == ["a separate network replaces lan, which other projects may use"]


@pytest.mark.parametrize(
    ("image", "target", "options", "replaced"),
    [
        ("postgres:17", "/var/lib/postgresql/data", {}, True),
        ("bitnami/mongodb:8", "/bitnami/mongodb/", {}, True),
        ("redis:8", "/data", {}, True),
        ("postgres:17", "/docker-entrypoint-initdb.d", {}, False),
        ("postgres:17", "/var/lib/postgresql/data", {"read_only": True}, False),
        ("acme/app:1", "/data", {}, False),
    ],
)
def test_a_datastores_own_directory_is_not_touched(
    image: str, target: str, options: dict[str, Any], replaced: bool, tmp_path: Path
) -> None:
    mount = {"type": "bind", "source": "/repo/data", "target": target, **options}
    document = {"services": {"db": {"image": image, "volumes": [mount]}}}
    own, _, told = isolated(document, tmp_path)
    if not replaced:
        assert [m for m in told["services"]["db"].get("volumes", ()) if m["type"] != "bind"] == []
        assert not any("empty volume" in note for note in own.notes)
        return
    name = f"seatrial-data-db-{_short(target)}"
    assert told["services"]["db"]["volumes"] == [{"type": "volume", "source": name, "target": target}]
    assert told["volumes"][name]["name"] == f"p_{name}"
    assert own.notes == [f"db: an empty volume replaces the directory at {target}"]


def test_secrets_that_are_not_there_are_made_up(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("x")
    document = {
        "services": {"a": {"image": "x:1"}},
        "secrets": {
            "there": {"file": str(there)}, "lacking": {"file": str(tmp_path / "no")}, "ext": {"external": True},
            "variable": {"environment": "X"},
        },
    }  # fmt: skip
    own, text, told = isolated(document, tmp_path)
    lacking = f"secret-{_short('lacking')}"
    assert told["secrets"] == {
        "lacking": {"file": f"/out/{lacking}"}, "ext": {"file": f"/out/secret-{_short('ext')}"},
    }  # fmt: skip
    assert (tmp_path / lacking).read_text() == own.generated["lacking"].reveal()
    again = Isolation(document, read(document), name="p", run="r", place=own.place, small={}, known=own.generated)
    list(again.sections())
    assert again.generated == own.generated, "another version of the same stack has the same"
    assert own.generated["lacking"].reveal() not in text + repr(own)


def test_what_is_external_is_not_taken_even_under_the_projects_own_name(tmp_path: Path) -> None:
    document = {
        "services": {"a": {"image": "x:1"}},
        "volumes": {"theirs": {"external": True, "name": "p_theirs"}, "ours": {"name": "p_ours"}},
    }
    own, _, _ = isolated(document, tmp_path)
    assert own.notes == ["an empty volume replaces theirs, which other projects may use"]


def test_what_is_built_has_a_name_of_the_run_and_so_has_what_uses_it(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM --platform=linux/amd64 acme/base:1 AS x\n", "utf-8")
    document = {
        "services": {
            "api": {"image": "acme/api:1", "build": {"context": str(tmp_path), "tags": ["acme/api:latest"]}},
            "worker": {"image": "acme/api:1"},
            "base": {"image": "acme/base:1", "build": {"context": "/base"}},
            "plain": {"build": {"context": "/plain"}},
            "store": {"image": "redis:8"},
        }
    }
    own, text, told = isolated(document, tmp_path)
    assert own.images == {"api": "p-api", "worker": "p-api"}
    assert {name for name, body in told["services"].items() if "image" in body} == {"api", "worker"}
    assert "build: {tags: !reset []}" in text
