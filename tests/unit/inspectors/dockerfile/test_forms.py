"""Dockerfiles are read as BuildKit reads them: here-documents, continuations, directives, flags, triggers."""

from __future__ import annotations

import pytest

from seatrial.inspectors.dockerfile import syntax
from seatrial.inspectors.dockerfile.syntax import Dockerfile, parse

TAIL = 'USER app\nCMD ["x"]\n'


def read(text: str) -> Dockerfile:
    return parse("Dockerfile", text, frozenset({"Dockerfile"}))


def keywords(text: str) -> list[str]:
    return [i.keyword for i in read(text).instructions]


def places(text: str) -> list[tuple[str, int, int]]:
    return [(i.keyword, i.at.line, i.at.column) for i in read(text).instructions]


@pytest.mark.parametrize(
    "line",
    [
        "RUN echo $((1<<20)) > /limit",
        "RUN cat <<<word",
        "RUN cat <<< word",
        "RUN echo '<<name'",
        'RUN echo "<<name"',
        "RUN echo a<<b",
        "RUN echo 'a <<EOT b'",
        "ENV X=<<EOT",
        "LABEL x <<EOT",
        "CMD cat <<EOT",
        'RUN ["cat", "<<EOT"]',
    ],
)
def test_what_is_no_heredoc_swallows_nothing(line: str) -> None:
    assert keywords(f"FROM a\n{line}\n{TAIL}")[1:] == ["USER", "CMD"]


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("RUN <<EOT", "USER root\nEOT"),
        ("RUN <<-EOT", "\tUSER root\n\t\tEOT"),
        (r"COPY <<-\EOT /data", "USER root\nEOT"),
        ('COPY <<"EOT" /data', "USER root\nEOT"),
        ("COPY <<'EOT' /data", "USER root\nEOT"),
        ("ADD <<E-O.T /data", "USER root\nE-O.T"),
        ("RUN cat <<A <<B", "USER root\nA\nUSER root\nB"),
        ("COPY <<A <<-B /data/", "USER root\nB\nA\nUSER root\n\tB"),
        ("RUN 3<<EOT cat", "USER root\nEOT"),
        ("RUN cat <<EOT \\\n # a comment\n\n  | sh", "USER root\nEOT"),
        ("RUN <<EOT", "# escape=`\nUSER root \\\nEOT"),
        ("ONBUILD RUN <<EOT", "USER root\nEOT"),
        ("run\t<<EOT\tsh", "USER root\nEOT"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_heredoc_is_text_up_to_its_end(line: str, body: str, end: str) -> None:
    text = f"FROM a\n{line}\n{body}\n{TAIL}".replace("\n", end)
    file = read(text)
    assert not file.unread
    first, user, command = file.instructions
    assert "USER root" in first.heredoc
    assert (user.keyword, user.text, command.keyword) == ("USER", "app", "CMD")


def test_tabs_are_stripped_only_with_a_dash() -> None:
    assert read("FROM a\nRUN <<EOT\n\tEOT\nUSER b\n").unread
    assert keywords(f"FROM a\nRUN <<-EOT\n\tx\n\tEOT\n{TAIL}") == ["RUN", "USER", "CMD"]


def test_spaces_are_not_stripped_from_the_end_of_a_heredoc() -> None:
    file = read("FROM a\nRUN <<-EOT\n  EOT\nUSER b\n")
    assert "here-document" in file.unread
    assert [i.keyword for i in file.instructions] == ["RUN"]


def test_places_of_instructions_of_several_lines() -> None:
    text = (
        "# a comment\n\nFROM a\n  RUN x \\\n  # inside\n\n    y \\\n  && z\nENV A=1 \\\n    B=2\nRUN <<EOT\nx\ny\nEOT\n"
        "\tUSER app\n"
    )
    assert places(text) == [("RUN", 4, 3), ("ENV", 9, 1), ("RUN", 11, 1), ("USER", 15, 2)]
    assert read(text).stages[0].at.line == 3


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_of_commands_of_several_lines(end: str) -> None:
    text = "FROM a\nRUN one \\\n # inside\n  && two \\\n\n  && three\nRUN <<EOT\nfour\n  five\nEOT\n".replace("\n", end)
    found = [
        (c.program, i.place(c).line, i.place(c).column)
        for i in read(text).instructions
        for c in i.commands
        if c.program
    ]
    assert found == [("one", 2, 5), ("two", 4, 6), ("three", 6, 6), ("four", 8, 1), ("five", 9, 3)]


def test_form_feeds_and_other_separators_end_no_line() -> None:
    assert places("FROM a\n# x\f\v\x1c\x85\u2028y\nUSER b\n") == [("USER", 3, 1)]


@pytest.mark.parametrize("gap", ["\t", "  ", "\t \t", " \t"])
def test_any_white_space_ends_a_keyword(gap: str) -> None:
    file = read(f"FROM{gap}a{gap}AS{gap}b\nRUN{gap}x\nENV{gap}A=1\nUSER{gap}root\n")
    assert [(s.base, s.name) for s in file.stages] == [("a", "b")]
    assert [(i.keyword, i.text) for i in file.instructions] == [("RUN", "x"), ("ENV", "A=1"), ("USER", "root")]


def test_the_escape_directive() -> None:
    file = read("# escape=`\nFROM a\nRUN one `\n  && two\nCOPY a c:\\\nUSER b\n")
    assert [(i.keyword, i.at.line) for i in file.instructions] == [("RUN", 3), ("COPY", 5), ("USER", 6)]


@pytest.mark.parametrize(
    "head",
    ["# syntax=docker/dockerfile:1\n# escape=`\n", "#escape = `\n", "# ESCAPE=`\n", "# check=skip=all\n#escape=`\n"],
)
def test_forms_of_the_escape_directive(head: str) -> None:
    assert keywords(f"{head}FROM a\nRUN x `\n y\nUSER b\n") == ["RUN", "USER"]


@pytest.mark.parametrize("head", ["# a comment\n# escape=`\n", "\n# escape=`\n", "# other=1\n# escape=`\n"])
def test_a_directive_behind_a_comment_is_a_comment(head: str) -> None:
    assert keywords(f"{head}FROM a\nRUN x \\\n y\nUSER b\n") == ["RUN", "USER"]


def test_flags_stay_out_of_the_text() -> None:
    file = read(
        "FROM --platform=$BUILDPLATFORM a AS b\nRUN --mount=type=cache,target=/x --network=none make\n"
        'COPY --from=b --chown=1:1 a c\nHEALTHCHECK --interval=5s CMD ["x"]\n'
    )
    assert [(s.platform, s.base, s.name) for s in file.stages] == [("$BUILDPLATFORM", "a", "b")]
    run, copy, health = file.instructions
    assert (run.text, run.flag("network"), run.flag("mount")) == ("make", "none", "type=cache,target=/x")
    assert (copy.text, copy.flag("from")) == ("a c", "b")
    assert (health.array, health.flag("interval")) == (("x",), "5s")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('CMD ["a", "b c"]', ("a", "b c")),
        ('CMD\t[ "a" ,\n', ("[", "a", ",")),
        ("CMD ['a', 'b']", None),
        ('CMD ["a", 1]', None),
        ('CMD ["a"', None),
        ('CMD ["a", \\\n  "b"]', ("a", "b")),
    ],
)
def test_the_exec_form_falls_back_to_the_shell_form(text: str, words: tuple[str, ...] | None) -> None:
    (command,) = read(f"FROM a\n{text}\n").instructions
    if words and command.array is None:
        assert command.words == words
    else:
        assert command.array == words


