"""
The deployment is automated or described.

## What it does

Reports, once, a service or infrastructure that nothing deploys: no pipeline job, script, manifest or platform file, and
no document with a section that lists the steps.

## Why it matters

What only one person can deploy waits for that person, also at night.

## How to fix

A job that deploys, or a section of the runbook with every command.

Source: https://dora.dev/capabilities/deployment-automation/
"""

from __future__ import annotations

import re

from seatrial.domain import Severity
from seatrial.inspectors.practices import documents
from seatrial.inspectors.practices.repository import (
    DEPLOYED,
    PIPELINE,
    PracticeResult,
    Repository,
    holds,
    lacks,
    practice,
)
from seatrial.inspectors.workflows.purpose import deploys_by

_COMMANDS = re.compile(
    r"\b(?:docker[- ]compose\b[^\n]{0,200}\bup\b|docker\s+(?:stack\s+deploy|service\s+update|run\s+-d)|ssh\s|scp\s"
    r"|rsync\s"
    r"|kubectl\s|helm\s|kustomize\s|argocd\s|flux\s|nomad\s+job\s+run|kamal\s+deploy|dokku|cap\s+\w+\s+deploy|ansible-playbook"
    r"|terraform\s+apply|tofu\s+apply|terragrunt\s+(?:run-all\s+)?apply"
    r"|pulumi\s+up|cdk\s+deploy|sam\s+deploy|az\s+\w+\s+deploy"
    r"|fly(?:ctl)?\s+deploy|railway\s+up|git\s+push\s+(?:heroku|dokku)|systemctl\s+(?:restart|reload)|nixos-rebuild"
    r"|aws\s+(?:ecs|s3|lambda|cloudformation|deploy)\s|gcloud\s+(?:run|app|functions|compute)\s|wrangler\s+deploy)"
)
_SCRIPT = re.compile(
    r"(?:^|/)(?:[\w.-]*[-_.])?(?:deploy|release|rollout|provision|update|upgrade)(?:[-_.][\w.-]*)?$", re.IGNORECASE
)
_FILES = (
    r"(?:^|/)(?:Procfile|fly(?:\.[\w-]+)?\.toml|render\.yaml|railway\.(?:json|toml)|vercel\.json|netlify\.toml"
    r"|wrangler\.(?:toml|jsonc?)|serverless\.ya?ml|kustomization\.ya?ml|Chart\.ya?ml|helmfile\.ya?ml|skaffold\.ya?ml"
    r"|ansible\.cfg|captain-definition|appspec\.ya?ml)$"
)
_TITLE = re.compile(
    r"deploy|rollout|roll out|in production|upgrad|updat|install|self[- ]host|going live",
    re.IGNORECASE,
)
_LINE = re.compile(r"^[^\w\n]*(?:deployment|deploy|rollout)\b[^\n]*`[^`\n]{3,}`", re.IGNORECASE | re.MULTILINE)
_OBJECTS = frozenset(
    {"Application", "ApplicationSet", "HelmRelease", "Kustomization", "Deployment", "StatefulSet", "DaemonSet"}
)


def _judge(repository: Repository) -> PracticeResult:
    """Whether something deploys, or a document says how."""
    whole = repository.whole
    for job in repository.pipelines.jobs:
        named = re.search(r"deploy|apply|rollout|production", f"{job.name} {job.environment}", re.IGNORECASE)
        if any(deploys_by("", one) for one in job.uses) or deploys_by(job.commands):
            return holds(f"{job.system}: job {job.name} at {job.at}")
        if named and (_COMMANDS.search(job.commands) or job.uses or job.unseen):
            return holds(f"{job.system}: job {job.name} at {job.at}")
    if path := whole.first((p for p in repository.doing if _SCRIPT.search(p)), _COMMANDS):
        return holds(path)
    for view in whole.manifests.objects:
        if view["kind"].text in _OBJECTS and view.path in whole.own:
            return holds(f"{view['kind'].text} at {view.at}")
    if path := next(whole.named(_FILES), "") or documents.describes(whole, _TITLE) or _mentioned(repository):
        return holds(path)
    message = "nothing deploys it, and no document says how"
    return lacks(message, "a job that deploys, or a section of the runbook with every command")


def _mentioned(repository: Repository) -> str:
    """A document with a line on deployment that names a command or a job."""
    whole = repository.whole
    return next((path for path in documents.pages(whole) if _LINE.search(whole.text(path))), "")


RULE = practice(
    __doc__,
    id="practices/deployment",
    severity=Severity.LOW,
    kinds=DEPLOYED,
    evidence=re.compile(PIPELINE.pattern + r"|deploy|ansible|helm|k8s|kustom", re.IGNORECASE),
    above=True,
    judge=_judge,
)
