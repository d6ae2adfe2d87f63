"""Which CI system a run is in: named, shown by the environment, or none."""

from __future__ import annotations

import pytest

from seatrial.ci import registry
from seatrial.domain.ci_systems import WORKSPACES, System

GITHUB, GITLAB = {"GITHUB_ACTIONS": "true"}, {"GITLAB_CI": "true"}


@pytest.mark.parametrize(
    ("environ", "wanted", "found"),
    [
        ({}, System.AUTO, System.PLAIN),
        ({"CI": "true"}, System.AUTO, System.PLAIN),
        ({"GITHUB_ACTIONS": "false", "GITLAB_CI": ""}, System.AUTO, System.PLAIN),
        (GITHUB, System.AUTO, System.GITHUB),
        (GITLAB, System.AUTO, System.GITLAB),
        (GITHUB, System.PLAIN, System.PLAIN),
        (GITLAB, System.PLAIN, System.PLAIN),
        ({}, System.GITHUB, System.GITHUB),
        ({}, System.GITLAB, System.GITLAB),
        (GITHUB | GITLAB, System.GITLAB, System.GITLAB),
    ],
)
def test_what_is_named_comes_before_what_is_shown(environ: dict[str, str], wanted: System, found: System) -> None:
    assert registry.find(environ, wanted).system is found


def test_every_system_has_one_host_and_the_last_takes_every_environment() -> None:
    assert sorted(host.system for host in registry.HOSTS) == sorted(set(System) - {System.AUTO})
    assert [host.is_here({}) for host in registry.HOSTS] == [*[False] * (len(registry.HOSTS) - 1), True]


def test_every_system_has_a_checkout_whose_programs_are_not_run() -> None:
    assert set(WORKSPACES) == set(System) - {System.AUTO, System.PLAIN}


@pytest.mark.parametrize("system", sorted(set(System) - {System.AUTO}))
def test_an_empty_environment_is_a_host_that_knows_nothing(system: System) -> None:
    host = registry.find({}, system)
    assert host.change is None or not host.change.own_code
    assert host.remote is None
    assert not host.debug
    said: list[str] = []
    host.hush(said.append)
    host.mask(said.append)
    assert said == []
