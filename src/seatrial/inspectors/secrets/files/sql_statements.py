"""Passwords in SQL: statements that make users, and dumps of tables that hold users' passwords."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from itertools import islice

from seatrial.domain import Severity
from seatrial.inspectors.secrets.files import hashes
from seatrial.inspectors.secrets.files.base import CredentialEntry, CredentialFile, TextSpan
from seatrial.inspectors.secrets.files.names import is_secret

_QUOTED = r"[NE]?(?:'((?:[^'\\\n]|''|\\.){1,300}+)'|\"((?:[^\"\\\n]|\\.){1,300}+)\"|\$\$([^$\n]{1,300}+)\$\$)"
_STATEMENTS = tuple(
    re.compile(pattern + _QUOTED, re.IGNORECASE)
    for pattern in (
        (
            r"\bIDENTIFIED\s{1,5}(?:WITH\s{1,5}['\"`]?\w{1,40}['\"`]?\s{1,5}(?:BY|AS)|BY(?:\s{1,5}(?:PASSWORD"
            r"|VALUES))?)\s{0,5}"
        ),
        (
            r"\b(?:USER|ROLE|GROUP|LOGIN)\s{1,5}(?:(?:IF\s{1,5}NOT\s{1,5}EXISTS"
            r"|MAPPING\s{1,5}FOR)\s{1,5})?[^\s;]{1,100}\s[^;]{0,200}?\bPASSWORD\s{0,5}=?\s{0,5}"
        ),
        r"\bSET\s{1,5}PASSWORD\b[^;\n]{0,100}?=\s{0,5}(?:PASSWORD\s{0,5}\()?\s{0,5}",
        r"\bMASTER_PASSWORD\s{0,5}=\s{0,5}",
        r"\bSOURCE_PASSWORD\s{0,5}=\s{0,5}",
        r"\bPASSWORD\s{1,5}EXPIRE\b[^;\n]{0,50}BY\s{0,5}",
        (
            r"\bsp_addlogin\s{1,5}(?:@\w{1,20}\s{0,3}=\s{0,3})?N?'[^'\n]{1,100}'\s{0,5},\s{0,5}"
            r"(?:@\w{1,20}\s{0,3}=\s{0,3})?"
        ),
        r"\bOPTIONS\s{0,5}\([^;()]{0,200}?\bpassword\s{1,5}",
    )
)
_UPDATE = re.compile(
    r"[\s,(`\"\[](?P<column>\w{2,60})[`\"\]]?\s{0,5}=\s{0,5}(?:(?:MD5|SHA1|SHA2|PASSWORD|CRYPT"
    r"|ENCRYPT)\s{0,3}\(\s{0,3})?" + _QUOTED,
    re.IGNORECASE,
)
_INSERT = re.compile(
    r"\b(?:INSERT|REPLACE)\b[^\n;(]{0,60}?\bINTO\s{1,5}(?P<table>[\w.`\"\[\]]{1,120})\s{0,5}"
    r"(?:\((?P<columns>[^()]{1,4000})\)\s{0,5}(?:OVERRIDING\s\w{1,20}\sVALUE\s{1,5})?)?VALUES?\b\s{0,5}",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^COPY\s{1,5}(?P<table>[\w.\"]{1,120})\s{0,5}\((?P<columns>[^()\n]{1,4000})\)\s{1,5}FROM\s{1,5}stdin[^\n]{0,100}\n",
    re.IGNORECASE | re.MULTILINE,
)
_CREATE = re.compile(
    r"\bCREATE\s{1,5}TABLE\s{1,5}(?:IF\s{1,5}NOT\s{1,5}EXISTS\s{1,5})?(?P<table>[\w.`\"\[\]]{1,120})\s{0,5}\(",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"^\s*[`\"\[]?(?P<name>\w{1,64})[`\"\]]?\s+(?:var|char|text|long|medium|tiny|small|big|int|binary|blob|date"
    r"|time|enum|set|numeric|decimal|float|double|bool|bit|uuid|json|serial|unsigned|character|n?varchar|real|year)",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(
    r"[NE]?'((?:[^'\\]|''|\\.)*+)'|\"((?:[^\"\\]|\\.)*+)\"|([(),;])|([^\s(),;'\"]++)|(['\"])", re.DOTALL
)
_PASSWORD_COLUMN = re.compile(
    r"(?:user|usr|admin|member|customer|account|login|staff|employee)?_?(?:encrypted_|hashed_|crypted_|crypt_|hash_)?"
    r"(?:pass(?:w(?:or)?d|wort|wd|phrase)?|pwd|password_?(?:hash|digest|crypt)|pass_?hash|passwd_?hash"
    r"|pwd_?hash|user_?pass|contrasena|senha|mdp|authentication_string)"
    r"(?:_?(?:hash|digest|md5|sha1|enc|crypt))?",
    re.IGNORECASE,
)
_MAX_TABLES = 500


def entries(text: str) -> Iterator[CredentialEntry]:
    """All of them; of a dump, the columns are taken from the statement itself or from the table's definition."""
    yield from _users(text)
    if "insert" in (lower := text.lower()) or "replace" in lower:
        tables, position = _tables(text), 0
        while match := _INSERT.search(text, position):
            position = yield from _rows(text, match.end(), _columns(match, tables), match["table"])
    if "copy " in lower:
        yield from _copies(text)


