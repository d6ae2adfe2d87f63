"""Compose files come to what Docker makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from surveying import Survey

from seatrial.inspectors.compose import plugin


def test_a_later_file_of_an_include_item_overrides_an_earlier_one(survey: Survey) -> None:
    assert survey("inc-list", only=["compose"]).rules.isdisjoint({"compose/privileged", "compose/root-user"})


def test_a_later_file_of_an_include_item_can_make_a_service_privileged(survey: Survey) -> None:
    assert {"compose/privileged", "compose/root-user"} <= survey("inc-list2", only=["compose"]).rules


def test_an_include_has_its_own_project_directory_and_environment(survey: Survey) -> None:
    found = survey("inc-projdir", only=["compose", "environment"])
    assert found.rules.isdisjoint({"compose/missing-path", "environment/no-example"})


def test_a_port_in_both_syntaxes_is_one_port(survey: Survey) -> None:
    assert "compose/port-collision" not in survey("ports-mix", only=["compose"]).rules


@pytest.mark.parametrize("case", ["overlay-with-own-service", "include-overridden", "feat-models"])
def test_a_project_that_compose_accepts_has_no_high_finding(survey: Survey, case: str) -> None:
    assert [
        f["message"] for f in survey(case, only=["compose"]).findings if f["severity"] in ("high", "critical")
    ] == []


def test_a_host_directory_behind_a_named_volume_is_reported(survey: Survey) -> None:
    [found] = survey("host-path-by-driver-opts", only=["compose"]).of("compose/host-directory")
    assert (found["severity"], found["location"]["line"]) == ("high", 4)


def test_what_dockers_loader_refuses_is_reported_without_docker(
    survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin, "version", lambda tree: "")
    found = survey("loader-consistency", only=["compose"])
    assert {f["location"]["path"] for f in found.of("compose/schema")} == {f"{c}/compose.yaml" for c in "abcd"}
    assert [f["location"]["path"] for f in found.of("compose/limit-conflict")] == ["d/compose.yaml"]


def test_the_literal_password_of_a_store_is_reported_whatever_it_is_called(survey: Survey) -> None:
    found = survey("placeholder-that-is-the-password", only=["compose"]).of("compose/plain-secret")
    assert [f["location"]["line"] for f in found] == [5, 10, 14, 18]


def test_one_value_has_one_finding_of_the_compose_family(survey: Survey) -> None:
    found = survey("two-findings-for-one-value", only=["compose"])
    lines = [f["location"]["line"] for f in found.findings if "secret" in f["rule"]]
    assert sorted(lines) == [5, 6]


UNREAD = {
    "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n",
    "conflict": b"<<<<<<< ours\nservices: {}\n=======\nservices: {a: {image: x}}\n>>>>>>> theirs\n",
    "empty": b"",
    "comments": b"# services\n",
    "no-services": b"services: {}\n",
    "null-services": b"services:\n",
    "cut-off": b'services:\n  a: {image: "x',
    "binary": b"\x7fELF\x00\x01\x02\x00\x00",
}


@pytest.mark.parametrize("content", UNREAD.values(), ids=UNREAD)
def test_a_compose_file_without_a_readable_project_has_a_finding(
    survey: Survey, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "compose.yaml").write_bytes(content)
    assert "compose.yaml" in [
        f["location"]["path"] for f in survey(tmp_path / "tree", only=["compose"]).of("compose/schema")
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_compose_file_in_any_unicode_encoding_is_judged(survey: Survey, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "tree").mkdir()
    text = "services:\n  a:\n    image: example/a:1.0\n    privileged: true\n"
    (tmp_path / "tree" / "compose.yaml").write_bytes(text.encode(encoding))
    assert "compose/privileged" in survey(tmp_path / "tree", only=["compose"]).rules


def test_a_link_out_of_the_tree_is_not_measured(survey: Survey, tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "outside.yaml").write_text("services: {a: {image: x}}\n", "utf-8")
    (tmp_path / "tree" / "compose.yaml").symlink_to(tmp_path / "outside.yaml")
    checks = survey(tmp_path / "tree", only=["compose"]).report["checks"]
    answers = [c for c in checks if c["id"].startswith("compose/")]
    assert answers
    assert all(c["status"] != "na" and "compose.yaml" in str(c) for c in answers)
