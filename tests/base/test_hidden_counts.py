"""What words hide is listed; what the change's own words hide is in the report. Whose words they are, git says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from repositories import commit, repository

from seatrial.change.allowed import hidden, judge, lost
from seatrial.change.allowed.hidden import Hidden
from seatrial.change.allowed.sources import AllowSources
from seatrial.change.comparing import HeadSurvey
from seatrial.ci.github.host import GitHub
from seatrial.domain import Answer, Confidence, Finding, Location, Report, Severity, Subject
from seatrial.domain.allowance import AllowanceKind, Allowed, Unjudged
from seatrial.domain.errors import Error, InspectorError, UsageError
from seatrial.inspectors.base import Context
from seatrial.inspectors.survey import Interrupted, ignore
from seatrial.settings import Settings
from seatrial.system.base.revision import Revision
from seatrial.system.base.store import ObjectStore
from seatrial.system.process import ProcessError
from seatrial.system.source import open_tree
from seatrial.verdict import catalogue

CHECK = "compose/privileged"
WORD = "a: 1  # seatrial: allow\n"
Found = Callable[[AllowSources], Hidden]


def finding(path: str) -> Finding:
    return Finding(CHECK, Severity.HIGH, Confidence.HIGH, "bad", Location(path, 1), anchor=path)


def allowed(path: str) -> Allowed:
    return Allowed(AllowanceKind.SEATRIAL, CHECK, Severity.HIGH, Location(path, 1))


def of_words(sources: AllowSources) -> Hidden:
    """One hidden finding for each file with a word."""
    paths = sorted(sources.words)
    answer = Answer.of_findings(CHECK, [finding(path) for path in paths])
    return replace(Hidden({}, ()), answers={CHECK: answer}, allowed=tuple(map(allowed, paths)))


class Change:
    """A repository whose base has `old`, and a change that writes `new`."""

    def __init__(self, root: Path, old: dict[str, str], new: dict[str, str], **settings: int) -> None:
        repository(root, {"kept.txt": "", **old})
        store = ObjectStore(root, history=GitHub.full_history)
        self.base = Revision(store.commit("HEAD"), "main", store)
        commit(root, new)
        context = Context(open_tree(root), Settings(path=root, **settings), root / ".cache")  # type: ignore[arg-type]
        report = Report(Subject("r"), (Answer.of_findings(CHECK, []),))
        self.survey = HeadSurvey(context, catalogue.load(), {}, report)
        self.asked: list[list[str]] = []

    def judge(
        self, monkeypatch: pytest.MonkeyPatch, find: Found = of_words, *, base: bool = True, accepted: bool = False
    ) -> judge.JudgedReport:
        def found(here: HeadSurvey, sources: AllowSources, progress: object) -> Hidden:
            assert here is self.survey
            assert progress is ignore
            self.asked.append(sorted(sources.words))
            return find(sources)

        monkeypatch.setattr(hidden, "find", found)
        change = self.base if base else None
        return judge.judge(self.survey, change, accepted=accepted, progress=ignore)


@pytest.fixture
def change(tmp_path: Path) -> Change:
    return Change(tmp_path / "r", {"old.yml": WORD}, {"new.yml": WORD})


def test_what_the_change_hides_counts_and_what_the_base_hid_is_listed(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = change.judge(monkeypatch)
    assert change.asked == [["new.yml"], ["new.yml", "old.yml"]]
    assert judged.allowed == (replace(allowed("new.yml"), by_change=True, counts=True), allowed("old.yml"))
    assert [f.location.path for f in judged.report.answers[0].findings] == ["new.yml"]
    assert (judged.notices, judged.interrupted) == ((), False)


@pytest.mark.parametrize("accepted", [False, True])
def test_a_file_that_cannot_be_judged_is_named_unless_what_the_change_hides_is_accepted(
    change: Change, monkeypatch: pytest.MonkeyPatch, accepted: bool
) -> None:
    lost_file = Unjudged("a.py", "binary")

    def find(here: HeadSurvey, base: Revision, *_: object) -> tuple[Unjudged, ...]:
        assert (here, base) == (change.survey, change.base)
        return (lost_file,)

    monkeypatch.setattr(lost, "find", find)
    assert change.judge(monkeypatch, accepted=accepted).unjudged == (() if accepted else (lost_file,))


def test_what_is_accepted_stays_hidden_and_is_still_the_changes(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = change.judge(monkeypatch, accepted=True)
    assert judged.allowed == (replace(allowed("new.yml"), by_change=True, counts=False), allowed("old.yml"))
    assert judged.report is change.survey.report


def test_without_a_base_all_is_listed_and_nothing_counts(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = change.judge(monkeypatch, base=False)
    assert change.asked == [["new.yml", "old.yml"]]
    assert judged.allowed == (allowed("new.yml"), allowed("old.yml"))
    assert judged.report == change.survey.report


@pytest.mark.parametrize("base", [True, False])
def test_where_no_word_is_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: bool) -> None:
    change = Change(tmp_path / "r", {}, {"new.yml": "a: 1\n"})
    judged = change.judge(monkeypatch, base=base)
    assert change.asked == []
    assert (judged.allowed, judged.notices, judged.report) == ((), (), change.survey.report)


def test_a_change_that_adds_no_word_hides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change = Change(tmp_path / "r", {"old.yml": WORD}, {"new.yml": "a: 1\n"})
    judged = change.judge(monkeypatch)
    assert change.asked == [["old.yml"]]
    assert (judged.allowed, judged.report) == ((allowed("old.yml"),), change.survey.report)


def test_a_finding_that_is_hidden_twice_is_listed_as_often(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(sources: AllowSources) -> Hidden:
        times = 3 if "old.yml" in sources.words else 2
        return replace(Hidden({}, ()), allowed=(allowed("new.yml"),) * times)

    judged = change.judge(monkeypatch, find)
    assert judged.allowed == ((replace(allowed("new.yml"), by_change=True, counts=True),) * 2) + (allowed("new.yml"),)


def test_other_rules_and_places_are_other_findings(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    others = (replace(allowed("new.yml"), rule="x/y"), replace(allowed("new.yml"), location=Location("new.yml", 2)))

    def find(sources: AllowSources) -> Hidden:
        more = others if "old.yml" in sources.words else ()
        return replace(Hidden({}, ()), allowed=(allowed("new.yml"), *more))

    assert change.judge(monkeypatch, find).allowed[1:] == others


@pytest.mark.parametrize("error", [InspectorError("no room"), OSError("no room")])
def test_a_list_that_cannot_be_made_costs_only_itself(
    change: Change, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def find(sources: AllowSources) -> Hidden:
        if "old.yml" in sources.words:
            raise error
        return of_words(sources)

    judged = change.judge(monkeypatch, find)
    assert judged.notices == ("The findings that comments allow could not be listed: no room.",)
    assert judged.allowed == (replace(allowed("new.yml"), by_change=True, counts=True),)
    assert [f.location.path for f in judged.report.answers[0].findings] == ["new.yml"]


@pytest.mark.parametrize("error", [InspectorError("no room"), OSError("no room"), Error("no room")])
def test_what_the_change_hides_has_to_be_known(
    change: Change, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def find(sources: AllowSources) -> Hidden:
        raise error

    with pytest.raises(UsageError) as caught:
        change.judge(monkeypatch, find)
    assert caught.value.message == "what the change allows itself cannot be determined: no room"
    assert caught.value.remedy == "give actions/checkout `fetch-depth: 0`"
    change.base = replace(change.base, commit="1" * 40)
    with pytest.raises(UsageError) as caught:
        change.judge(monkeypatch)
    assert isinstance(caught.value.__cause__, ProcessError)


@pytest.mark.parametrize("asked", [1, 2])
def test_whoever_interrupts_gets_the_report_as_it_is(
    change: Change, monkeypatch: pytest.MonkeyPatch, asked: int
) -> None:
    def find(sources: AllowSources) -> Hidden:
        if len(change.asked) == asked:
            raise Interrupted(())
        return of_words(sources)

    judged = change.judge(monkeypatch, find)
    assert (judged.interrupted, judged.report, judged.allowed) == (True, change.survey.report, ())


@pytest.mark.parametrize(("limit", "ours"), [(500, []), (50, ["old.yml"])])
def test_a_word_of_a_base_file_that_is_too_large_to_read_is_the_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, ours: list[str]
) -> None:
    old = WORD + "b: 1\n" * 20
    change = Change(tmp_path / "r", {"old.yml": old}, {"old.yml": old + "c: 1\n"}, max_file_size=limit, max_files=400)
    assert [one.location.path for one in change.judge(monkeypatch).allowed if one.by_change] == ours
