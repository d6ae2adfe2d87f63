"""
Run the plan: every inspector in a process of its own, with a deadline.

A process each, because a scanned repository is hostile: a runaway pattern, a native crash or exhausted memory ends
one inspector and none of the others. Its earlier answers are kept.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from seatrial.domain import Answer, Status
from seatrial.domain.errors import InspectorError
from seatrial.text.vault import VAULT
from seatrial.verdict import causes, same_fact
from seatrial.verdict.catalogue import Catalogue

from . import masking
from .base import Context, Inspector
from .plan import SurveyPlan

OnProgress = Callable[[str, str], None]
"""
Called with an inspector's name and what happens to it: `started`, `answered`, `finished`, or `working`, often; anything
else is what the inspector says that it is doing.
"""

_TICK = 0.2  # seconds between two signs of life for the progress display
_PATIENCE = 5.0  # seconds between asking an inspector to end and ending it
_GRACE = 10.0  # seconds beyond `timeout`, so that a subprocess's own, clearer time-out comes first


class Interrupted(Exception):  # noqa: N818 - an event, not an error
    """The user or the system asked us to stop. Holds what had been answered."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        super().__init__("interrupted")
        self.answers = answers


@dataclass
class _Running:
    """An inspector at work."""

    inspector: Inspector
    process: BaseProcess
    pipe: Connection
    deadline: float
    started: float
    answers: list[Answer] = field(default_factory=list)
    failure: str = ""
    done: bool = False


def ignore(inspector: str, event: str) -> None:
    """A progress display that shows nothing."""
    del inspector, event


def survey(
    plan: SurveyPlan, catalogue: Catalogue, context: Context, progress: OnProgress = ignore
) -> tuple[Answer, ...]:
    """
    Ask everything that the plan asks; one answer for each of its steps.

    Raises:
        Interrupted: by Ctrl-C or SIGTERM; every inspector has ended by then.
    """
    return related(unrelated(plan, catalogue, context, progress))


