"""
Prometheus' rules and settings, and Alertmanager's routes.

Source: https://prometheus.io/docs/prometheus/latest/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.domain import Finding, Location, Severity
from seatrial.inspectors.rulebook import found
from seatrial.inspectors.yaml_view import YamlView

from . import promql


def is_rules(document: YamlView) -> bool:
    """Whether a document holds rules: groups of alerts and recordings."""
    groups = document["groups"]
    if not groups.is_list:
        return False
    rules = (r for g in groups.items for r in (g["rules"].items if g["rules"].is_list else ()))
    return any(("alert" in r or "record" in r) and "expr" in r for r in rules)


def is_settings(document: YamlView) -> bool:
    """Whether it is Prometheus' own configuration."""
    return document["scrape_configs"].is_list


def is_routes(document: YamlView) -> bool:
    """Whether it is Alertmanager's configuration."""
    return document["route"].is_map and document["receivers"].is_list


def rules(document: YamlView) -> Iterator[Finding]:
    """Every rule of every group."""
    for group in document["groups"].items:
        names: set[str] = set()
        for rule in group["rules"].items if group["rules"].is_list else ():
            name = rule["alert"].text or rule["record"].text
            yield from _expression(rule, name)
            if "alert" in rule:
                yield from _alert(rule, name)
            if "alert" in rule and name in names and not rule["labels"]:
                yield _found("duplicate-alert", Severity.LOW, rule, "alert", name, f"{name} occurs twice in its group")
            names.add(name)


def places(document: YamlView) -> Iterator[tuple[str, Location]]:
    """The place of each rule, by its name."""
    for group in document["groups"].items:
        for rule in group["rules"].items if group["rules"].is_list else ():
            key = "alert" if "alert" in rule else "record"
            yield rule[key].text, rule.key_at(key)


def unchecked(document: YamlView) -> str:
    """Why an expression of the document is not parsed; empty if all are."""
    for group in document["groups"].items:
        for rule in group["rules"].items if group["rules"].is_list else ():
            if reason := promql.too_complex(rule["expr"].text):
                return reason
    return ""


def _expression(rule: YamlView, name: str) -> Iterator[Finding]:
    text = rule["expr"].text
    if "{{" in text or not text.strip():
        return
    try:
        promql.parse(text)
    except promql.TooComplexError:
        return  # `unchecked` names it
    except ValueError as error:
        reason = " ".join(str(error).split())[:160]
        yield _found("expression", Severity.HIGH, rule, "expr", name, f"{name}: not an expression: {reason}")


def _alert(rule: YamlView, name: str) -> Iterator[Finding]:
    if not rule["labels"]["severity"]:
        remedy = "labels: {severity: page}"
        yield _found(
            "severity",
            Severity.LOW,
            rule,
            "alert",
            name,
            f"{name} has no severity, and goes wherever the default route does",
            remedy,
        )
    if not rule["for"] and not rule["keep_firing_for"]:
        message = f"{name} has no `for:`: one slow scrape pages on-call"
        yield _found("for", Severity.LOW, rule, "alert", name, message, "for: 5m")
    if (
        not rule["annotations"]["summary"]
        and not rule["annotations"]["description"]
        and not rule["annotations"]["message"]
    ):
        message = f"{name} does not say what is wrong"
        yield _found("annotation", Severity.LOW, rule, "alert", name, message, "annotations: {summary: …}")


def settings(document: YamlView) -> Iterator[Finding]:
    """Rules that are not evaluated, and alerts that are not sent."""
    if not document["rule_files"].items:
        at = document.key_at("scrape_configs")
        yield found(
            "prometheus/no-rules", Severity.LOW, at, "no rule files configured: no alert is ever sent", anchor="rules"
        )
    elif not document["alerting"]["alertmanagers"].items:
        at = document.key_at("rule_files")
        yield found(
            "prometheus/no-alertmanager", Severity.MEDIUM, at, "no Alertmanager configured", anchor="alertmanagers"
        )
    names: set[str] = set()
    for job in document["scrape_configs"].items:
        name = job["job_name"].text
        if name in names:
            at = job.key_at("job_name")
            yield found(
                "prometheus/duplicate-job",
                Severity.HIGH,
                at,
                f"the job {name} is defined twice: Prometheus does not start",
                anchor=name,
            )
        names.add(name)


def routes(document: YamlView) -> Iterator[Finding]:
    """Routes to receivers that do not exist, and receivers without a notification."""
    known = {receiver["name"].text for receiver in document["receivers"].items}
    pending = [document["route"]]
    while pending:
        route = pending.pop()
        name = route["receiver"].text
        if name and name not in known:
            at = route["receiver"].at
            yield found(
                "prometheus/receiver", Severity.HIGH, at, f"there is no receiver {name!r}", anchor=f"receiver {name}"
            )
        pending += route["routes"].items if route["routes"].is_list else ()
    default = document["route"]["receiver"].text
    for receiver in document["receivers"].items:
        if receiver["name"].text == default and set(receiver.entries) <= {"name"}:
            message = f"the default receiver {default!r} sends no notifications"
            yield found("prometheus/silent-receiver", Severity.MEDIUM, receiver.key_at("name"), message, anchor=default)


def _found(
    rule: str, severity: Severity, view: YamlView, key: str, name: str, message: str, remedy: str = ""
) -> Finding:
    return found(
        f"prometheus/{rule}", severity, view.key_at(key), message, remedy, subject=name, anchor=f"{name} {rule}"
    )
