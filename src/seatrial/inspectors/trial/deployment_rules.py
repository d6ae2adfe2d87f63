"""The rules of wrong settings: what was done, what was seen, how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from seatrial.domain import Severity
from seatrial.inspectors.rules import Rule
from seatrial.lab.configuration.verdicts import GRACELESS, MESSAGES, FlawKind

from .checks import CONFIG_ERRORS, CONFIG_MESSAGES, MISSING_SECRETS

_FACTORS = "https://12factor.net/config"
_UNSAMPLED = "seen in a running stack only"


class _Row(NamedTuple):
    """A rule as its author writes it."""

    fault: FlawKind
    severity: Severity
    title: str
    what: str
    why: str
    fix: str
    source: str


def rules() -> Iterator[Rule[object]]:
    """The rules, each with the check whose answer has its findings."""
    for row in _ROWS:
        yield Rule(
            id=f"deployment/{row.fault}", checks=_checks(row.fault), severity=row.severity, title=row.title,
            what=row.what, why=row.why, fix=row.fix, source=row.source, unsampled=_UNSAMPLED,
        )  # fmt: skip


def _checks(fault: FlawKind) -> tuple[str, ...]:
    """The checks whose answers have its findings: what is about a missing secret has a check of its own."""
    if fault in MESSAGES:
        return (CONFIG_MESSAGES,)
    return (MISSING_SECRETS,) if fault in GRACELESS else (CONFIG_ERRORS, MISSING_SECRETS)


_ROWS = (
    _Row(
        FlawKind.STARTS_WITHOUT,
        Severity.HIGH,
        "No service starts without a setting that it needs",
        "Starts a copy of each service with one required setting unset, empty or blank, and sees it become ready.",
        "The deployment looks well, and the first request fails. An empty signing key lets an attacker forge sessions.",
        (
            "Check all settings before the first port is opened. `${NAME:?}` in the Compose file refuses a variable "
            "that is unset or empty."
        ),
        _FACTORS,
    ),
    _Row(
        FlawKind.STARTS_WRONG,
        Severity.MEDIUM,
        "No service starts with a setting that is wrong",
        (
            "Starts a copy of each service with one wrong value in a setting that its code reads. Examples are a port "
            "out of range, a word in place of a number, and a garbage URL. Unknown choices, odd booleans and short "
            "keys are guesses."
        ),
        "The service ignores what the operator wrote, or fails later at a request.",
        "Parse every setting at the start, and end with an error that names it.",
        _FACTORS,
    ),
    _Row(
        FlawKind.ENDS_WELL,
        Severity.MEDIUM,
        "A service that fails ends with an exit code other than 0",
        "Starts a copy of each service with one wrong setting, and sees it end with exit code 0.",
        "`restart: on-failure`, `service_completed_successfully` and pipelines take it for a success.",
        "Let errors reach the exit code. In shell scripts use `set -e` and `exec`.",
        "https://docs.docker.com/reference/compose-file/services/#restart",
    ),
    _Row(
        FlawKind.LOOPS,
        Severity.MEDIUM,
        "No container hides a crash loop",
        (
            "Starts a copy of each service with one wrong setting. Its program dies, and something inside the "
            "container starts it again."
        ),
        "The engine shows a running container, so no restart count and no alert shows the crash.",
        "Make the program the container's first process with `exec`, and leave restarts to `restart:`.",
        "https://docs.docker.com/engine/containers/start-containers-automatically/",
    ),
    _Row(
        FlawKind.NEVER_READY,
        Severity.LOW,
        "No service waits for ever with a setting that is wrong",
        "Starts a copy of each service with one wrong setting. It neither ends nor becomes ready, and names nothing.",
        "A deployment waits for its time-out, and the log does not say why.",
        "End with an error that names the setting.",
        _FACTORS,
    ),
    _Row(
        FlawKind.UNNAMED,
        Severity.MEDIUM,
        "The last message names the setting that is wrong",
        (
            "Reads the last lines of a service that ended because of one wrong setting. Lines of stack traces do not "
            "count, because they quote code."
        ),
        "`invalid literal for int()` does not say which of forty variables an operator has to correct.",
        'Name the variable: `sys.exit("PORT must be a number from 1 to 65535")`.',
        _FACTORS,
    ),
    _Row(
        FlawKind.DIES,
        Severity.MEDIUM,
        "No service dies without an optional secret",
        (
            "Starts a copy of each service without one secret that its code, its example or the configuration calls "
            "optional. The copy ends, does not become ready, or its health endpoint fails."
        ),
        "An expired key of a mail provider takes the whole shop down at the next restart.",
        "Start without it, say so in one warning, and answer with an error only where it is needed.",
        "https://sre.google/sre-book/addressing-cascading-failures/",
    ),
    _Row(
        FlawKind.HANGS,
        Severity.MEDIUM,
        "What needs an optional secret fails at once without it",
        (
            "Asks a copy without one optional secret the same questions as a copy with it. An answer with an error "
            "is right; no answer within 3 s is not."
        ),
        "A request that waits for ever holds a connection, a thread and a user.",
        "Check for the secret before the call, and answer with an error such as 503.",
        "https://sre.google/sre-book/addressing-cascading-failures/",
    ),
    _Row(
        FlawKind.REPEATS,
        Severity.LOW,
        "No service loops without an optional secret",
        "Looks for an error that the log of a copy without one optional secret has again and again within seconds.",
        "The log fills, and hides the errors that matter. Calls without a key may lock the account.",
        "Switch the feature off where its secret is missing, and log that once.",
        "https://12factor.net/logs",
    ),
    _Row(
        FlawKind.PRINTS,
        Severity.HIGH,
        "No error message has the value of a secret",
        "Looks for the values of secrets in what a service prints because of one wrong setting.",
        "Logs are shipped, kept and read by many.",
        "Name the variable only. Configuration libraries can hide inputs (pydantic: `hide_input_in_errors`).",
        "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html",
    ),
)