def related(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers of all inspectors, with one finding for each fact, and one cause for what has one fix."""
    return causes.with_shared_causes(same_fact.joined(answers))


def unrelated(
    plan: SurveyPlan, catalogue: Catalogue, context: Context, progress: OnProgress = ignore
) -> tuple[Answer, ...]:
    """The same as `survey`, with the findings as each inspector reports them: for a part of a survey."""
    answers: dict[str, Answer] = {}
    try:
        _run([i for i in plan.inspectors if not i.live], context, progress, answers)
        _run([i for i in plan.inspectors if i.live], replace(context, jobs=1), progress, answers)
    except KeyboardInterrupt:
        stopped = _complete(plan, catalogue, answers, "interrupted before it was answered")
        raise Interrupted(masking.answers(stopped, VAULT.masker)) from None
    whole = _complete(plan, catalogue, answers, "no answer; please report it")
    return masking.answers(whole, VAULT.masker)


def _run(inspectors: Iterable[Inspector], context: Context, progress: OnProgress, answers: dict[str, Answer]) -> None:
    """Keep as many inspectors at work as there are processors, and gather what they answer."""
    waiting = list(inspectors)
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < max(1, context.jobs):
                running.append(_start(waiting.pop(0), context))
                progress(running[-1].inspector.name, "started")
            _listen(running, progress)
            for ended in [r for r in running if r.done]:
                running.remove(ended)
                _end(ended)
                answers |= _owed(ended) | _given(ended)
                progress(ended.inspector.name, "finished")
    finally:
        for unfinished in running:
            _end(unfinished)
            answers |= _given(unfinished)


def _start(inspector: Inspector, context: Context) -> _Running:
    # fork: an inspector needs no pickling and starts in milliseconds; we hold no threads at this point.
    methods = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    ours, theirs = methods.Pipe(duplex=False)
    process = methods.Process(target=_work, args=(inspector, context, theirs), name=f"seatrial-{inspector.name}")
    process.start()
    theirs.close()
    now = time.monotonic()
    soak = context.load.soak if inspector.live and context.load is not None else 0.0
    return _Running(inspector, process, ours, now + context.settings.timeout + soak + _GRACE, now)


def _work(inspector: Inspector, context: Context, pipe: Connection) -> None:
    """The life of an inspector's process: answers go up the pipe, then the word how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to us too; the parent decides
    signal.signal(signal.SIGTERM, _leave)  # unwinds, so that subprocesses are ended on the way out
    _silence()
    _die_with_parent()
    context = replace(context, say=lambda text: pipe.send(Said(text)))
    VAULT.fresh()  # the parent knows these
    try:
        started = time.monotonic()
        for answer in inspector.inspect(context):
            pipe.send(KnownSecrets(VAULT.fresh()))
            pipe.send(replace(answer, duration=time.monotonic() - started))
            started = time.monotonic()
        pipe.send(KnownSecrets(VAULT.fresh()))
        pipe.send("")
    except InspectorError as error:
        pipe.send(str(error))
    except (MemoryError, RecursionError) as error:
        pipe.send(f"gave up: {type(error).__name__} while reading the tree")
    except Exception as bug:  # noqa: BLE001 - one inspector's bug must not cost the others' answers
        pipe.send(f"internal error: {type(bug).__name__} in {_place(bug)}; please report it")
    finally:
        pipe.close()


@dataclass(frozen=True, slots=True)
class Said:
    """What an inspector is doing, for people."""

    text: str


@dataclass(frozen=True, slots=True)
class KnownSecrets:
    """The secret values that an inspector found. They stay in the parent's memory and enter no report."""

    values: tuple[bytes, ...] = field(repr=False)


_PR_SET_PDEATHSIG = 1  # prctl(2)


def _die_with_parent() -> None:
    """On Linux: our end ends the inspectors too; their guards undo what they had begun."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave(signum: int, _frame: object) -> None:
    raise SystemExit(128 + signum)


def _silence() -> None:
    """Only the reports speak to the user; a library's stray line could even hold a secret."""
    with open(os.devnull, "wb") as sink:  # noqa: PTH123 - a device, not a path
        for descriptor in (1, 2):
            os.dup2(sink.fileno(), descriptor)


def _place(bug: BaseException) -> str:
    """The innermost line of ours; the exception's own text stays here, it may quote the scanned tree."""
    ours = Path(__file__).parents[1]
    frames = [f for f in traceback.extract_tb(bug.__traceback__) if Path(f.filename).is_relative_to(ours)]
    frame = frames[-1] if frames else traceback.extract_tb(bug.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _listen(running: list[_Running], progress: OnProgress) -> None:
    """Wait for the next message from any of them, or for the next deadline."""
    nearest = min(r.deadline for r in running)
    ready = wait([r.pipe for r in running], timeout=min(_TICK, max(0.0, nearest - time.monotonic())))
    progress(running[0].inspector.name, "working")
    for one in running:
        if one.pipe in ready:
            _hear(one, progress)
        elif time.monotonic() >= one.deadline:
            one.failure = f"did not finish within {one.deadline - one.started - _GRACE:g} s"
            one.done = True


def _hear(one: _Running, progress: OnProgress) -> None:
    try:
        word = one.pipe.recv()
    except (EOFError, OSError):
        one.process.join(_PATIENCE)
        one.failure = f"ended unexpectedly ({_exit(one.process.exitcode)})"
        one.done = True
        return
    if isinstance(word, Answer):
        one.answers.append(word)
        progress(one.inspector.name, "answered")
    elif isinstance(word, KnownSecrets):
        VAULT.take(word.values)
    elif isinstance(word, Said):
        progress(one.inspector.name, VAULT.masker.text(word.text))
    else:
        one.failure, one.done = word, True


def _exit(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _end(one: _Running) -> None:
    """End an inspector's process: politely, so that it ends its subprocesses, then for certain."""
    one.pipe.close()
    one.process.join(0.2 if one.done and not one.failure else 0)
    if one.process.is_alive():
        one.process.terminate()
        one.process.join(_PATIENCE)
    if one.process.is_alive():
        one.process.kill()
        one.process.join()


def _given(one: _Running) -> dict[str, Answer]:
    """What an inspector answered of what it may answer."""
    return {a.check: a for a in one.answers if a.check in one.inspector.checks}


def _owed(one: _Running) -> dict[str, Answer]:
    """An error for each of its checks, in case there is no answer, with the inspector's own reason."""
    why = one.failure or f"the {one.inspector.name} inspector gave no answer; please report it"
    return {check: Answer.error(check, why) for check in one.inspector.checks}


def _complete(plan: SurveyPlan, catalogue: Catalogue, answers: Mapping[str, Answer], lost: str) -> Iterator[Answer]:
    """
    An answer for every step: given, not asked, or lost; then `needs` is applied.

    What was answered without being asked decides, too: load on the stack starts it, whether or not that is asked.
    """
    given = {
        step.check: answers.get(step.check, Answer.error(step.check, lost)) if step.asked else step.unasked()
        for step in plan.steps
    }
    known = {**given, **answers}
    for check in catalogue.checks:
        if check.id in given:
            yield _unless_blocked(given[check.id], check.needs, known)


_ENDED: Mapping[Status, str] = {
    Status.FAIL: "failed",
    Status.FLAKY: "failed now and then",
    Status.SKIP: "was not asked",
    Status.ERROR: "has no answer",
    Status.BLOCKED: "is blocked itself",
}
"""What became of a check that another one needs."""


def _unless_blocked(answer: Answer, needs: Iterable[str], given: Mapping[str, Answer]) -> Answer:
    """A check without an answer whose prerequisite failed is blocked by it, which says where to begin."""
    failed = [n for n in needs if n in given and given[n].status not in (Status.PASS, Status.NA)]
    if failed and answer.status in (Status.ERROR, Status.SKIP):
        return Answer.blocked(answer.check, f"needs {failed[0]}, which {_ENDED[given[failed[0]].status]}")
    return answer
