"""One file through all layers: which values are found, where, and by which layer."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from searching import Find

from seatrial.domain import Confidence, Severity
from seatrial.inspectors.secrets import assignments, database, engine, fallback, tokens
from seatrial.inspectors.secrets.contents import FileContent, LineStarts
from seatrial.inspectors.secrets.database import Expression
from seatrial.inspectors.secrets.engine import Found, Layer, Matchers, PatternEngine, expressions, without_overlaps
from seatrial.inspectors.secrets.files import CredentialFile
from seatrial.inspectors.secrets.formats import BY_RULE, FORMATS
from seatrial.inspectors.secrets.model import Credential, Format
from seatrial.inspectors.secrets.samples import expand
from seatrial.text.redact import Secret

PAT = expand("ghp_{crc62:36}")
AWS = expand("AKIA{base32:16}")


def test_a_token_is_found_with_its_place(engine: PatternEngine) -> None:
    text = f"first line\nurl = get('{PAT}')\n"
    content, searched = engine.search("src/app.py", text.encode())
    (found,) = searched.found
    assert content is not None
    assert found.layer is Layer.TOKEN
    assert found.credential.rule == "secrets/github-pat"
    assert content.text[found.credential.start : found.credential.end] == PAT
    assert LineStarts.of(text, [found.credential.start]).position(found.credential.start) == (2, 12)


def test_two_tokens_on_one_line(find: Find) -> None:
    other = expand("ghp_{crc62:36}", "other")
    assert find("a.py", f"x('{PAT}', '{other}')") == [("github-pat", PAT), ("github-pat", other)]


def test_the_edges_of_a_token_count(find: Find) -> None:
    assert find("a.txt", f"x{AWS}") == []
    assert find("a.txt", f"{AWS}x") == []
    assert find("a.txt", f"({AWS})")[0][0] == "aws-access-key-id"


def test_a_wrong_checksum_is_not_the_token(find: Find) -> None:
    broken = PAT[:-1] + ("a" if PAT[-1] != "a" else "b")
    assert "github-pat" not in dict(find("src/a.py", f"call('{broken}')"))


def test_a_key_over_many_lines_is_one_value(find: Find) -> None:
    key = expand("{pem:RSA}")
    ((rule, value),) = find("deploy/id", f"before\n{key}\nafter\n")
    assert rule == "rsa-private-key"
    assert value.count("\n") > 5
    assert value in key


def test_text_in_utf_16_is_read(find: Find) -> None:
    assert find("a.ps1", f"$t = '{PAT}'\r\n".encode("utf-16")) == [("github-pat", PAT)]


def test_a_mark_before_utf_8_is_no_part_of_the_text(engine: PatternEngine) -> None:
    content, searched = engine.search("a.py", b"\xef\xbb\xbf" + f"t='{PAT}'".encode())
    assert content is not None
    assert searched.found[0].credential.start == 3


def test_binary_files_are_not_searched(engine: PatternEngine) -> None:
    content, searched = engine.search("a.bin", b"\0\1\2\3" + PAT.encode())
    assert content is None
    assert searched.found == ()


def test_a_binary_key_store_is_known_by_its_name(engine: PatternEngine) -> None:
    content, searched = engine.search("deploy/release.keystore", b"\xfe\xed\xfe\xed\0\0\0\2" + bytes(200))
    assert content is None
    assert [f.layer for f in searched.found] == [Layer.FILE]


@pytest.mark.parametrize("before", ["ü" * 40, "日本語\n" * 9, "\N{SMILING FACE WITH SUNGLASSES} "])
def test_offsets_are_those_of_characters(engine: PatternEngine, before: str) -> None:
    content, searched = engine.search("a.py", f"# {before}\ncall('{PAT}')".encode())
    (found,) = searched.found
    assert content is not None
    assert content.text[found.credential.start : found.credential.end] == PAT


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"Authorization: Bearer {PAT}", "github-pat"),
        (expand("{pem:RSA}"), "rsa-private-key"),
        (expand("{pem:PKCS8}"), "private-key"),
        (f"key='{expand(BY_RULE['secrets/openai-api-key'].example)}'", "openai-api-key"),
    ],
)
def test_of_two_formats_the_one_that_knows_more_names_the_value(find: Find, text: str, rule: str) -> None:
    assert [name for name, _ in find("notes", text)] == [rule]


def test_bytes_that_are_no_text_do_not_move_offsets(engine: PatternEngine) -> None:
    content, searched = engine.search("a.py", b"# \xff\xfe\xe2\x82 \xc3\ncall('" + PAT.encode() + b"')")
    (found,) = searched.found
    assert content is not None
    assert content.text[found.credential.start : found.credential.end] == PAT


@given(st.binary(max_size=300), st.data())
def test_character_offsets_agree_with_decoding(raw: bytes, data: st.DataObject) -> None:
    content = FileContent(raw)
    text = content.text
    offset = data.draw(st.integers(0, len(raw)))
    at = content.characters([offset, len(raw)])
    assert at[len(raw)] == len(text)
    rest = raw[content._boundary(offset) :].decode("utf-8", "replace")
    assert text[at[offset] :] == rest


@given(st.text(alphabet="ab\n", max_size=60), st.data())
def test_lines_and_columns(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = LineStarts.of(text, [offset]).position(offset)
    assert line == text.count("\n", 0, offset) + 1
    assert column == offset - (text.rfind("\n", 0, offset) + 1) + 1


def test_a_credential_file_is_read_by_its_parser(find: Find) -> None:
    password = expand("{printable:16}")
    assert find(".netrc", f"machine example.org login ada password {password}\n") == [("netrc", password)]


def test_an_assignment_is_found(find: Find) -> None:
    password = expand("{base62:14}")
    assert find("src/db.py", f'db_password = "{password}"\n') == [("password-assignment", password)]


def test_the_most_specific_layer_names_a_value(find: Find) -> None:
    assert find(".env", f"GITHUB_TOKEN={PAT}\n") == [("github-pat", PAT)]
    assert find("src/app.py", f'github_token = "{PAT}"\n') == [("github-pat", PAT)]


def _found(layer: Layer, start: int, end: int, **changes: object) -> Found:
    one = Credential(
        rule="secrets/x",
        title="x",
        value=Secret("x"),
        start=start,
        end=end,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
    )
    return Found(layer, dataclasses.replace(one, **changes))  # type: ignore[arg-type]


def test_a_doubtful_token_gives_way_to_a_sure_assignment() -> None:
    doubtful = _found(Layer.TOKEN, 5, 9, confidence=Confidence.LOW)
    sure = _found(Layer.ASSIGNMENT, 4, 9)
    assert without_overlaps([doubtful, sure]) == [sure]


_spans = st.lists(
    st.builds(
        lambda layer, start, length: _found(layer, start, start + length),
        st.sampled_from(Layer),
        st.integers(0, 40),
        st.integers(1, 15),
    ),
    max_size=12,
)


@given(_spans)
def test_what_remains_does_not_overlap_and_covers_the_rest(found: list[Found]) -> None:
    kept = without_overlaps(found)
    for one, two in pairwise(kept):
        assert one.credential.end <= two.credential.start
    for lost in found:
        assert any(k.credential.start < lost.credential.end and lost.credential.start < k.credential.end for k in kept)


def test_a_parser_that_breaks_costs_only_itself(engine: PatternEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(CredentialFile):
        def parse(self, path: str, text: str) -> Iterator[Credential]:
            raise RuntimeError(text)

    broken = Broken(id="broken", title="", documentation="", names=("a.py",), scan=lambda *_: iter(()))
    monkeypatch.setattr("seatrial.inspectors.secrets.engine.parsers_for", lambda path: (broken,))
    _, searched = engine.search("a.py", f"t = '{PAT}'".encode())
    assert [f.credential.rule for f in searched.found] == ["secrets/github-pat"]
    (problem,) = searched.problems
    assert "broken failed (RuntimeError)" in problem
    assert PAT not in problem


def test_a_minified_file_is_searched_in_bounded_windows(find: Find) -> None:
    filler = "var a=function(b){return b};" * 20_000
    text = f"{filler}t='{PAT}';{filler}u='{AWS}';{filler}"
    assert [value for _, value in find("dist/app.min.js", text)] == [PAT, AWS]


def test_many_tokens_on_one_huge_line_are_all_found(find: Find) -> None:
    many = [expand("AKIA{base32:16}", str(n)) for n in range(1500)]
    assert [value for _, value in find("a.csv", ",".join(many))] == many


def test_repetitions_that_match_everywhere_end_soon(find: Find) -> None:
    find("a.txt", "ghp_" * 500_000)
    find("a.txt", "-----BEGIN RSA PRIVATE KEY-----\n" * 30_000)


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.id)
def test_every_format_passes_the_automaton_and_its_own_pattern(row: Format, engine: PatternEngine) -> None:
    """The example of each row is reported at its place, by its own rule or by one that is surer of it."""
    text = f"# line\n{expand(row.example)}\n"
    content, searched = engine.search("notes", text.encode())
    assert content is not None
    hits = [h for h in engine.hits(["notes"], [content.data])[0].places if h.expression < len(FORMATS)]
    index = FORMATS.index(row)
    matches = list(engine.tokens.confirm(content.data, index, [h.end for h in hits if h.expression == index]))
    assert matches, "the automaton or the confirmation misses the format's own example"
    start, end = matches[0].start, matches[0].end
    assert any(f.credential.start < end and start < f.credential.end for f in searched.found)


def test_files_that_are_searched_together_hold_what_each_of_them_holds(engine: PatternEngine) -> None:
    lines = Path(__file__).with_name("secret_lines.py").read_bytes()
    files = [
        *((f"notes{n}.txt", f"# line\n{expand(row.example)}".encode()) for n, row in enumerate(FORMATS[::5])),
        ("a.py", lines),
        ("a.yaml", b"a: {user: b, password: s3cr3tV4lue99}\npassword: |\n  s3cr3tV4lue98\n"),
        ("empty.py", b""),
        ("image.png", b"\x89PNG\0\0" + PAT.encode()),
        ("id_rsa.p12", b"\0\1\2"),
        ("wide.ini", "password = s3cr3tV4lue97\n".encode("utf-16")),
        ("open.tf", b'variable "db_password" {'),
        ("closed.tf", b'\n  default = "s3cr3tV4lue96"\n}\n'),
        ("README", b"the password is s3cr3tV4lue95"),
    ]
    together = list(engine.search_all(files))
    assert together == [engine.search(path, raw) for path, raw in files]
    assert len([searched for _, searched in together if searched.found]) > len(FORMATS) // 6


def test_no_pattern_is_bound_to_the_end_of_the_data() -> None:
    """Or it would not match where another text follows; `^` and `$` at the ends of lines do."""
    for one in expressions():
        bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", one.pattern)
        assert not re.search(r"\\[AzZ]", one.pattern)
        assert "$" not in bare or one.flags & database.MULTILINE, one.pattern


def test_prefilters_end_in_every_match() -> None:
    assert tokens.prefilter("a[0-9]{20,40}") == "a[0-9]{20}"
    assert tokens.prefilter("(?P<secret>a[0-9]{20,})") == "(?P<secret>a[0-9]{20})"
    assert tokens.prefilter("(?P<secret>a[0-9]{20,60}={0,2})") == "(?P<secret>a[0-9]{20})"
    assert tokens.prefilter("a[0-9]{0,4}") == "a[0-9]{0,4}"


@pytest.fixture(scope="module")
def slow() -> PatternEngine:
    keywords = [tuple(word.encode() for word in row.keywords) for row in FORMATS]
    return PatternEngine(Matchers(fallback.Expressions(engine.expressions(), keywords), None))


class TestWithoutHyperscan:
    """The fallback leads to the same findings."""

    def test_same_hits_on_the_examples_of_all_formats(self, slow: PatternEngine, find: Find) -> None:
        text = "\n".join(expand(row.example) for row in FORMATS[::3])
        _, searched = slow.search("notes", text.encode())
        assert [(f.credential.rule.removeprefix("secrets/"), f.credential.value.reveal()) for f in searched.found] == (
            find("notes", text)
        )

    def test_same_hits_on_assignments(self, slow: PatternEngine, find: Find) -> None:
        lines = Path(__file__).with_name("secret_lines.py").read_text("utf-8")
        _, searched = slow.search("notes.py", lines.encode())
        expected = find("notes.py", lines)
        assert len(expected) > 50
        assert {v for _, v in expected} == {f.credential.value.reveal() for f in searched.found}

    def test_it_is_chosen_and_said_where_hyperscan_is_missing(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(database, "hyperscan", None)
        chosen, other = engine.matchers(tmp_path)
        assert other is None
        assert isinstance(chosen, fallback.Expressions)
        assert [h.expression for h in chosen.scan(PAT.encode())] != []
        assert list(tmp_path.iterdir()) == []

    @settings(max_examples=30)
    @given(st.text(alphabet="ab12 =\n", max_size=200))
    def test_blocks_hide_no_match(self, text: str) -> None:
        found = fallback.Expressions([Expression("a[ab]{2}=1")])
        data = (text * 60).encode() + b"aab=1"
        assert any(hit.end == len(data) for hit in found.scan(data))


def test_rules_of_formats_are_unique() -> None:
    assert len(BY_RULE) == len(FORMATS)


class TestFormsOfComments:
    """What stands in comments only is not looked for elsewhere: data is full of `"a_token": 0.1`."""

    NUMBERS = "{\n" + '  "output_cost_per_token": 0.0001,\n' * 300 + '  "last": 1\n}\n'

    def test_numbers_in_data_lead_nowhere(self, engine: PatternEngine, monkeypatch: pytest.MonkeyPatch) -> None:
        assert len(engine.hits(["prices.json"], [self.NUMBERS.encode()])[0].places) >= 300
        looked: list[object] = []

        def look(*about: object) -> list[Credential]:
            looked.append(about)
            return []

        monkeypatch.setattr(assignments, "_in_window", look)
        engine.search("prices.json", self.NUMBERS.encode())
        assert looked == []
        engine.search("prices.py", f"{self.NUMBERS}# password: hunter2x\n".encode())
        assert len(looked) == 1

    @pytest.mark.parametrize(
        "line",
        [
            "# password: hunter2x",
            "x = 1  # the password: `hunter2x`",
            "    // password: hunter2x",
            f"x = '{'y' * 5000}'  # the password: `hunter2x`",
        ],
    )
    def test_comments_are_read(self, find: Find, line: str) -> None:
        assert [value for _, value in find("code.py", f"{self.NUMBERS}{line}\n")] == ["hunter2x"]
