"""The live checks that only look: what could not be looked at is not proven, and named."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest

from seatrial.domain import Answer, Confidence, Finding, Location, Severity, Status
from seatrial.domain.grading import GradedSubject, WeightedShare
from seatrial.inspectors.trial import checks, runtime
from seatrial.lab.model import Service, Stack
from seatrial.lab.observation import TrialObservation
from seatrial.lab.probes import Probe
from seatrial.lab.runtime import Listener, RuntimeFacts

HERE = (Listener("0.0.0.0", 8080),)


def answers(*seen: RuntimeFacts, **trial: Any) -> dict[str, Answer]:
    stack = Stack({one.service: Service(name=one.service, ports=(8080,), tcp_published=(8080,)) for one in seen})

    def finding(rule: str, service: str, text: str, severity: Severity, *_: Any) -> Finding:
        return Finding(
            rule=rule, severity=severity, confidence=Confidence.CONFIRMED, message=text,
            location=Location("compose.yaml", 1, 1), subject=service, anchor=service,
        )  # fmt: skip

    def answer(check: str, found: Iterable[Finding], **more: Any) -> Answer:
        basis = WeightedShare(tuple(GradedSubject(name) for name in more.pop("services")), "service")
        more["measurements"] = tuple(more.get("measurements", ()))
        return Answer.of_findings(check, found, basis=basis, **more)

    looking = runtime.Looking(TrialObservation(runtime=seen, **trial), stack, lambda line: line, finding, answer)
    return {a.check: a for a in looking.all()}


def test_all_that_runs_was_looked_at() -> None:
    found = answers(
        RuntimeFacts(service="a", users=("1000",), listeners=HERE),
        RuntimeFacts(service="b", users=("7",), listeners=HERE),
    )
    assert {a.status for c, a in found.items() if c != checks.ENDPOINTS} == {Status.PASS}
    assert {a.share for a in found.values()} == {Fraction(1)}


def test_a_container_that_cannot_be_inspected_is_not_proven() -> None:
    found = answers(
        RuntimeFacts(service="a", users=("1000",), listeners=HERE),
        RuntimeFacts(service="b", unseen="no such container"),
    )
    for check in (checks.USER, checks.LISTENS, checks.IMAGES, checks.ERRORS, checks.GIVEN):
        assert found[check].share == Fraction(1, 2)
        assert found[check].notes == ("b could not be looked at: no such container",)


def test_what_only_one_question_did_not_get_counts_there_alone() -> None:
    found = answers(RuntimeFacts(service="a", users=("1000",)), RuntimeFacts(service="b", listeners=HERE))
    assert found[checks.USER].share == found[checks.LISTENS].share == Fraction(1, 2)
    assert found[checks.USER].notes == ("b could not be looked at: the engine gave no reason",)
    assert found[checks.IMAGES].share == 1


def test_nothing_seen_is_an_error_of_ours() -> None:
    found = answers(RuntimeFacts(service="a", unseen="gone"))
    assert {a.status for c, a in found.items() if c != checks.ENDPOINTS} == {Status.ERROR}


def test_endpoints_that_nobody_asked_for_are_not_missing() -> None:
    asked = {"probes": {"a": Probe("a", "http", 8080, "/")}, "entries": ("a",)}
    here = RuntimeFacts(service="a", listeners=HERE)
    assert answers(here, **asked)[checks.ENDPOINTS].status is Status.FAIL
    assert answers(here, unsteady="a answers GET :8080/ with 500", **asked)[checks.ENDPOINTS].status is Status.SKIP


def test_a_network_of_others_is_no_gap() -> None:
    shared = RuntimeFacts(service="b", users=("7",), own_network=False)
    assert answers(RuntimeFacts(service="a", listeners=HERE), shared)[checks.LISTENS].share == 1
    assert answers(shared)[checks.LISTENS].status is Status.NA


def test_a_published_port_that_nobody_serves() -> None:
    [found] = answers(RuntimeFacts(service="a", listeners=(Listener("127.0.0.1", 8080),)))[checks.LISTENS].findings
    assert found.message == "publishes port 8080, but the process listens on the container's loopback only"


@pytest.mark.parametrize(
    ("port", "environment", "reported"),
    [
        (8000, {}, False),
        (8000, {"JAVA_TOOL_OPTIONS": "-agentlib:jdwp=transport=dt_socket,server=y,address=*:8000"}, True),
        (8000, {"JPDA_ADDRESS": "8000"}, True),
        (4444, {"SE_NODE_MAX_SESSIONS": "2"}, False),
        (9999, {}, False),
        (9999, {"JAVA_OPTS": "-Dcom.sun.management.jmxremote.port=9999"}, True),
        (5678, {}, True),
        (9229, {}, True),
    ],
)
def test_a_port_that_other_programs_use_is_a_debuggers_only_by_the_settings(
    port: int, environment: dict[str, str], reported: bool
) -> None:
    facts = RuntimeFacts(service="a", users=("1000",), listeners=(*HERE, Listener("0.0.0.0", port)), given=environment)
    found = answers(facts)[checks.LISTENS].findings
    assert [f.severity for f in found] == ([Severity.HIGH] if reported else [])


@pytest.mark.parametrize(
    ("port", "answered", "text"),
    [
        (5005, "HTTP", ""),
        (9229, "HTTP", ""),
        (9229, "the Node.js inspector", "listens on port 9229 (the Node.js inspector) on all interfaces"),
        (8000, "JDWP", "listens on port 8000 (JDWP) on all interfaces"),
        (5678, "JDWP", "listens on port 5678 (JDWP) on all interfaces"),
    ],
)
def test_what_answers_on_a_debuggers_port_decides(port: int, answered: str, text: str) -> None:
    facts = RuntimeFacts(service="a", users=("1000",), listeners=(*HERE, Listener("0.0.0.0", port)))
    found = answers(facts, spoken={("a", port): answered})[checks.LISTENS].findings
    assert [f.message for f in found] == ([f"{text}, undeclared in the Compose file"] if text else [])
