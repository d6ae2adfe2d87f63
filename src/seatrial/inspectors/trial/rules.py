"""The rules of the trial: what was done, what was seen, how to fix it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seatrial.inspectors.rules import Rule
from seatrial.verdict import catalogue

from . import load_rules
from .answers import SEVERITY
from .checks import DEGRADATION, INSTANT, OUTAGE
from .load_rules import Row

_COMPOSE, _KUBERNETES = "https://docs.docker.com/reference/compose-file/services/", "https://kubernetes.io/docs/"
_PROBES = _KUBERNETES + "concepts/workloads/pods/probes/"
_UNSAMPLED = "seen in a running stack only"


def rules() -> Iterator[Rule[object]]:
    """The rules; those that are no check are seen while a fault is on."""
    yield from _made(_ROWS, "trial")
    yield from _made(load_rules.ROWS, "load")


def _made(rows: Iterable[Row], family: str) -> Iterator[Rule[object]]:
    checks = catalogue.load().by_id
    severities = {f"trial/{rule}": severity for rule, severity in SEVERITY.items()}
    for row in rows:
        rule = f"{family}/{row.name}"
        check = checks.get(rule)
        broken = rule in severities
        severity = severities[rule] if check is None or broken else check.severity
        yield Rule(
            id=rule, checks=(INSTANT, OUTAGE, DEGRADATION) if broken else (rule,), severity=severity,
            title=row.name.replace("-", " ").capitalize() if check is None else check.title,
            what=row.what, why=row.why, fix=row.fix, source=row.source, unsampled=_UNSAMPLED,
        )  # fmt: skip


_ROWS = (
    Row(
        "start",
        (
            "Starts the stack in its own Compose project, and waits until every service is healthy for two seconds. "
            "One-shot services may end with 0."
        ),
        (
            "What does not start here does not start in production either; a crash loop without a healthcheck looks "
            "well between two crashes."
        ),
        (
            "Read the service's log in `logs/` beside the report. Give every service a healthcheck, and what depends "
            "on another a `depends_on` with a condition."
        ),
        _COMPOSE + "#depends_on",
    ),
    Row(
        "second-up",
        "Runs `docker compose up` once more, with nothing changed, and looks for containers that were made anew.",
        "A deployment that changes nothing must interrupt nothing.",
        "Remove what differs at every start, such as a variable with the time or a generated file.",
        "https://docs.docker.com/reference/cli/docker/compose/up/",
    ),
    Row(
        "stop",
        "Sends every service its stop signal, and looks at the exit code and the time.",
        "A process that has to be killed loses what it was doing at every deployment.",
        "Handle SIGTERM; start the program without a shell (`exec` form) or with `init: true`, so that it gets it.",
        _COMPOSE + "#stop_grace_period",
    ),
    Row(
        "steady",
        "Asks every service twenty times a second before the first fault, and notes deaths that no fault explains.",
        "A stack that fails or dies by itself cannot be judged, and is not ready.",
        "Find what restarts or what answers late in the service's log in `logs/`.",
        _PROBES,
    ),
    Row(
        "as-declared",
        "Compares running containers with the file: privileges, capabilities, user, limits, mounts, devices.",
        "What is not in the file was not reviewed.",
        "Say it in the file, or find out what adds it.",
        _COMPOSE,
    ),
    Row(
        "container-user",
        "Reads the users of all processes of each container from the engine.",
        (
            "An attacker who exploits a program that runs as root has root in the container. A kernel flaw then gives "
            "the host. A program that drops root after its start is not reported."
        ),
        "`USER` with a number in the Dockerfile, or `user:` in the Compose file.",
        "https://docs.docker.com/build/building/best-practices/#user",
    ),
    Row(
        "listens",
        "Reads the kernel's table of listening sockets in each container, and compares it with `ports` and `expose`.",
        (
            "A published port without a listener, or with one on the container's loopback only, fails at the first "
            "request. A listening debugger runs code for every client that reaches it."
        ),
        "Listen on 0.0.0.0 inside the container and publish that port; start without the debugger.",
        "https://docs.docker.com/engine/network/port-publishing/",
    ),
    Row(
        "images",
        "Reads age and size of every image that runs.",
        "An old image misses its distribution's fixes; a large one is slow to roll out and to roll back.",
        "Build it anew at least monthly; build in stages and keep compilers out of the last one.",
        "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
    ),
    Row(
        "log-errors",
        "Looks for errors in the log of each service, from its start until everything is up.",
        "Operators overlook new errors among usual ones.",
        "Fix the cause, or give it the level that it has.",
        "https://12factor.net/logs",
    ),
    Row(
        "log-secrets",
        "Looks in every log for the secrets that the stack was given.",
        "Logs are shipped, kept and read by many.",
        "Do not log requests' headers, connection strings and environments; mask what has to be logged.",
        "https://owasp.org/www-project-top-ten/",
    ),
    Row(
        "environment-secrets",
        "Reads the environment of each container, and of its image.",
        (
            "Everybody who can pull an image can read all of it; the environment of a container is seen by `docker "
            "inspect`, by every child process and by many crash reports."
        ),
        "`secrets:` in the Compose file, and a variable with the path of the file (`*_FILE`); no `ENV` in Dockerfiles.",
        "https://docs.docker.com/compose/how-tos/use-secrets/",
    ),
    Row(
        "endpoints",
        (
            "Asks every service that speaks HTTP for the usual endpoints of liveness, readiness, start-up and "
            "dependencies, five times each."
        ),
        (
            "Without them an operator can only guess; one that takes more than a second fails where probes "
            "have Kubernetes' default time-out."
        ),
        "Answer `/healthz` from the process alone, and `/readyz` from what it needs, each with a short time-out.",
        _PROBES,
    ),
    Row(
        "recovery",
        "Measures the time from a fault's end until services are up and entry points answer ten times in a row.",
        "A service that does not recover by itself pages on-call.",
        (
            "A restart policy, clients that connect anew, and a healthcheck. After `recreate` a service has another "
            "address, as after an update: a client has to look its name up again for each new connection (nginx: "
            "`resolver 127.0.0.11 valid=5s;` and a variable in `proxy_pass`)."
        ),
        _COMPOSE + "#restart",
    ),
    Row(
        "availability",
        "Measures the share of good answers while a fault is on.",
        (
            "A crash of one process, or a slow network, should cost users a moment and no more; liveness must not "
            "depend on other services, or their outage restarts this one too."
        ),
        "Use timeouts and retries towards dependencies, and a liveness endpoint that depends on no other service.",
        _PROBES,
    ),
    Row(
        "hangs",
        "Counts time-outs among the failures of readiness while a dependency is away.",
        "A request that waits for ever holds a connection, a thread and a user.",
        "A time-out on every call to another service.",
        "https://sre.google/sre-book/addressing-cascading-failures/",
    ),
    Row(
        "data-loss",
        "Writes markers into the store before and during a fault, and reads them afterwards.",
        "The store had acknowledged them.",
        "A named volume where the store keeps its data, and its persistence turned on.",
        "https://docs.docker.com/engine/storage/volumes/",
    ),
    Row(
        "blast-radius",
        "Measures services that do not need the one that is broken.",
        "They share an undeclared dependency.",
        "Find what they share: a pool, a limit, a proxy, a volume. Declare or separate it.",
        "https://principlesofchaos.org/",
    ),
    Row(
        "restart-loop",
        "Counts how often a service dies in one experiment.",
        "A service that dies again and again is away as long as its dependency is, and longer.",
        "Wait and try again inside the program instead of ending.",
        _COMPOSE + "#restart",
    ),
    Row(
        "out-of-memory",
        "Listens for the engine's `oom` events.",
        "The kernel ended a process in the middle of its work.",
        "Find the leak, or give it the memory that it needs.",
        "https://docs.docker.com/engine/containers/resource_constraints/",
    ),
    Row(
        "dependent-died",
        "Watches services that need the one that is disturbed.",
        "A slow dependency must not end what depends on it.",
        "Catch the failure of a call, and answer with an error.",
        "https://sre.google/sre-book/addressing-cascading-failures/",
    ),
)
