# ruff: noqa: E501 - a pattern cut in the middle of a thought is harder to read than a long line
"""Steps and tables of Gherkin: Cucumber, Behave, SpecFlow, Behat, Karate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.domain import Confidence
from seatrial.inspectors.secrets.files import names, scans
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan

_WORD = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|pin|secret|(?:api|access)[ _\-]?(?:key|token)|token|pa(?:ss|sz)wort|kennwort"
    r"|mot de passe|contraseña|senha|wachtwoord|lösenord|hasło|heslo|пароль|парол[еёя]м?|密码|パスワード|비밀번호)"
)
_QUOTED = r"(?:\"(?P<value>[^\"\n<>$]{3,100})\"|'(?P<value1>[^'\n<>$]{3,100})')"
_STEP = re.compile(
    rf"^[ \t]{{0,60}}(?!#|@|Scenario|Feature|Rule|Example|Background)[^\n]{{0,300}}?"
    rf"(?:\b{_WORD}\b[\"']?[^\"'\n]{{0,40}}{_QUOTED}"
    r"|(?:\"(?P<value2>[^\"\n<>$]{3,100})\"|'(?P<value3>[^'\n<>$]{3,100})')[ \t]{1,4}"
    rf"(?:as|for|in|into|als|comme|como|in das|dans)\b[^\"'\n]{{0,40}}[\"']?\b{_WORD}\b"
    r"|\b(?:credentials?|log(?:ged)?[ \-]?(?:in|on)|sign(?:ed)?[ \-]?in|authenticated?)\b[^\"'\n]{0,40}[\"'][^\"'\n]{1,60}[\"']"
    r"[ \t]{0,4}(?:/|,|and|with|:|und|et|y)[ \t]{0,4}(?:\"(?P<value4>[^\"\n<>$]{3,100})\"|'(?P<value5>[^'\n<>$]{3,100})'))",
    re.MULTILINE | re.IGNORECASE,
)
_ROW = re.compile(r"^[ \t]{0,60}\|(?P<cells>[^\n]{1,1000})\|[ \t]*\r?$", re.MULTILINE)
_CELL = re.compile(r"[^|]+")


def _steps(_path: str, text: str) -> Iterator[CredentialEntry]:
    for match in _STEP.finditer(text):
        yield from scans.of_match(match)


def _tables(_path: str, text: str) -> Iterator[CredentialEntry]:
    """Cells below a column that names a secret; or beside it, in a table of two columns."""
    head: list[str] = []
    end = -1
    for row in _ROW.finditer(text):
        cells = [
            TextSpan(cell[0], cell.start() + row.start("cells"), cell.end() + row.start("cells")).stripped()
            for cell in _CELL.finditer(row["cells"])
        ]
        if end < 0 or text[end : row.start()].strip():
            head = [cell.value for cell in cells]
        elif len(cells) == len(head):
            for name, cell in zip(head, cells, strict=True):
                if names.is_secret(_named(name)) and not cell.value.startswith("<"):
                    yield CredentialEntry(_named(name), cell)
        if len(cells) == 2 and names.is_secret(_named(cells[0].value)) and not cells[1].value.startswith("<"):
            yield CredentialEntry(_named(cells[0].value), cells[1])
        end = row.end()


def _named(cell: str) -> str:
    return TextSpan(cell, 0, len(cell)).stripped("\"'* ").value.replace(" ", "_")


PARSERS = (
    CredentialFile(
        id="gherkin-step",
        title="password in a step of a scenario",
        documentation="https://cucumber.io/docs/gherkin/reference/",
        names=("*.feature", "*.story", "*.spec.feature"),
        scan=scans.all_of(_steps, _tables),
        confidence=Confidence.LOW,
    ),
)
