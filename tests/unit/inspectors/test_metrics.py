"""What is scraped, asked for and shown against what the code exports; and what promtool says besides."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from pathlib import Path

import pytest

from seatrial.domain import Answer, Confidence, Location, Status
from seatrial.inspectors.base import Context
from seatrial.inspectors.prometheus import dashboards, exported, promtool
from seatrial.inspectors.prometheus.inspector import PrometheusInspector
from seatrial.inspectors.prometheus.rules import ALERTS, METRICS
from seatrial.settings import Settings
from seatrial.system.source import open_tree

CAPTURED = Path(__file__).parents[2] / "captured" / "promtool"
CODE = """\
from prometheus_client import Counter, Histogram as H
ORDERS = Counter("shop_orders_total", "Orders.", ["state"])
SECONDS = H("request_seconds", "Time.", namespace="shop", subsystem="http")
"""
RULES = """\
groups:
  - name: shop
    rules:
      - alert: Lost
        expr: rate(shop_orders_lost_total[5m]) > 0
        for: 5m
        labels: {severity: page}
        annotations: {summary: lost}
      - record: job:shop_orders:rate5m
        expr: sum by (job) (rate(shop_orders_total[5m])) / rate(shop_http_request_seconds_count[5m])
      - alert: Down
        expr: up == 0 or other_thing == 1
        for: 5m
        labels: {severity: page}
        annotations: {summary: down}
"""
DASHBOARD = {
    "schemaVersion": 39,
    "templating": {"list": [{"query": "label_values(shop_order_total, state)"}, {"query": {"query": "1,2"}}]},
    "panels": [
        {
            "type": "row",
            "panels": [{"targets": [{"expr": 'rate(shop_carts_total{state="$state"}[$__rate_interval])'}]}],
        },
        {"targets": [{"expr": "sum(shop_orders_total)"}, {"expr": "$metric{a='b'}"}]},
        {"targets": [{"expr": "shop_logs", "datasource": {"type": "loki"}}]},
    ],
}
STACK = """\
services:
  prometheus: {image: "prom/prometheus:v3.1.0"}
  api: {build: ./api, hostname: front}
  worker: {build: ./worker}
  db: {image: "postgres:17.2"}
"""
SCRAPES = """\
rule_files: [r.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ["am:9093"]}]}]}
scrape_configs:
  - job_name: a
    static_configs:
      - targets: ["front:9000", "localhost:9090", "shop.example.com:80"]
      - targets: ["old-api:9000"]
