"""What is known of one setting of a service: its value, what kind of value that is, and whether it is needed."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .arguments import Argument
from .references import Interpolation


class Need(enum.StrEnum):
    """Whether a service can do without a setting."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    DEFAULTED = "defaulted"
    """It may be missing, but not be wrong."""
    IGNORED = "ignored"
    """The configuration says so: it is not changed."""


class SettingKind(enum.StrEnum):
    """What kind of value a setting has."""

    SECRET = "secret"  # noqa: S105 - the name of a kind
    PORT = "port"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    URL = "URL"
    HOST = "host"
    FILE = "file"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceVariable:
    """One setting of one service: an environment variable, or a mounted file."""

    service: str
    name: str
    """The variable; of a file that no variable names, its path in the container."""
    value: str = field(repr=False)
    content: SettingKind
    need: Need = Need.OPTIONAL
    because: str = ""
    """What shows the need; empty: nothing does, so whether it may be missing is not known."""
    read: bool = False
    """Whether something shows that the service reads it: then a wrong value must not pass."""
    given: Interpolation | None = None
    path: str = ""
    """Of a file: where it is in the container."""
    sure: bool = True
    """Whether something says the need outright. A read without a default only hints that the service can do without."""
    is_key: bool = False
    """Whether it signs or encrypts: a default that everybody knows is as bad as none."""

    argument: Argument | None = None
    """The word of the command that has it, where no variable of the container does."""

    @property
    def known(self) -> bool:
        """Whether it is known if the service can do without it."""
        return bool(self.because)

    @property
    def is_secret(self) -> bool:
        """Whether its value must not be shown."""
        return self.content is SettingKind.SECRET or self.is_key

    @property
    def words(self) -> tuple[str, ...]:
        """What a message can call it."""
        return tuple(dict.fromkeys(w for w in (self.name, self.given.name if self.given else "", self.path) if w))

    def __str__(self) -> str:
        """For people: `api.PORT`."""
        return f"{self.service}.{self.name}"


_PORT = re.compile(r"(?:^|_)PORT$", re.IGNORECASE)
_CHOICE = re.compile(
    r"(?:^|_)(?:LEVEL|MODE|ENV|ENVIRONMENT|STAGE|BACKEND|DRIVER|ENGINE|FORMAT|PROVIDER|STRATEGY|POLICY)$"
)
_COUNT = re.compile(
    r"(?:^|_)(?:TIMEOUT|WORKERS?|THREADS|CONCURRENCY|SIZE|LIMIT|COUNT|INTERVAL|SECONDS|MINUTES|HOURS|DAYS|MS|MAX|MIN"
    r"|RETRIES|ATTEMPTS|TTL|LENGTH|RATE|PERCENT|DELAY|BACKLOG|CONNECTIONS|REPLICAS|POOL|DEPTH)(?:$|_)"
)
_HOST = re.compile(r"(?:^|_)(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS|ENDPOINT)$", re.IGNORECASE)
_LOCAL = re.compile(r"0\.0\.0\.0|::|127\.[\d.]+|localhost|\*")
_SWITCH = re.compile(r"(?:^|_)(?:DEBUG|ENABLED?|DISABLED?|VERBOSE|USE_\w+|IS_\w+|ENABLE_\w+)$", re.IGNORECASE)
_BOOLEANS = frozenset({"true", "false", "yes", "no", "on", "off"})
_URL = re.compile(r"[A-Za-z][\w+.-]*://\S+")
_KEY = re.compile(
    r"(?:^|_)(?:SECRET_KEY(?:_BASE)?|JWT_(?:SECRET|KEY)|SESSION_(?:SECRET|KEY)|COOKIE_SECRET|ENCRYPTION_KEY|APP_KEY"
    r"|APP_SECRET|SIGNING_(?:KEY|SECRET)|NEXTAUTH_SECRET|AUTH_SECRET|TOKEN_SECRET|MASTER_KEY)$"
)


def counts(name: str) -> bool:
    """Whether a variable of this name holds a number; of others digits may be a text, such as an account."""
    return _COUNT.search(name) is not None


def signs(name: str) -> bool:
    """Whether a variable of this name holds a key that signs or encrypts: no program can do well without it."""
    return _KEY.search(name) is not None


def content(name: str, value: str, is_secret: Callable[[str], bool]) -> SettingKind:
    """What kind of value a variable holds, by its name and its value."""
    plain = value.strip()
    if _URL.fullmatch(plain):
        return SettingKind.URL
    if _PORT.search(name) and (not plain or plain.isdigit()):
        return SettingKind.PORT
    if signs(name) or (is_secret(name) and not plain.startswith("/")):
        return SettingKind.SECRET
    if plain.casefold() in _BOOLEANS or (plain in ("0", "1") and _SWITCH.search(name)):
        return SettingKind.BOOLEAN
    if plain.isdigit() and counts(name):
        return SettingKind.NUMBER
    if _HOST.search(name) and not _LOCAL.fullmatch(plain):
        return SettingKind.HOST
    if _CHOICE.search(name) and re.fullmatch(r"[\w-]+", plain):
        return SettingKind.CHOICE
    return SettingKind.TEXT
