"""The inspector of leaked credentials: one search of the tree, perhaps of the history, three answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seatrial.domain import Answer, Tool
from seatrial.domain.errors import InspectorError
from seatrial.domain.extent import Extent
from seatrial.domain.measured import Measurement, MeasureUnit
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.rules import Rule, Rules
from seatrial.inspectors.secrets import database, engine, history, scan
from seatrial.inspectors.secrets.engine import CHECKS, Layer, PatternEngine
from seatrial.inspectors.secrets.files import PARSERS
from seatrial.inspectors.secrets.findings import Redacted, with_causes
from seatrial.inspectors.secrets.formats import FORMATS
from seatrial.inspectors.secrets.history import Past
from seatrial.inspectors.secrets.scan import ScanTally
from seatrial.system.source import Tree
from seatrial.text.wording import counted
from seatrial.verdict import catalogue

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class _Result:
    """Everything that the three answers are made of."""

    extent: Extent
    tally: ScanTally
    past: Past
    found: tuple[Redacted, ...]
    matcher: str


def _rules() -> Iterable[Rule[object]]:
    from .rules import rules

    return rules()


class Secrets:
    """Access tokens, private keys and passwords in files and, on request, in commits."""

    name = "secrets"
    rules = Rules("secrets", make=_rules)
    checks = tuple(CHECKS.values())
    per_file_inputs = ()
    live = False

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """The program that matches the patterns."""
        del context
        return (Tool("hyperscan", database.library_version()),) if database.available() else ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a file."""
        return unless(context.tree.files, context.tree.unread, "no file in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """One search, three answers: tokens, credential files, passwords."""
        searcher = engine.load(context.cache)
        tally = scan.scan(context.tree, searcher, context.jobs)
        past = _past(context, searcher, tally)
        extent = _extent(context.tree, tally, past)
        result = _Result(
            extent,
            tally,
            past,
            tuple(with_causes([*tally.found, *past.found])),
            searcher.matchers.everywhere.name,
        )
        for layer, check in CHECKS.items():
            yield _answer(check, layer, result)


def _past(context: Context, searcher: PatternEngine, tally: ScanTally) -> Past:
    """The history's findings. What cannot be searched there costs the history's part, and nothing of the tree's."""
    try:
        return history.search(context, searcher, tally.found, accepted=tally.accepted)
    except InspectorError as error:
        return Past(problem=str(error))


def _extent(tree: Tree, tally: ScanTally, past: Past) -> Extent:
    """Every file of the tree but pictures and the like, and the history where it was asked for."""
    unread = {**tree.unread, **tally.unread}
    if past.problem:
        unread["the history"] = past.problem
    elif past.missing:
        unread["the history"] = past.missing
    searched = [file.path for file in tree.files if file.path not in unread]
    return Extent.of(searched, unread)


def _answer(check: str, layer: Layer, result: _Result) -> Answer:
    return Answer.of_extent(
        check,
        result.extent,
        (one.finding for one in result.found if one.layer is layer),
        absent="no file in the tree",
        evidence=_evidence(layer, result),
        measurements=_measurements(layer, result),
        notes=_notes(layer, result),
        basis=catalogue.load().density(check, result.tally.lines),
    )


def _evidence(layer: Layer, result: _Result) -> str:
    """What was looked at, in one line."""
    text = f"{counted(result.tally.read - result.tally.binary, 'text file')}, {result.tally.size / 1e6:,.1f} MB"
    commits = f", {counted(result.past.commits, 'commit')}" if result.past.commits else ""
    match layer:
        case Layer.TOKEN:
            return f"{text}{commits}: {len(FORMATS)} token formats"
        case Layer.FILE:
            files = counted(result.tally.credential_files, "file")
            return f"{files} of {len(PARSERS)} kinds that hold credentials{commits}"
        case Layer.ASSIGNMENT:
            return f"{text}{commits}: names, URLs and commands with a password"


def _measurements(layer: Layer, result: _Result) -> Iterator[Measurement]:
    yield Measurement("files", result.tally.read, MeasureUnit.FILES)
    yield Measurement("bytes", result.tally.size, MeasureUnit.BYTES)
    yield Measurement("commits", result.past.commits, MeasureUnit.COMMITS)
    if result.past.commits:
        yield Measurement("contents of the history", result.past.contents, MeasureUnit.BLOBS)
    yield Measurement("accepted by a comment", result.tally.allowed[layer], MeasureUnit.FINDINGS)


def _notes(layer: Layer, result: _Result) -> Iterator[str]:
    """What a reader should know besides."""
    tally = result.tally
    if accepted := tally.allowed[layer]:
        yield f"{counted(accepted, 'finding')} suppressed inline by a comment in the file"
    if tally.binary:
        yield f"{counted(tally.binary, 'binary file')} not searched"
    if not database.available():
        yield f"hyperscan is not available here: searched with {result.matcher}, which is right but slow"
    yield from tally.problems[:_EXAMPLES]
    if len(tally.problems) > _EXAMPLES:
        yield f"{counted(len(tally.problems) - _EXAMPLES, 'more problem')} of this kind"
    yield from result.past.notes
