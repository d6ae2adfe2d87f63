"""What jobs and steps are for, by their names, actions and commands: testing, checking, deploying."""

from __future__ import annotations

import re

from .model import Job, Step

_DEPLOYS = re.compile(
    r"\b(?:kubectl\s+(?:apply|rollout|set\s+image)|helm\s+(?:upgrade|install)|terraform\s+apply|pulumi\s+up"
    r"|cdk\s+deploy"
    r"|serverless\s+deploy|sls\s+deploy|flyctl?\s+deploy|vercel\b[^\n]{0,300}--prod|netlify\s+deploy"
    r"|firebase\s+deploy|wrangler\s+deploy"
    r"|aws\s+(?:ecs\s+update-service|s3\s+sync|cloudformation\s+deploy|lambda\s+update-function-code)"
    r"|gcloud\s+(?:run|app|functions)\s+deploy|az\s+webapp\s+deploy|ansible-playbook|docker\s+stack\s+deploy"
    r"|cap\s+production\s+deploy)\b"
)
_DEPLOY_ACTIONS = re.compile(
    r"^(?:aws-actions/amazon-ecs-deploy|google-github-actions/deploy|azure/(?:webapps|k8s)-deploy|superfly/flyctl"
    r"|cloudflare/(?:wrangler|pages)|actions/deploy-pages|appleboy/ssh-action|akhileshns/heroku-deploy"
    r"|firebaseextended/)"
)
_DEPLOY_NAME = re.compile(r"^(?:deploy|rollout|release-to|publish-to-prod)(?:$|[-_ ])|[-_ ]deploy$", re.IGNORECASE)
TESTS = re.compile(
    r"\b(?:pytest|tox|nox|python\d?\s+-m\s+(?:pytest|unittest)|manage\.py\s+test|(?:npm|pnpm|yarn"
    r"|bun)\s+(?:run\s+)?test\S*|npx\s+(?:jest|vitest|playwright)"
    r"|jest|vitest|go\s+test|cargo\s+(?:test|nextest)|mvnw?\b[^\n]{0,300}\b(?:test|verify)|gradlew?\b[^\n]{0,300}\b(?:test"
    r"|check|build)|rspec|rake\s+test|bundle\s+exec\s+\S*(?:rspec|test)"
    r"|phpunit|dotnet\s+test|ctest"
    r"|make[ \t]+(?:[^\s;&|]+[ \t]+){0,20}(?:test|check)\S*|bazel\s+test|mix\s+test|swift\s+test)\b"
)
"""Commands that run tests."""
CHECKING = re.compile(
    TESTS.pattern
    + r"|\b(?:ruff|flake8|pylint|mypy|pyright|black\s+--check|eslint|tsc|golangci-lint|clippy|rubocop|shellcheck"
    r"|hadolint"
    r"|yamllint|actionlint|zizmor"
    r"|bandit|safety|pip-audit|npm\s+audit|trivy|grype|snyk|semgrep|gitleaks|trufflehog|checkov|tfsec"
    r"|govulncheck|cargo\s+(?:audit|deny)|seatrial)\b"
)
_CHECK_ACTIONS = re.compile(
    r"^(?:github/codeql-action/|aquasecurity/trivy|snyk/|gitleaks/|trufflesecurity/|golangci/|super-linter/"
    r"|pre-commit/|semgrep/|bridgecrewio/"
    r"|returntocorp/|anchore/|ossf/scorecard|zizmorcore/|seatrial/|actions/dependency-review)"
)
_RUNS = re.compile(
    r"\b(?:npm|pnpm|yarn|bun)\s+(?:ci|i|install|run|test|build|exec)\b|\bnpx\b"
    r"|\bpip3?\s+install\s+(?:-\S+\s+){0,20}(?:\.|-r|-e)|\bpython\d?\s+\S+\.py\b"
    r"|\bpython\d?\s+-m\s+(?:pytest|build|pip)|\bpytest\b|\btox\b|\bnox\b|\bmake\b|\bcmake\b|\bcargo\s+\w+"
    r"|\bgo\s+(?:build|test|run|generate)\b|\bmvnw?\b|\bgradlew?\b"
    r"|\bbundle\s+(?:install|exec)|\brake\b|\bcomposer\s+install|\bdocker\s+(?:build|compose)"
    r"|\bdotnet\s+(?:build|test|run)|(?:^|\s|;)\./[\w./-]+|\b(?:bash|sh|source)\s+[\w./-]+\.sh\b"
    r"|\bpoetry\s+(?:install|run)|\buv\s+(?:sync|run)|\bpre-commit\b|\bterraform\s+(?:init|plan|apply)"
    r"|\bmsbuild\b|\bswift\s+build",
    re.MULTILINE,
)


_PLACE = re.compile(r"prod|live|staging|deploy|k8s|kubernetes|aws|azure|gcp|heroku|server", re.IGNORECASE)
_PUBLISHES = re.compile(r"pypi|npm|crates|rubygems|ghcr|docs|pages|release", re.IGNORECASE)


def deploys(job: Job) -> bool:
    """Whether a job brings something to where users are; to publish a package is another thing."""
    if any(_DEPLOYS.search(s.run.text) or _DEPLOY_ACTIONS.search(s.uses) for s in job.steps):
        return True
    if any("pypi-publish" in s.uses or "twine upload" in s.run.text for s in job.steps):
        return False
    environment = job.view["environment"].text + job.view["environment"]["name"].text
    if environment:
        return bool(_PLACE.search(environment)) and not _PUBLISHES.search(environment)
    return bool(_DEPLOY_NAME.search(job.id) or _DEPLOY_NAME.search(job.view["name"].text))


def tests(job: Job) -> bool:
    """Whether a job tests."""
    named = re.search(
        r"\b(?:tests?|ci|check|verify|unit|e2e|integration|build)\b", job.id.replace("_", "-"), re.IGNORECASE
    )
    return bool(named) or any(TESTS.search(s.run.text) for s in job.steps) or "test" in job.calls


def is_check(step: Step) -> bool:
    """Whether a step is there to find something wrong."""
    return bool(CHECKING.search(step.run.text)) or bool(_CHECK_ACTIONS.search(step.uses))


_SCANS = re.compile(
    r"\b(?:bandit|pip-audit|npm\s+audit|trivy|grype|snyk|semgrep|gitleaks|trufflehog|checkov|tfsec|govulncheck"
    r"|seatrial"
    r"|zizmor|safety\s+(?:check|scan)|cargo\s+(?:audit|deny)|osv-scanner|brakeman|gosec|codeql)\b"
)
_NO_SCANNERS = ("golangci/", "super-linter/", "pre-commit/")


def runs_repository(step: Step) -> bool:
    """Whether a step runs what is in the workspace: a build, a script, a local action."""
    return bool(_RUNS.search(step.run.text)) or step.view["uses"].text.startswith("./")


def deploys_by(commands: str, uses: str = "") -> bool:
    """Whether commands or a ready-made step bring something to where users are, in any system."""
    return bool(_DEPLOYS.search(commands) or (uses and _DEPLOY_ACTIONS.search(uses)))


def tests_by(commands: str) -> bool:
    """Whether commands run tests, in any system."""
    return bool(TESTS.search(commands))


def scans_by(commands: str, uses: str = "") -> bool:
    """Whether commands or a ready-made step look for flaws, in any system."""
    by_step = bool(uses) and bool(_CHECK_ACTIONS.search(uses)) and not uses.startswith(_NO_SCANNERS)
    return by_step or bool(_SCANS.search(commands))
