"""
What is released can be verified.

## What it does

Reports, once, a repository whose pipelines publish images, packages or files without a signature and without an
attestation. Known are cosign, notation, GitHub's attestations, SLSA generators, GPG, minisign and signify. Publishers
that attest by themselves count too, as do the settings of GoReleaser, npm, Maven and Gradle. A checksum beside the file
does not count: who replaces the file replaces it too.

## Why it matters

A registry's password is enough to replace an image. Without a signature its users cannot see that.

## How to fix

`cosign sign` with the digest after the push, or `actions/attest-build-provenance`; and a check of it before deployment.

Source: https://slsa.dev/spec/v1.0/levels
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.inspectors.ci import PipelineJob
from seatrial.inspectors.identity.packages import PUBLISHES
from seatrial.inspectors.practices.repository import (
    PIPELINE,
    PROGRAMS,
    PracticeResult,
    Repository,
    holds,
    lacks,
    needless,
    practice,
)

_PUSHES = re.compile(
    r"\b(?:docker|podman|nerdctl)\s+(?:image\s+|manifest\s+)?push\b|\bdocker\s+(?:buildx\s+)?(?:build|bake)\b[^\n]*\s--push\b"
    r"|\bbuildah\s+push\b|\bskopeo\s+copy\b|\bcrane\s+(?:push|copy)\b|\bregctl\s+image\s+copy\b|\bko\s+(?:build|publish)\b"
    r"|kaniko/executor\b(?![^\n]*--no-push)[^\n]*--destination|\bjib\b(?!DockerBuild)|\bhelm\s+push\b|\boras\s+push\b"
    r"|\bgh\s+release\s+(?:create|upload)\b|\bglab\s+release\s+create\b|\brelease-cli\s+create\b"
)
"""Commands that put an image or a file where others fetch it."""
_RELEASES = re.compile(
    r"gh-action-pypi-publish|action-gh-release|release-action|upload-release-asset|goreleaser-action|changesets/action"
)
_IMAGE_ACTIONS = re.compile(r"docker/(?:build-push|bake)-action")
_IMAGE_PUSHED = re.compile(
    r"^\s*push:\s*[\"']?(?:true|\$\{\{)|\btype=(?:registry\b|image[^\n]*push=true)", re.MULTILINE
)
_SIGNS = re.compile(
    r"\bcosign\s+(?:sign|sign-blob|attest|attest-blob)\b|\bnotation\s+sign\b|\bgh\s+attestation\b|\bDOCKER_CONTENT_TRUST=1"
    r"|\bgpg2?\b[^\n]*\s(?:--(?:detach-sign|clearsign|sign)\b|-[abs]{2,3}\b)|\bminisign\s+[^\n]*-S|\bsignify\s+[^\n]*-S"
    r"|\bssh-keygen\s+-Y\s+sign\b|\bsq\s+sign\b|\brsign\s+sign\b|\bcodesign\b|\bsigntool\b|\bapksigner\b|\bjarsigner\b"
    r"|--provenance(?!=false)\b|NPM_CONFIG_PROVENANCE|\bsigstore\s+sign\b|\bhelm\s+package\b[^\n]*--sign\b|\bwitness\s+run\b"
)
_SIGNING_STEPS = re.compile(
    r"actions/attest|slsa-framework/|sigstore/(?!cosign-installer)|gh-action-sigstore|crazy-max/ghaction-import-gpg"
    r"|notaryproject/|cosign-sign"
)
_PYPI = "pypa/gh-action-pypi-publish"
_PYPI_WITHOUT = re.compile(r"^\s*(?:password|attestations):\s*(?!true)\S", re.MULTILINE)
"""PyPI's action attests by itself, unless it is given a password or says no."""
_SETTINGS = (
    (re.compile(r"(?:^|/)\.?goreleaser\.ya?ml$"), re.compile(r"^(?:signs|docker_signs|binary_signs):", re.MULTILINE)),
    (re.compile(r"(?:^|/)package\.json$"), re.compile(r'"provenance"\s*:\s*true')),
    (re.compile(r"(?:^|/)pom\.xml$"), re.compile(r"maven-gpg-plugin|sigstore-maven-plugin")),
    (re.compile(r"(?:^|/)build\.gradle(?:\.kts)?$"), re.compile(r"^\s*signing\b|dev\.sigstore", re.MULTILINE)),
)
"""Files whose settings sign, and what says so in them."""


def _judge(repository: Repository) -> PracticeResult:
    """Whether something signs what a pipeline publishes."""
    publishing = [job for job in repository.pipelines.jobs if _publishes(repository, job)]
    if not publishing:
        return needless("no pipeline publishes an image, a package or a file", PIPELINE.search)
    for job in repository.pipelines.jobs:
        if _signs(repository, job):
            return holds(f"{job.system}: job {job.name} at {job.at}")
    whole = repository.whole
    for paths, setting in _SETTINGS:
        if path := whole.first((path for path in whole.own if paths.search(path)), setting):
            return holds(path)
    message = "what the pipeline publishes is neither signed nor attested"
    return lacks(message, "cosign sign, or actions/attest-build-provenance, after the push", at=publishing[0].at)


def _publishes(repository: Repository, job: PipelineJob) -> bool:
    if PUBLISHES.search(job.commands) or _PUSHES.search(job.commands):
        return True
    if any(_RELEASES.search(one) for one in job.uses):
        return True
    pushes = _IMAGE_PUSHED.search(repository.whole.live(job.at.path))
    return bool(pushes) and any(_IMAGE_ACTIONS.search(one) for one in job.uses)


def _signs(repository: Repository, job: PipelineJob) -> bool:
    if _SIGNS.search(job.commands) or any(_SIGNING_STEPS.search(one) for one in (*job.uses, *job.unseen)):
        return True
    by_itself = any(one.startswith(_PYPI) for one in job.uses)
    return by_itself and not _PYPI_WITHOUT.search(repository.whole.live(job.at.path))


RULE = practice(
    __doc__,
    id="practices/provenance",
    severity=Severity.LOW,
    kinds=PROGRAMS,
    evidence=re.compile(
        PIPELINE.pattern + r"|goreleaser|(?:^|/)(?:package\.json|pom\.xml|build\.gradle(?:\.kts)?)$|\.sh$"
    ),
    above=True,
    judge=_judge,
)
