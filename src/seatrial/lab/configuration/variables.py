"""What is known of one setting of a service: its value, what kind of value that is, and whether it is needed."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass, field


class Need(enum.StrEnum):
    """Whether a service can do without a setting."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    DEFAULTED = "defaulted"
    """It may be missing, but not be wrong."""
    IGNORED = "ignored"
    """The configuration says so: it is not changed."""


class Content(enum.StrEnum):
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


@dataclass(frozen=True, slots=True)
class Reference:
    """How a Compose file gives a variable its value: `${NAME:?}`, `${NAME:-default}`."""

    name: str
    operator: str = ""
    word: str = field(default="", repr=False)
    """What follows the operator: a message, or a default."""

    @property
    def guards_unset(self) -> bool:
        """Whether Compose refuses to start without it."""
        return self.operator in (":?", "?")

    @property
    def guards_empty(self) -> bool:
        """Whether Compose refuses an empty one."""
        return self.operator == ":?"

    @property
    def gives_default(self) -> bool:
        """Whether Compose gives a value where there is none."""
        return self.operator in (":-", "-")


_REFERENCE = re.compile(
    r"\$\{(?P<name>[A-Za-z_]\w*)(?:(?P<operator>:?[-?])(?P<word>[^{}]*))?\}|\$(?P<plain>[A-Za-z_]\w*)"
)


def reference(text: str) -> Reference | None:
    """What a whole value refers to; None if it is more or less than one reference."""
    match = _REFERENCE.fullmatch(text.strip())
    if match is None:
        return None
    return Reference(match["name"] or match["plain"], match["operator"] or "", match["word"] or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceVariable:
    """One setting of one service: an environment variable, or a mounted file."""

    service: str
    name: str
    """The variable; of a file that no variable names, its path in the container."""
    value: str = field(repr=False)
    content: Content
    need: Need = Need.OPTIONAL
    because: str = ""
    """What shows the need; empty: nothing does, so whether it may be missing is not known."""
    read: bool = False
    """Whether something shows that the service reads it: then a wrong value must not pass."""
    given: Reference | None = None
    path: str = ""
    """Of a file: where it is in the container."""
    is_key: bool = False
    """Whether it signs or encrypts: a default that everybody knows is as bad as none."""

    @property
    def known(self) -> bool:
        """Whether it is known if the service can do without it."""
        return bool(self.because)

    @property
    def is_secret(self) -> bool:
        """Whether its value must not be shown."""
        return self.content is Content.SECRET or self.is_key

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
_HOST = re.compile(r"(?:^|_)(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS|ENDPOINT)$", re.IGNORECASE)
_LOCAL = re.compile(r"0\.0\.0\.0|::|127\.[\d.]+|localhost|\*")
_SWITCH = re.compile(r"(?:^|_)(?:DEBUG|ENABLED?|DISABLED?|VERBOSE|USE_\w+|IS_\w+|ENABLE_\w+)$", re.IGNORECASE)
_BOOLEANS = frozenset({"true", "false", "yes", "no", "on", "off"})
_URL = re.compile(r"[A-Za-z][\w+.-]*://\S+")
_KEY = re.compile(
    r"(?:^|_)(?:SECRET_KEY(?:_BASE)?|JWT_(?:SECRET|KEY)|SESSION_(?:SECRET|KEY)|COOKIE_SECRET|ENCRYPTION_KEY|APP_KEY"
    r"|APP_SECRET|SIGNING_(?:KEY|SECRET)|NEXTAUTH_SECRET|AUTH_SECRET|TOKEN_SECRET|MASTER_KEY)$"
)


def signs(name: str) -> bool:
    """Whether a variable of this name holds a key that signs or encrypts: no program can do well without it."""
    return _KEY.search(name) is not None


def content(name: str, value: str, is_secret: Callable[[str], bool]) -> Content:
    """What kind of value a variable holds, by its name and its value."""
    plain = value.strip()
    if _URL.fullmatch(plain):
        return Content.URL
    if _PORT.search(name) and (not plain or plain.isdigit()):
        return Content.PORT
    if signs(name) or (is_secret(name) and not plain.startswith("/")):
        return Content.SECRET
    if plain.casefold() in _BOOLEANS or (plain in ("0", "1") and _SWITCH.search(name)):
        return Content.BOOLEAN
    if plain.isdigit():
        return Content.NUMBER
    if _HOST.search(name) and not _LOCAL.fullmatch(plain):
        return Content.HOST
    if _CHOICE.search(name) and re.fullmatch(r"[\w-]+", plain):
        return Content.CHOICE
    return Content.TEXT
