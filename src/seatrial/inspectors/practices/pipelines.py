"""What is asked of pipelines: they test, they do so before a change is merged, and they look for flaws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from seatrial.inspectors.ci import PipelineJob, Trigger
from seatrial.inspectors.workflows.purpose import scans_by, tests_by

from .repository import Repository

_TESTING_STEPS = re.compile(
    r"^\./$|pytest|cypress-io/|playwright|karma|gradle-build|molecule|^vstest|^maventask|(?:^|/)(?:run-)?tests?(?:$|[-/])"
    r"|chart-testing|helm/kind|/test$"
)
_SCANNING_STEPS = re.compile(
    r"sast|dast|secret[-_]detection|dependency[-_]scanning|container[-_]scanning|iac[-_]scanning|codeql|snyk|sonar"
    r"|trivy|grype|gitleaks|trufflehog|semgrep|checkov|tfsec|kics|dependencycheck|owasp|bandit|osv-scanner|scorecard"
    r"|dependency-review|govulncheck|zizmor|advancedsecurity|whitesource|mend|blackduck|anchore|aqua|fossa|prisma"
    r"|harden-runner|seatrial"
)
_SCANNING_COMMANDS = re.compile(
    r"\b(?:sonar-scanner|sonar:sonar|sonarqube|dependency-check|docker\s+scout|yarn\s+(?:npm\s+)?audit|pnpm\s+audit"
    r"|bun\s+audit|composer\s+audit|bundle(?:r)?[- ]audit|mix\s+(?:deps\.audit|sobelow)|dotnet\s+list\s+\S*\s*package\s"
    r"+--vulnerable|nancy|clair|kics|terrascan|kubesec|kube-score|kube-linter|detect-secrets|ggshield|dockle|syft|fossa"
    r"|cargo[- ](?:audit|deny)|uv\s+audit|pip-audit|retire|njsscan|mobsfscan|hadolint|ansible-lint|psalm\s+--taint)\b"
)
_TESTING_COMMANDS = re.compile(
    r"\b(?:node\s+(?:--\S+\s+)*--test|deno\s+test|bun\s+test|mocha|ava|karma\s+start|cypress\s+run|playwright\s+test|behave"
    r"|trial|nose2|coverage\s+run|hatch\s+(?:run\s+)?test|gotestsum|ginkgo|bats|prove|busted|sbt\s+(?:\S+\s+)?test|lein\s+test"
    r"|zig\s+build\s+test|dart\s+test|flutter\s+test|stack\s+test|cabal\s+test|terraform\s+test|tofu\s+test|terratest"
    r"|molecule\s+test|helm\s+(?:test|unittest)|ct\s+(?:lint-and-)?install|k6\s+run|artisan\s+test|pest|R\s+CMD\s+check"
    r"|meson\s+test|xcodebuild\b[^\n]{0,200}\btest|unittest|doctest|goss|container-structure-test|newman\s+run|schemathesis)\b"
)
STARTED_BY_CHANGES = Trigger.PULL_REQUEST | Trigger.ANY_PUSH | Trigger.PUSH


_TEST_SCRIPT = re.compile(
    r"(?:^|[\n;&|(])[ \t]*(?:(?:uv|poetry|pdm|pipenv|hatch)[ \t]+run[ \t]+)?"
    r"(?:(?:(?:ba|z)?sh|python[\d.]*|node|ruby)[ \t]+(?:-\w+[ \t]+){0,5})?"
    r"[\w./-]{0,100}(?<![a-z])tests?(?![a-z])[\w.-]{0,60}\.(?:sh|py|js|rb)\b"
    r"|\b(?:just|task|poe|composer|invoke|inv|rake|earthly|nx|turbo|moon|mage|pixi"
    r"|(?:pdm|hatch|pixi|rye)[ \t]+run)[ \t]+"
    r"(?:[\w:+=-]+[ \t]+){0,4}[+\w:-]{0,40}(?<![a-z])tests?(?![a-z])"
)
"""A script that is called after tests: what it starts, a container mostly, runs them (docs/decisions.md)."""
_ONLY_NAMES = re.compile(
    r"\b(?:pip3?|pipx|uv|poetry|pdm|npm|pnpm|yarn|bun|apt(?:-get)?|apk|dnf|yum|brew|gem|cargo|go|conda|mamba|composer)\s+"
    r"(?:-\S+\s+){0,9}(?:install|add|i|ci|get|sync|require)\b[^\n;&|]*|\becho\b[^\n;&|]*"
)
"""Commands that name a program and do not run it."""


def _run(job: PipelineJob) -> str:
    """The commands of a job without those that only name programs."""
    return _ONLY_NAMES.sub("", job.commands)


def tests(job: PipelineJob) -> bool:
    """Whether a job runs tests."""
    commands = _run(job)
    by_command = tests_by(commands) or _TESTING_COMMANDS.search(commands) or _TEST_SCRIPT.search(commands)
    return bool(by_command) or any(_TESTING_STEPS.search(one) for one in job.uses)


def scans(job: PipelineJob) -> bool:
    """Whether a job looks for flaws."""
    commands = _run(job)
    if scans_by(commands) or _SCANNING_COMMANDS.search(commands):
        return True
    return any(scans_by("", one) or _SCANNING_STEPS.search(one) for one in job.uses)


def first(repository: Repository, wanted: Callable[[PipelineJob], bool]) -> PipelineJob | None:
    """The first job that does what is wanted, those that run before a merge first."""
    jobs = sorted(repository.pipelines.jobs, key=lambda job: not job.before_merge)
    return next((job for job in jobs if wanted(job)), None)


def outside(repository: Repository, jobs: Iterable[PipelineJob] | None = None) -> str:
    """Why nothing can be said to be missing: a job runs what lies in another repository. Empty if none does."""
    called = (one for job in jobs or repository.pipelines.jobs for one in job.unseen)
    name = next(called, "")
    return f"a pipeline runs {name} of another repository, which is not seen here" if name else ""
