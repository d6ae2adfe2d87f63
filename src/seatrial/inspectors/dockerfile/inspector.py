"""Every Dockerfile of a tree: parsed once, judged by hadolint and by our rules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fractions import Fraction

from seatrial.domain import Answer, Status, Tool
from seatrial.errors import InspectorError
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context, Reason
from seatrial.source import Tree
from seatrial.wording import counted

from . import hadolint
from .rules import RULES
from .syntax import Dockerfile, parse

_NAME = re.compile(r"(?:[Dd]ocker|[Cc]ontainer)file(?:[._-].+)?|.+[._-](?:[Dd]ocker|[Cc]ontainer)file")
_TEMPLATES = (
    ".dockerignore", ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".in", ".erb", ".md", ".mustache",
)  # fmt: skip
SIZE_LIMIT = 1024 * 1024
"""Bytes; nobody writes a larger one by hand."""

HARDENING, SECRETS, REPRODUCIBLE, LIFECYCLE = (
    f"dockerfile/{name}" for name in ("hardening", "secrets", "reproducible", "lifecycle")
)


class Dockerfiles:
    """Dockerfiles and Containerfiles."""

    name = "dockerfile"
    judges_by = None
    live = False
    checks = (hadolint.CHECK, HARDENING, SECRETS, REPRODUCIBLE, LIFECYCLE)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """hadolint."""
        del context
        found = hadolint.version()
        return (Tool("hadolint", found),) if found else ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is a Dockerfile."""
        return None if _paths(context.tree) else Reason(Status.NA, "no Dockerfile in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Our own checks first: hadolint may fail."""
        paths = _paths(context.tree)
        files, notes = _read(context.tree, paths)
        share, evidence = Fraction(len(files), len(paths)), counted(len(paths), "Dockerfile")
        every = [(rule.CHECK, rulebook.in_tests(f)) for file in files for rule in RULES for f in rule.check(file)]
        ours, allowed = rulebook.without_allowed(context.tree, every, lambda pair: pair[1])
        notes += allowed
        yield from rulebook.answers(self.checks[1:], ours, share=share, evidence=evidence, notes=notes)
        config = ".hadolint.yaml" in context.tree.paths
        try:
            theirs = hadolint.run(context.tree.root, files, config=config) if files else ()
        except InspectorError as error:
            yield Answer.error(hadolint.CHECK, str(error))
            return
        alone = hadolint.without_doubles(theirs, (f for _, f in every))
        kept, allowed = rulebook.without_allowed(context.tree, map(rulebook.in_tests, alone), lambda f: f)
        said: tuple[str, ...] = ("rules and levels of .hadolint.yaml are respected",) if config else ()
        said += allowed
        yield Answer.of_findings(hadolint.CHECK, kept, share=share, evidence=evidence, notes=said)


def _paths(tree: Tree) -> list[str]:
    names = ((f.path, posixpath.basename(f.path)) for f in tree.files)
    return [path for path, name in names if _NAME.fullmatch(name) and not name.lower().endswith(_TEMPLATES)]


def _read(tree: Tree, paths: list[str]) -> tuple[list[Dockerfile], tuple[str, ...]]:
    files: list[Dockerfile] = []
    notes: list[str] = []
    for path in paths:
        try:
            text = tree.text(path)
        except OSError as error:
            notes.append(f"{path}: not measured: {error.strerror}")
            continue
        if text is None or len(text) > SIZE_LIMIT:
            notes.append(f"{path}: not measured: {'no text' if text is None else 'larger than 1 MiB'}")
            continue
        files.append(parse(path, text, tree.paths))
    return files, tuple(notes)
