"""Package managers on a command line: what they are asked to do, wherever their options are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seatrial.inspectors.dockerfile.shell import Command
from seatrial.inspectors.dockerfile.syntax import filled

MANAGERS = frozenset(
    {"apt-get", "apt", "aptitude", "apk", "yum", "dnf", "dnf5", "microdnf", "tdnf", "zypper", "pacman"}
)
_INSTALLS = frozenset({"install", "add", "in", "reinstall", "localinstall", "groupinstall", "build-dep"})
_CHANGES = _INSTALLS | {
    "upgrade", "dist-upgrade", "full-upgrade", "remove", "purge", "autoremove", "erase", "update", "up", "dup", "rm",
    "distro-sync", "downgrade",
}  # fmt: skip
_VALUED = frozenset({
    "-o", "--option", "-c", "--config-file", "-t", "--target-release", "--default-release", "-X", "--repository", "-p",
    "--root", "--virtual", "-R", "--installroot", "--releasever", "--arch", "-a", "--host-architecture", "-r",
})  # fmt: skip
"""Options that take the next word."""
_PACMAN = re.compile(r"-S[a-z]*")


@dataclass(frozen=True)
class PackageManagerCall:
    """One call of a package manager."""

    manager: str
    verb: str
    """`install`, `update`; empty if there is none."""
    options: tuple[str, ...]
    packages: tuple[str, ...]
    command: Command

    @property
    def installs(self) -> bool:
        """Whether packages are installed."""
        return self.verb in _INSTALLS or _PACMAN.fullmatch(self.verb) is not None

    @property
    def changes(self) -> bool:
        """Whether it asks before it goes on."""
        if self.verb == "update" and self.manager in ("apt-get", "apt", "aptitude", "apk"):
            return False
        return self.verb in _CHANGES or _PACMAN.fullmatch(self.verb) is not None


def calls(commands: Iterable[Command], values: Mapping[str, str] | None = None) -> Iterator[PackageManagerCall]:
    """Every call of a package manager, variables with a known value filled in."""
    for command in commands:
        if command.program in MANAGERS:
            words = command.arguments
            if values and any("$" in word for word in words):
                words = tuple(" ".join(filled(word, values) for word in words).split())
            yield _call(command, words)


def _call(command: Command, arguments: Sequence[str]) -> PackageManagerCall:
    options: list[str] = []
    operands: list[str] = []
    words = iter(arguments)
    for word in words:
        if command.program == "pacman" and not operands and word.startswith("-S"):
            operands.append(word)
        elif word.startswith("-") or not word or (word.startswith("$") and not operands):
            options.append(word)
            if word in _VALUED and not (word == "-a" and command.program.startswith("apt")):
                options.append(next(words, ""))
        else:
            operands.append(word)
    verb = operands[0] if operands else ""
    return PackageManagerCall(command.program, verb, tuple(options), tuple(operands[1:]), command)


def package_name(word: str) -> str:
    """A package without version, architecture and release: `gcc=1.2`, `gcc:amd64`, `gcc~=3`."""
    return re.split(r"[=~<>:/]", word, maxsplit=1)[0]
