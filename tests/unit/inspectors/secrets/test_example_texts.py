"""Texts in programs that show how something is used."""

from __future__ import annotations

import pytest

from seatrial.inspectors.secrets.example_texts import ExampleTexts


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'def f():\n    """\n    HERE\n    """\n'),
        ("a.py", "def f():\n    r'''\n    HERE\n    '''\n"),
        ("a.py", 'EXAMPLES = """\nHERE\n"""\n'),
        ("a.py", 'x = argparse.ArgumentParser(epilog=textwrap.dedent("""\nHERE\n"""))\n'),
        ("a.py", 'x = "it\'s an unclosed \\" quote\ndef f():\n    """HERE"""\n'),
        ("a.py", '"""Without an end: HERE\n'),
        ("a.js", "/* HERE */"),
        ("a.js", "const x = 'unclosed\n/*\n HERE\n*/\n"),
        ("a.sh", "cat <<EOF\nHERE\nEOF\n"),
        ("a.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n    const K: &str = HERE;\n}\n"),
        ("a.rs", "#[cfg(all(test, unix))]\n#[allow(unused)]\npub(crate) mod tests {\n    HERE\n}\n"),
        ("a.rs", "impl A {\n    #[tokio::test]\n    async fn f() {\n        HERE\n    }\n}\n"),
        ("a.zig", 'test "signs" {\n    HERE\n}\n'),
    ],
)
def test_an_example_is_covered(path: str, text: str) -> None:
    assert ExampleTexts(path, text).covers(text.index("HERE"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'x = """\nHERE\n"""\n'),
        ("a.py", 'x = "unclosed\nHERE = 1\n"""\n'),
        ("a.py", 'x = "a \\"""" HERE\n'),
        ("a.js", "x = `/*`; HERE; y = `*/`"),
        ("a.js", "x = '/*'; HERE; y = '*/'"),
        ("a.sh", "cat <<EOF > x\nHERE\nEOF\n"),
        ("a.rs", "#[cfg(test)]\nmod tests {\n    f();\n}\n\nconst K: &str = HERE;\n"),
        ("a.rs", "#[cfg(test)]\nmod tests;\n\nfn f() {\n}\nconst K: &str = HERE;\n"),
        ("a.rs", "#[cfg(not(test))]\nmod live {\n    HERE\n}\n"),
    ],
)
def test_what_a_program_uses_is_not_covered(path: str, text: str) -> None:
    assert not ExampleTexts(path, text).covers(text.index("HERE"))


UNITS = [
    "#[cfg(test)]\nmod a {\n",
    "#[test]\n",
    'test "a" {\n',
    '"',
    "'",
    "`",
    '\\"',
    "\\'",
    "\\`",
    '"\\',
    '"\\\n',
    '"""',
    '""" ',
    "/*",
    "//",
    "*/",
    "x='",
    'print("""',
    "cat <<A\n",
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("before", ["", '"', "'", "`", '"""', "/*"])
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("path", ["a.py", "a.js", "a.sh"])
def test_hostile_examples_are_read_in_proportion(path: str, unit: str, before: str) -> None:
    text = before + unit * (300_000 // len(unit))
    ExampleTexts(path, text).covers(len(text) - 1)
