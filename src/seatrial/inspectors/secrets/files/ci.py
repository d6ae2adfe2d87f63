"""Continuous integration: plain values where a secret's reference belongs."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.inspectors.secrets.files import command_lines, scans, yaml_lines
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile
from seatrial.inspectors.secrets.files.names import is_secret, promising


def _pipeline(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Values of variables, and passwords in the commands; `secure:` (Travis, AppVeyor) is encrypted."""
    if promising(text):
        for node in yaml_lines.nodes(text):
            if node.key != "secure" and "secure" not in node.path:
                yield from scans.yaml_entries(node, is_secret, inside=True)
    yield from command_lines.entries(text)


PARSERS = (
    CredentialFile(
        id="ci-pipeline",
        title="value in a CI pipeline",
        documentation="https://docs.travis-ci.com/user/environment-variables/#defining-encrypted-variables-in-travisyml",
        names=(
            ".travis.yml",
            ".travis.yaml",
            ".gitlab-ci.yml",
            "*.gitlab-ci.yml",
            ".gitlab-ci.yaml",
            ".circleci/config.yml",
            "circle.yml",
            ".drone.yml",
            ".drone.yaml",
            "appveyor.yml",
            ".appveyor.yml",
            "bitbucket-pipelines.yml",
            "azure-pipelines.yml",
            "azure-pipelines*",
            "workflows/*.yml",
            "workflows/*.yaml",
            "wercker.yml",
            "codeship-services.yml",
            ".buildkite/*.yml",
            "cloudbuild.yaml",
            "cloudbuild.yml",
            "buildspec.yml",
            "buildspec*",
            ".woodpecker.yml",
            ".semaphore/*.yml",
            "shippable.yml",
            ".gitlab/*.yml",
            "ci/*.yml",
            ".cirrus.yml",
        ),
        scan=scans.all_of(_pipeline),
    ),
    CredentialFile(
        id="compose-environment",
        title="value in a Compose file",
        documentation="https://docs.docker.com/compose/how-tos/use-secrets/",
        names=(
            "docker-compose.yml",
            "docker-compose.yaml",
            "docker-compose*",
            "compose.yml",
            "compose.yaml",
            "compose*",
            "docker-stack.yml",
            "stack.yml",
        ),
        scan=scans.all_of(_pipeline),
        sniff=lambda text: "services" in text or "image:" in text,
    ),
)
