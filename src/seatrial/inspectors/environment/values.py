"""Values in committed files: secrets that are short, shared or everybody's; ports that cannot be; switches left on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors.compose import project as compose
from seatrial.inspectors.compose.values import ComposeText, List, Map, Value
from seatrial.inspectors.path_roles import is_test_path
from seatrial.inspectors.reading import FileReader
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.secrets.names import is_secret_name
from seatrial.inspectors.secrets.placeholders import is_placeholder, is_reference
from seatrial.system.source import Tree
from seatrial.text import lines
from seatrial.text.numerals import whole
from seatrial.text.redact import Secret
from seatrial.text.vault import learn

LIMIT = 256 * 1024
"""Bytes of a file of variables."""
LEAST = 32
"""Characters of a key that signs or encrypts: 256 bits at least, in any alphabet."""
_KEY = re.compile(
    r"(?:^|_)(?:SECRET_KEY(?:_BASE)?|JWT_(?:SECRET|KEY)|SESSION_SECRET|COOKIE_SECRET|ENCRYPTION_KEY|APP_KEY"
    r"|APP_SECRET|SIGNING_KEY|NEXTAUTH_SECRET|AUTH_SECRET)$"
)
_PASSWORD = re.compile(r"(?:^|_)(?:PASS|PASSWORD|PASSWD|PWD)$")
_DEFAULTS = frozenset(
    [
        "admin",
        "password",
        "passwd",
        "root",
        "postgres",
        "mysql",
        "mariadb",
        "mongo",
        "redis",
        "rabbitmq",
        "guest",
        "user",
        "test",
        "secret",
        "example",
        "123456",
        "12345678",
        "1234",
        "12345",
        "password123",
        "admin123",
        "changeme",
        "change_me",
        "changeit",
        "letmein",
        "qwerty",
        "default",
        "minioadmin",
        "toor",
        "pass",
        "p@ssw0rd",
    ]
)
_PORT = re.compile(r"(?:^|_)PORT$")
_SWITCH = re.compile(r"(?:^|_)DEBUG$|^(?:FLASK_DEBUG|DJANGO_DEBUG|APP_DEBUG|WP_DEBUG)$")
_ON = frozenset({"1", "true", "yes", "on"})
_PRODUCTION = re.compile(r"prod|live|release", re.IGNORECASE)
_DEVELOPMENT = re.compile(r"dev|local|test|ci\b|override|debug|example|sample|staging", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Setting:
    """One variable with its value."""

    name: str
    value: str
    at: Location
    example: bool
    """Whether its file is not meant to run as it is."""


def findings(tree: Tree, reader: FileReader, example: re.Pattern[str], dotenv: re.Pattern[str]) -> Iterator[Finding]:
    """
    What is wrong with the values.

    Args:
        tree: where the files are.
        reader: reads them and keeps account.
        example: matches paths of documented examples.
        dotenv: matches paths of files of variables.
    """
    settings = [s for s in _settings(tree, reader, example, dotenv) if not is_test_path(s.at.path)]
    for file in tree.files:
        mine = [s for s in settings if s.at.path == file.path and not s.example and dotenv.search(file.path)]
        if any(is_secret_name(s.name) and s.value for s in mine):
            message = "is committed, and holds values that are secret by their names"
            remedy = f"git rm --cached {file.path}, add it to .gitignore, and change the values"
            at = Location(file.path, 1, 1)
            yield found("environment/committed-env", Severity.MEDIUM, at, message, remedy, anchor="committed")
    for one in settings:
        yield from _value(one)
    yield from _shared(settings)


def _settings(tree: Tree, reader: FileReader, example: re.Pattern[str], dotenv: re.Pattern[str]) -> Iterator[_Setting]:
    for file in tree.files:
        if not (dotenv.search(file.path) or example.search(file.path)):
            continue
        for number, line in enumerate(lines.split(reader.text(file.path) or ""), 1):
            if match := re.match(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$", line):
                value = re.split(r"\s#", match[2], maxsplit=1)[0].strip().strip("'\"")
                yield _Setting(match[1], value, Location(file.path, number, 1), bool(example.search(file.path)))
    for project in compose.survey(tree).projects:
        for service in project.services:
            variables = service.get("environment")
            for name, entry in variables if isinstance(variables, Map) else ():
                if isinstance(entry.value, ComposeText) and entry.value.value is not None:
                    yield _Setting(name, entry.value.text, entry.key_at, example=False)


def _value(one: _Setting) -> Iterator[Finding]:
    path, value = one.at.path, one.value
    if _PORT.search(one.name) and re.fullmatch(r"[0-9]+", value) and not 0 < (whole(value) or 0) < 65_536:
        message = f"{one.name} is {value[:20]}, and ports end at 65535"
        yield found("environment/port", Severity.MEDIUM, one.at, message, anchor=one.name)
    if _SWITCH.search(one.name) and value.lower() in _ON and not one.example and not _DEVELOPMENT.search(path):
        severity = Severity.MEDIUM if _PRODUCTION.search(path) else Severity.LOW
        message = f"{one.name} is on in a file that is not for developers alone"
        yield found("environment/debug", severity, one.at, message, f"{one.name}=false", anchor=one.name)
    if one.example or is_reference(value) or "$" in value:
        return
    if _PASSWORD.search(one.name) and value.lower() in _DEFAULTS:
        message = f"{one.name} has a default value that attackers try first"
        severity = Severity.LOW if _DEVELOPMENT.search(path) else Severity.MEDIUM
        yield found(
            "environment/default-password", severity, one.at, message, f"{one.name}=${{{one.name}:?}}", anchor=one.name
        )
    elif _KEY.search(one.name) and value and (len(value) < LEAST or is_placeholder(value)):
        what = "is a placeholder" if is_placeholder(value) else f"has fewer than {LEAST} characters"
        message = f"{one.name} {what}: what it signs or encrypts can be forged"
        severity = Severity.LOW if _DEVELOPMENT.search(path) else Severity.MEDIUM
        yield found("environment/weak-key", severity, one.at, message, "openssl rand -hex 32", anchor=one.name)


def _shared(settings: list[_Setting]) -> Iterator[Finding]:
    """Two secrets with one value: who learns one has the other."""
    by_value: dict[Secret, dict[str, _Setting]] = {}
    for one in settings:
        real = (
            len(one.value) >= 8
            and not is_placeholder(one.value)
            and not is_reference(one.value)
            and "$" not in one.value
        )
        if not one.example and real and _KEY.search(one.name):
            learn(one.value)
            by_value.setdefault(Secret(one.value), {}).setdefault(one.name, one)
    for same in by_value.values():
        if len(same) > 1:
            first, *others = sorted(same.values(), key=lambda s: s.at)
            names = ", ".join(o.name for o in others)
            yield found(
                "environment/shared-secret", Severity.MEDIUM, first.at, f"{first.name} has the same value as {names}",
                "a value of its own for each", confidence=Confidence.HIGH, anchor=first.name,
                related=[o.at for o in others],
            )  # fmt: skip


def texts(value: Value) -> Iterator[tuple[str, Location]]:
    """Every text below a value, as it was written."""
    pending: list[Value] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, ComposeText):
            yield one.raw, one.at
        elif isinstance(one, List):
            pending += one.items
        else:
            pending += [entry.value for _, entry in one]
