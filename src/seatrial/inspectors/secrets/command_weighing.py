"""What the surroundings of a value say in commands and dialogues: arguments, standard input, answers to a prompt."""

from __future__ import annotations

import re
from dataclasses import replace

from seatrial.inspectors.secrets.file_kinds import FileKind
from seatrial.inspectors.secrets.names import NameKind, name_kind
from seatrial.inspectors.secrets.shell_forms import CLIENT
from seatrial.inspectors.secrets.sighting import COMMENT, Sighting
from seatrial.inspectors.secrets.words import wordset

_NO_ARGUMENT = wordset("password passwd pass pw prompt ask nolog delete add")
"""What the place of a password holds where none is given."""


def has_digit(value: str) -> bool:
    """Whether there are letters and a digit."""
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def arguments(sighting: Sighting) -> Sighting | None:
    """An option and its value; a name of another option is none, and a word may be help."""
    if sighting.value.startswith("-") or not (sighting.mixed or has_digit(sighting.value)):
        return None
    if sighting.place.kind is FileKind.CODE and sighting.match["value4"]:
        return None
    return replace(sighting, certain=sighting.mixed)


def command(sighting: Sighting) -> Sighting | None:
    """A password as an argument; in code only where the value can be nothing else."""
    shell = sighting.place.kind is FileKind.SHELL
    clear = sighting.place.kind is not FileKind.CODE and (sighting.match["value2"] or sighting.match["value3"])
    if not (shell or sighting.mixed or clear):
        return None
    if sighting.value.startswith(("-", "/", "=")) or sighting.value.isupper():
        return None
    return replace(sighting, certain=shell and sighting.mixed)


def printed(sighting: Sighting) -> Sighting | None:
    """What a command hands to a variable or to another command: plain words are most often no values there."""
    if not (sighting.mixed or has_digit(sighting.value) or sighting.names is NameKind.PASSWORD):
        return None
    sure = sighting.mixed and sighting.place.kind is not FileKind.TEXT and not COMMENT.search(sighting.line)
    return replace(sighting, certain=sure)


def machine_made(sighting: Sighting) -> Sighting | None:
    """The same, where a plain word names something: `fly secrets set TOKEN2 token3`."""
    return printed(sighting) if sighting.mixed or has_digit(sighting.value) else None


def header_item(sighting: Sighting) -> Sighting | None:
    """`NAME:value` among the arguments of an HTTP client, also where the command goes on from the line before."""
    command = sighting.match.string[: sighting.match.start()].replace("\\\r\n", " ").replace("\\\n", " ")
    if not sighting.mixed or not CLIENT.search(command[command.rfind("\n") + 1 :]):
        return None
    named = replace(sighting, names=NameKind.TOKEN, rule="basic-auth")
    return printed(named)


def client_login(sighting: Sighting) -> Sighting | None:
    """An argument that a client's manual calls a password."""
    value = sighting.value
    if value.startswith(("-", "/", "=", "http:", "https:")) or value.isupper() or value.replace(":", "").isdigit():
        return None
    return printed(sighting)


def tool_login(sighting: Sighting) -> Sighting | None:
    """The same; a digest behind a name and a version in a name (`image:1.2@sha256:…`) are none."""
    return None if sighting.value.lower() in _NO_ARGUMENT else client_login(sighting)


def store_entry(sighting: Sighting) -> Sighting | None:
    """A value under a key of a store; the last part of the key decides."""
    last = re.split(r"[:/]", sighting.name)[-1]
    whole = name_kind(sighting.name.replace(":", "_").replace("/", "_"))
    if NameKind.NONE in (whole, name_kind(last)) and not sighting.mixed:
        return None
    return printed(sighting)


def dialogue(sighting: Sighting) -> Sighting | None:
    """What a program answers where a password is asked for; a lone word may answer another question."""
    if not (sighting.mixed or has_digit(sighting.value)):
        return None
    doubtful = sighting.place.kind is FileKind.TEXT or COMMENT.search(sighting.line)
    return replace(sighting, certain=sighting.mixed and not doubtful)