"""


def survey(root: Path, files: dict[str, str]) -> dict[str, Answer]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return {a.check: a for a in PrometheusInspector().inspect(Context(open_tree(root), Settings(), root / ".cache"))}


def told(answer: Answer) -> set[tuple[str, str, int, str]]:
    return {(f.rule, f.location.path, f.location.line, f.subject) for f in answer.findings}


def test_metrics_that_nobody_exports(tmp_path: Path) -> None:
    dashboard = json.dumps(DASHBOARD, indent=1)
    answer = survey(tmp_path, {"m.py": CODE, "rules.yml": RULES, "shop.json": dashboard})[METRICS]
    line = {text: dashboard[: dashboard.index(text)].count("\n") + 1 for text in ("shop_carts", "shop_order_total")}
    assert told(answer) == {
        ("prometheus/unknown-metric", "rules.yml", 5, "shop_orders_lost_total"),
        ("prometheus/unknown-metric", "shop.json", line["shop_carts"], "shop_carts_total"),
        ("prometheus/unknown-metric", "shop.json", line["shop_order_total"], "shop_order_total"),
    }
    assert {f.confidence for f in answer.findings} == {Confidence.HIGH}


def test_a_dashboard_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    answer = survey(tmp_path, {"m.py": CODE, "rules.yml": RULES, "shop.json": '{"panels": [], "gridPos": '})[METRICS]
    assert answer.notes == ("not measured: shop.json: not valid JSON",)
    assert answer.share == Fraction(1, 2)


def test_names_made_at_run_time_make_it_a_guess(tmp_path: Path) -> None:
    code = CODE + 'for kind in "ab":\n    Counter(f"shop_{kind}_total", "")\n'
    [finding] = survey(tmp_path, {"m.py": code, "rules.yml": RULES})[METRICS].findings
    assert finding.confidence is Confidence.LOW


def test_without_metrics_of_ours_nothing_is_judged(tmp_path: Path) -> None:
    counter = 'from collections import Counter\nCounter("shop_orders")\n# not prometheus\n'
    answer = survey(tmp_path, {"m.py": counter, "rules.yml": RULES})[METRICS]
    assert answer.status is Status.PASS
    assert survey(tmp_path / "none", {"x.json": "{}"})[METRICS].status is Status.NA


def test_targets_and_services(tmp_path: Path) -> None:
    answer = survey(tmp_path, {"compose.yaml": STACK, "prometheus.yml": SCRAPES})[METRICS]
    assert told(answer) == {
        ("prometheus/target", "prometheus.yml", 7, "old-api"),
        ("prometheus/not-scraped", "compose.yaml", 4, "worker"),
    }


def test_targets_that_are_discovered_are_not_judged(tmp_path: Path) -> None:
    scrapes = SCRAPES + "  - job_name: b\n    docker_sd_configs: [{host: x}]\n"
    answer = survey(tmp_path, {"compose.yaml": STACK, "prometheus.yml": scrapes})[METRICS]
    assert {f.rule for f in answer.findings} == {"prometheus/target"}


def test_a_prometheus_elsewhere_says_nothing_of_the_stack(tmp_path: Path) -> None:
    stack = STACK.replace('  prometheus: {image: "prom/prometheus:v3.1.0"}\n', "")
    answer = survey(tmp_path, {"compose.yaml": stack, "prometheus.yml": SCRAPES})[METRICS]
    assert answer.status is Status.PASS


@pytest.mark.parametrize(
    ("path", "text", "names", "complete"),
    [
        (
            "a.js",
            "const c = require('prom-client'); new c.Counter({help: 'x', name: 'shop_a_total'})",
            {"shop_a"},
            True,
        ),
        ("a.ts", "import {Gauge} from 'prom-client'\nnew Gauge<string>({\n name: names.x,\n})", set(), False),
        (
            "a.go",
            '// prometheus\npromauto.NewCounter(prometheus.CounterOpts{\n\tNamespace: "shop",\n\tName: "a_total",\n})',
            {"shop_a"},
            True,
        ),
        ("a.go", "// prometheus\nprometheus.GaugeOpts{Name: name}", set(), False),
        ("A.java", 'import io.micrometer.X; Timer.builder("shop.pay").register(r);', {"shop_pay"}, True),
        ("a.rs", "use prometheus::Counter;", set(), False),
        ("a.py", "# prometheus\ndef (", set(), False),
        ("a.py", "from opentelemetry import metrics\nmetrics.get_meter('x').create_counter('shop.a')", set(), False),
        (
            "a.py",
            "import prometheus_client as prom\nprom.Gauge('shop_b', '')\nother.Gauge('shop_c', '')",
            {"shop_b"},
            True,
        ),
        ("a.txt", "prometheus", set(), True),
    ],
)
def test_what_code_exports(path: str, text: str, names: set[str], complete: bool) -> None:
    known = exported.Exported()
    exported.read(path, text.encode(), known)
    assert names <= known.names
    assert bool(known.names) is bool(names)
    assert known.complete is complete


def test_suffixes_of_libraries_belong_to_the_name() -> None:
    known = exported.Exported()
    for name in ("shop_orders_total", "shop_seconds", "shop_pay"):
        known.add(name)
    for asked in ("shop_orders_total", "shop_orders_created", "shop_seconds_bucket", "shop_pay_seconds_count"):
        assert asked in known, asked
    assert "shop_order_total" not in known
    assert known.ours("shop_order_total")
    assert not known.ours("http_requests_total")


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"panels": 3}', '{"panels": [3, null, {"targets": [4]}]}', "[]"])
def test_what_is_no_dashboard_does_no_harm(text: str) -> None:
    try:
        assert list(dashboards.asked("a.json", text)) == []
    except ValueError:
        assert text[:2] in ("{", "[[")


def fake_promtool(folder: Path, said: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that says what the real one said; the file has another name, as it had there."""
    folder.mkdir()
    program = folder / "promtool"
    program.write_text(f'#!/bin/sh\nfor last; do :; done\nsed "s|^file.yml|$last|" {said} >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_promtool_is_asked_where_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_promtool(tmp_path / "bin", CAPTURED / "2.42.0-rules.txt", monkeypatch)
    (tmp_path / "r").mkdir()
    answer = survey(tmp_path / "r", {"rules.yml": (CAPTURED / "rules.yml").read_text("utf-8")})[ALERTS]
    theirs = {(f.location.line, f.message) for f in answer.findings if f.rule == "prometheus/promtool"}
    assert theirs == {
        (8, "bad-name: invalid recording rule name: bad-name"),
        (8, "bad-name: invalid label name: __name__"),
        (11, 'Tmpl: annotation "summary": template: __alert_Tmpl:1: unclosed action'),
    }
    assert sum(f.rule == "prometheus/expression" for f in answer.findings) == 1, "told once, by us"


def test_promtool_and_we_tell_a_double_job_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_promtool(tmp_path / "bin", CAPTURED / "2.42.0-config.txt", monkeypatch)
    (tmp_path / "r").mkdir()
    settings = "scrape_configs:\n  - job_name: a\n  - job_name: a\n"
    answer = survey(tmp_path / "r", {"prometheus.yml": settings})[ALERTS]
    assert {f.rule for f in answer.findings} == {"prometheus/duplicate-job", "prometheus/no-rules"}


def test_what_promtool_quotes_of_settings_is_masked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "said.txt"
    said.write_text('  FAILED: parsing YAML file file.yml: parse "http://u:kX83nV0qLw@:x": invalid port\n', "utf-8")
    fake_promtool(tmp_path / "bin", said, monkeypatch)
    (tmp_path / "r").mkdir()
    answer = survey(tmp_path / "r", {"prometheus.yml": "scrape_configs:\n  - job_name: a\n"})[ALERTS]
    [theirs] = [f for f in answer.findings if f.rule == "prometheus/promtool"]
    assert theirs.message.endswith(": invalid port")
    assert "kX83nV0qLw" not in repr(answer)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo \"promtool: error: unknown long flag '--lint'\" >&2; exit 1", "unknown long flag"),
        ("echo 'panic: runtime error' >&2; exit 2", "panic: runtime error"),
        ("kill -SEGV $$", "exit code -11"),
    ],
)
def test_a_promtool_that_fails_says_nothing_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    fake_promtool(tmp_path / "bin", tmp_path, monkeypatch)
    (tmp_path / "bin" / "promtool").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "r").mkdir()
    answer = survey(tmp_path / "r", {"rules.yml": (CAPTURED / "rules.yml").read_text("utf-8")})[ALERTS]
    assert answer.status is Status.ERROR
    assert "promtool failed on rules.yml" in answer.reason
    assert reason in answer.reason
    assert {f.rule for f in answer.findings} >= {"prometheus/expression"}
    assert not any(f.rule == "prometheus/promtool" for f in answer.findings)


def test_what_promtool_says_of_a_line() -> None:
    said = "  FAILED:\nx.yml: yaml: unmarshal errors:\n  line 3: field rulez not found in type rulefmt.RuleGroup\n"
    lines = [line for raw in said.splitlines() if (line := promtool.bare(raw.replace("x.yml", "")))]
    assert lines == ["line 3: field rulez not found in type rulefmt.RuleGroup"]
    finding = promtool.finding("a.yml", lines[0], {})
    assert (finding.location, finding.message) == (
        Location("a.yml", 3, 1), "field rulez not found in type rulefmt.RuleGroup",
    )  # fmt: skip
