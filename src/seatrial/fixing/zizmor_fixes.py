"""
The fixes that zizmor brings for its own audits: variables instead of templates, credentials that do not persist.

Source: https://docs.zizmor.sh/usage/#auto-fixing-results
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from seatrial.domain.errors import InspectorError
from seatrial.domain.patches import FixSafety
from seatrial.inspectors.workflows.files import read
from seatrial.settings import Settings
from seatrial.system import process
from seatrial.system.source import Tree

from .model import FixSources

_MODES: Mapping[FixSafety, str] = {FixSafety.SAFE: "safe", FixSafety.UNSAFE: "all"}
_TIMEOUT = 120.0


def of(tree: Tree, settings: Settings, folder: Path, safety: FixSafety) -> Mapping[str, str]:
    """
    The workflows and actions that zizmor changes, with their new texts; nothing, if it is missing or fails.

    Args:
        tree: the files.
        settings: of the survey.
        folder: a directory to make, in which zizmor works. It writes files in place, so it never sees the tree's own.
        safety: which of its fixes to make.
    """
    program = process.program_of_package("zizmor")
    sources = FixSources(tree)
    before = {path: text for path in read(tree, settings).auditable if (text := sources.text(path)) is not None}
    if program is None or not before:
        return {}
    for path, text in before.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    options = ["--offline", "--no-progress", f"--fix={_MODES[safety]}", "--format", "json-v1"]
    try:
        process.run([program, *options, *(f"./{path}" for path in before)], cwd=folder, timeout=_TIMEOUT)
    except InspectorError:
        return {}
    after = {path: (folder / path).read_bytes().decode("utf-8", "replace") for path in before}
    return {path: text for path, text in after.items() if text != before[path]}
