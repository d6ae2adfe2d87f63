"""Compose files come to what Docker makes of them."""

from __future__ import annotations

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
