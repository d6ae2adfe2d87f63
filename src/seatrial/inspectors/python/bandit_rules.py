"""
Bandit's rules, made from bandit's own documentation.

This imports bandit, which a survey never does: only `seatrial explain` and the generated documents come here.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule
from seatrial.text.lines import split
from seatrial.text.wording import listed

_HEADING = re.compile(r"^(=+|-+|\*+)$")
_TITLE = re.compile(r"^\**B\d{3}\s*:\s*(.*?)\**$")


def rules() -> Iterator[Rule[object]]:
    """All of bandit's, by number."""
    from bandit.core import docs_utils
    from bandit.core.extension_loader import MANAGER

    described = {i: _of_plugin(p.plugin) for i, p in MANAGER.plugins_by_id.items() if i != "B001"}
    described |= {i: (e["name"], _of_call(e), e["level"]) for i, e in MANAGER.blacklist_by_id.items()}
    for name, (title, what, level) in sorted(described.items()):
        yield Rule(
            id=f"bandit/{name}",
            checks=("python/bandit",),
            severity=_LEVELS.get(level.lower(), Severity.MEDIUM),
            title=title,
            what=what or f"Reports this: {title}.",
            why="Bandit's authors explain it above and at the source.",
            fix=f"The source shows the safe way. If the code is right, add `# nosec {name}` and a reason to its line.",
            source=docs_utils.get_url(name),
            unsampled="bandit has its own samples",
        )


def _of_call(entry: Mapping[str, Any]) -> str:
    """Bandit's message of a call or an import; it puts the name that it found into the message."""
    return str(entry["message"]).replace("{name}", listed((f"`{name}`" for name in entry["qualnames"]), 3))


_LEVELS = {"low": Severity.LOW, "medium": Severity.MEDIUM, "high": Severity.HIGH}
_LEVEL = re.compile(r"\bSeverity: (Low|Medium|High)\b", re.IGNORECASE)
"""In the example of a plugin's documentation."""


def _of_plugin(plugin: object) -> tuple[str, str, str]:
    """Title, explanation and severity, from the docstring of the function or of its module, up to the example."""
    module = sys.modules[getattr(plugin, "__module__", "")]
    text = inspect.cleandoc(module.__doc__ or getattr(plugin, "__doc__", None) or "")
    lines = [line for line in split(text.split(":Example:")[0]) if not _HEADING.match(line.strip())]
    title = ""
    body: list[str] = []
    for line in lines:
        if not title and (found := _TITLE.match(line.strip())):
            title = found[1].strip()
        elif line.startswith((".. ", "   :")):  # a directive of the documentation system
            continue
        else:
            body.append(line.strip().replace("``", "`"))
    level = found[1] if (found := _LEVEL.search(text)) else ""
    return title, re.sub(r"\n{3,}", "\n\n", "\n".join(body)).strip(), level
