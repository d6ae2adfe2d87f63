"""
What an optional secret that is missing may cost: the feature that needs it, and nothing else.

A copy without the secret becomes ready. It is asked the same questions as the control: an answer with an error is
right, an answer that does not come is not. Its log must not have the same error again and again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException

from seatrial.lab.probes import LIVENESS, READINESS, Probe

from .operators import LOST, Mutant, Operator
from .variables import Need, ServiceVariable, SettingKind

PATIENCE = 3.0
"""Seconds in which a question has to be answered; the same that operations have in the experiments."""
LOOK = 2.0
"""Seconds of the log, after the copy is ready, in which errors are counted."""
_MOST = 6  # questions
_BODY = 64 * 1024
_ADDRESS = re.compile(r"(?:^|_)(?:WEBHOOK|WEBHOOK_URL|HOOK_URL|DSN)$")
"""Names of variables whose address is a secret: everyone who has it can use it."""
_DEGRADED = re.compile(rb"degraded|disabled|unavailable|not configured|missing|\bwarn", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answered:
    """What one question came to."""

    status: int = 0
    """0: no answer within the time."""
    degraded: bool = False
    """Whether it says that something is missing."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a copy behaved once it was ready."""

    answers: Mapping[str, Answered] = field(default_factory=dict)
    """By question, such as `GET :8080/mail`."""
    health: tuple[str, ...] = ()
    """Those of the questions that ask whether it lives, or is ready."""


def is_secret(variable: ServiceVariable) -> bool:
    """Whether a setting holds a secret: by its name, as a mounted secret, or as an address that is one."""
    address = variable.content is SettingKind.URL and _ADDRESS.search(variable.name) is not None
    return variable.is_secret or variable.path.startswith("/run/secrets/") or address


def is_optional(variable: ServiceVariable) -> bool:
    """Whether it is a secret that the service can do without, by its own word."""
    return is_secret(variable) and variable.known and variable.need in (Need.OPTIONAL, Need.DEFAULTED)


def forgotten(mutant: Mutant) -> bool:
    """Whether it is what happens where an operator has no such secret: Compose makes `${NAME}` an empty variable."""
    given = mutant.variable.given
    if mutant.operator is Operator.EMPTY:
        return given is not None and not given.operator
    return mutant.operator in LOST


def behave(address: str, questions: Sequence[Probe], health: Probe | None) -> Behaviour:
    """Ask every question once, and leave the copy alone for a while."""
    began = time.monotonic()
    asked = {str(probe): _ask(address, probe) for probe in questions[:_MOST]}
    alive: list[Probe] = []
    if health is not None and health.kind == "http":
        alive = [
            health,
            *(replace(health, path=path, usual=0) for path in (*LIVENESS, *READINESS) if path != health.path),
        ]
    asked |= {str(probe): _ask(address, probe) for probe in alive if str(probe) not in asked}
    time.sleep(max(0.0, began + LOOK - time.monotonic()))
    return Behaviour(asked, tuple(map(str, alive)))


def _ask(address: str, probe: Probe) -> Answered:
    connection = HTTPConnection(address, probe.port, timeout=PATIENCE)
    try:
        connection.request("GET", probe.path)
        reply = connection.getresponse()
        return Answered(reply.status, _DEGRADED.search(reply.read(_BODY)) is not None)
    except (OSError, HTTPException, ValueError):
        return Answered()
    finally:
        connection.close()


def hanging(behaviour: Behaviour, control: Behaviour) -> tuple[str, ...]:
    """The questions that the control answers, and the copy does not in time."""
    return tuple(
        question
        for question, answer in behaviour.answers.items()
        if not answer.status and control.answers.get(question, Answered()).status
    )


def is_dead(behaviour: Behaviour, control: Behaviour) -> bool:
    """Whether a health endpoint fails without the secret, and does not with it."""
    pairs = (
        (behaviour.answers.get(q, Answered()).status, control.answers.get(q, Answered()).status) for q in control.health
    )
    return any(mine >= 500 and 200 <= others < 400 for mine, others in pairs)


def says_so(behaviour: Behaviour, control: Behaviour) -> bool:
    """Whether any answer says that something is missing, where the control's does not."""
    return any(a.degraded and not control.answers.get(q, Answered()).degraded for q, a in behaviour.answers.items())
