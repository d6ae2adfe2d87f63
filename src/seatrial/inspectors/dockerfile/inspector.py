"""Every Dockerfile of a tree: parsed once, judged by hadolint and by our rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from seatrial.domain import Answer, Finding, Severity, Tool
from seatrial.domain.errors import InspectorError
from seatrial.domain.extent import Extent
from seatrial.inspectors import path_roles, production_use, rulebook
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.reading import read
from seatrial.inspectors.rules import Rules
from seatrial.inspectors.secrets.files import credentials, parsers_for
from seatrial.system.source import Tree
from seatrial.verdict import catalogue

from . import hadolint
from .files import dockerfiles, is_dockerfile_name, is_template, templates
from .masking import cleaned
from .rules import RULES
from .rules.copied_credential import is_credential_name
from .syntax import Dockerfile, parse

SIZE_LIMIT = 1024 * 1024
"""Bytes; a larger one is not written by hand."""

HARDENING, SECRETS, REPRODUCIBLE, LIFECYCLE = (
    f"dockerfile/{name}" for name in ("hardening", "secrets", "reproducible", "lifecycle")
)
_ABSENT = "no Dockerfile in the tree"
_TEMPLATE = "a template: what is built is not in the tree"


@dataclass(frozen=True)
class _Read:
    """The Dockerfiles of a tree."""

    files: tuple[Dockerfile, ...]
    """Those with instructions, also where they are cut off."""
    unjudged: Mapping[str, str]
    """Reason by path of those that are not judged as a whole."""

    def extent(self, more: Mapping[str, str] | None = None) -> Extent:
        """What was judged."""
        unjudged = {**(more or {}), **self.unjudged}
        judged = (f.path for f in self.files if f.path not in unjudged)
        return Extent.of(judged, unjudged, unit="Dockerfile")


class Dockerfiles:
    """Dockerfiles and Containerfiles."""

    name = "dockerfile"
    rules = Rules("dockerfile", "hadolint", make=lambda: (*RULES, *hadolint.rules()))
    per_file_inputs = None
    live = False
    checks = (hadolint.CHECK, HARDENING, SECRETS, REPRODUCIBLE, LIFECYCLE)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """hadolint."""
        del context
        found = hadolint.version()
        return (Tool("hadolint", found),) if found else ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a Dockerfile, or something that may be one."""
        tree = context.tree
        return unless(dockerfiles(tree) or templates(tree), _unread(tree), _ABSENT)

    def inspect(self, context: Context, *, config: str | None = None) -> Iterator[Answer]:
        """
        Our own checks and hadolint's, which may fail.

        Args:
            context: of the survey.
            config: path of hadolint's configuration; by default the tree's own, and none if it is empty.
        """
        tree = context.tree
        subject = _read(tree)
        used = hadolint.configuration(tree.paths) if config is None else config
        production = production_use.of_tree(tree)
        ours = [
            (rule.check, path_roles.weighed(cleaned(f), production))
            for file in subject.files
            for rule in RULES
            for f in rule.find(file)
        ]
        said, failed = _hadolint(tree, subject.files, used, production)
        graded, left = hadolint.merged([f for _, f in ours], said.findings, subject.files)
        every = [(check, finding) for (check, _), finding in zip(ours, graded, strict=True)]
        kept, allowed = rulebook.without_allowed(tree, every)
        images = rulebook.of_files((f.path for f in subject.files), one="Dockerfile")
        for check in self.checks[1:]:
            found = [finding for its, finding in kept if its == check]
            found = rulebook.attributed(found, images.subjects, names=rulebook.whole_file)
            yield Answer.of_extent(check, subject.extent(), found, absent=_ABSENT, notes=allowed, basis=images)
            allowed = ()
        if failed:
            yield Answer.error(hadolint.CHECK, failed)
            return
        yield _their_answer(tree, subject, left, _about(used, said))


def _about(config: str, report: hadolint.HadolintReport) -> tuple[str, ...]:
    """What a reader should know of the configuration."""
    if not config:
        return ()
    if report.config:
        return (f"rules and levels of {config} are respected",)
    return (f"{config}: hadolint cannot read it; it is not used",)


def _hadolint(
    tree: Tree, files: Sequence[Dockerfile], config: str, production: frozenset[str]
) -> tuple[hadolint.HadolintReport, str]:
    """Its report, graded as ours are, and why there is none."""
    by_path = {file.path: file for file in files}
    try:
        said = hadolint.run(tree.root, files, config=config) if files else hadolint.HadolintReport(config=config)
    except InspectorError as error:
        return hadolint.HadolintReport(), str(error)
    graded = (_weighed(by_path[f.location.path], path_roles.weighed(cleaned(f), production)) for f in said.findings)
    return replace(said, findings=tuple(graded)), ""


def _weighed(file: Dockerfile, finding: Finding) -> Finding:
    """A finding in a stage that is not shipped is worth less."""
    stage = file.stage_at(finding.location.line)
    if stage is None or file.is_shipped(stage) or finding.severity <= Severity.LOW:
        return finding
    if finding.rule == f"hadolint/{hadolint.UNPARSED}":
        return finding
    return replace(finding, severity=Severity.LOW, message=f"{finding.message} (in a build stage)")


def _their_answer(tree: Tree, subject: _Read, findings: Sequence[Finding], said: tuple[str, ...]) -> Answer:
    unparsed = f"hadolint/{hadolint.UNPARSED}"
    refused = {f.location.path: f"hadolint cannot parse line {f.location.line}" for f in findings if f.rule == unparsed}
    # a file that our parser reads to its end is valid: what hadolint does not know is no flaw of the file
    valid = {path for path in refused if path not in subject.unjudged}
    kept = [f for f in findings if not (f.rule == unparsed and f.location.path in valid)]
    kept, allowed = rulebook.allowed_of(tree, hadolint.CHECK, kept)
    extent = subject.extent(refused)
    basis = catalogue.load().density(hadolint.CHECK, len(subject.files))
    return Answer.of_extent(hadolint.CHECK, extent, kept, absent=_ABSENT, notes=(*said, *allowed), basis=basis)


def _unread(tree: Tree) -> dict[str, str]:
    """What could not be read and is, or may hold, a Dockerfile."""
    return {
        path: why
        for path, why in tree.unread.items()
        if path.endswith("/") or is_dockerfile_name(path) or is_template(path)
    }


def _read(tree: Tree) -> _Read:
    files: list[Dockerfile] = []
    harmless = frozenset(_harmless(tree))
    unjudged = _unread(tree) | dict.fromkeys(templates(tree), _TEMPLATE)
    for path in dockerfiles(tree):
        one = read(tree, path, SIZE_LIMIT)
        if one.text is not None:
            files.append(replace(parse(path, one.text, tree.paths), harmless=harmless))
        reason = one.reason or (files[-1].unread if one.text is not None else "")
        if reason:
            unjudged[path] = reason
    return _Read(tuple(files), unjudged)


def _harmless(tree: Tree) -> Iterator[str]:
    """Files named like credential files that a parser of their kind reads, and finds no credential in."""
    for file in tree.files:
        if not is_credential_name(file.path) or file.size > SIZE_LIMIT or not parsers_for(file.path):
            continue
        text = read(tree, file.path, SIZE_LIMIT).text
        if text is not None and "PRIVATE KEY" not in text and not any(credentials(file.path, text)):
            yield file.path
