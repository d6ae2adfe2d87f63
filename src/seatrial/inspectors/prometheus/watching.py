"""Whether what is scraped, asked for and shown is what the services export."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seatrial.domain import Confidence, Finding, Location, Severity
from seatrial.inspectors import reading
from seatrial.inspectors.compose import project as compose
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.service import ServiceConfig
from seatrial.inspectors.compose.values import Map
from seatrial.inspectors.reading import FileReader
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.yaml_view import YamlView
from seatrial.system.source import Tree
from seatrial.text.wording import listed

from . import dashboards, exported
from .exported import Exported

_HERE = frozenset({"localhost", "host.docker.internal", "prometheus", "gateway.docker.internal"})
_HOST = re.compile(r"(?:https?://)?([A-Za-z0-9][\w-]*)(?::\d+)?(?:/.*)?")
JSON_LIMIT = 4 * 1024 * 1024
"""Bytes of a dashboard that is read."""
_DASHBOARD_PATH = re.compile(r"grafana|dashboard", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A metric that a rule or a dashboard asks for."""

    metric: str
    at: Location
    who: str


def of_rules(documents: Iterable[YamlView]) -> Iterator[Question]:
    """What alerts and recordings ask for."""
    for document in documents:
        for group in document["groups"].items:
            for rule in group["rules"].items if group["rules"].is_list else ():
                name = rule["alert"].text or rule["record"].text
                yield from (Question(m, rule.key_at("expr"), name) for m in dashboards.metrics(rule["expr"].text))


def of_dashboards(tree: Tree, reader: FileReader) -> Iterator[Question]:
    """What Grafana's dashboards ask for; each counts with the reader."""
    reader.lost(lambda path: path.endswith(".json") and bool(_DASHBOARD_PATH.search(path)))
    for file in tree.files:
        if not file.path.endswith(".json"):
            continue
        one = reading.read(tree, file.path, JSON_LIMIT)
        if not (one.text or "").strip() and _DASHBOARD_PATH.search(file.path):
            reader.count(file.path, one.reason or "empty")
        if one.text is None or not dashboards.is_dashboard(one.text):
            continue
        reader.count(file.path, one.reason)
        try:
            yield from (Question(m, at, "the dashboard") for m, at in dashboards.asked(file.path, one.text))
        except ValueError:
            reader.count(file.path, "not valid JSON")


def unknown(questions: Sequence[Question], known: Exported) -> Iterator[Finding]:
    """Metrics whose names are like ours, and which are not exported."""
    told: dict[tuple[str, str], Question] = {}
    for one in questions:
        if ":" not in one.metric and known.ours(one.metric) and one.metric not in known:
            told.setdefault((one.at.path, one.metric), one)
    for one in told.values():
        yield found(
            "prometheus/unknown-metric",
            Severity.MEDIUM,
            one.at,
            f"{one.who} asks for {one.metric}, which nothing here exports",
            "the name as the code has it",
            confidence=Confidence.HIGH if known.complete else Confidence.LOW,
            subject=one.metric,
            anchor=f"{one.who} {one.metric}",
        )


def code(tree: Tree) -> Exported:
    """All that the tree's code exports."""
    known = Exported()
    for file in tree.files:
        try:
            if exported.readable(file.path):
                exported.read(file.path, tree.read(file.path), known)
        except OSError:
            known.complete = False
    return known


def targets(tree: Tree, settings: Sequence[YamlView]) -> Iterator[Finding]:
    """Targets that are no service of the stack in which Prometheus runs, and services of it that are no target."""
    for project in compose.survey(tree).projects:
        if not any(service.program == "prometheus" for service in project.services):
            continue
        folder = posixpath.dirname(project.services[0].at.path)
        mine = [one for one in settings if not folder or one.path.startswith(f"{folder}/")]
        names = {name for service in project.services for name in _names(service)}
        asked = [(target, host) for one in mine for target, host in _static(one)]
        for target, host in asked:
            if host not in names and host not in _HERE:
                message = f"scrapes {host}, and no service of the stack has that name"
                yield found("prometheus/target", Severity.MEDIUM, target.at, message, subject=host, anchor=host)
        if mine and not any(_discovers(one) for one in mine):
            yield from _unscraped(project, {host for _, host in asked})


def _names(service: ServiceConfig) -> Iterator[str]:
    yield service.name
    yield from (text for key in ("container_name", "hostname") if (text := service.text(key)))
    networks = service.get("networks")
    for name in networks.entries if isinstance(networks, Map) else ():
        yield from (alias.text for alias in service.texts("networks", name, "aliases"))


def _static(settings: YamlView) -> Iterator[tuple[YamlView, str]]:
    """Targets that are written down, if their host is a plain name."""
    for job in settings["scrape_configs"].items:
        for group in job["static_configs"].items if job["static_configs"].is_list else ():
            for target in group["targets"].items:
                if named := _HOST.fullmatch(target.text):
                    yield target, named[1]


def _discovers(settings: YamlView) -> bool:
    """Whether targets are found by other means than names that are written down."""
    jobs = settings["scrape_configs"].items
    return any(key.endswith("_sd_configs") for job in jobs for key in job.entries) or "scrape_config_files" in settings


def _unscraped(project: ComposeProject, hosts: set[str]) -> Iterator[Finding]:
    lost = [s for s in project.services if s.get("build") and not s.one_shot and not hosts & set(_names(s))]
    if lost:
        names = listed(s.name for s in lost)
        yield found(
            "prometheus/not-scraped",
            Severity.LOW,
            lost[0].at,
            f"Prometheus runs beside them and does not scrape {names}",
            "an endpoint for metrics, and a target in `scrape_configs`",
            subject=names,
            anchor="services",
            related=[s.at for s in lost[1:]],
        )
