"""
What the change under survey is based on: the commit to compare with, the policy that judges it, the commits it adds.

A base that cannot be had is a notice, and the absolute conditions count. A policy that cannot be had fails the run:
a pull request and a merge group are never judged by their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.ci.host import Change, Host, Origin
from seatrial.inspectors.survey import Interrupted, OnProgress
from seatrial.settings import FailOn, Settings
from seatrial.settings.config import Config
from seatrial.system import git
from seatrial.system.base import revision
from seatrial.system.base.revision import Hint, Revision, Unavailable
from seatrial.system.base.store import ObjectStore
from seatrial.system.process import ProcessError
from seatrial.verdict.baseline import Comparison

from . import comparing, policy
from .comparing import Earlier, HeadSurvey
from .policy import Policy


@dataclass(frozen=True, slots=True)
class Basis:
    """What was found before the survey."""

    compare_with: Revision | Earlier | None = None
    """A commit, or a report.json of an earlier run."""
    policy: Policy | None = None
    """The base's, on a pull request or in a merge group; None: the tree's own counts."""
    change: Revision | None = None
    """What a pull request or a merge group is based on; None elsewhere."""
    history: str = "none"
    """The change's own commits, as a revision range; `none` if they are not known."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonBase:
    """What the comparison came to."""

    comparison: Comparison | None = None
    notices: tuple[str, ...] = ()
    interrupted: bool = False


NONE = Basis()
NOT_COMPARED = ComparisonBase()


def find(caller: Settings, own: Config, host: Host) -> Basis:
    """
    Look for what the change is based on.

    Args:
        caller: the options as far as the caller gives them.
        own: the tree's own configuration.
        host: the place that the run takes place in.

    Raises:
        UsageError: the file named as the base is not a report, or the base that holds the policy cannot be read.
        Elsewhere a base that is missing is a notice.
    """
    change = host.change
    found = _by_event(caller, own, change, host)
    if change is None or change.own_code or change.origin is Origin.PROPOSAL:
        return found
    return _by_default_branch(found, own, change, host, caller.path.resolve())


_NOT_SAID = (
    "The event {} does not say whose code this is, and {}. The policy of the checked-out tree judged it, and allow "
    "comments count. {}, so that the policy of the default branch can judge."
)


def _by_default_branch(found: Basis, own: Config, change: Change, host: Host, root: Path) -> Basis:
    """
    The policy for events such as `issue_comment` and `workflow_run`, whose jobs often check out a change of others.

    Raises:
        UsageError: the default branch has a policy that cannot be read.
    """
    name = change.default_branch
    based, problem = None, "the default branch is not known"
    if name and git.discover(root):
        store = ObjectStore(root, host.remote, host.full_history)
        based, problem = _find(store, f"refs/remotes/origin/{name}", Hint())
    if based is None:
        advice = host.full_history.advice
        notice = _NOT_SAID.format(change.event, problem.partition(";")[0], advice[0].upper() + advice[1:])
        return replace(found, notices=(*found.notices, notice))
    if based.commit == based.store.commit("HEAD"):
        return found
    return replace(found, policy=policy.of_base(own, based, root), change=based)


def _by_event(caller: Settings, own: Config, change: Change | None, host: Host) -> Basis:
    root = caller.path.resolve()
    asked = caller.base.strip() or "auto"
    file = comparing.earlier(Path(asked)) if asked.endswith(".json") else None
    hint = _hint(change)
    proposal = change is not None and change.origin is Origin.PROPOSAL
    if proposal and not hint.base:
        raise policy.unreadable("the event names no base commit", host.full_history)
    if file is None and asked == "none" and not hint.base:
        return Basis()
    if file is None and asked == "auto" and not hint.base:
        return Basis(notices=_nothing_to_compare(caller))
    if git.discover(root) is None:
        if proposal:
            raise policy.unreadable("this is not a git work tree", host.full_history)
        notice = "This is not a git work tree, so there is no base to compare with."
        return Basis(file, notices=() if file else (notice,))
    store = ObjectStore(root, host.remote, host.full_history)
    based, problem = _find(store, "auto", hint)
    rules = _policy(own, based, problem, store, root) if proposal else None
    with_: Revision | Earlier | None = based if asked == "auto" else file
    if with_ is None and asked not in ("auto", "none"):
        with_, problem = _find(store, asked, hint)
    notices = [f"Nothing to compare with: {problem}."] if problem and with_ is None and asked != "none" else []
    history, told = _own_commits(store, based)
    return Basis(with_, rules, based if proposal else None, history, (*notices, *told))


def _policy(own: Config, based: Revision | None, problem: str, store: ObjectStore, root: Path) -> Policy:
    if based is None:
        raise policy.unreadable(problem, store.history)
    return policy.of_base(own, based, root)


def _nothing_to_compare(caller: Settings) -> tuple[str, ...]:
    if caller.fail_on is not FailOn.NEW:
        return ()
    return ("There is no base to compare with, so the absolute conditions count instead of the news alone.",)


def _find(store: ObjectStore, wanted: str, hint: Hint) -> tuple[Revision | None, str]:
    try:
        return revision.find(store, wanted, hint), ""
    except Unavailable as reason:
        return None, str(reason)


_SHALLOW = (
    "The change's own commits were not searched for secrets, only its files: the clone is shallow ({} brings them)."
)


def _own_commits(store: ObjectStore, based: Revision | None) -> tuple[str, tuple[str, ...]]:
    """The range of commits that the change adds; they are searched in the user's clone, so it must have them."""
    if based is None:
        return "none", ()
    try:
        if store.complete:
            return f"{based.commit}..HEAD", ()
    except ProcessError:
        pass
    return "none", (_SHALLOW.format(store.history.setting),)


def _hint(change: Change | None) -> Hint:
    if change is None or change.origin is Origin.OTHER:
        return Hint()
    return Hint(change.base, change.head, change.base_ref)


def compare(basis: Basis, here: HeadSurvey, progress: OnProgress) -> ComparisonBase:
    """Survey what was found, and compare."""
    if basis.compare_with is None:
        return ComparisonBase()
    if isinstance(basis.compare_with, Earlier):
        return ComparisonBase(comparing.with_earlier(here, basis.compare_with))
    try:
        return ComparisonBase(comparing.with_revision(here, basis.compare_with, progress))
    except Unavailable as reason:
        return ComparisonBase(notices=(f"Nothing to compare with: {reason}.",))
    except Interrupted:
        return ComparisonBase(notices=("The comparison with the base was interrupted.",), interrupted=True)
