"""
A page for each of bandit's rules, made from bandit's own documentation.

This imports bandit, which a survey never does: only `seatrial explain` and the generated documents come here.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping

from seatrial.lines import split

_HEADING = re.compile(r"^(=+|-+|\*+)$")
_TITLE = re.compile(r"^\**B\d{3}\s*:\s*(.*?)\**$")


def pages() -> Mapping[str, str]:
    """Markdown by rule id, `bandit/B602`."""
    from bandit.core import docs_utils
    from bandit.core.extension_loader import MANAGER

    described = {i: _of_plugin(p.plugin) for i, p in MANAGER.plugins_by_id.items() if i != "B001"}
    described |= {i: (entry["name"], entry["message"]) for i, entry in MANAGER.blacklist_by_id.items()}
    return {
        f"bandit/{rule}": _page(rule, title, body, docs_utils.get_url(rule))
        for rule, (title, body) in sorted(described.items())
    }


def _of_plugin(plugin: object) -> tuple[str, str]:
    """Title and explanation, from the docstring of the function or of its module, up to the example."""
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
    return title, re.sub(r"\n{3,}", "\n\n", "\n".join(body)).strip()


def _page(rule: str, title: str, body: str, source: str) -> str:
    return (
        f"# bandit/{rule}: {title}\n\n{body}\n\n## How to fix\n\nThe source shows the safe way. "
        f"If the code is right as it is, say so on its line with `# nosec {rule}` and a reason.\n\nSource: {source}\n"
    )
