"""What must hold for any file that builds, runs or describes software. A check raises what its parser may not."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from fuzz_checks import text_of
from fuzz_trees import tree_of

from seatrial.domain import Location
from seatrial.inspectors import rulebook
from seatrial.inspectors.base import Context
from seatrial.inspectors.compose import (
    canonical,
    consistency,
    dotenv,
    identity,
    interpolate,
    merge,
    ports,
    project,
    schema,
    values,
)
from seatrial.inspectors.compose.rules import RULES as COMPOSE_RULES
from seatrial.inspectors.dependencies import reading as dependencies
from seatrial.inspectors.dockerfile import files as docker_files
from seatrial.inspectors.dockerfile import hadolint, lexing, masking, shell, syntax
from seatrial.inspectors.dockerfile.rules import RULES as DOCKER_RULES
from seatrial.inspectors.environment.inspector import EnvironmentInspector
from seatrial.inspectors.kubernetes.inspector import KubernetesInspector
from seatrial.inspectors.prometheus import promql
from seatrial.inspectors.prometheus.inspector import PrometheusInspector
from seatrial.inspectors.workflows import actionlint, expression, guards, scripts, taint, zizmor
from seatrial.inspectors.workflows import files as workflow_files
from seatrial.inspectors.workflows import shell as workflow_shell
from seatrial.inspectors.workflows.rules import RULES as WORKFLOW_RULES
from seatrial.settings import Settings
from seatrial.text import durations, lines, yaml_tree

Check = Callable[[bytes, Path], None]


# --- Dockerfiles ---------------------------------------------------------------------------------------------------


def check_dockerfile(data: bytes, _cache: Path) -> None:
    tree = tree_of(data, "Dockerfile")
    docker_files.templates(tree)
    for path in docker_files.dockerfiles(tree):
        text = tree.text(path) or ""
        known = lexing.lines_of(text)
        count = len(lines.split(text)) + 1
        one = syntax.parse(path, text, tree.paths)
        assert [line.number for line in known] == sorted(line.number for line in known)
        for instruction in one.instructions:
            assert 1 <= instruction.at.line <= count
            for command in instruction.commands:
                assert 1 <= instruction.place(command).line <= count
                _ = command.run, command.program, command.arguments, command.text
            _ = instruction.words, instruction.array, instruction.script, instruction.everything
            list(instruction.pairs())
        for stage in one.stages:
            one.lineage(stage)
            one.root_image(stage)
        found = [masking.cleaned(f) for rule in DOCKER_RULES for f in rule.find(one)]
        for finding in found:
            assert 1 <= finding.location.line <= count
            one.stage_at(finding.location.line)
        hadolint.merged(found, (), (one,))
        rulebook.without_allowed(tree, [(hadolint.CHECK, f) for f in found])


def check_shell(data: bytes, _cache: Path) -> None:
    text = text_of(data)
    for command in shell.commands(text):
        assert command.at < len(text) or command.at <= 0
        _ = command.run, command.program, command.text
    shell.commands(tuple(text.split()))
    joined = lexing.words_of(text)
    for start, word in joined or ():
        assert text.startswith(word, start)
    list(lexing.heredoc_names(text))
    lexing.unquoted(text)
    masking.clean(text)
    assert len(workflow_shell.code(text)) == min(len(text), workflow_shell.LENGTH_LIMIT)


# --- workflows -----------------------------------------------------------------------------------------------------


def check_expression(data: bytes, _cache: Path) -> None:
    text = text_of(data)
    for one in expression.embedded(text):
        _ = one
    for whole in (text, f"${{{{ {text} }}}}"):
        with contextlib.suppress(expression.ExpressionError):
            expression.parse(whole)
        with contextlib.suppress(expression.ExpressionError):
            expression.references(whole)
        guards.condition(whole)
        guards.runs_regardless(whole)
        taint.tainting(whole, frozenset({"github.event"}))


def check_scripts(data: bytes, _cache: Path) -> None:
    text = text_of(data)

    def judge(fragment: str, variables: frozenset[str]) -> bool:
        return "github.event" in fragment or any(name in fragment.lower() for name in variables)

    list(scripts.written(text, judge))
    list(scripts.javascript(text, judge))
    workflow_shell.code(text)


def check_workflow(data: bytes, _cache: Path) -> None:
    tree = tree_of(data, ".github/workflows/ci.yml")
    files = workflow_files.read(tree, Settings())
    for workflow in files.workflows:
        for rule in WORKFLOW_RULES:
            rulebook.without_allowed(tree, [(rule.check, f) for f in rule.find(workflow)])
        list(taint.injections(workflow))
    for action in files.actions:
        list(taint.in_action(action))
    _ = files.extent, files.validated, files.auditable


def check_tool_outputs(data: bytes, _cache: Path) -> None:
    """What other programs print is data as well: they print what is in the tree."""
    from seatrial.domain.errors import InspectorError
    from seatrial.inspectors.prometheus import promtool
    from seatrial.inspectors.python import inspector as python_code

    for parse in (hadolint.parse, actionlint.parse, zizmor.parse, python_code.parse):
        with contextlib.suppress(InspectorError):
            parse(data)
    for line in lines.split(text_of(data))[:50]:
        promtool.finding("rules.yml", promtool.bare(line), {})


# --- Compose -------------------------------------------------------------------------------------------------------


def check_compose(data: bytes, _cache: Path) -> None:
    tree = tree_of(data, "compose.yaml")
    survey = project.survey(tree)
    for document in survey.documents.values():
        list(schema.problems(document))
    for one in survey.projects:
        list(consistency.problems(one))
        for rule in COMPOSE_RULES:
            if rule.applies(one):
                found = list(rule.find(one))
                rulebook.without_allowed(tree, [(rule.check, f) for f in found])


def check_interpolation(data: bytes, _cache: Path) -> None:
    text = text_of(data)
    whole = interpolate.interpolate(text, {"A": "1", "EMPTY": ""})
    if "$" not in text:
        assert whole == text
    with contextlib.suppress(ValueError):
        list(interpolate.uses(text))
    with contextlib.suppress(dotenv.DotenvError):
        for value in dotenv.parse(text).values():
            assert len(value) <= interpolate.LONGEST_TEXT + interpolate.LONGEST_VALUE + len(text)


def check_short_forms(data: bytes, _cache: Path) -> None:
    """Ports, mounts, durations: short and long syntax."""
    text = text_of(data)
    try:
        nodes = yaml_tree.load_all(text)
    except yaml_tree.YamlError:
        nodes = ()
    for node in nodes:
        value = values.from_node(node, "compose.yaml", {})
        items = value.items if isinstance(value, values.List) else (value,)
        for item in items:
            _port(item)
        body = values.Map({"ports": values.Entry(value.at, value), "volumes": values.Entry(value.at, value)}, value.at)
        service = canonical.canonical(body, ("services", "a"))
        merge.Merger().merge(service, service, ("services", "a"))
    for line in lines.split(text)[:50]:
        assert ":".join(identity.split(line)) == line
        durations.seconds(line, 1.0)
        _port(values.ComposeText(line, fuzz_location(), line))


def _port(item: values.Value) -> None:
    found = ports.parse_port(item)
    ports.complaint(item)
    if found is not None:
        assert 0 <= found.first <= found.last <= 65535
        assert found.collides(found) or not found.first
        _ = found.everywhere, found.wildcard


def fuzz_location() -> Location:
    """A place; any will do."""
    return Location("compose.yaml", 1, 1)


# --- dependencies --------------------------------------------------------------------------------------------------


def check_dependencies(default: str) -> Check:
    def check(data: bytes, _cache: Path) -> None:
        tree = tree_of(data, default)
        found = dependencies.read(tree)
        for one in found.listed:
            count = len(lines.split(tree.text(one.path) or "")) + 1 if one.path in tree.paths else 1
            for package in one.packages:
                assert package.name
                assert package.version
                assert 1 <= package.at.line <= count
                _ = package.key
            for at in (*(o.at for o in one.open), *(u.at for u in one.unmeasured)):
                assert 1 <= at.line <= count
        _ = found.manifests, found.problems

    return check


# --- environment, Kubernetes and Prometheus ---------------------------------------------------------------------------


def check_environment(data: bytes, cache_: Path) -> None:
    tree = tree_of(data, ".env.example")
    for _ in EnvironmentInspector().inspect(Context(tree, Settings(), cache_)):
        pass


def check_kubernetes(data: bytes, cache_: Path) -> None:
    tree = tree_of(data, "k8s/shop.yaml")
    for _ in KubernetesInspector().inspect(Context(tree, Settings(), cache_)):
        pass


def check_prometheus(data: bytes, cache_: Path) -> None:
    tree = tree_of(data, "prometheus/rules.yml")
    for _ in PrometheusInspector().inspect(Context(tree, Settings(), cache_)):
        pass


def check_promql(data: bytes, _cache: Path) -> None:
    with contextlib.suppress(ValueError):
        promql.parse(text_of(data))
