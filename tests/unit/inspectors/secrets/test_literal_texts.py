"""Texts of several lines inside of programs."""

from __future__ import annotations

import time

import pytest

from seatrial.inspectors.secrets.literal_texts import LiteralTexts


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'x = """\nHERE\n"""'),
        ("a.py", "x = '''\n\nHERE'''"),
        ("a.js", "x = `\nHERE\n`"),
        ("A.java", 'x = """\n  HERE\n  """;'),
        ("a.nix", "x = ''\n  HERE\n'';"),
        ("main.tf", "x = <<-EOT\n  HERE\nEOT\n"),
        ("a.sh", "cat <<'EOF' > x\nHERE\nEOF\n"),
        ("a.rb", "x = <<~TEXT\n  HERE\nTEXT\n"),
        ("a.php", "$x = <<<EOT\nHERE\nEOT;\n"),
        ("Dockerfile", "COPY <<EOF /x\nHERE\nEOF\n"),
    ],
)
def test_a_text_covers_its_lines(path: str, text: str) -> None:
    assert LiteralTexts(path, text).covers(text.index("HERE"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", '"""Text."""\nHERE = 1\n'),
        ("a.py", 'x = "`"\nHERE = "`"\n'),
        ("a.js", "// it's a ` mark\nHERE\n// another ` mark\n"),
        ("a.js", "x = `HERE`"),
        ("a.sh", "cat <<EOF\nEOF\nHERE\n"),
        ("a.cc", "out << value;\nHERE\nin >> value;\n"),
        ("a.py", "HERE\n"),
    ],
)
def test_what_is_outside_is_not_covered(path: str, text: str) -> None:
    assert not LiteralTexts(path, text).covers(text.index("HERE"))


@pytest.mark.parametrize("unit", ["<<EOF\n", "<<A\nB\n", '"""', "'''\n", "`\n", "/*\n", "\"'`", '"\\', "''\n", "# '\n"])
@pytest.mark.parametrize("path", ["a.py", "a.nix", "a.sh"])
def test_hostile_texts_are_read_in_proportion(path: str, unit: str) -> None:
    text = unit * (100_000 // len(unit))
    start = time.process_time()
    LiteralTexts(path, text).covers(len(text) - 1)
    assert time.process_time() - start < 2
