"""What we write is what the runner reads, whatever the repository put into it."""

from __future__ import annotations

import io
from pathlib import Path

import actions_runner
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.ci.github import commands, files
from seatrial.ci.github.commands import AnnotationLevel, AnnotationPlace

NASTY = st.text(
    st.sampled_from(list("ab:=,%[]#\n\r\t <>")) | st.characters(codec="utf-8"), max_size=60
) | st.sampled_from(["::error::x", "##[set-env name=X]y", "\n::stop-commands::t\n", "%0A::debug::x", "::t::"])


@given(NASTY, NASTY, st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=40))
@settings(max_examples=400)
def test_an_annotation_is_one_command_that_says_what_it_was_given(message: str, title: str, file: str) -> None:
    title, file = f"<{title}>", f"{file}>" if file else ""  # the runner trims the list of properties
    place = AnnotationPlace(file, 3, 3, 5, 9) if file else commands.NOWHERE
    line = commands.annotation(AnnotationLevel.ERROR, message, title=title, place=place)
    assert "\n" not in line
    assert "\r" not in line
    [command] = actions_runner.commands(line)
    assert (command.name, command.data) == ("error", message)
    expected = {"title": title, "file": file}
    if file:
        expected |= {"line": "3", "endLine": "3", "col": "5", "endColumn": "9"}
    assert command.properties == {name: value for name, value in expected.items() if value}


@given(st.lists(NASTY, max_size=8))
@settings(max_examples=400)
def test_after_stop_nothing_but_what_is_spoken_is_a_command(printed: list[str]) -> None:
    out = io.StringIO()

    def say(line: str) -> None:
        out.write(line + "\n")

    commands.stop({"INPUT_GITHUB_TOKEN": ""}, say)
    for text in printed:
        say(text)
    commands.speak([commands.annotation(AnnotationLevel.NOTICE, "ours")], say)
    for text in printed:
        say(text)
    assert [c.data for c in actions_runner.commands(out.getvalue())] == ["ours"]
    commands._token.set("")


def test_columns_and_lines_need_what_they_are_within() -> None:
    over_lines = commands.annotation(AnnotationLevel.WARNING, "m", place=AnnotationPlace("a", 3, 4, 5, 6))
    assert over_lines == "::warning file=a,line=3,endLine=4::m"
    assert commands.annotation(AnnotationLevel.WARNING, "m", place=AnnotationPlace("", 3, 4)) == "::warning::m"
    assert (
        commands.annotation(AnnotationLevel.NOTICE, "m", place=AnnotationPlace("a", 3, 0, 5))
        == "::notice file=a,line=3,col=5::m"
    )


def test_a_message_is_cut_where_the_runner_would_cut_it() -> None:
    [command] = actions_runner.commands(commands.annotation(AnnotationLevel.ERROR, "é\n" * 5000))
    assert len(command.data) <= commands.MESSAGE_LIMIT
    assert command.data.endswith("…")


def test_every_line_of_a_secret_is_masked() -> None:
    assert list(commands.mask("first line\n\nab\nse%cond")) == ["::add-mask::first line", "::add-mask::se%25cond"]


@given(st.dictionaries(st.sampled_from(["score", "verdict", "report_json"]), NASTY, min_size=1))
@settings(max_examples=300)
def test_outputs_come_back_as_they_were(values: dict[str, str]) -> None:
    text = "".join(files._entry(name, value) for name, value in values.items())
    assert actions_runner.entries(text) == values


def test_outputs_are_appended_and_a_failure_is_told(tmp_path: Path) -> None:
    path = tmp_path / "set_output_1"
    path.write_text("before=1\n")
    assert files.entries(path, {"score": "80.0"}) == ""
    assert actions_runner.entries(path.read_text()) == {"before": "1", "score": "80.0"}
    assert "could not be written: Is a directory" in files.entries(tmp_path, {"a": "b"})


@given(st.lists(st.sampled_from(["text é\n", "<details><summary>x</summary>\n", "</details>\n", "\n"]), max_size=300))
@settings(max_examples=150)
def test_a_summary_stays_within_its_bound_and_closes_what_it_opens(lines: list[str]) -> None:
    depth, balanced = 0, []
    for line in lines:
        step = line.count("<details>") - line.count("</details>")
        if depth + step >= 0:
            depth += step
            balanced.append(line)
    text = "".join(balanced) + "</details>\n" * depth
    for room in (200, 400, 1000, 100_000):
        cut = files.bounded(text, room)
        assert len(cut) <= room
        assert cut.count(b"<details>") == cut.count(b"</details>")
        cut.decode()
        if len(text.encode()) > room:
            assert b"cut here" in cut


def test_a_summary_counts_what_is_there_already(tmp_path: Path) -> None:
    path = tmp_path / "step_summary_1"
    path.write_bytes(b"x" * (files.SUMMARY_LIMIT - 500))
    assert files.summary(path, "y\n" * 5000) == ""
    assert files.SUMMARY_LIMIT - 100 < path.stat().st_size <= files.SUMMARY_LIMIT
    assert "cut here" in path.read_text()


@pytest.mark.parametrize("room", [0, 10])
def test_where_nothing_fits_nothing_is_written(room: int) -> None:
    assert files.bounded("long\n" * 100, room) == b""
