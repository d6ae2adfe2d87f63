"""
Texts inside of source code that show how something is used: docstrings, block comments, usage texts, doctests.

A credential there is most often an example. The search is a tokenizer of strings and comments, no parser: it is
linear, and it runs only on a file that has a confident finding.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property

from seatrial.inspectors.secrets.words import wordset

_PYTHON = re.compile(
    r""""{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3}|\\?\Z)|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|\\?\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)|'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\\?\Z)|\#[^\n]*+""",
    re.DOTALL,
)
_C_LIKE = re.compile(
    r"""/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|//[^\n]*+|`(?:[^`\\]|\\.)*+(?:`|\\?\Z)"""
    r"""|"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)|'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\\?\Z)""",
    re.DOTALL,
)
"""Each matches also without its end, so that no character is read twice."""
_STARTS_STATEMENT = re.compile(r"[ \t]*[rRuUbBfF]{0,2}\Z")
_OF_USAGE = re.compile(
    r"""\b\w{0,20}(?:usage|help|doc|docs|documentation|docstring|__doc__|examples?|epilog|desc|description|synopsis
          |returns?|print|echo)\w{0,10}(?:\[[^\]\n]{1,60}\])?\s{0,4}(?:=|\+=|\()\s{0,4}(?:[\w.]{1,40}\()?[rRuUbBfF]{0,2}\Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""Before a triple-quoted string that is a docstring, or is given to a name of usage texts (`EXAMPLES` of Ansible)."""
_LONGEST_OF_USAGE = 180
"""Characters that `_OF_USAGE` matches at most."""
_YAML_EXAMPLES = re.compile(
    r"^(?:EXAMPLES|RETURN|DOCUMENTATION):[ \t]{0,8}(?:[|>][-+\d]{0,2}[ \t]{0,8})?\r?$", re.MULTILINE
)
"""Beside a module of Ansible, a file has its documentation: https://docs.ansible.com/ansible/latest/dev_guide/sidecar.html"""
_YAML_MARKDOWN = re.compile(
    r"^(?P<indent>[ \t]{1,60})(?P<fence>`{3,8}|~{3,8})[\w+.-]{0,20}[ \t]{0,8}\r?$"
    r"|^[ \t]{1,60}\|[ \t][^\n]{0,2000}\|[ \t]{0,8}\r?$",
    re.MULTILINE,
)
"""In YAML such an indented line is only in a block text: a fence of code, or a row of a table, in Markdown."""
_MOST_MARKDOWN = 2000
_NEXT_KEY = re.compile(r"^[^\s#]", re.MULTILINE)
_HEREDOC = re.compile(r"^[ \t]{0,40}cat[ \t]{0,8}<<-?[ \t]{0,8}[\"'\\]?(\w{1,40})[\"']?[ \t]{0,8}$", re.MULTILINE)
_COMMENTED = re.compile(
    r"[ \t]*(?:#|//(?!\S+/:_)|/\*|\*(?:[ \t/]|\\t)|--[ \t]|;|<!--|REM\b|>>>|\.\.\.[ \t]"
    r"|[\"']?\w{0,20}(?:examples?|documentation|description|summary)[\"']?:[ \t\"'])"
)
"""The beginning of a line that is a comment, a doctest's, or explains something with an example."""
_TESTS = re.compile(
    r"^(?P<indent>[ \t]{0,40})"
    r"(?:#\[cfg\((?:all\()?test\b[^\n]{0,80}\]|#\[(?:\w{1,30}::){0,2}(?:rs)?test\b[^\n]{0,80}\])"
    r"[ \t]*\r?\n"
    r"(?:[ \t]*(?:#\[[^\n]{0,200}|//[^\n]{0,200})\r?\n){0,10}"
    r"[ \t]*(?:pub(?:\([^)\n]{0,40}\))?[ \t]{1,4})?(?:async[ \t]{1,4})?(?:mod|fn|impl)\b[^;{\n]{0,200}(?:\{|\n)"
    r"|^(?P<indent1>[ \t]{0,40})test[ \t]{1,4}\"[^\"\n]{0,200}\"[ \t]{0,4}\{",
    re.MULTILINE,
)
"""Tests beside the code that they test, as Rust (`#[cfg(test)]`) and Zig (`test "…" {`) have them."""
_MAX_TESTS = 500
_TEST_TABLE = re.compile(
    r"^(?P<indent>[ \t]{0,40})_?(?:WEBPAGE_)?TESTS?[ \t]{0,4}=[ \t]{0,4}[\[{][ \t{]{0,4}\r?$", re.MULTILINE
)
_SAID = re.compile(r"(?:(?<![\w.@/\-])examples?(?![\w@/\-]|\.\w)|\be\.g\.)[^\n]{0,80}\Z", re.IGNORECASE)
"""Before a value that a text of a program gives as an example: `"… Example key='…'"`."""
_LONGEST_SAID = 100
_SAID_AT_ONCE = re.compile(r"(?:(?<![\w.@/\-])example|\be\.g\.)[ \t:=,\-]{0,5}[\"'`]?\Z", re.IGNORECASE)
"""The same, and nothing between: then even a value with a provider's structure is one to look at."""
_LONGEST_SAID_AT_ONCE = 16
_MAX_LINE = 2000
_MAX_HEREDOCS = 200

_C_LIKE_SUFFIXES = wordset(
    "js jsx ts tsx mjs cjs java kt kts scala groovy go rs c h cc cpp cxx hpp cs php swift dart m mm scss less"
)
_SHELL_SUFFIXES = frozenset(("sh", "bash", "zsh", "ksh"))

Spans = Iterator[tuple[int, int]]


def _docstrings(text: str) -> Spans:
    yield from _merged(sorted([*_strings_of_usage(text), *_tables_of_tests(text)]))


def _tables_of_tests(text: str) -> Spans:
    """What an extractor is tried with, beside its code: `_TESTS = [{…}]`, to the bracket with the same indent."""
    at = 0
    for _ in range(_MAX_TESTS):
        match = _TEST_TABLE.search(text, at)
        if match is None:
            return
        end = re.compile(rf"^{match['indent']}[}}\]]{{1,3}},?[ \t]{{0,8}}\r?$", re.MULTILINE).search(text, match.end())
        at = end.start() if end else len(text)
        yield match.start(), at


def _strings_of_usage(text: str) -> Spans:
    for match in _PYTHON.finditer(text):
        start = match.start()
        if text.startswith(('"""', "'''"), start):
            line = text[max(text.rfind("\n", max(0, start - _MAX_LINE), start) + 1, start - _MAX_LINE, 0) : start]
            if _STARTS_STATEMENT.match(line) or _OF_USAGE.search(line[-_LONGEST_OF_USAGE:]):
                yield match.span()


def _block_comments(text: str) -> Spans:
    return (match.span() for match in _C_LIKE.finditer(text) if text.startswith("/*", match.start()))


def _inline_tests(text: str) -> Spans:
    """From the attribute to the brace that closes the block, which has the same indent."""
    at = 0
    for _ in range(_MAX_TESTS):
        match = _TESTS.search(text, at)
        if match is None:
            return
        end = text.find(f"\n{match['indent'] or match['indent1'] or ''}}}", match.end())
        at = len(text) if end < 0 else end
        yield match.start(), at


def _comments_and_tests(text: str) -> Spans:
    return iter(_merged(sorted([*_block_comments(text), *_inline_tests(text)])))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same without overlaps."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _printed_heredocs(text: str) -> Spans:
    """What `cat <<EOF` prints; what it writes into a file is configuration."""
    for count, match in enumerate(_HEREDOC.finditer(text)):
        if count == _MAX_HEREDOCS:
            return
        end = text.find(f"\n{match[1]}", match.end())
        yield match.end(), len(text) if end < 0 else end


def _documented_examples(text: str) -> Spans:
    """The documentation, the examples and the results of a module of Ansible, to the next key."""
    for match in _YAML_EXAMPLES.finditer(text):
        after = _NEXT_KEY.search(text, match.end())
        yield match.end(), after.start() if after else len(text)


def _documentation(text: str) -> Spans:
    return iter(_merged(sorted([*_documented_examples(text), *_markdown(text)])))


def _markdown(text: str) -> Spans:
    """Code between fences and rows of tables within a text of YAML: documentation that is written in Markdown."""
    at = 0
    for _ in range(_MOST_MARKDOWN):
        match = _YAML_MARKDOWN.search(text, at)
        if match is None:
            return
        at = match.end()
        if match["fence"]:
            closing = f"\n{match['indent']}{match['fence']}"
            end = text.find(closing, at)
            if end < 0:
                continue
            at = end + len(closing)
        yield match.start(), at


def _none(_text: str) -> Spans:
    return iter(())


def _spans_of(path: str) -> Callable[[str], Spans]:
    suffix = path.rsplit(".", 1)[-1].lower()
    if suffix in ("py", "pyi", "pyx"):
        return _docstrings
    if suffix in ("rs", "zig"):
        return _comments_and_tests
    if suffix in ("yml", "yaml"):
        return _documentation
    if suffix in _C_LIKE_SUFFIXES:
        return _block_comments
    return _printed_heredocs if suffix in _SHELL_SUFFIXES else _none


class ExampleTexts:
    """The texts of one file that show examples; the file is read when first asked."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self._quotes_lines = path.lower().endswith((".map", ".json", ".ipynb"))

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return list(_spans_of(self._path)(self._text))

    def covers(self, offset: int) -> bool:
        """Whether the character at `offset` is in such a text, or in a line that is commented out."""
        floor = max(0, offset - _MAX_LINE)
        start = self._text.rfind("\n", floor, offset) + 1
        quoted = self._text.rfind("\\n", floor, offset) if self._quotes_lines else -1
        if self._is_commented(start, offset) or (quoted >= start and self._is_commented(quoted + 2, offset)):
            return True
        if _SAID.search(self._text, max(start, offset - _LONGEST_SAID), offset):
            return True
        at = bisect_right(self._spans, (offset, len(self._text) + 1)) - 1
        return at >= 0 and offset < self._spans[at][1]

    def says_so(self, offset: int) -> bool:
        """Whether the words right before `offset` call what follows an example."""
        return _SAID_AT_ONCE.search(self._text, max(0, offset - _LONGEST_SAID_AT_ONCE), offset) is not None

    def _is_commented(self, start: int, offset: int) -> bool:
        """Whether the line that begins at `start` says so; a line that is too long to see its beginning does not."""
        if not start and offset > _MAX_LINE:
            return False
        return _COMMENTED.match(self._text, start, offset) is not None and self._text.find("*/", start, offset) < 0
