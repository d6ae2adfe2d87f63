"""Samples of probes, with their results in one word: `ok`, `timeout`, `http503`."""

from __future__ import annotations

from seatrial.lab.measure import OK, ProbeFailure, Sample, TryResult


def result(word: str) -> TryResult:
    if word == "ok":
        return OK
    return TryResult.of_status(int(word[4:])) if word.startswith("http") else TryResult(ProbeFailure(word))


def sample(began: float, latency: float, word: str) -> Sample:
    return Sample(began, latency, result(word))
