"""Sentences that users read are short and say who does what: the rules of docs/style.md that a program can hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatrial.app.cli import cli

ROOT = Path(__file__).parents[2]
LONGEST = 20
"""Words; docs/style.md, rule 3."""
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/checks.md",
    "docs/config.md",
    "docs/decisions.md",
    "docs/fixes.md",
    "docs/gitlab.md",
    "docs/score.md",
    "docs/security-model.md",
    "docs/trial.md",
    "src/seatrial/verdict/catalogue/2026.2.yml",
)
MODULES = sorted((ROOT / "src").rglob("*.py"))
WORD_LISTS = frozenset({"_ENGLISH", "_TECHNICAL", "TYPES"})
"""Constants of words or of a language's names, which are split where they are used."""
PUBLISHED = "(a control character of ASCII, or a byte of a file name without text), code or code."
"""The end of a long sentence that is part of the published schema of report.json, which does not change."""
COMMANDS = ("run", "plan", "explain", "init", "fix", "comment", "vuln-db")

_RIDDLES = re.compile(
    r"\b(?:stands?(?!-in)|stood|told|tells? whether|nobody|somebody|anybody|whoever|whomever|whom|whatever|wakes"
    r"|strangers?|given up by|not to be had|as it were"
    r"|(?<!there )is no (?!longer\b|way\b|more\b|less\b)\w+)\b",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"^\s*(?:select|insert|create|with)\b|\b(?:type filter hook|nft add)\b|\{\n|&& |\bexec \w", re.IGNORECASE
)
"""Code of another language in a string: SQL, nft's rules, a shell's script."""
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"")


def sentences(text: str) -> Iterator[str]:
    """The sentences of Markdown or YAML, with a code span, a link and an address as one word each; no code blocks."""
    text = re.sub(r"^( *)```.*?^\1```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"``[^\n]*?``|`[^`]*`", "code", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"https?://\S+", "address", text)
    text = _QUOTED.sub("quoted", text)
    for paragraph in re.split(r"\n\s*\n|\n\s*(?:[-*#>]|\d+\.)\s|\||\n(?=\s*[\w-]+:\s)", text):
        for sentence in re.split(r"(?<=[.!?:;])(?:\*\*)?\s+", " ".join(paragraph.split())):
            if sentence.strip():
                yield sentence.strip()


def faults(text: str) -> list[str]:
    found = []
    for sentence in sentences(text):
        words = [w for w in sentence.split() if re.search(r"\w", w)]
        if len(words) > LONGEST:
            found.append(f"{len(words)} words: {sentence}")
        if riddle := _RIDDLES.search(sentence):
            found.append(f"{riddle[0]!r}: {sentence}")
    return found


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_plain_english(path: str) -> None:
    assert faults((ROOT / path).read_text("utf-8")) == []


def of_docstring(text: str) -> list[str]:
    """What is wrong in a docstring, with each column of a table in it as a text of its own."""
    table = re.sub(r"(?<=\S)(?: {2,}| +-> )(?=\S)", "\n\n", text)
    return faults(re.sub(r"\n(?= {4,}\S)", "\n\n", table) if table != text else text)


def docstrings(path: Path) -> Iterator[str]:
    """The docstrings of a module, its classes, functions and attributes."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT / "src").as_posix())
def test_docstrings_are_plain_english(path: Path) -> None:
    found = [fault for text in docstrings(path) for fault in of_docstring(text)]
    assert [one for one in found if not one.endswith(PUBLISHED)] == []


def messages(tree: ast.AST) -> Iterator[str]:
    """
    The texts of a program that people may read: strings of at least four words, those with values in them as one.

    Docstrings, patterns, lists of words that are split, and programs for a shell, a database or nft are left out.
    """
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr():
                left_out.add(node.value)
            case ast.Call(func=ast.Attribute(attr="split", value=ast.Constant() as words)):
                left_out.add(words)
            case ast.Call(func=ast.Attribute(attr="compile") | ast.Name(id="wordset")):
                left_out.update(part for one in node.args for part in ast.walk(one))
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if name in WORD_LISTS:
                left_out.update(ast.walk(value))
            case ast.JoinedStr():
                left_out.update(part for part in ast.walk(node) if part is not node)
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr() if node not in left_out:
                text = "".join(str(p.value) if isinstance(p, ast.Constant) else "value" for p in node.values)
            case ast.Constant(value=str() as text) if node not in left_out:
                pass
            case _:
                continue
        if len(text.split()) >= 4 and not _PROGRAM.search(text):
            yield text


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT / "src").as_posix())
def test_messages_are_plain_english(path: Path) -> None:
    texts = messages(ast.parse(path.read_text("utf-8")))
    assert [fault for text in texts for fault in faults(text)] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('raise UsageError(f"{line!r} is no command: {error}")', 1),
        ('note = "a copy " "stands in for " f"{shown}, which containers may write to"', 1),
        ('notes = ["nobody knows whether the disk is as fast as before"]', 1),
        ('why = "one two three four five six seven eight nine ten " * 1 + f"eleven {x} twelve stands"', 1),
        ('"""A docstring that nobody reads aloud."""', 0),
        ('NAMES = "nobody somebody whoever anybody stands".split()', 0),
        ('NAMES = wordset("nobody somebody whoever anybody stands")', 0),
        ('FORM = re.compile(r"nobody or somebody or whoever")', 0),
        ('note = "the engine is not reachable from here"', 0),
    ],
)
def test_messages_are_found_in_code(code: str, expected: int) -> None:
    assert len([fault for text in messages(ast.parse(code)) for fault in faults(text)]) == expected


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_is_plain_english(command: str) -> None:
    done = CliRunner().invoke(cli, [command, "--help"], terminal_width=10_000)
    assert done.exit_code == 0
    assert faults(re.sub(r"  +", "\n\n", done.output)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Whoever reaches it is root.", 1),
        ("The key is no secret.", 1),
        ("The version is no longer maintained.", 0),
        ("There is no comment.", 0),
        ('`whoever` and "nobody is told" are quoted.', 0),
        ("One two three four five six seven eight nine ten, " * 2 + "one.", 1),
        ("```\nwhoever\n```", 0),
    ],
)
def test_the_rules_find_what_they_are_for(text: str, expected: int) -> None:
    assert len(faults(text)) == expected
