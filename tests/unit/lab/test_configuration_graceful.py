"""What an optional secret that is missing may cost, from the answers of a copy with it and of one without it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from seatrial.lab.configuration import graceful
from seatrial.lab.configuration.graceful import Answered, Behaviour
from seatrial.lab.configuration.operators import Mutant, Operator
from seatrial.lab.configuration.references import Interpolation
from seatrial.lab.configuration.variables import Need, ServiceVariable, SettingKind
from seatrial.lab.configuration.verdicts import FlawKind, Ran, classify, fault_of
from seatrial.lab.probes import Probe


def secret(name: str = "MAIL_API_KEY", **more: Any) -> ServiceVariable:
    known = {"content": SettingKind.SECRET, "need": Need.OPTIONAL, "because": "seen", "value": "x"} | more
    return ServiceVariable(service="api", name=name, **known)


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        (secret(), True), (secret(need=Need.DEFAULTED), True), (secret(need=Need.REQUIRED), False),
        (secret(because=""), False), (secret("TITLE", content=SettingKind.TEXT), False),
        (secret("SENTRY_DSN", content=SettingKind.URL), True),
        (secret("SLACK_WEBHOOK_URL", content=SettingKind.URL), True),
        (secret("API_URL", content=SettingKind.URL), False),
        (secret("MAIL_KEY_FILE", content=SettingKind.FILE, path="/run/secrets/mail"), True),
    ],
)  # fmt: skip
def test_an_optional_secret_is_one_of_which_something_says_so(variable: ServiceVariable, *, expected: bool) -> None:
    assert graceful.is_optional(variable) is expected


@pytest.mark.parametrize(
    ("operator", "given", "expected"),
    [
        (Operator.UNSET, None, True), (Operator.EMPTY, None, False), (Operator.EMPTY, Interpolation("MAIL"), True),
        (Operator.EMPTY, Interpolation("MAIL", ":-", "x"), False), (Operator.MISSING_FILE, None, True),
        (Operator.BLANK, Interpolation("MAIL"), False),
    ],
)  # fmt: skip
def test_who_has_no_secret_leaves_it_out(operator: Operator, given: Interpolation | None, *, expected: bool) -> None:
    assert graceful.forgotten(Mutant(secret(given=given), operator)) is expected


GOOD, REFUSED, SILENT = Answered(200), Answered(503), Answered()
HEALTH, MAIL = "GET :80/healthz", "GET :80/mail"
LIVE = "GET :80/livez"
CONTROL = Ran(ready=True, behaviour=Behaviour({HEALTH: GOOD, MAIL: GOOD}, (HEALTH,)))
ERROR = "ERROR: no key\n"


@pytest.mark.parametrize(
    ("ran", "fault"),
    [
        (Ran(ready=True, behaviour=Behaviour({HEALTH: GOOD, MAIL: REFUSED}, (HEALTH,))), None),
        (Ran(ready=True, behaviour=Behaviour({HEALTH: GOOD, MAIL: SILENT}, (HEALTH,))), FlawKind.HANGS),
        (Ran(ready=True, behaviour=Behaviour({HEALTH: Answered(500), MAIL: REFUSED}, (HEALTH,))), FlawKind.DIES),
        (Ran(ready=True, text=ERROR * 5, behaviour=Behaviour({HEALTH: GOOD}, (HEALTH,))), FlawKind.REPEATS),
        (Ran(ready=True, text=ERROR, behaviour=Behaviour({HEALTH: GOOD}, (HEALTH,))), None),
        (Ran(exit_code=1, text="MAIL_API_KEY is missing"), FlawKind.DIES),
        (Ran(exit_code=0), FlawKind.DIES),
        (Ran(), FlawKind.DIES),
    ],
)
def test_only_the_feature_that_needs_it_may_fail(ran: Ran, fault: FlawKind | None) -> None:
    assert fault_of(classify(Mutant(secret(), Operator.UNSET), ran, CONTROL, [])) is fault


@pytest.mark.parametrize(
    ("ran", "fault"),
    [
        (Ran(exit_code=1, text="MAIL_API_KEY is missing"), None),
        (Ran(exit_code=1, text="no key"), FlawKind.UNNAMED),
        (Ran(ready=True, behaviour=Behaviour({HEALTH: GOOD, MAIL: SILENT}, (HEALTH,))), FlawKind.HANGS),
    ],
)
def test_a_service_may_need_a_secret_that_its_code_only_asks_for(ran: Ran, fault: FlawKind | None) -> None:
    """A read without a default hints that it is optional; its end shows that it is not."""
    assert fault_of(classify(Mutant(secret(sure=False), Operator.UNSET), ran, CONTROL, [])) is fault


def test_a_service_that_refuses_an_empty_optional_secret_and_names_it_is_right() -> None:
    ran = Ran(exit_code=1, text="MAIL_API_KEY must not be empty")
    assert fault_of(classify(Mutant(secret(), Operator.EMPTY, ""), ran, CONTROL, [])) is None


def test_any_known_health_endpoint_shows_a_service_that_is_dead() -> None:
    """It is asked for liveness at `/`, and its orchestrator asks elsewhere."""
    control = Ran(ready=True, behaviour=Behaviour({"GET :80/": GOOD, LIVE: GOOD}, ("GET :80/", LIVE)))
    ran = Ran(ready=True, behaviour=Behaviour({"GET :80/": GOOD, LIVE: Answered(500)}, ("GET :80/", LIVE)))
    assert fault_of(classify(Mutant(secret(), Operator.UNSET), ran, control, [])) is FlawKind.DIES


def test_a_question_that_the_control_does_not_answer_either_shows_nothing() -> None:
    control = Ran(ready=True, behaviour=Behaviour({HEALTH: GOOD, MAIL: SILENT}, (HEALTH,)))
    ran = Ran(ready=True, behaviour=Behaviour({HEALTH: GOOD, MAIL: SILENT}, (HEALTH,)))
    assert fault_of(classify(Mutant(secret(), Operator.UNSET), ran, control, [])) is None


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/hangs":
            self.server.released.wait(20)  # type: ignore[attr-defined]
        body = b'{"status": "degraded"}'
        self.send_response(503 if self.path in ("/mail", "/readyz") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.released = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.released.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


def test_answers_refusals_and_silence_are_told_apart(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graceful, "LOOK", 0.0)
    monkeypatch.setattr(graceful, "PATIENCE", 0.5)
    health, mail, hangs = (Probe("api", "http", port, path) for path in ("/healthz", "/mail", "/hangs"))
    seen = graceful.behave("127.0.0.1", [mail, hangs], health)
    assert seen.health[0] == str(health)
    assert set(seen.health) <= seen.answers.keys()
    assert seen.answers[str(mail)] == Answered(503, degraded=True)
    assert seen.answers[str(hangs)] == Answered()
    assert seen.answers[str(health)] == Answered(200, degraded=True)
    assert graceful.says_so(seen, Behaviour())


def test_a_service_that_is_not_ready_without_an_optional_secret_is_dead(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graceful, "LOOK", 0.0)
    health, ready = (Probe("api", "http", port, path) for path in ("/healthz", "/readyz"))
    without = graceful.behave("127.0.0.1", [], health)
    control = Behaviour({**without.answers, str(ready): GOOD}, without.health)
    assert graceful.is_dead(without, control)
    assert not graceful.is_dead(without, without), "with the secret it is not ready either"
