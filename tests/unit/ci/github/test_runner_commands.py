"""Commands to the Actions runner: stopped before anything is said, heard where they are meant."""

from __future__ import annotations

import contextvars
import re

from seatrial.ci.github import commands


def said(environ: dict[str, str], *spoken: str) -> list[str]:
    """What is printed, in a context of its own."""
    lines: list[str] = []

    def talk() -> None:
        commands.stop(environ, lines.append)
        if spoken:
            commands.speak(spoken, lines.append)

    contextvars.copy_context().run(talk)
    return lines


def test_the_action_stops_them_with_a_word_that_nobody_can_guess() -> None:
    (first,), (second,) = said({"INPUT_GITHUB_TOKEN": ""}), said({"INPUT_GITHUB_TOKEN": ""})
    assert re.fullmatch(r"::stop-commands::[0-9a-f]{32}", first)
    assert first != second


def test_what_is_meant_is_heard_and_then_they_are_stopped_anew() -> None:
    stopped, resumed, *heard, again = said({"INPUT_GITHUB_TOKEN": "x"}, "::notice::a", "::notice::b")
    assert resumed == f"::{stopped.removeprefix('::stop-commands::')}::"
    assert heard == ["::notice::a", "::notice::b"]
    assert again.startswith("::stop-commands::")
    assert again != stopped


def test_elsewhere_nothing_is_added() -> None:
    assert said({"GITHUB_ACTIONS": "true"}, "::notice::a") == ["::notice::a"]
    assert said({}) == []
