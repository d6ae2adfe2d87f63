"""The live checks: the stack is tried in the lab, and what was seen becomes answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seatrial.domain import Answer, Status, Tool
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.compose.project import compose_files, unopened
from seatrial.inspectors.rules import Rule, Rules
from seatrial.inspectors.trial.checks import CHECKS
from seatrial.settings import TrialMode as Wanted

_NOT_ASKED = (
    "not asked for: `--trial` starts the stack; by itself it is tried only as the Action, and not for a fork's change"
)


def _rules() -> Iterable[Rule[object]]:
    from . import backup_rules, deployment_rules, upgrade_rules
    from .rules import rules

    return (*rules(), *deployment_rules.rules(), *upgrade_rules.rules(), *backup_rules.rules())


class LiveTrial:
    """The Compose stack, running."""

    name = "trial"
    rules = Rules("trial", "deployment", "load", "backup", make=_rules)
    per_file_inputs = None
    live = True
    checks = CHECKS

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """The engine's version is among the answers' measurements: asking for it here would need the engine."""
        del context
        return ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a stack, and whether it shall be tried."""
        wanted, files, unread = context.settings.trial, compose_files(context.tree), unopened(context.tree)
        if nothing := unless(files, unread, "no Compose file in the tree"):
            return nothing
        if wanted is not Wanted.ON:
            return Reason(Status.SKIP, "turned off by `trial`" if wanted is Wanted.OFF else _NOT_ASKED)
        if not files:
            path, why = next(iter(unread.items()))
            return Reason(Status.ERROR, f"{path} cannot be read: {why}")
        from seatrial.lab.compose import find  # the lab, with Docker's SDK, is loaded only where it is used

        if not ((context.chaos and context.chaos.files) or find(context.tree.root)):
            text = "no Compose file in the surveyed directory itself; `chaos.files` can name one"
            return Reason(Status.SKIP, text)
        return None

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Try the stack, and answer."""
        from .attempt import attempt

        yield from attempt(context)
