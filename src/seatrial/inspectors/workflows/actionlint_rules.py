"""
actionlint's kinds of errors. One that is not here is explained by `actionlint/*`.

Source: https://github.com/rhysd/actionlint/blob/main/docs/checks.md
"""

from __future__ import annotations

from seatrial.domain import Severity
from seatrial.inspectors.tool_rules import ToolRule as Row

_LOW, _MEDIUM = Severity.LOW, Severity.MEDIUM
_REFUSED = "GitHub refuses the workflow, so none of its jobs run."
_EMPTY = "GitHub takes the value as empty, and the job goes on with it."
_PAGE = "https://github.com/rhysd/actionlint/blob/main/docs/checks.md"

SECTIONS = {
    "action": "check-action-format",
    "credentials": "check-hardcoded-credentials",
    "deprecated-commands": "check-deprecated-workflow-commands",
    "env-var": "check-env-var-names",
    "events": "check-webhook-events",
    "expression": "check-syntax-expression",
    "glob": "check-glob-pattern",
    "id": "check-job-step-ids",
    "if-cond": "if-cond-always-true",
    "job-needs": "check-job-deps",
    "matrix": "check-matrix-values",
    "permissions": "permissions",
    "pyflakes": "check-pyflakes-integ",
    "runner-label": "check-runner-labels",
    "shell-name": "check-shell-names",
    "shellcheck": "check-shellcheck-integ",
    "syntax-check": "check-unexpected-keys",
    "workflow-call": "check-reusable-workflows",
}
"""By kind, the section of its documentation."""

ROWS = (
    Row("action", _MEDIUM, "Actions get the inputs that they have",
        "a malformed `uses:`, unknown or missing inputs under `with:`, and outdated actions",
        "The step fails, or ignores what its author configured.", "Correct the name or the input."),
    Row("credentials", _MEDIUM, "Registries' passwords are secrets", "a literal password under `credentials:`",
        "Every reader of the repository has the password.", "Use `${{ secrets.NAME }}`, and change the password."),
    Row("deprecated-commands", _LOW, "No deprecated workflow command", "`::set-output`, `::save-state` and `::set-env`",
        "GitHub removes these commands, and the step then sets nothing.",
        "Write to `$GITHUB_OUTPUT` or `$GITHUB_ENV`."),
    Row("env-var", _MEDIUM, "Names of variables are valid", "a name under `env:` with `&`, `=` or a space",
        "The shell cannot read such a variable.", "Use letters, digits and `_`."),
    Row("events", _MEDIUM, "Events exist", "unknown events, types, filters and schedules under `on:`",
        "The workflow does not start when its author expects it.", "Correct the name or the schedule."),
    Row("expression", _MEDIUM, "Expressions are correct",
        "syntax errors, wrong types, unknown contexts and untrusted input in `${{ … }}`", _EMPTY,
        "Correct the expression; pass untrusted input by `env:`."),
    Row("glob", _MEDIUM, "Filters are valid globs", "invalid patterns for branches, tags and paths",
        "The filter never matches, so the workflow does not start.", "Correct the pattern."),
    Row("id", _MEDIUM, "Ids are unique and valid", "duplicate or invalid ids of jobs and steps", _REFUSED,
        "Rename one."),
    Row("if-cond", _MEDIUM, "Conditions can be false", "an `if:` with text around `${{ … }}`",
        "The text makes the condition true, so the step always runs.", "Remove what is around the expression."),
    Row("job-needs", _MEDIUM, "Dependencies of jobs can be resolved", "unknown jobs and circles under `needs:`",
        _REFUSED, "Name jobs that exist, and break the circle."),
    Row("matrix", _MEDIUM, "Matrices have distinct values", "duplicate values, and an `exclude:` that matches nothing",
        "Jobs run twice, or a combination runs that should not.", "Correct the values."),
    Row("permissions", _MEDIUM, "Permissions exist", "unknown scopes and values under `permissions:`",
        "The token lacks the permission, or GitHub refuses the workflow.", "Correct the name."),
    Row("pyflakes", _LOW, "Python in `run:` is correct", "what pyflakes finds in a step with `shell: python`",
        "The step fails when it runs.", "Correct the script."),
    Row("runner-label", _MEDIUM, "Labels of runners exist", "unknown or contradicting labels under `runs-on:`",
        "The job waits for a runner that never comes.", "Correct the label, or declare it in `actionlint.yaml`."),
    Row("shell-name", _MEDIUM, "Shells exist on the runner", "a `shell:` that the runner's system does not have",
        "The step fails at once.", "Use a shell that the runner has."),
    Row("shellcheck", _LOW, "Scripts pass ShellCheck", "what ShellCheck finds in `run:`",
        "The script does something else than it says.", "Correct the line that the message names."),
    Row("syntax-check", _MEDIUM, "The workflow follows the syntax",
        "unknown, missing and duplicate keys, and values of a wrong type", _REFUSED, "Correct the key or the value."),
    Row("workflow-call", _MEDIUM, "Calls of workflows are correct",
        "a malformed call of a reusable workflow, and unknown or missing inputs and secrets", _REFUSED,
        "Correct the call."),
)  # fmt: skip


def source(kind: str) -> str:
    """Where a kind is explained."""
    section = SECTIONS.get(kind)
    return f"{_PAGE}#{section}" if section else _PAGE
