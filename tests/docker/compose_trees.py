"""Whole trees of Compose files: overrides, overlays, includes in three levels, and chains of `extends`."""

from __future__ import annotations

import copy
from typing import Any

from compose_projects import KEYS, TEXTS, Files, Tagged, dependencies
from hypothesis import strategies as st

_ENVIRONMENTS = {
    ".env": "SET=outer\nEMPTY=\nNESTED=${SET}-deep\n",
    "inner/.env": "SET=inner\nINNER=inner\n",
    "inner/other.env": "SET=other\nINNER=other\nUNSET=given\n",
    "inner/deep/.env": "INNER=deep\nONLY=deep\n",
    "one.env": "ONE=1\n",
    "two.env": "TWO=2\n",
}
_TOP: dict[str, dict[str, Any]] = {
    "networks": {"front": None, "back": None},
    "volumes": {"data": None, "cache": None},
    "secrets": {"key": {"file": "./key.txt"}, "cert": {"environment": "CERT"}},
    "configs": {"conf": {"file": "./conf.txt"}, "more": {"content": "text ${SET}"}},
    "models": {"llm": {"model": "acme/llm"}},
}
_USER = {
    "image": "acme/c",
    "networks": ["front", "back"],
    "volumes": ["data:/d", "cache:/e"],
    "secrets": ["key", "cert"],
    "configs": ["conf", "more"],
    "models": ["llm"],
}
"""A service that uses every resource: Compose leaves out those that none uses."""
_RESOURCES: dict[str, st.SearchStrategy[Any]] = {
    "networks": st.sampled_from(
        [
            {"driver": "bridge"},
            {"external": True},
            {"name": "n-${SET}"},
            {"internal": True, "labels": {"a": "1"}},
            {"labels": ["a=2", "b=3"]},
            {"driver_opts": {"o": "x"}},
            {"ipam": {"config": [{"subnet": "192.0.2.0/25"}]}},
            {"ipam": {"config": [{"subnet": "192.0.2.0/25", "gateway": "192.0.2.1"}, {"subnet": "192.0.2.128/25"}]}},
            {"ipam": {"driver": "default", "options": {"k": "v"}}},
            {"attachable": True, "enable_ipv6": True},
        ]
    ),
    "volumes": st.sampled_from(
        [
            {"driver": "local", "driver_opts": {"type": "none", "o": "bind", "device": "./here"}},
            {"external": True},
            {"driver_opts": {"o": "addr=192.0.2.1", "type": "nfs"}},
            {"name": "v-${SET}"},
            {"labels": ["a=1"]},
            {"labels": {"a": "2", "b": "3"}},
            {"external": True, "name": "real"},
        ]
    ),
    "secrets": st.sampled_from([{"file": "./other.txt"}, {"environment": "KEY"}, {"external": True}, {"name": "s"}]),
    "configs": st.sampled_from([{"file": "./${SET}.txt"}, {"external": True, "name": "c"}, {"content": "a$$b"}]),
    "models": st.sampled_from(
        [{"model": "acme/other", "context_size": 10}, {"runtime_flags": ["--a"]}, {"runtime_flags": ["--b"]}]
    ),
}


@st.composite
def services(draw: st.DrawFn, needs: tuple[str, ...] = (), most: int = 4) -> dict[str, Any]:
    """A service's keys, without what it is made of."""
    names = draw(st.lists(st.sampled_from(sorted(KEYS)), max_size=most, unique=True))
    body = {name: draw(KEYS[name]) for name in names}
    if needs and draw(st.integers(0, 3)) == 0:
        body["depends_on"] = draw(dependencies(needs))
    return body


