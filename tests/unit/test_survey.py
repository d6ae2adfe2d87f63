"""The survey: one inspector's end never costs another's answers, and everything gets an answer."""

from __future__ import annotations

import faulthandler
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from seatrial.domain import Answer, Status, Tool
from seatrial.domain.errors import InspectorError
from seatrial.inspectors import plan
from seatrial.inspectors.base import Context, Inspector, Reason
from seatrial.inspectors.rules import Rules
from seatrial.inspectors.survey import Interrupted, survey
from seatrial.settings import Settings
from seatrial.system.source import open_tree
from seatrial.verdict.catalogue import Catalogue, load

CATALOGUE = load()
FIRST, SECOND, THIRD = (c.id for c in CATALOGUE.checks[:3])


@dataclass(frozen=True)
class Scripted:
    """An inspector that does what the test says."""

    name: str
    checks: tuple[str, ...]
    script: Callable[[], Iterator[Answer]]
    reason: Reason | None = None
    per_file_inputs: tuple[str, ...] | None = None
    live: bool = False
    rules: Rules = field(default_factory=lambda: Rules(make=lambda: ()))

    def tools(self, context: Context) -> tuple[Tool, ...]:
        return ()

    def applies(self, context: Context) -> Reason | None:
        return self.reason

    def inspect(self, context: Context) -> Iterator[Answer]:
        return self.script()


def passing(*checks: str) -> Callable[[], Iterator[Answer]]:
    return lambda: (Answer.of_findings(c, ()) for c in checks)


def ask(tmp_path: Path, *inspectors: Inspector, timeout: float = 30.0, **options: object) -> dict[str, Answer]:
    (tmp_path / "file").write_text("1")
    settings = Settings(timeout=timeout, **options)  # type: ignore[arg-type]
    context = Context(open_tree(tmp_path), settings, tmp_path, jobs=2)
    made = plan.make(CATALOGUE, inspectors, context, {})
    return {a.check: a for a in survey(made, CATALOGUE, context)}


def test_every_check_of_the_catalogue_gets_an_answer(tmp_path: Path) -> None:
    answers = ask(tmp_path, Scripted("a", (FIRST,), passing(FIRST)))
    assert set(answers) == {c.id for c in CATALOGUE.checks}
    assert answers[FIRST].status is Status.PASS
    assert answers[SECOND].status is Status.ERROR


def test_what_was_answered_before_a_failure_is_kept(tmp_path: Path) -> None:
    def script() -> Iterator[Answer]:
        yield Answer.of_findings(FIRST, ())
        raise InspectorError("the tool is broken")

    answers = ask(tmp_path, Scripted("a", (FIRST, SECOND), script), Scripted("b", (THIRD,), passing(THIRD)))
    assert answers[FIRST].status is Status.PASS
    assert (answers[SECOND].status, answers[SECOND].reason) == (Status.ERROR, "the tool is broken")
    assert answers[THIRD].status is Status.PASS


def _bug() -> Iterator[Answer]:
    yield from _raise(ValueError("a text that quotes hunter2"))


def _raise(error: Exception | None) -> Iterator[Answer]:
    if error is not None:
        raise error
    yield Answer.of_findings(FIRST, ())


def _crash() -> Iterator[Answer]:
    faulthandler.disable()  # the crash is meant; pytest's stack of it would look like one of ours
    os.kill(os.getpid(), signal.SIGSEGV)
    yield Answer.of_findings(FIRST, ())


def _leave() -> Iterator[Answer]:
    _end_now()
    yield Answer.of_findings(FIRST, ())


def _end_now() -> None:
    os._exit(7)


def _hang() -> Iterator[Answer]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)
    yield Answer.of_findings(FIRST, ())


def _deep() -> Iterator[Answer]:
    return _deep()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (_bug, "internal error: ValueError in survey.py:"),
        (_crash, "ended unexpectedly (SIGSEGV)"),
        (_leave, "ended unexpectedly (exit code 7)"),
        (_deep, "gave up: RecursionError while reading the tree"),
        (passing(), "the a inspector gave no answer; please report it"),
        (passing(THIRD), "the a inspector gave no answer; please report it"),
    ],
)
def test_a_broken_inspector_answers_error(tmp_path: Path, script: Callable[[], Iterator[Answer]], reason: str) -> None:
    answers = ask(tmp_path, Scripted("a", (FIRST,), script), Scripted("b", (SECOND,), passing(SECOND)))
    assert answers[FIRST].status is Status.ERROR
    assert answers[FIRST].reason.startswith(reason)
    assert "hunter2" not in repr(answers)
    assert answers[SECOND].status is Status.PASS