def _users(text: str) -> Iterator[CredentialEntry]:
    for pattern in _STATEMENTS:
        for match in pattern.finditer(text):
            yield _entry(
                "password",
                TextSpan(match[match.lastindex or 1], *match.span(match.lastindex or 1)),
                "password of a database user",
            )
    for update in re.finditer(r"\bUPDATE\b[^;]{1,100}?\bSET\b(?P<rest>[^;]{1,1000})", text, re.IGNORECASE):
        for match in _UPDATE.finditer(text, update.start("rest") - 1, update.end("rest")):
            if _PASSWORD_COLUMN.fullmatch(match["column"]) or is_secret(match["column"]):
                yield _entry(
                    match["column"], TextSpan(match[match.lastindex or 2], *match.span(match.lastindex or 2)), ""
                )


def _tables(text: str) -> dict[str, list[str]]:
    """The columns of every table that the text defines."""
    found = {}
    for match in islice(_CREATE.finditer(text), _MAX_TABLES):
        end = text.find(";", match.end(), match.end() + 20_000)
        body = text[match.end() : end if end >= 0 else match.end() + 4000]
        found[_plain(match["table"])] = [m["name"].lower() for m in _COLUMN.finditer("\n" + body.replace(",", ",\n"))]
    return found


def _columns(match: re.Match[str], tables: dict[str, list[str]]) -> list[str]:
    if match["columns"]:
        return [_plain(name) for name in match["columns"].split(",")]
    return tables.get(_plain(match["table"]), [])


def _plain(name: str) -> str:
    return name.strip().rsplit(".", 1)[-1].strip('`"[] \n\t').lower()


def _wanted(columns: list[str]) -> dict[int, str]:
    """The positions of the columns that hold passwords or other secrets."""
    return {i: name for i, name in enumerate(columns) if _PASSWORD_COLUMN.fullmatch(name) or is_secret(name)}


def _rows(text: str, position: int, columns: list[str], table: str) -> Generator[CredentialEntry, None, int]:
    """The fields of `(...), (...);` in a wanted column; returns where it stopped."""
    wanted, index, depth = _wanted(columns), 0, 0
    for match in _FIELD.finditer(text, position) if wanted else ():
        mark, position = match[3], match.end()
        if mark == ";" or match[5] or (depth == 0 and match[4]):
            return match.start()
        if mark == "(":
            index, depth = (0 if depth == 0 else index), depth + 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif mark == ",":
            index += depth == 1
        elif depth and index in wanted and match[4] is None:
            group = match.lastindex or 1
            yield _entry(wanted[index], TextSpan(match[group], *match.span(group)), _column_title(wanted[index], table))
    return position


def _copies(text: str) -> Iterator[CredentialEntry]:
    """PostgreSQL's `COPY table (columns) FROM stdin;` with tab-separated lines up to `\\.`."""
    for match in _COPY.finditer(text):
        wanted = _wanted([_plain(name) for name in match["columns"].split(",")])
        position = match.end()
        while wanted and position < len(text) and not text.startswith("\\.", position):
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            yield from _copied(TextSpan(text[position:end], position, end).stripped("\r"), wanted, match["table"])
            position = end + 1


def _copied(line: TextSpan, wanted: dict[int, str], table: str) -> Iterator[CredentialEntry]:
    offset = 0
    for index, value in enumerate(line.value.split("\t")):
        if index in wanted and value != "\\N":
            yield _entry(wanted[index], line.part(offset, offset + len(value)), _column_title(wanted[index], table))
        offset += len(value) + 1


def _column_title(column: str, table: str) -> str:
    return f'column "{column}" of table "{_plain(table)[:60]}"'


def _entry(key: str, span: TextSpan, what: str) -> CredentialEntry:
    kind = hashes.kind(span.value, bare=True)
    if kind:
        return CredentialEntry(key, span, f"{kind} hash, {what or key}", severity=Severity.MEDIUM, proven=True)
    return CredentialEntry(key, span, what)


PARSERS = (
    CredentialFile(
        id="sql-users",
        title="password in SQL",
        documentation="https://dev.mysql.com/doc/refman/8.4/en/create-user.html",
        names=("*.sql", "*.pgsql", "*.psql", "*.mysql", "*.ddl", "*.dump", "*.plsql", "*.pls"),
        scan=lambda _, text: entries(text),
    ),
)
