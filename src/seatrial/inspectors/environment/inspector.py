"""
The environment contract: names that the application reads against documented names, and values in committed files
that should differ.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Tool
from seatrial.domain.extent import Extent
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context, Reason, unless
from seatrial.inspectors.compose import project as compose
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.path_roles import is_example_path, weighed
from seatrial.inspectors.reading import FileReader, read
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.rules import Rules
from seatrial.system.source import Tree
from seatrial.text import lines
from seatrial.text.wording import counted, listed

from . import values
from .reads import SUFFIXES, VariableRead, reads
from .rules import DOCUMENTED, RULES, VALUES

EXAMPLE = re.compile(
    r"(?:^|/)(?:\.?env[._-](?:example|sample|dist|template|default)s?|(?:example|sample|template)\.env"
    r"|\.env\.[\w-]+\.example)$"
)
DOTENV = re.compile(r"(?:^|/)(?:\.env(?:\.[\w-]+)?|[\w-]+\.env)$")
_ASSIGNED = re.compile(r"^\s*+#?\s*+(?:export\s++)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=(?P<value>.*)$")
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*)(?P<operator>:?[-?+])?|(?<!\$)\$(?P<plain>[A-Za-z_]\w*)")
_PLATFORM = re.compile(
    r"^(?:PATH|HOME|USER|PWD|SHELL|TERM|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|HOSTNAME|EDITOR|DISPLAY|COLUMNS|LINES"
    r"|NO_COLOR|FORCE_COLOR|CI"
    r"|GITHUB_\w+|RUNNER_\w+|GITLAB_\w+|CI_\w+|TRAVIS\w*|CIRCLE\w*|BUILDKITE\w*|JENKINS\w*|TOX_\w+|PYTEST_\w+"
    r"|COVERAGE\w*|PYTHON\w+|VIRTUAL_ENV|CONDA_\w+"
    r"|NODE_ENV|NODE_OPTIONS|NODE_PATH|npm_\w+|XDG_\w+|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAMFILES"
    r"|SYSTEMROOT|WINDIR|COMSPEC|DOCKER_\w+|COMPOSE_\w+"
    r"|KUBERNETES_\w+|AWS_(?:REGION|DEFAULT_REGION|PROFILE|LAMBDA_\w+|EXECUTION_ENV)|VERCEL\w*|NETLIFY\w*|DYNO"
    r"|PORT|HOST|DEBUG|BASH\w*|SSH_\w+|GOPATH|JAVA_HOME"
    r"|MODE|DEV|PROD|SSR|BASE_URL|DATABASE_URL_TEST|UID|GID|http_proxy|https_proxy|no_proxy|HTTP_PROXY"
    r"|HTTPS_PROXY|NO_PROXY)$"
)
_SERVICES = (*compose.PATTERNS, "Dockerfile")
_LIMIT = 1024 * 1024  # bytes of a file of code
_MENTIONING = frozenset({"yml", "yaml", "sh", "toml", "conf", "md", "json"})


@dataclass
class _Contract:
    """What was read."""

    files: FileReader
    """Examples and code: the files that the contract is about."""
    documented: dict[str, Location] = field(default_factory=dict)
    required: dict[str, Location] = field(default_factory=dict)
    """By name: the first place that needs it."""
    interpolated: set[str] = field(default_factory=set)
    """Of those: what Compose files themselves ask for; that they pass it on does not give it a value."""
    mentioned: set[str] = field(default_factory=set)
    provided: set[str] = field(default_factory=set)
    """Names that Compose files and Dockerfiles give to containers."""
    examples: list[str] = field(default_factory=list)
    hidden: bool = False
    """Whether an example cannot be read: what it documents is not known."""


NO_VALUES = "no Compose file and no .env in the tree"


class EnvironmentInspector:
    """What has to be set before the application runs."""

    name = "environment"
    rules = Rules("environment", make=lambda: RULES)
    per_file_inputs = None
    live = False
    checks = (DOCUMENTED, VALUES)

    def tools(self, context: Context) -> tuple[Tool, ...]:
        """None but ourselves."""
        del context
        return ()

    def applies(self, context: Context) -> Reason | None:
        """Whether there is something that is configured by the environment: a service, not a library."""
        tree = context.tree
        named = any(map(_holds_variables, tree.paths))
        services = any(not is_example_path(file.path) for file in tree.matching(_SERVICES))
        unread = [path for path in tree.unread_matching(_SERVICES) if not is_example_path(path)]
        unread += filter(_holds_variables, tree.unread)
        return unless(named or services, unread, "no Compose file, no Dockerfile and no .env in the tree")

    def inspect(self, context: Context) -> Iterator[Answer]:
        """Names, then values."""
        tree = context.tree
        contract = _read(tree)
        known = context.known_variables
        documented = counted(len(contract.documented), "variable")
        evidence = f"{counted(len(contract.required), 'variable')} read, {documented} documented"
        told, allowed = rulebook.allowed_of(tree, DOCUMENTED, _names(contract, known))
        extent = contract.files.extent() + _compose_files(tree)
        empty = extent.share == 1 and not contract.documented and not contract.required
        absent = "no variable is read, and none is documented"
        needed = WeightedShare(
            tuple(GradedSubject(name, at.path) for name, at in sorted(contract.required.items())), "variable"
        )
        yield Answer.of_extent(
            DOCUMENTED,
            Extent() if empty else extent,
            rulebook.attributed(told, needed.subjects),
            absent=absent,
            evidence=evidence,
            notes=allowed,
            basis=needed,
        )
        files = FileReader(tree, limit=values.LIMIT)
        files.lost(_holds_variables)
        told, allowed = rulebook.allowed_of(tree, VALUES, values.findings(tree, files, EXAMPLE, DOTENV))
        extent = files.extent() + _compose_files(tree)
        weighty = (f if EXAMPLE.search(f.location.path) else weighed(f) for f in told)
        basis = rulebook.of_files((part.name for part in extent.parts if part.judged), one="file")
        told = rulebook.attributed(weighty, basis.subjects, names=rulebook.whole_file)
        yield Answer.of_extent(VALUES, extent, told, absent=NO_VALUES, notes=allowed, basis=basis)


def _holds_variables(path: str) -> bool:
    """Whether a path is that of a file of variables, by its name."""
    return bool(EXAMPLE.search(path) or DOTENV.search(path))


def _read(tree: Tree) -> _Contract:
    contract = _Contract(FileReader(tree, limit=_LIMIT))
    contract.files.lost(lambda path: bool(EXAMPLE.search(path)) or path.rpartition(".")[2].lower() in SUFFIXES)
    contract.hidden = any(EXAMPLE.search(path) for path in tree.unread)
    any_example = any(EXAMPLE.search(file.path) for file in tree.files)
    for file in tree.files:
        if EXAMPLE.search(file.path):
            _example(contract, file.path)
        elif file.path.rpartition(".")[2].lower() in SUFFIXES:
            text = contract.files.text(file.path) or ""
            _mentioned(contract, text, wanted=any_example)
            if not is_example_path(file.path):
                for one in reads(file.path, text):
                    _note(contract, one)
        elif any_example and _mentions(file.path):
            _mentioned(contract, read(tree, file.path, _LIMIT).text or "", wanted=True)
    _from_compose(tree, contract)
    return contract


def _example(contract: _Contract, path: str) -> None:
    contract.examples.append(path)
    text = contract.files.text(path)
    contract.hidden |= text is None
    for number, line in enumerate(lines.split(text or ""), 1):
        if match := _ASSIGNED.match(line):
            contract.documented.setdefault(match["name"], Location(path, number, match.start("name") + 1))


def _mentions(path: str) -> bool:
    """Whether a file that is not code may name a variable."""
    suffix = path.rpartition(".")[2].lower()
    return suffix in _MENTIONING or posixpath.basename(path).startswith(("Dockerfile", "Makefile"))


def _mentioned(contract: _Contract, text: str, *, wanted: bool) -> None:
    if wanted:
        contract.mentioned |= set(re.findall(r"[A-Za-z_]\w{2,}", text))


def _note(contract: _Contract, one: VariableRead) -> None:
    if one.required and not _PLATFORM.match(one.name):
        contract.required.setdefault(one.name, one.at)


def _from_compose(tree: Tree, contract: _Contract) -> None:
    """Variables without a value in Compose files; and those that they give to containers, which are documented so."""
    files = compose.survey(tree)
    for document in files.documents.values():
        for text, at in values.texts(document.body):
            for match in _VARIABLE.finditer(text):
                name = match["name"] or match["plain"]
                given = (match["operator"] or "").endswith(("-", "+"))
                if not given and name not in files.given and not _PLATFORM.match(name):
                    contract.required.setdefault(name, at)
                    contract.interpolated.add(name)
    for project in files.projects:
        for service in project.services:
            variables = service.get("environment")
            contract.provided |= {name for name, _ in variables} if isinstance(variables, Map) else set()


def _compose_files(tree: Tree) -> Extent:
    files = compose.survey(tree)
    unread = dict(tree.unread_matching(compose.PATTERNS))
    return Extent.of(files.documents, unread | {problem.at.path: problem.message for problem in files.problems})


def needed(tree: Tree) -> Mapping[str, Location]:
    """The variables that have to be set and that no example documents, by name, with where they are read."""
    return _undocumented(_read(tree))


def _undocumented(contract: _Contract) -> Mapping[str, Location]:
    if contract.hidden:
        return {}
    return {
        name: at
        for name, at in sorted(contract.required.items())
        if name not in contract.documented and (name not in contract.provided or name in contract.interpolated)
    }


def _names(contract: _Contract, known: tuple[str, ...]) -> Iterator[Finding]:
    def declared(name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in known)

    lacking = {name: at for name, at in _undocumented(contract).items() if not declared(name)}
    if lacking and not contract.examples:
        first = min(lacking.values())
        message = f"nothing documents what has to be set: {listed(lacking)}"
        remedy = ".env.example with a line for each variable, and what it is for"
        every = ", ".join(lacking)
        yield found("environment/no-example", Severity.LOW, first, message, remedy, subject=every, anchor="no example")
        return
    for name, at in lacking.items():
        remedy = f"{contract.examples[0]}:\n{name}="
        yield found(
            "environment/undocumented",
            Severity.MEDIUM if name in contract.interpolated else Severity.LOW,
            at,
            f"{name} is needed, and documented nowhere",
            remedy,
            subject=name,
            anchor=name,
        )
    for name, at in contract.documented.items():
        if name not in contract.mentioned and not declared(name) and not _PLATFORM.match(name):
            message = f"{name} is documented, and nothing reads it"
            yield found(
                "environment/unused",
                Severity.LOW,
                at,
                message,
                "remove the line",
                confidence=Confidence.LOW,
                subject=name,
                anchor=name,
            )
