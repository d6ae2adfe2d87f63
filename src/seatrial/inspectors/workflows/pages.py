"""Pages of the rules that no single workflow breaks: what none of them does."""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.domain import Severity
from seatrial.inspectors.rulebook import page

NO_TESTS = "workflow/no-tests"
NO_SCAN = "workflow/no-scan"

_PAGES: Mapping[str, tuple[Severity, str]] = {
    NO_TESTS: (
        Severity.MEDIUM,
        """
Every change is tested before it is merged.

## What it does

Reports, once, a repository with workflows of which none that starts on a push, a pull request or a merge queue runs
tests. Test programs of Python, JavaScript, Go, Rust, Java, Ruby, PHP and .NET are known by their commands; a workflow
or an action of one's own that is called counts as tests, because nobody can see into it from here.

## Why it matters

Whoever merges finds out from users.

## How to fix

A job that runs the tests, `on: pull_request`.

Source: https://docs.github.com/en/actions/tutorials/build-and-test-code
""",
    ),
    NO_SCAN: (
        Severity.LOW,
        """
Something looks for flaws in every change.

## What it does

Reports, once, a repository with workflows of which none runs a scanner of code, dependencies, secrets or images, known
by the names of common ones. What calls a workflow or an action of one's own counts as a scan, as it does for tests.

## Why it matters

A flaw that is published tomorrow is in today's lock file, and nobody is told.

## How to fix

A scanner in the workflow of pull requests. GitHub's default setup of code scanning stands in no file, and is not seen.

Source: https://docs.github.com/en/code-security/code-scanning/introduction-to-code-scanning/about-code-scanning
""",
    ),
}


def pages() -> Mapping[str, str]:
    """Markdown by rule id."""
    return {rule: page(rule, text, severity.label) for rule, (severity, text) in _PAGES.items()}
