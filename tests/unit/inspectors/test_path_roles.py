"""What a path is for, by its name alone."""

from __future__ import annotations

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.path_roles import PathRole, is_example_path, is_note, is_test_path, purpose, weighed


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (PathRole.PRODUCTION, "compose.yaml"),
        (PathRole.TEST, "roles/a/molecule/default/converge.yml"),
        (PathRole.TEST, "cisco_fixtures/snmp.txt"),
        (PathRole.TEST, "devstack/etc/frr/frr.conf"),
        (PathRole.TEST, "zuul.d/base.yaml"),
        (PathRole.TEST, ".zuul.yaml"),
        (PathRole.TEST, "src/borg/testsuite/key.yml"),
        (PathRole.PRODUCTION, "src/molecules/water.py"),
        (PathRole.PRODUCTION, "docker-compose.prod.yml"),
        (PathRole.PRODUCTION, "deploy/docker-compose.production.local.yml"),
        (PathRole.PRODUCTION, "docker-compose.devices.yml"),
        (PathRole.PRODUCTION, "compose.latest.yaml"),
        (PathRole.PRODUCTION, "Dockerfile"),
        (PathRole.PRODUCTION, "Dockerfile.alpine"),
        (PathRole.PRODUCTION, "services/device/Dockerfile"),
        (PathRole.PRODUCTION, "dev/app.py"),
        (PathRole.PRODUCTION, "src/contest/app.py"),
        (PathRole.PRODUCTION, ".github/workflows/test_and_deploy.yml"),
        (PathRole.PRODUCTION, ".github/workflows/e2e_test.yml"),
        (PathRole.PRODUCTION, ".github/actions/test/action.yml"),
        (PathRole.DEVELOPMENT, ".devcontainer/docker-compose.yml"),
        (PathRole.DEVELOPMENT, "app/.devcontainer/Dockerfile"),
        (PathRole.DEVELOPMENT, "docker-compose.dev.yml"),
        (PathRole.DEVELOPMENT, "docker-compose-dev.yaml"),
        (PathRole.DEVELOPMENT, "compose.override.yaml"),
        (PathRole.DEVELOPMENT, "compose.e2e.yaml"),
        (PathRole.DEVELOPMENT, "docker-compose.ci.yml"),
        (PathRole.DEVELOPMENT, "docker-compose.local.gpu.yml"),
        (PathRole.DEVELOPMENT, "dev.docker-compose.yml"),
        (PathRole.DEVELOPMENT, "Dockerfile.dev"),
        (PathRole.DEVELOPMENT, "test.Dockerfile"),
        (PathRole.DEVELOPMENT, "docker/api.dev.Dockerfile"),
        (PathRole.DEVELOPMENT, "docker/local/compose.yaml"),
        (PathRole.DEVELOPMENT, "docker/dev/Dockerfile"),
        (PathRole.TEST, "tests/docker-compose.yml"),
        (PathRole.TEST, "e2e/compose.yaml"),
        (PathRole.TEST, "pkg/testdata/Dockerfile"),
        (PathRole.TEST, "fixtures/compose.yaml"),
        (PathRole.EXAMPLE, "examples/shop/compose.yaml"),
        (PathRole.EXAMPLE, "samples/a.py"),
        (PathRole.EXAMPLE, "demo/compose.yaml"),
        (PathRole.EXAMPLE, "docs/examples/compose.yaml"),
        (PathRole.EXAMPLE, ".env.example"),
        (PathRole.DOCUMENTATION, "docs/deploy/compose.yaml"),
        (PathRole.DOCUMENTATION, "README.md"),
    ],
)
def test_a_path_has_one_role_with_a_reason(role: PathRole, path: str) -> None:
    found = purpose(path)
    assert found.role is role
    assert bool(found.reason) is not found.production


def test_the_narrower_questions_agree_with_the_role() -> None:
    assert is_test_path("tests/a.py")
    assert not is_test_path("examples/a.py")
    assert not is_example_path("compose.dev.yaml")
    assert is_note("docs/setup.md")
    assert not is_note("examples/setup.md")
    assert not is_note("docs/setup.yaml")


def finding(path: str) -> Finding:
    return Finding("compose/privileged", Severity.CRITICAL, Confidence.HIGH, "a: privileged", Location(path, 3))


def test_a_finding_of_a_development_file_is_low_and_says_so_once() -> None:
    low = weighed(weighed(finding("examples/compose.yaml")))
    assert low.severity is Severity.LOW
    assert low.message == "development only: a: privileged (a folder of examples)"
    assert low.fingerprint == finding("examples/compose.yaml").fingerprint


def test_what_production_uses_keeps_its_weight() -> None:
    for path, used in (("compose.yaml", ()), ("examples/compose.yaml", ("examples/compose.yaml",))):
        assert weighed(finding(path), frozenset(used)) == finding(path)
