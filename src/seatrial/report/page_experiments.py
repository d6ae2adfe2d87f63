"""An experiment of the trial on report.html, by the names that its template asks for."""

from __future__ import annotations

from seatrial.domain.measured import Experiment, ExperimentResult

from . import picture
from .trial import NEVER, NOTHING, worst_of

_ROWS = 500  # of one list
_WIDTH = 1000  # units of the timeline

_RESULTS = {
    ExperimentResult.PASSED: ("go", "✓"),
    ExperimentResult.DEGRADED: ("go", "✓"),
    ExperimentResult.FLAKY: ("unknown", "?"),
    ExperimentResult.FAILED: ("no", "✗"),
    ExperimentResult.SKIPPED: ("dim", "–"),
    ExperimentResult.ERROR: ("unknown", "?"),
}


def shown(one: Experiment) -> dict[str, object]:
    """Its verdict, its numbers, its picture and its timeline."""
    tone, symbol = _RESULTS[one.result]
    told = (*one.complaints, *([one.reason] if one.reason else []))
    served, back = worst_of(one)
    last = max((at for at, _ in one.timeline), default=0.0) or 1.0
    return {
        "tone": tone,
        "symbol": symbol,
        "result": one.result.value,
        "name": f"{one.fault} {one.target}".strip(),
        "first": told[0] if told else "",
        "complaints": told[1:_ROWS],
        "evidence": one.evidence,
        "numbers": f"worst served {served}, {_back(back)}" if served != NOTHING else "",
        "figures": [
            (m.name, f"{m.value:g} {m.unit.removeprefix('{').removesuffix('}')}".strip())
            for m in one.measurements[:_ROWS]
        ],
        "picture": picture.of(one.lanes),
        "timeline": [
            {"at": f"{at:.2f} s", "x": f"{max(at, 0.0) / last * _WIDTH:.0f}", "text": text}
            for at, text in one.timeline[:_ROWS]
        ],
    }


def _back(after: str) -> str:
    return "never all back" if after == NEVER else f"all back after {after}"
