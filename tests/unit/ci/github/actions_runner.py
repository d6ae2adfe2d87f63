"""How the Actions runner reads what a step writes, after ActionCommand.cs and FileCommandManager.cs."""

from __future__ import annotations

import re
from dataclasses import dataclass

KNOWN = {
    "error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "set-output", "save-state", "set-env",
    "add-path", "stop-commands", "echo", "add-matcher", "remove-matcher",
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def _undo(text: str, *, in_property: bool) -> str:
    if in_property:
        text = text.replace("%3A", ":").replace("%2C", ",")
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def _parse(line: str) -> Command | None:
    trimmed = line.lstrip()
    if trimmed.startswith("::"):
        head, separator, data = trimmed[2:].partition("::")
        if not separator:
            return None
        name, _, rest = head.partition(" ")
        pairs = [pair.split("=", 1) for pair in rest.strip().split(",") if "=" in pair]
        return Command(name, {k: _undo(v, in_property=True) for k, v in pairs}, _undo(data, in_property=False))
    if old := re.search(r"##\[([^\] ]+)([^\]]*)\](.*)", line):
        return Command(old[1], {}, old[3])
    return None


def commands(output: str) -> list[Command]:
    """The commands that the runner carries out; between `stop-commands` and its token there are none."""
    found: list[Command] = []
    token = ""
    for line in re.split(r"\r\n|\r|\n", output):
        command = _parse(line)
        if command is None:
            continue
        if token:
            if command.name == token:
                token = ""
        elif command.name == "stop-commands":
            token = command.data
        elif command.name in KNOWN:
            found.append(command)
    return found


def entries(text: str) -> dict[str, str]:
    """The entries of an output or state file; a broken one fails the step."""
    found: dict[str, str] = {}
    lines = text.split("\n")
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, _, value = line.partition("=")
            found[name] = value
            continue
        assert heredoc >= 0, f"neither = nor << in {line!r}"
        name, _, delimiter = line.partition("<<")
        value_lines = []
        while lines[position] != delimiter:  # IndexError: no end delimiter
            value_lines.append(lines[position])
            position += 1
        position += 1
        found[name] = "\n".join(value_lines)
    return found
