"""Inputs of the Action that are not options of a run. `environment` reads the token and the matrix."""

from __future__ import annotations

from collections.abc import Mapping

ACTION_ONLY: Mapping[str, tuple[str, str]] = {
    "github_token": ("${{ github.token }}", "For the comment. Read permission is enough for everything else."),
    "matrix": (
        "${{ toJSON(matrix) }}",
        "The matrix values of this job. Each combination keeps a comment of its own; the default suits every job.",
    ),
    "mode": ("run", "run, or comment: the second stage of the pair of workflows for forks."),
    "report": ("", "With `mode: comment`: the report.json of the first stage."),
}
"""Default and meaning."""
