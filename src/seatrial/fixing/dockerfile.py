"""Fixes of Dockerfiles."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence

from seatrial.domain.patches import FixSafety
from seatrial.inspectors.dockerfile.syntax import Dockerfile, Instruction, parse
from seatrial.text import images

from .edits import Edit
from .model import Fixer, FixTarget, Proposal

_PLAIN = re.compile(r"[A-Za-z0-9_./:=@%+,-]+")
"""A word that means the same to a shell and without one."""
_METADATA = frozenset({"CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL"})
"""Instructions that run nothing while the image is built, so the user before them does not matter."""
_USERS: Mapping[str, str] = {"node": "node"}
"""Users that official images bring; another image gets a number, which needs no entry in /etc/passwd."""
_NUMBER = "10001:10001"
_YES: Mapping[str, str] = {"zypper": " --non-interactive", "pacman": " --noconfirm"}
_INSTALL = re.compile(
    r"(?P<manager>apt-get|apt|aptitude|yum|dnf5?|microdnf|tdnf)(?P<options>(?:\s+[-$][^\s;&|\\]+|\s+[\w:]+=\S+){0,40})\s+"
    r"(?P<verb>install|upgrade|dist-upgrade|full-upgrade|remove|purge|autoremove|erase|update|reinstall|build-dep"
    r"|groupinstall|localinstall|distro-sync|downgrade)\b"
)
_OTHER = re.compile(r"(?P<manager>zypper|pacman)\b")
_IGNORED = (".git", ".env", ".env.*", "!.env.example", "**/__pycache__", "**/node_modules", "**/.venv")
_PORT = re.compile(r"(\d{1,5})(?:/tcp)?$")


def _file(target: FixTarget) -> Dockerfile:
    return parse(target.path, target.source, target.sources.tree.paths)


def _user(target: FixTarget) -> Proposal | None:
    """Before the first instruction of the end that only describes the image."""
    file = _file(target)
    final = file.final
    if final is None:
        return None
    instructions = list(final.instructions)
    index = len(instructions)
    while index and instructions[index - 1].keyword in _METADATA and not instructions[index - 1].trigger:
        index -= 1
    user = _USERS.get(images.program(file.root_image(final)), _NUMBER)
    if index < len(instructions):
        return Proposal((target.text.insertion_before(_first_line(instructions[index]), [f"USER {user}"]),))
    last = instructions[-1].lines[-1][0] if instructions else final.at.line
    return Proposal((target.text.insertion_after(last, [f"USER {user}"]),))


def _first_line(one: Instruction) -> int:
    return one.lines[0][0]


def _healthcheck(target: FixTarget) -> Proposal | None:
    """A request from the image's own language, to the port that it exposes."""
    file = _file(target)
    final = file.final
    exposed = next((i for s in file.shipped() for i in s.all("EXPOSE") if not i.trigger), None)
    if final is None or exposed is None or final.last("HEALTHCHECK") is not None:
        return None
    match = _PORT.match(exposed.words[0]) if exposed.words else None
    command = _asks(file.root_image(final), match[1]) if match else None
    last = final.instructions[-1] if final.instructions else None
    if command is None or last is None:
        return None
    start = next((i for i in final.instructions if i.keyword in ("CMD", "ENTRYPOINT") and not i.trigger), None)
    line = f"HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD {json.dumps(command)}"
    if start is not None:
        return Proposal((target.text.insertion_before(_first_line(start), [line]),))
    return Proposal((target.text.insertion_after(last.lines[-1][0], [line]),))


def _asks(image: str, port: str) -> Sequence[str] | None:
    program = images.program(image)
    address = f"http://localhost:{port}/"
    if program == "python":
        return ("python", "-c", f"import urllib.request; urllib.request.urlopen('{address}', timeout=3)")
    if program == "node":
        return ("node", "-e", f"fetch('{address}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))")
    if program in ("alpine", "busybox") or "alpine" in image.partition(":")[2]:
        return ("wget", "-q", "--spider", address)
    return None


def _without_questions(target: FixTarget) -> Proposal | None:
    """The option that says yes, in the command that the finding is about."""
    at = target.finding.location
    start = target.text.offset(at.line, at.column)
    end = target.text.end_of_line(at.line)
    for pattern in (_INSTALL, _OTHER):
        match = pattern.search(target.source, start, end)
        if match is not None and not re.search(r"[;&|\[\"]", target.source[start : match.start()]):
            return Proposal((Edit(match.end(), match.end(), _YES.get(match["manager"], " -y")),))
    return None


def _exec_form(target: FixTarget) -> Proposal | None:
    """Words without anything that a shell would do something to."""
    at = target.finding.location
    one = next((i for i in _file(target).instructions if i.at.line == at.line), None)
    if one is None or len(one.lines) != 1 or one.trigger or one.keyword not in ("CMD", "ENTRYPOINT"):
        return None
    words = one.text.split()
    if not words or not all(_PLAIN.fullmatch(word) for word in words) or "=" in words[0]:
        return None
    start = target.source.find(one.text, target.text.offset(at.line, 1))
    end = target.text.end_of_line(at.line)
    if target.source[start:end].rstrip() != one.text:
        return None
    return Proposal((Edit(start, start + len(one.text), json.dumps(words)),))


def _ignore(target: FixTarget) -> Proposal | None:
    path = posixpath.join(posixpath.dirname(target.path), ".dockerignore")
    if path in target.sources.tree.paths:
        return None
    return Proposal((Edit(0, 0, "".join(f"{line}\n" for line in _IGNORED)),), path=path)


FIXERS: tuple[Fixer, ...] = (
    Fixer("dockerfile/interactive-install", "answer yes to the package manager", FixSafety.SAFE, _without_questions),
    Fixer("dockerfile/shell-form", "use the exec form, so that signals arrive", FixSafety.SAFE, _exec_form),
    Fixer("dockerfile/root-user", "run as a user without rights", FixSafety.UNSAFE, _user),
    Fixer("dockerfile/healthcheck", "add a healthcheck", FixSafety.UNSAFE, _healthcheck),
    Fixer("dockerfile/dockerignore", "add a .dockerignore", FixSafety.UNSAFE, _ignore),
)
