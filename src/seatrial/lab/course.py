"""
An experiment as a picture: the fault, each question, the containers and the logs, one lane each. Pure.

Times come in as seconds on one monotonic clock, and go out as seconds since the fault began.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seatrial.domain.measured import Shown, TimelineLane, TimeSpan
from seatrial.text.wording import counted

from .events import ContainerEvent
from .measure import Measures, Sample
from .probes import Probe
from .units import seconds

BEFORE = 1.0
"""Seconds before the fault that are shown."""
_QUESTIONS = 12
"""Lanes of questions, those that failed first."""
_BINS = 240
"""Parts of the time that are shown separately, which bounds what a flapping question adds to a report."""
_LEAST = 0.05  # seconds of a part
_UP = frozenset({"start", "unpause"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of an experiment that was carried out."""

    name: str
    """`partition db`."""
    began: float
    off: float
    """When the fault was over; of an instant one, when it was done."""
    healed: float
    """From when recovery counts."""
    ended: float
    back: float | None
    """When everything worked again; None: not while that was waited for."""
    samples: Mapping[Probe, Sequence[Sample]]
    measures: Mapping[Probe, Measures]
    events: Sequence[ContainerEvent]
    errors: Mapping[str, Sequence[float]]
    """By service: when its log had an error."""


def lanes(course: Course) -> tuple[TimelineLane, ...]:
    """The picture, top down."""
    questions = sorted((_question(probe, course) for probe in course.samples), key=lambda lane: not _failed(lane))
    left = len(questions) - _QUESTIONS
    more = [TimelineLane(f"… and {counted(left, 'more question')}", "")] if left > 0 else []
    return (_fault(course), *questions[:_QUESTIONS], *more, *_containers(course), *_logs(course))


def _fault(course: Course) -> TimelineLane:
    instant = course.healed < course.off
    over = f"{'done' if instant else 'over'} after {seconds(course.off - course.began)}"
    end = course.ended if course.back is None else course.back
    waited, since = seconds(max(0.0, end - course.healed)), " of its beginning" if instant else ""
    told = f"{over}, not all well within {waited}{since}"
    if course.back is not None:
        told = f"{over}, all well {waited} {'after it began' if instant else 'later'}"
    fault = _span(course, Shown.FAULT, course.began, course.off, told)
    return TimelineLane(
        course.name, told, (fault, _span(course, Shown.BACK, max(course.healed, course.off), end, told))
    )


def _question(probe: Probe, course: Course) -> TimelineLane:
    measures = course.measures.get(probe)
    spans = tuple(_stretches(sorted(course.samples[probe]), course))
    failed = [span for span in spans if span.shown is not Shown.GOOD]
    if measures is None or measures.success is None or not failed:
        told = "good throughout" if spans and not failed else "not asked meanwhile"
    else:
        told = f"{100 * measures.success:.0f} % good meanwhile, {_again(measures, spans, failed[-1])}"
    return TimelineLane(f"{probe.service} {probe}", told, spans)


def _again(measures: Measures, spans: Sequence[TimeSpan], last: TimeSpan) -> str:
    """What the eye sees: until when it failed."""
    if measures.recovery is None:
        return "never good again"
    return "fails at the end" if spans[-1] is last else f"good again at {seconds(last.ended)}"


def _failed(lane: TimelineLane) -> bool:
    return any(span.shown is not Shown.GOOD for span in lane.spans)


def _stretches(samples: Sequence[Sample], course: Course) -> Iterator[TimeSpan]:
    """Stretches of good and of failed answers; a sample counts from its beginning until its outcome was known."""
    first = course.began - BEFORE
    width = max(_LEAST, (course.ended - first) / _BINS)
    number = max(1, round((course.ended - first) / width))
    bins: list[list[Sample]] = [[] for _ in range(number)]
    for sample in samples:
        begin, end = (int((moment - first) / width) for moment in (sample.began, sample.ended))
        for at in range(max(0, begin), min(number, end + 1)):
            bins[at].append(sample)
    open_from, state, seen = 0, None, Counter[str]()
    for at, inside in enumerate(bins):
        now = _state(inside) or state
        if now is not state:
            if state is not None:
                yield _span(course, state, first + open_from * width, first + at * width, _kinds(seen))
            open_from, state, seen = at, now, Counter()
        seen.update(str(s.result) for s in inside if not s.good)
    if state is not None:
        yield _span(course, state, first + open_from * width, course.ended, _kinds(seen))


def _state(samples: Iterable[Sample]) -> Shown | None:
    """The worst of them; None without any."""
    failures = {sample.result.failure for sample in samples}
    if not failures:
        return None
    failed = [failure for failure in failures if failure is not None]
    if not failed:
        return Shown.GOOD
    return Shown.WRONG if all(failure.answered for failure in failed) else Shown.SILENT


def _kinds(seen: Counter[str]) -> str:
    return ", ".join(kind for kind, _ in seen.most_common(3))


def _containers(course: Course) -> Iterator[TimelineLane]:
    """Services whose containers were down meanwhile."""
    for service in sorted({event.service for event in course.events if event.action in ("die", "pause")}):
        spans, since = [], None
        for event in (e for e in course.events if e.service == service):
            if event.action in ("die", "pause") and since is None:
                since = event
            elif event.action in _UP and since is not None:
                spans.append(_span(course, Shown.DOWN, since.at, event.at, since.action))
                since = None
        if since is not None:
            spans.append(_span(course, Shown.DOWN, since.at, course.ended, since.action))
        away = sum(span.ended - span.began for span in spans)
        told = f"down for {seconds(away)}" + ("" if since is None else ", and still is")
        yield TimelineLane(f"container of {service}", told, tuple(spans[:_BINS]))


def _logs(course: Course) -> Iterator[TimelineLane]:
    """Services whose logs had errors: each second with some."""
    for service, moments in sorted(course.errors.items()):
        by_second = Counter(int(moment - course.began) for moment in moments if course.began <= moment <= course.ended)
        spans = tuple(
            TimeSpan(Shown.ERRORS, float(at), min(at + 1.0, course.ended - course.began), counted(number, "error"))
            for at, number in sorted(by_second.items())
        )
        if spans:
            told = counted(sum(by_second.values()), "line with an error", "lines with an error")
            yield TimelineLane(f"log of {service}", told, spans[:_BINS])


def _span(course: Course, shown: Shown, began: float, ended: float, text: str) -> TimeSpan:
    return TimeSpan(shown, round(began - course.began, 3), round(max(began, ended) - course.began, 3), text)