@st.composite
def overrides(draw: st.DrawFn, base: dict[str, Any], needs: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a later file says of a service: the same keys again, others, and what it takes away."""
    body = draw(services(needs, most=2))
    for name in base:
        if name not in KEYS and name != "depends_on":
            continue
        again = KEYS[name] if name in KEYS else dependencies(needs)
        match draw(st.integers(0, 11)):
            case 0:
                body[name] = Tagged("!reset", draw(st.sampled_from([None, [], {}, "x"])))
            case 1:
                body[name] = Tagged("!override", draw(again.filter(lambda v: v is not None)))
            case 2:
                body[name] = None
            case 3 if isinstance(base[name], dict):
                body[name] = {key: Tagged("!reset", None) for key in list(base[name])[:1]}
            case 4 if isinstance(base[name], dict) and any(isinstance(v, list | dict) for v in base[name].values()):
                inner = next(k for k, v in base[name].items() if isinstance(v, list | dict))
                body[name] = {inner: Tagged("!override", base[name][inner])}
            case 5 | 6 | 7 | 8:
                body[name] = draw(again)
    return body


def _resources(draw: st.DrawFn) -> Files:
    section = draw(st.sampled_from(sorted(_RESOURCES)))
    name = draw(st.sampled_from(sorted(_TOP[section])))
    return {section: {name: draw(_RESOURCES[section])}}


def _join(base: Files, more: Files) -> None:
    for section, resources in more.items():
        base[section] = {**base[section], **resources}


@st.composite
def trees(draw: st.DrawFn) -> Files:
    """The files of one tree. The base always defines every resource that a service may use."""
    files: Files = dict(_ENVIRONMENTS)
    a, b = draw(services(("b", "c"))), draw(services(("c",)))
    base: Files = copy.deepcopy(_TOP) | {
        "services": {"a": {"image": "acme/a:${TAG:-1}", **a}, "b": {"image": "acme/b:1", **b}, "c": dict(_USER)},
    }
    if draw(st.booleans()):
        base["name"] = draw(st.sampled_from(["oracle", "my-${SET}"]))
    if draw(st.integers(0, 2)) == 0:
        _join(base, _resources(draw))
    if draw(st.integers(0, 3)) == 0:
        anchor = draw(services(most=3))
        base = {"x-base": anchor, **base}
        base["services"]["b"] = {"<<": anchor, **base["services"]["b"]}
    if draw(st.integers(0, 1)):
        _extend(draw, files, base["services"]["a"])
    if draw(st.integers(0, 1)):
        _include(draw, files, base, a)
    files["compose.yaml"] = base
    for name in ("compose.override.yaml", "compose.prod.yaml"):
        if draw(st.integers(0, 2)):
            over: Files = {"services": {"a": draw(overrides(a, ("b", "c")))}}
            if draw(st.booleans()):
                over["services"]["b"] = draw(overrides(b, ("c",)))
            if draw(st.integers(0, 4)) == 0:
                over |= _resources(draw)
            if draw(st.integers(0, 9)) == 0:
                over["services"]["b"] = Tagged("!reset", None)
            files[name] = over
    return files


def _extend(draw: st.DrawFn, files: Files, service: Files) -> None:
    """A chain: another service of the file, another file, and from there another one."""
    common, root = draw(services()), draw(services())
    further = draw(
        st.sampled_from(
            [
                None,
                "root",
                {"service": "root"},
                {"file": "root.yaml", "service": "root"},
                {"file": "../shared/root.yaml", "service": "root"},
            ]
        )
    )
    body = {"common": {"image": "acme/common:1", **common}, "root": root}
    if further:
        body["common"]["extends"] = further
    files["shared/common.yaml"] = {
        "services": body,
        **({"include": ["nothing.yaml"]} if draw(st.integers(0, 9)) == 0 else {}),
    }
    files["shared/root.yaml"] = {"services": {"root": {"user": "9", **root}}}
    service["extends"] = {
        "file": draw(st.sampled_from(["shared/common.yaml", "./shared/../shared/common.yaml"])),
        "service": "common",
    }
    if draw(st.integers(0, 3)) == 0:
        service["extends"] = draw(st.sampled_from(["c", {"service": "c"}]))


def _include(draw: st.DrawFn, files: Files, base: Files, own: dict[str, Any]) -> None:
    """Up to three levels of projects, each with files of its own."""
    tool = draw(services())
    inner: Files = {"services": {"tool": {"image": "acme/tool:${INNER:-1}", **tool}}, **_TOP}
    files["inner/compose.yaml"] = inner
    paths: Any = draw(st.sampled_from(["inner/compose.yaml", "./inner/compose.yaml", "${DIR:-inner}/compose.yaml"]))
    if draw(st.booleans()):
        files["inner/extra.yaml"] = {"services": {"tool": draw(overrides(tool))}}
        paths = [paths, "inner/extra.yaml"]
    item: Any = paths if isinstance(paths, str) and draw(st.booleans()) else {"path": paths}
    if isinstance(item, dict):
        item |= draw(
            st.sampled_from(
                [
                    {},
                    {"project_directory": "."},
                    {"project_directory": "inner/deep"},
                    {"env_file": "inner/other.env"},
                    {"env_file": ["inner/other.env", "inner/deep/.env"]},
                    {"project_directory": "./inner", "env_file": "./inner/other.env"},
                ]
            )
        )
    base["include"] = [item]
    del_top = draw(st.booleans())
    if del_top:
        for section in _TOP:
            base.pop(section, None)
    if draw(st.booleans()):
        deep = draw(services())
        files["inner/deep/compose.yaml"] = {
            "services": {"deep": {"image": "acme/deep:1", "labels": {"only": "${ONLY:-none}"}, **deep}},
            **_TOP,
        }
        inner["include"] = [
            draw(
                st.sampled_from(
                    [
                        "deep/compose.yaml",
                        {"path": ["deep/compose.yaml"], "env_file": "other.env"},
                        {"path": "deep/compose.yaml", "project_directory": "."},
                    ]
                )
            )
        ]
        if draw(st.booleans()):
            files["inner/deep/deeper/compose.yaml"] = {
                "services": {"deeper": {"image": "acme/deeper:${ONLY:-1}", **draw(services())}},
                **_TOP,
            }
            files["inner/deep/compose.yaml"]["include"] = [
                draw(
                    st.sampled_from(
                        ["./deeper/compose.yaml", {"path": "deeper/compose.yaml", "project_directory": "deeper"}]
                    )
                )
            ]
    if draw(st.integers(0, 3)) == 0:
        base["services"]["tool"] = draw(overrides(tool))
    if draw(st.integers(0, 5)) == 0:
        base["services"]["d"] = {"extends": {"service": "tool"}, **draw(services(most=1))}
    if draw(st.integers(0, 5)) == 0:
        files["again.yaml"] = {
            "services": {"tool": draw(overrides(tool))},
            "volumes": {"data": {"labels": {"again": draw(TEXTS)}}},
        }
        base["include"].append("again.yaml")
