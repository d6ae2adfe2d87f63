"""The ports that an image declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.inspectors.dockerfile.syntax import BuildStage, Dockerfile, Instruction, filled

_PORTS = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?(?:/(\w+))?")


@dataclass(frozen=True)
class Ports:
    """A port, or a range of them."""

    first: int
    last: int
    protocol: str
    text: str

    def __contains__(self, port: int) -> bool:
        """Whether a port is in the range."""
        return self.first <= port <= self.last


def exposed(file: Dockerfile, stage: BuildStage) -> Iterator[tuple[Instruction, Ports]]:
    """Every word of EXPOSE that is a port, variables of the Dockerfile filled in."""
    values: dict[str, str] = {}
    given = {n: v for one in file.arguments if one.keyword == "ARG" for n, v in one.pairs()}
    for one in stage.instructions:
        if one.keyword in ("ENV", "ARG"):
            values |= {n: v or given.get(n, "") for n, v in one.pairs()}
        elif one.keyword == "EXPOSE":
            for word in one.words:
                text = filled(word, values)[:200]
                if match := _PORTS.fullmatch(text):
                    first = int(match[1])
                    yield one, Ports(first, int(match[2] or first), (match[3] or "tcp").lower(), text)
