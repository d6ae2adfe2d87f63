"""The rules, in alphabetical order; each is a module (see rulebook.Rule)."""

from __future__ import annotations

from typing import cast

from seatrial.inspectors.rulebook import Rule
from seatrial.inspectors.workflows.model import Workflow

from . import (
    artifact_poisoning,
    deploy_concurrency,
    deploy_untested,
    deprecated_command,
    events,
    expression,
    injection,
    needs,
    open_gate,
    permissions,
    pipe_to_shell,
    runner,
    self_hosted,
    syntax,
    timeout,
    unpinned,
    unsecure_commands,
    untrusted_code,
    uses,
)

RULES = tuple(
    cast("Rule[Workflow]", module)
    for module in (
        artifact_poisoning,
        deploy_concurrency,
        deploy_untested,
        deprecated_command,
        events,
        expression,
        injection,
        needs,
        open_gate,
        permissions,
        pipe_to_shell,
        runner,
        self_hosted,
        syntax,
        timeout,
        unpinned,
        unsecure_commands,
        untrusted_code,
        uses,
    )
)
