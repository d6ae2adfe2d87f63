"""Who takes markers: the stores that are known, and what the repository names."""

from __future__ import annotations

from collections.abc import Iterator

from . import markers
from .engine import LabError
from .errands import Errands, Given
from .markers import Marker, Unmarked
from .planning import TrialPlan
from .stack import RunningProject

_DATA = 30.0  # seconds in which the first marker has to come back


def takers(plan: TrialPlan, project: RunningProject, errands: Errands) -> Iterator[tuple[str, Marker | Unmarked]]:
    """
    Known stores, and what the service that was named for it needs, and itself.

    Raises:
        LabError: what the repository names for its data does not work.
    """
    known: dict[str, Marker | Unmarked]
    known = {s.name: markers.find(project, errands.events, s) for s in project.stack.lasting if s.store}
    if plan.data is not None:
        write, read = plan.data
        through = Given(errands, write, read, project.engine.run)
        if not markers.comes_back(through, _DATA):
            raise LabError(f"chaos.data: what `write` wrote did not come back by `read` within {_DATA:.0f} s")
        reached = {s.name for s in project.stack.lasting if write.service in project.stack.dependents(s.name)}
        taking = {name for name, taker in known.items() if not isinstance(taker, Unmarked)}
        known |= dict.fromkeys({write.service, *reached} - taking, through)
    yield from known.items()
