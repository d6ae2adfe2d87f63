"""Dockerfiles are read as BuildKit reads them, and every place is a place in the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.inspectors.dockerfile.rules import RULES
from seatrial.inspectors.dockerfile.shell import commands
from seatrial.inspectors.dockerfile.syntax import MAX_INSTRUCTIONS, MAX_TEXT, Dockerfile, Instruction, parse

CAPTURED = Path(__file__).parents[3] / "captured" / "buildkit" / "0.21.1.jsonl"
CASES = [json.loads(line) for line in CAPTURED.read_text("utf-8").split("\n") if line]


def every(text: str) -> list[Instruction]:
    """The instructions of a text, FROM in front left out."""
    return list(parse("Dockerfile", f"FROM a\n{text}").instructions)


def without_tabs(body: str) -> str:
    return "\n".join(line.strip("\t\r") for line in body.split("\n"))


@pytest.mark.parametrize("case", CASES, ids=map(str, range(len(CASES))))
def test_the_answer_is_that_of_buildkit(case: dict[str, object]) -> None:
    theirs = [i for i in case["instructions"] if i["keyword"] != "FROM"]  # type: ignore[attr-defined]
    ours = list(parse("Dockerfile", str(case["text"])).instructions)
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.keyword == other["keyword"] or (one.trigger and other["keyword"] == "ONBUILD")
        documents = [(d.name, without_tabs(d.body.text)) for d in one.documents]
        assert documents == [(d["name"], without_tabs(d["content"])) for d in other["documents"]]
        if not one.trigger:
            assert list(one.flags) == other["flags"]
            assert (one.array is not None) == other["json"]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("RUN cat <<EOF\na\nEOF\nUSER b", ["a\n"]),
        ("RUN cat <<-EOF\n\ta\n\tEOF\nUSER b", ["a\n"]),
        ("RUN cat <<EOF\n\ta\n\tEOF\nEOF\nUSER b", ["\ta\n\tEOF\n"]),
        ("RUN cat <<'A B' <<\"C\"\na\nA B\nb\nC\nUSER b", ["a\n", "b\n"]),
        ("COPY <<\\EOT /x\na\nEOT\nUSER b", ["a\n"]),
        ("RUN 3<<A cat\na\nA\nUSER b", ["a\n"]),
        ("ONBUILD RUN <<A cat\na\nA\nUSER b", ["a\n"]),
        ("RUN <<A\r\na\r\nA\r\nUSER b", ["a\n"]),
        ("RUN echo $((1<<20))\nUSER b", []),
        ("RUN cat <<<word\nUSER b", []),
        ("RUN echo '<<name' \"<<name\"\nUSER b", []),
        ("RUN cat<<EOF\nUSER b", []),
        ('RUN ["cat", "<<EOF"]\nUSER b', []),
        ("LABEL a=<<EOF\nUSER b", []),
    ],
)
def test_here_documents(text: str, bodies: list[str]) -> None:
    first, last = every(text)
    assert [d.body.text for d in first.documents] == bodies
    assert (last.keyword, last.text) == ("USER", "b")
    assert last.at.line == text.count("\n") + 2


def test_positions_in_an_instruction_of_many_lines() -> None:
    text = "RUN true && \\\n  # a comment\n\n    curl -s https://x.example \\\n  | sh\n\tUSER b"
    run, user = every(text)
    assert (run.at.line, run.at.column) == (2, 1)
    assert [(run.place(c).line, run.place(c).column) for c in run.commands] == [(2, 5), (5, 5), (6, 5)]
    assert (user.at.line, user.at.column) == (7, 2)


def test_positions_in_a_here_document() -> None:
    (run,) = every("RUN <<-A bash\n\tset -e\n\n\t\tcurl x | sh\n\tA\n")
    assert [(run.place(c).line, run.place(c).column) for c in run.commands] == [(2, 10), (3, 2), (5, 3), (5, 12)]


@pytest.mark.parametrize("separator", ["\x0c", "\x0b", "\x1c", "\x85", "\u2028"])
def test_only_line_ends_end_a_line(separator: str) -> None:
    run, user = every(f"RUN echo a{separator}b\nUSER c")
    assert (run.keyword, user.at.line) == ("RUN", 3)


def test_a_lone_carriage_return_counts_as_a_line_for_places() -> None:
    assert every("RUN a\rb\nUSER c")[1].at.line == 4


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no instruction"),
        ("# a comment\n", "no instruction"),
        ("ARG A=1\n", "no FROM"),
        ("FROM a\nRUN b \\\n", "cut off"),
        ("FROM a\nRUN <<EOF\nb\n", "cut off"),
        ("FROM a\nRU", "line 2 is not an instruction"),
        ("FROM a\n" + "USER b\n" * (MAX_INSTRUCTIONS + 1), "more than 5,000"),
        ("FROM a\nRUN " + "b" * (MAX_TEXT + 1), "longer than"),
    ],
)
def test_what_is_not_read_is_named(text: str, reason: str) -> None:
    assert reason in parse("Dockerfile", text).unread


def test_the_data_of_a_program_is_no_script() -> None:
    data, script, shell = every("RUN cat <<A\nsudo a\nA\nRUN <<B\nsudo b\nB\nRUN bash <<C\nsudo c\nC")
    assert [[c.program for c in one.commands] for one in (data, script, shell)] == [["cat"], ["b"], ["bash", "c"]]


def test_json_that_is_not_valid_is_the_shell_form() -> None:
    good, number, broken, check = every('RUN ["a", "b"]\nRUN ["a", 1]\nRUN ["a"\nHEALTHCHECK --interval=1s CMD ["a"]')
    assert [good.array, number.array, broken.array, check.array] == [("a", "b"), None, None, ("a",)]


@pytest.mark.parametrize(
    ("script", "programs"),
    [
        ("a && b || c; d & e\nf", "abcdef"),
        ("(a; b) | c", ["a", "b", "", "c"]),
        ("if a; then b; else c; fi; while d; do e; done", "abcde"),
        ("case $x in y) a;; *) b;; esac; c", ["case", "a", "b", "esac", "c"]),
        ('x=$(a) b `c` "$(d)" <(e)', ["a", "c", "d", "e", "b"]),
        ("sudo -E -u root env A=b nice -n 5 timeout -k 1 5 a", "a"),
        ("sh -c 'a; b' && bash -euxc \"c\"", ["a", "b", "sh", "c", "bash"]),
        ("echo 'a; b' # c; d", ["echo"]),
        ("echo a\\;b", ["echo"]),
        ("f() { a; }; b", ["f", "a", "b"]),
        ("echo $((1<<20)) ${A:-b; c} && a", ["echo", "a"]),
        ("! a 2>&1 >/dev/null &>> x", "a"),
    ],
)
def test_commands_of_a_script(script: str, programs: str | list[str]) -> None:
    found = [c.program for c in commands(script)]
    assert [p for p in found if p or "" in programs] == list(programs)


METACHARACTERS = "()[]{}<>|&;$`'\"\\#=-:/@!*?~ \n"
PIECES = [*METACHARACTERS, "$(", "<(", "((", "<<A", "--a ", "curl ", "| sh ", "chmod ", "A=b ", "${", "case x in ",
          "sh -c ",
          "user:", "http://", "mysql ", "login ", "-p", "echo a:", "apt-get ", "{ "]  # fmt: skip
LONG = 100_000


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("keyword", ["RUN", "ENV", "COPY", "CMD"])
def test_long_repeats_are_read_to_their_end(keyword: str, piece: str) -> None:
    file = parse("Dockerfile", f"FROM a\n{keyword} {piece * (LONG // len(piece))}\nUSER b\n")
    assert all(f.location.line > 0 for rule in RULES for f in rule.find(file))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "RUN ", "COPY ", "ONBUILD ", "\\\n", "\nFROM a\n", "é", "\x0c", "\r"])))
def test_no_text_breaks_the_parser_or_a_rule(pieces: list[str]) -> None:
    file: Dockerfile = parse("Dockerfile", "FROM a\n" + "".join(pieces))
    lines = "".join(["FROM a\n", *pieces]).replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for rule in RULES:
        for finding in rule.find(file):
            assert 1 <= finding.location.line <= lines
