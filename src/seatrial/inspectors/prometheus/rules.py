"""The rules about Prometheus, as data: `files.py`, `watching.py` and `promtool.py` find them."""

from __future__ import annotations

from functools import partial

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule

_ALERTS = "https://prometheus.io/docs/practices/alerting/"
_CONFIG = "https://prometheus.io/docs/prometheus/latest/configuration/configuration/"
_ROUTES = "https://prometheus.io/docs/alerting/latest/configuration/"
ALERTS, METRICS = "prometheus/alerts", "prometheus/metrics"
_WHERE = "Prometheus' rules and settings, Alertmanager's routes and Grafana's dashboards, found by what is in them"


_rule = partial(Rule[object].about, _WHERE)

RULES: tuple[Rule[object], ...] = (
    _rule(
        "prometheus/syntax",
        ALERTS,
        Severity.HIGH,
        title="Every file of rules is YAML",
        why="Prometheus does not load it.",
        fix="Correct it.",
        source=_CONFIG,
    ),
    _rule(
        "prometheus/expression",
        ALERTS,
        Severity.HIGH,
        title="Every expression can be evaluated",
        why="Prometheus refuses the whole file.",
        fix="Correct it.",
        source=_CONFIG,
    ),
    _rule(
        "prometheus/severity",
        ALERTS,
        Severity.LOW,
        title="Every alert has a severity",
        why="Without the label no route can tell a page from a note.",
        fix="`labels: {severity: page}`.",
        source=_ALERTS,
    ),
    _rule(
        "prometheus/for",
        ALERTS,
        Severity.LOW,
        title="Alerts wait for what lasts",
        why="One failed scrape pages on-call.",
        fix="`for: 5m`.",
        source=_ALERTS,
    ),
    _rule(
        "prometheus/annotation",
        ALERTS,
        Severity.LOW,
        title="Every alert says what is wrong",
        why="On-call starts by guessing.",
        fix="`annotations: {summary: …}`.",
        source=_ALERTS,
    ),
    _rule(
        "prometheus/duplicate-alert",
        ALERTS,
        Severity.LOW,
        title="Every alert is there once",
        why="The second hides the first.",
        fix="Another name, or other labels.",
        source=_ALERTS,
    ),
    _rule(
        "prometheus/no-rules",
        ALERTS,
        Severity.LOW,
        title="Prometheus evaluates rules",
        why="It stores everything and sends no notification.",
        fix="`rule_files`.",
        source=_CONFIG,
    ),
    _rule(
        "prometheus/no-alertmanager",
        ALERTS,
        Severity.MEDIUM,
        title="Alerts have an Alertmanager",
        why="They fire, and no notification is sent.",
        fix="`alerting.alertmanagers`.",
        source=_CONFIG,
    ),
    _rule(
        "prometheus/duplicate-job",
        ALERTS,
        Severity.HIGH,
        title="Every scrape job has a name of its own",
        why="Prometheus does not start.",
        fix="Another name.",
        source=_CONFIG,
    ),
    _rule(
        "prometheus/receiver",
        ALERTS,
        Severity.HIGH,
        title="Every route leads to a receiver",
        why="Alertmanager does not start.",
        fix="Correct the name.",
        source=_ROUTES,
    ),
    _rule(
        "prometheus/silent-receiver",
        ALERTS,
        Severity.MEDIUM,
        title="The default receiver sends notifications",
        why="What no other route takes is lost.",
        fix="An integration.",
        source=_ROUTES,
    ),
    _rule(
        "prometheus/promtool",
        ALERTS,
        Severity.HIGH,
        title="promtool accepts every file",
        why="Prometheus does not start with it, or drops the rules. Asked where `promtool` is on PATH.",
        fix="Correct it.",
        source="https://prometheus.io/docs/prometheus/latest/command-line/promtool/",
        unsampled="promtool may be missing",
    ),
    _rule(
        "prometheus/unknown-metric",
        METRICS,
        Severity.MEDIUM,
        title="Alerts and dashboards ask for metrics that exist",
        why=(
            "An alert on a metric that no target exports never fires, without notice. Judged are names that "
            "begin like metrics which the code of this repository exports (Python, Node.js, Go and Java "
            "clients)."
        ),
        fix="The name as the code has it; rename in all places at once.",
        source="https://prometheus.io/docs/practices/naming/",
    ),
    _rule(
        "prometheus/target",
        METRICS,
        Severity.MEDIUM,
        title="Every target of the stack's Prometheus is a service of the stack",
        why="What it scrapes in vain is not measured, and alerts on it stay silent.",
        fix="The service's name as the Compose file has it.",
        source=_CONFIG + "#static_config",
    ),
    _rule(
        "prometheus/not-scraped",
        METRICS,
        Severity.LOW,
        title="Prometheus scrapes every service that is built here",
        why="Services without metrics fail unnoticed.",
        fix="An endpoint for metrics, and a target in `scrape_configs`.",
        source="https://prometheus.io/docs/practices/instrumentation/",
    ),
)
