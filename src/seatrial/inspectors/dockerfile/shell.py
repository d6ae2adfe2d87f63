"""
The commands of a shell script, with their words: enough of POSIX's and bash's grammar to say what is run and fed by
what. Nothing is expanded.

Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_DEPTH = 24
"""Substitutions and shells within one another; deeper ones are text."""
_OPERATORS = ("&&", "||", "|&", ";;", "|", ";", "&", "\n")
_REDIRECTION = re.compile(r"(?:&>>?|\d*(?:<<<|<<-?|<>|<&|>&|>>|>\||<|>))")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_RESERVED = frozenset({"if", "then", "elif", "else", "fi", "while", "until", "do", "done", "}", "!", "time"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh"})
_WRAPPERS = {
    "sudo": "-u -g -h -p -C -D -R -T", "doas": "-u -C", "env": "-u -C -S", "nice": "-n", "ionice": "-c -n -p",
    "exec": "-a", "command": "", "builtin": "", "nohup": "", "time": "-f -o", "timeout": "-k -s",
    "stdbuf": "-i -o -e", "xargs": "-I -n -P -L -d -a -E -s", "gosu": "", "su-exec": "", "eatmydata": "",
    "setsid": "", "chroot": "", "busybox": "", "retry": "", "tini": "", "dumb-init": "", "unshare": "",
    "fakeroot": "",
}  # fmt: skip
"""Programs that run another one, each with its options that take a value."""
_OPERANDS = {"timeout": 1, "gosu": 1, "su-exec": 1, "chroot": 1}
"""How many words a wrapper takes before the program."""


@dataclass(frozen=True)
class Command:
    """One simple command."""

    words: tuple[str, ...]
    """Without quotes, redirections and assignments in front."""
    at: int
    """Offset of its first word in the script; below 0 if it has no place of its own."""
    pipeline: int
    """Commands of one pipeline have the same number."""
    number: int
    inside: tuple[tuple[int, str], ...] = ()
    """Numbers of the commands that run inside it, each with the spelling of its beginning: `$(`, `<(`, a backtick."""
    assigned: tuple[str, ...] = ()
    """`NAME=value` in front of it."""
    written: tuple[str, ...] = ()
    """Files that its output goes to."""
    fed: tuple[str, ...] = ()
    """Files and strings that are its input (`<`, `<<<`)."""
    after: str = "\n"
    """The operator in front of it."""

    @cached_property
    def run(self) -> tuple[str, ...]:
        """The words from the program on that is run in the end: without `sudo -E`, `env A=b`, `timeout 5`."""
        words = self.words
        for _ in range(_DEPTH):
            name = words[0].rpartition("/")[2] if words else ""
            if name not in _WRAPPERS:
                break
            inner = _unwrapped(name, words[1:])
            if not inner:
                break
            words = inner
        return words

    @property
    def program(self) -> str:
        """The name of the program that is run in the end, without its folder."""
        return self.run[0].rpartition("/")[2] if self.run else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Of that program."""
        return self.run[1:]

    @property
    def text(self) -> str:
        """Its words, with spaces."""
        return " ".join(self.words)


