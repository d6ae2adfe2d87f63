"""The table of experiments: what a reader wants first is how badly it was, and for how long."""

from __future__ import annotations

import pytest

from seatrial.domain.measured import Experiment, ExperimentResult, Measurement, MeasureUnit, Quantity
from seatrial.report import trial


def experiment(**figures: float) -> Experiment:
    units = {Quantity.SUCCESS: MeasureUnit.PERCENT, Quantity.RECOVERY: MeasureUnit.SECONDS}
    quantities = {name: Quantity(name.rpartition("_")[2]) for name in figures}
    measured = [Measurement(n, v, units[quantities[n]], None, quantities[n]) for n, v in figures.items()]
    return Experiment("crash", "api", ExperimentResult.PASSED, measurements=tuple(measured))


@pytest.mark.parametrize(
    ("one", "served", "back"),
    [
        (experiment(api_success=91.2, api_recovery=0.4, web_success=100, web_recovery=1.25), "91 %", "1.25 s"),
        (experiment(api_success=12, web_success=100, web_recovery=1), "12 %", "never"),
        (experiment(), "–", "–"),
    ],
)
def test_the_worst_is_shown(one: Experiment, served: str, back: str) -> None:
    [row] = trial.table_of([one]).rows
    cells = [cell.strip() for cell in row.strip("|\n").split("|")]
    assert cells[2:4] == [served, back]