def test_a_hanging_inspector_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seatrial.inspectors.survey._GRACE", 0.5)
    monkeypatch.setattr("seatrial.inspectors.survey._PATIENCE", 0.5)
    answers = ask(tmp_path, Scripted("a", (FIRST,), _hang), Scripted("b", (SECOND,), passing(SECOND)), timeout=5.0)
    assert answers[FIRST].reason == "did not finish within 5 s"
    assert answers[SECOND].status is Status.PASS


def test_an_inspectors_subprocess_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatrial.system import process

    monkeypatch.setattr("seatrial.inspectors.survey._GRACE", 0.5)
    code = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)"

    def script() -> Iterator[Answer]:
        process.run([sys.executable, "-c", code], cwd=tmp_path, timeout=600)
        yield Answer.of_findings(FIRST, ())

    answers = ask(tmp_path, Scripted("a", (FIRST,), script), timeout=5.0)
    assert answers[FIRST].status is Status.ERROR
    pid = int((tmp_path / "pid").read_text())
    assert subprocess.run(["kill", "-0", str(pid)], capture_output=True, check=False).returncode != 0


def test_an_interruption_keeps_what_was_answered(tmp_path: Path) -> None:
    def script() -> Iterator[Answer]:
        yield Answer.of_findings(SECOND, ())
        time.sleep(600)

    signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs of a shell ignore it, and so do children
    main = threading.main_thread().ident
    assert main is not None
    timer = threading.Timer(1.5, lambda: signal.pthread_kill(main, signal.SIGINT))
    timer.start()
    with pytest.raises(Interrupted) as stop:
        ask(tmp_path, Scripted("a", (FIRST,), passing(FIRST)), Scripted("b", (SECOND, THIRD), script))
    timer.join()
    answers = {a.check: a for a in stop.value.answers}
    assert answers[FIRST].status is Status.PASS
    assert answers[SECOND].status is Status.PASS
    assert answers[THIRD].reason == "interrupted before it was answered"


def test_what_is_not_asked_says_why(tmp_path: Path) -> None:
    nothing = Reason(Status.NA, "nothing here")
    answers = ask(tmp_path, Scripted("a", (FIRST,), passing(FIRST), nothing), skip=(SECOND,))
    assert (answers[FIRST].status, answers[FIRST].reason) == (Status.NA, "nothing here")
    assert (answers[SECOND].status, answers[SECOND].reason) == (Status.SKIP, "turned off by `skip`")


def test_a_failed_prerequisite_blocks(tmp_path: Path) -> None:
    from dataclasses import replace

    checks = [replace(c, needs=(FIRST,)) if c.id == SECOND else c for c in CATALOGUE.checks]
    catalogue: Catalogue = replace(CATALOGUE, checks=tuple(checks))
    context = Context(open_tree(tmp_path), Settings(), tmp_path, jobs=2)

    def script() -> Iterator[Answer]:
        return _raise(InspectorError("no luck"))

    made = plan.make(catalogue, [Scripted("a", (FIRST, SECOND), script)], context, {})
    answers = {a.check: a for a in survey(made, catalogue, context)}
    assert answers[SECOND].status is Status.BLOCKED
    assert FIRST in answers[SECOND].reason


@pytest.mark.parametrize(
    ("started", "status", "reason"),
    [
        (Answer.of_findings(FIRST, ()), Status.SKIP, "a rate limit"),
        (Answer.error(FIRST, "no engine"), Status.BLOCKED, f"needs {FIRST}, which has no answer"),
    ],
)
def test_a_prerequisite_that_is_answered_without_being_asked_decides(
    tmp_path: Path, started: Answer, status: Status, reason: str
) -> None:
    from dataclasses import replace

    checks = [replace(c, needs=(FIRST,)) if c.id == SECOND else c for c in CATALOGUE.checks]
    catalogue: Catalogue = replace(CATALOGUE, checks=tuple(checks))
    context = Context(open_tree(tmp_path), Settings(only=(SECOND,)), tmp_path, jobs=2)

    def script() -> Iterator[Answer]:
        return iter((started, Answer.skip(SECOND, "a rate limit")))

    made = plan.make(catalogue, [Scripted("a", (FIRST, SECOND), script)], context, {})
    answers = {a.check: a for a in survey(made, catalogue, context)}
    assert (answers[SECOND].status, answers[SECOND].reason) == (status, reason)
    assert answers[FIRST].reason == "not among `only`"
