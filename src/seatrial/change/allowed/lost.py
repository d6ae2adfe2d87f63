"""
Files of a change that could not be judged, and that the base's survey judged.

Less coverage alone closes no gate, so a change could hide a file by making it unreadable: as a Git LFS pointer, by a
NUL, by a size beyond an inspector's limit. Each such file is named.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from seatrial.change.comparing import HeadSurvey
from seatrial.domain import Answer, Status
from seatrial.domain.allowance import Unjudged
from seatrial.inspectors.registry import INSPECTORS
from seatrial.inspectors.survey import OnProgress
from seatrial.system.base import files as base_files
from seatrial.system.base.revision import Revision
from seatrial.system.source import Limits
from seatrial.text.encoding import unreadable

from . import hidden
from .hidden import Hidden
from .sources import AllowSources

_ANYTHING = "secrets"
"""The inspector that reads every file. A new archive or picture is nothing that it judged before."""


def find(
    here: HeadSurvey, revision: Revision, sources: AllowSources, seen: Hidden, progress: OnProgress
) -> tuple[Unjudged, ...]:
    """
    The files that the change made impossible to judge, by path.

    Args:
        here: the survey of the change.
        revision: the base.
        sources: what the change hides.
        seen: the survey of the copy, in which some of the files were judged after all.
        progress: called with what happens.

    Raises:
        ProcessError: git failed.
        InspectorError: an object of the base is missing, or the copy cannot be written.
        Interrupted: by the user.
    """
    found: dict[str, str] = dict(sources.lost)
    open_ = _unjudged(here, sources, seen)
    before = _of_base(here, revision, open_, progress)
    for inspector, paths in open_.items():
        for path, reason in paths.items():
            if path in sources.base:
                counts = before[inspector].get(path) is None
            else:
                counts = inspector != _ANYTHING and _has_no_content(here, path)
            if counts:
                found.setdefault(path, reason)
    folder = here.report.subject.folder
    return tuple(Unjudged(posixpath.join(folder, path), reason) for path, reason in sorted(found.items()))


def _unjudged(here: HeadSurvey, sources: AllowSources, seen: Hidden) -> dict[str, dict[str, str]]:
    """By inspector: the touched files that it did not judge, here or in the copy, each with the reason."""
    found: dict[str, dict[str, str]] = {}
    for answer in here.report:
        inspector = next((one for one in INSPECTORS if answer.check in one.checks), None)
        if inspector is None or inspector.live:
            continue
        again = seen.seen.get(answer.check)
        for path, reason in answer.unjudged:
            judged = again is not None and path in sources.escapes and _judges(again, path)
            if path in sources.touched and not judged:
                found.setdefault(inspector.name, {})[path] = reason
    return found


def _judges(answer: Answer, path: str) -> bool:
    """Whether an answer is about a file too: it found something, or nothing, or nothing to ask."""
    answered = answer.status.measured or answer.status is Status.NA
    return answered and path not in dict(answer.unjudged)


def _of_base(
    here: HeadSurvey, revision: Revision, wanted: Mapping[str, Mapping[str, str]], progress: OnProgress
) -> Mapping[str, Mapping[str, str]]:
    """By inspector: which of the files it could not judge in the base either."""
    paths = frozenset(path for unjudged in wanted.values() for path in unjudged)
    settings = here.context.settings
    limits = Limits(settings.max_file_size, settings.max_files)
    contents = base_files.contents(revision, paths, limits) if paths else {}
    missing = dict.fromkeys(paths - contents.keys(), "larger than max_file_size")
    found: dict[str, dict[str, str]] = {name: dict(missing) for name in wanted}
    if contents:
        concerned = {name: frozenset(unjudged) for name, unjudged in wanted.items()}
        for check, answer in hidden.resurveyed(here, dict(contents), concerned, progress).items():
            name = next(one.name for one in INSPECTORS if check in one.checks)
            found[name] |= dict(answer.unjudged)
    return found


def _has_no_content(here: HeadSurvey, path: str) -> bool:
    """Whether a new file was not opened, or holds no text."""
    tree = here.context.tree
    if path in tree.unread:
        return True
    try:
        return bool(unreadable(tree.read(path)))
    except OSError:
        return True