def test_arguments_before_the_first_stage_are_filled_in() -> None:
    file = read("ARG V=12\nARG IMAGE=debian\nFROM ${IMAGE}:${V}-slim AS x\nFROM $IMAGE:${W:-13}\nFROM ${NONE}\n")
    assert [s.base for s in file.stages] == ["debian:12-slim", "debian:13", "${NONE}"]


def test_a_trigger_is_the_instruction_behind_it() -> None:
    file = read("FROM a\nONBUILD RUN x\nonbuild\tENV A=1\nONBUILD USER root\n")
    assert [(i.keyword, i.text, i.trigger) for i in file.instructions] == [
        ("RUN", "x", True),
        ("ENV", "A=1", True),
        ("USER", "root", True),
    ]
    assert file.stages[0].last("USER") is None


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN x \\\n",
        "FROM a\nRUN x \\",
        "FROM a\nRUN <<EOT\nx\n",
        "FROM a\nSTART b\n",
        "",
        "# nothing\n",
        "ARG A=1\n",
        "<<<<<<< HEAD\nFROM a\n",
        "FROM a\nRUN echo " + "x" * (syntax.MAX_TEXT + 1) + "\n",
        "FROM a\n" + "USER b\n" * (syntax.MAX_INSTRUCTIONS + 1),
    ],
    ids=[
        "continued",
        "continued-no-end",
        "heredoc",
        "unknown",
        "empty",
        "comment",
        "no-from",
        "conflict",
        "long",
        "many",
    ],
)
def test_what_is_not_read_has_a_reason(text: str) -> None:
    assert read(text).unread
