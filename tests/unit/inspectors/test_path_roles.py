"""What a path is for, by its name alone."""

from __future__ import annotations

import pytest

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.path_roles import Role, is_example_path, is_note, is_test_path, purpose, weighed


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.PRODUCTION, "compose.yaml"),
        (Role.PRODUCTION, "docker-compose.prod.yml"),
        (Role.PRODUCTION, "deploy/docker-compose.production.local.yml"),
        (Role.PRODUCTION, "docker-compose.devices.yml"),
        (Role.PRODUCTION, "compose.latest.yaml"),
        (Role.PRODUCTION, "Dockerfile"),
        (Role.PRODUCTION, "Dockerfile.alpine"),
        (Role.PRODUCTION, "services/device/Dockerfile"),
        (Role.PRODUCTION, "dev/app.py"),
        (Role.PRODUCTION, "src/contest/app.py"),
        (Role.PRODUCTION, ".github/workflows/test_and_deploy.yml"),
        (Role.PRODUCTION, ".github/workflows/e2e_test.yml"),
        (Role.PRODUCTION, ".github/actions/test/action.yml"),
        (Role.DEVELOPMENT, ".devcontainer/docker-compose.yml"),
        (Role.DEVELOPMENT, "app/.devcontainer/Dockerfile"),
        (Role.DEVELOPMENT, "docker-compose.dev.yml"),
        (Role.DEVELOPMENT, "docker-compose-dev.yaml"),
        (Role.DEVELOPMENT, "compose.override.yaml"),
        (Role.DEVELOPMENT, "compose.e2e.yaml"),
        (Role.DEVELOPMENT, "docker-compose.ci.yml"),
        (Role.DEVELOPMENT, "docker-compose.local.gpu.yml"),
        (Role.DEVELOPMENT, "dev.docker-compose.yml"),
        (Role.DEVELOPMENT, "Dockerfile.dev"),
        (Role.DEVELOPMENT, "test.Dockerfile"),
        (Role.DEVELOPMENT, "docker/api.dev.Dockerfile"),
        (Role.DEVELOPMENT, "docker/local/compose.yaml"),
        (Role.DEVELOPMENT, "docker/dev/Dockerfile"),
        (Role.TEST, "tests/docker-compose.yml"),
        (Role.TEST, "e2e/compose.yaml"),
        (Role.TEST, "pkg/testdata/Dockerfile"),
        (Role.TEST, "fixtures/compose.yaml"),
        (Role.EXAMPLE, "examples/shop/compose.yaml"),
        (Role.EXAMPLE, "samples/a.py"),
        (Role.EXAMPLE, "demo/compose.yaml"),
        (Role.EXAMPLE, "docs/examples/compose.yaml"),
        (Role.EXAMPLE, ".env.example"),
        (Role.DOCUMENTATION, "docs/deploy/compose.yaml"),
        (Role.DOCUMENTATION, "README.md"),
    ],
)
def test_a_path_has_one_role_with_a_reason(role: Role, path: str) -> None:
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
