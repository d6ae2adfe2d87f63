"""An experiment as a picture: the fault, each question, container and log on lanes over the same time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from seatrial.domain.measured import Shown, TimelineLane, TimeSpan

_WIDTH, _HEIGHT = 1000, 16  # units of a lane's drawing
_LANES, _SPANS = 40, 300
_TICKS = 10
_STEPS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 3600)
"""Seconds between two marks of the scale."""
LEGEND: Mapping[Shown, str] = {
    Shown.FAULT: "the fault is on",
    Shown.BACK: "the fault is over, and probes still fail",
    Shown.GOOD: "good answers",
    Shown.WRONG: "answers with an error, at once",
    Shown.SILENT: "no answer in time",
    Shown.DOWN: "the container does not run",
    Shown.ERRORS: "errors in the log per second",
}


def of(lanes: Sequence[TimelineLane]) -> dict[str, object]:
    """The picture, in the words of the page's template; empty without lanes."""
    spans = [span for lane in lanes for span in lane.spans]
    if not spans:
        return {}
    first, last = min(span.began for span in spans), max(span.ended for span in spans)
    if last - first > _STEPS[-1] * _TICKS:  # no experiment lasts so long
        return {}
    scale = _WIDTH / max(last - first, 0.001)
    fault = next((span for span in spans if span.shown is Shown.FAULT), None)
    return {
        "while": {} if fault is None else _box(fault, first, scale),
        "lanes": [
            {"name": lane.name, "told": lane.told, "boxes": list(_boxes(lane, first, scale))} for lane in lanes[:_LANES]
        ],
        "ticks": list(_ticks(first, last)),
        "legend": [(shown.value, text) for shown, text in LEGEND.items() if any(s.shown is shown for s in spans)],
    }


def _boxes(lane: TimelineLane, first: float, scale: float) -> Iterator[dict[str, str]]:
    most = max((_number(span.text) for span in lane.spans if span.shown is Shown.ERRORS), default=1)
    for span in lane.spans[:_SPANS]:
        box = _box(span, first, scale)
        if span.shown is Shown.ERRORS:  # the more errors, the higher
            height = max(4.0, _HEIGHT * _number(span.text) / most)
            box |= {"y": f"{_HEIGHT - height:.1f}", "height": f"{height:.1f}"}
        yield box


def _box(span: TimeSpan, first: float, scale: float) -> dict[str, str]:
    thin = span.shown is Shown.GOOD
    told = f": {span.text}" if span.text else ""
    return {
        "shown": span.shown.value,
        "x": f"{(span.began - first) * scale:.1f}",
        "width": f"{max(2.0, (span.ended - span.began) * scale):.1f}",
        "y": "6" if thin else "0",
        "height": "4" if thin else str(_HEIGHT),
        "text": f"{LEGEND[span.shown]}, {span.began:.1f} s to {span.ended:.1f} s{told}",
    }


def _number(text: str) -> int:
    """How many errors: `14 errors`."""
    digits = text.partition(" ")[0].replace(",", "")
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 1


def _ticks(first: float, last: float) -> Iterator[tuple[str, str]]:
    """Marks of the scale: where, in per cent, and the text; a bounded number for any times."""
    length = last - first
    step = next((s for s in _STEPS if length / s <= _TICKS), None)
    if step is None or not length:
        return
    begin = math.ceil(first / step)
    for number in range(begin, begin + _TICKS + 1):
        if (at := number * step) <= last:
            yield f"{100 * (at - first) / length:.2f}", f"{at:g} s"
