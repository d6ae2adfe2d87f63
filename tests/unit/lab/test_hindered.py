"""A busy machine explains time-outs, and no answers with an error."""

from __future__ import annotations

import time

import pytest
from tried import sample

from seatrial.lab import experiment
from seatrial.lab.probes import Probe, Prober


@pytest.mark.parametrize(("kind", "busy"), [("timeout", True), ("refused", True), ("ok", True), ("http500", False)])
def test_an_answer_with_an_error_is_not_the_machines_doing(kind: str, busy: bool) -> None:
    probe = Probe("db", "postgres", 5432)
    prober = Prober([probe], lambda _: "127.0.0.1")
    prober.lateness.extend([0.3] * 20)
    prober.samples[probe].append(sample(time.monotonic(), 0.1, kind))
    assert experiment.hindered(prober).busy is busy
    prober.samples[probe].append(sample(time.monotonic() - 60, 0.1, "http500"))
    assert experiment.hindered(prober).busy is busy, "what was long ago tells nothing"