def _unwrapped(name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    valued = _WRAPPERS[name].split()
    at = 0
    while at < len(words) and (words[at].startswith("-") or _ASSIGNMENT.match(words[at])):
        if words[at] == "--":
            at += 1
            break
        at += 2 if words[at] in valued else 1
    return words[at + _OPERANDS.get(name, 0) :]


def commands(script: str | Sequence[str]) -> tuple[Command, ...]:
    """
    Every command of a script, in order; those in substitutions and in `sh -c` come before the one that they are in.

    Args:
        script: text for a shell, or the words of one command (exec form).
    """
    if isinstance(script, str):
        parser = _ShellParser(script, [], 0, itertools.count())
        parser.parse()
        return tuple(parser.found)
    found: list[Command] = []
    words = tuple(script)
    inside = _inner_shell(words, -1, found, 0, itertools.count(1))
    found.append(Command(words, -1, 0, len(found), inside))
    return tuple(found)


def _inner_shell(
    words: tuple[str, ...], at: int, found: list[Command], depth: int, pipelines: Iterator[int]
) -> tuple[tuple[int, str], ...]:
    """The commands in the text behind `-c`, if the words start a shell with one."""
    run = Command(words, at, 0, 0).run
    if not run or run[0].rpartition("/")[2] not in (*_SHELLS, "eval", "su") or depth >= _DEPTH:
        return ()
    if run[0] == "eval":
        text = " ".join(run[1:])
    else:
        option = next((i for i, w in enumerate(run) if re.fullmatch(r"-[a-zA-Z]*c", w)), None)
        text = run[option + 1] if option is not None and option + 1 < len(run) else ""
    before = len(found)
    if text:
        inner = _ShellParser(text, found, depth + 1, pipelines, fixed=at)
        inner.parse()
    return tuple((number, "-c") for number in range(before, len(found)))


class _ShellParser:
    """One pass over a script; `found` collects the commands."""

    def __init__(
        self, text: str, found: list[Command], depth: int, pipelines: Iterator[int], *, fixed: int | None = None
    ) -> None:
        self._text, self.found, self._depth, self._fixed = text, found, depth, fixed
        self._at = 0
        self._pipelines = pipelines

    def parse(self, end: str = "") -> None:
        """Commands up to a closing parenthesis, or to the end."""
        building = _Building(after="\n", pipeline=next(self._pipelines))
        cases = 0
        while self._at < len(self._text):
            character = self._text[self._at]
            if self._skipped():
                continue
            if character == ")":
                self._at += 1
                if not cases or building.words[:1] == ["case"]:  # else it is a pattern of `case`
                    self._finish(building)
                if end == ")" and not cases:
                    return
                building = _Building(after=")", pipeline=next(self._pipelines))
            elif character == "(" and not building.words:
                self._at += 1
                self._nested(building, "(", ")")
            elif character in "&|;\n" and not self._text.startswith("&>", self._at):
                building = self._operator(building)
            elif redirection := _REDIRECTION.match(self._text, self._at):
                self._redirection(building, redirection)
            else:
                start = self._at
                word = self._word(building)
                if word == "{" and not building.words:
                    self._nested(building, "(", "}")
                    continue
                if word == end == "}" and not building.words:
                    return
                cases += (word == "case" and not building.words) - (word == "esac")
                cases = max(0, cases)
                building.add(word, start)
        self._finish(building)

    def _skipped(self) -> bool:
        """Whether white space, a continued line or a comment was passed over."""
        character = self._text[self._at]
        if character in " \t\r\v\f":
            self._at += 1
        elif self._text.startswith("\\\n", self._at):
            self._at += 2
        elif character == "#":
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end
        else:
            return False
        return True

    def _operator(self, building: _Building) -> _Building:
        operator = next(o for o in _OPERATORS if self._text.startswith(o, self._at))
        self._at += len(operator)
        self._finish(building)
        piped = operator in ("|", "|&")
        return _Building(after=operator, pipeline=building.pipeline if piped else next(self._pipelines))

    def _redirection(self, building: _Building, match: re.Match[str]) -> None:
        operator = match[0].lstrip("0123456789")
        if operator in ("<", ">") and self._text.startswith("(", match.end()):
            self._at = match.end() + 1
            start = match.start()
            self._nested(building, f"{operator}(", ")")
            building.add(f"{operator}()", start)
            return
        self._at = match.end()
        while self._at < len(self._text) and self._text[self._at] in " \t":
            self._at += 1
        target = self._word(building) if self._at < len(self._text) and self._text[self._at] not in "\n;|" else ""
        if operator in ("<", "<<<"):
            building.fed.append(target)
        elif ">" in operator and operator != ">&":
            building.written.append(target)

    def _nested(self, building: _Building, spelling: str, end: str) -> None:
        """Commands in parentheses, which become the inside of the command that is being read."""
        before = len(self.found)
        if self._depth >= _DEPTH:
            self._at = len(self._text)
            return
        self._depth += 1
        self.parse(end)
        self._depth -= 1
        building.inside += [(number, spelling) for number in range(before, len(self.found))]

    def _word(self, building: _Building) -> str:
        out: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in " \t\r\v\f\n;|&)(<>" and not (character == "(" and out and out[-1] == "="):
                break
            self._piece(building, out, quoted=False)
        if not out and self._at < len(self._text) and self._text[self._at] == "(":
            self._at += 1  # `f() {`: a parenthesis of a function's definition
        return "".join(out)

    def _piece(self, building: _Building, out: list[str], *, quoted: bool) -> None:
        character = self._text[self._at]
        if character == "\\":
            escaped = self._text[self._at + 1 : self._at + 2]
            out.append("" if escaped == "\n" else f"\\{escaped}" if quoted and escaped not in '"\\$`' else escaped)
            self._at += 2
        elif character == "'" and not quoted:
            end = self._text.find("'", self._at + 1)
            end = len(self._text) if end < 0 else end
            out.append(self._text[self._at + 1 : end])
            self._at = end + 1
        elif character == '"' and not quoted:
            self._at += 1
            while self._at < len(self._text) and self._text[self._at] != '"':
                self._piece(building, out, quoted=True)
            self._at += 1
        elif character == "`":
            self._backticks(building, out)
        elif character == "$":
            self._dollar(building, out)
        else:
            out.append(character)
            self._at += 1

    def _dollar(self, building: _Building, out: list[str]) -> None:
        rest = self._at + 1
        if self._text.startswith("((", rest):
            end = self._text.find("))", rest)
            end = len(self._text) if end < 0 else end + 2
            out.append(self._text[self._at : end])
            self._at = end
        elif self._text.startswith("(", rest):
            self._at = rest + 1
            self._nested(building, "$(", ")")
            out.append("$()")
        elif self._text.startswith("{", rest):
            end = self._text.find("}", rest)
            end = len(self._text) if end < 0 else end + 1
            out.append(self._text[self._at : end])
            self._at = end
        else:
            out.append("$")
            self._at = rest

    def _backticks(self, building: _Building, out: list[str]) -> None:
        end = self._at + 1
        while end < len(self._text) and self._text[end] != "`":
            end += 2 if self._text[end] == "\\" else 1
        inner = self._text[self._at + 1 : end].replace("\\`", "`")
        before = len(self.found)
        if self._depth < _DEPTH:
            place = self._fixed if self._fixed is not None else self._at
            _ShellParser(inner, self.found, self._depth + 1, self._pipelines, fixed=place).parse()
        building.inside += [(number, "`") for number in range(before, len(self.found))]
        out.append("$()")
        self._at = end + 1

    def _finish(self, building: _Building) -> None:
        if not (building.words or building.assigned or building.inside or building.fed or building.written):
            return
        words = tuple(building.words)
        at = self._fixed if self._fixed is not None else building.at
        inside = (*building.inside, *_inner_shell(words, at, self.found, self._depth, self._pipelines))
        self.found.append(
            Command(
                words,
                at,
                building.pipeline,
                len(self.found),
                inside,
                tuple(building.assigned),
                tuple(building.written),
                tuple(building.fed),
                building.after,
            )
        )


@dataclass
class _Building:
    """A command that is being read."""

    after: str
    pipeline: int
    words: list[str] = field(default_factory=list)
    at: int = -1
    inside: list[tuple[int, str]] = field(default_factory=list)
    assigned: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    fed: list[str] = field(default_factory=list)

    def add(self, word: str, start: int) -> None:
        """A word: a reserved one in front is passed over, an assignment in front is kept apart."""
        if not self.words and (word in _RESERVED or not word):
            return
        if self.at < 0:
            self.at = start
        if not self.words and _ASSIGNMENT.match(word):
            self.assigned.append(word)
        else:
            self.words.append(word)
