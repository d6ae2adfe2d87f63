"""Which questions are found, which of them depend on what, and what is said where none does."""

from __future__ import annotations

import datetime as dt
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tried import sample

from seatrial.inspectors.trial.routes import read
from seatrial.lab import questions, routes
from seatrial.lab.calibration import Reach, noticed
from seatrial.lab.endpoints import PATHS
from seatrial.lab.experiment import asked_alone
from seatrial.lab.faults.base import Expectation
from seatrial.lab.healthchecks import of_file, quickened
from seatrial.lab.measure import Sample
from seatrial.lab.probes import Probe
from seatrial.lab.questions import candidates, chosen, linked, of_document
from seatrial.lab.voices import Voices
from seatrial.system.source import open_tree

CODE = {
    "flask/app.py": '@app.route("/items")\ndef a(): ...\n@app.route("/orders", methods=["POST"])\ndef b(): ...\n'
    '@app.get("/things/<int:id>")\ndef c(): ...\n@app.get("/logout")\ndef d(): ...\n',
    "fastapi/main.py": 'router = APIRouter(prefix="/api/v1")\n@router.get("/users")\nasync def users(): ...\n',
    "django/urls.py": 'urlpatterns = [path("polls/", views.index), path("api/", include("api.urls"))]\n',
    "express/server.js": "app.get('/products', list)\nrouter.get('/products/:id', one)\napp.post('/x', y)\n",
    "spring/Items.java": '@RequestMapping("/api")\nclass Items { @GetMapping("/items") List<Item> all() {} }\n',
    "gin/main.go": 'v1 := r.Group("/v1")\nv1.GET("/ping-db", h)\nhttp.HandleFunc("GET /stock", h)\n',
    "rails/routes.rb": "get '/posts', to: 'posts#index'\n",
    "laravel/web.php": "Route::get('/invoices', [C::class, 'index']);\n",
    "tests/test_app.py": '@app.get("/only-in-tests")\ndef t(): ...\n',
}


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("flask", {"/items"}),
        ("fastapi", {"/users", "/api/v1/users"}),
        ("django", {"/polls/", "/api/polls/"}),
        ("express", {"/products"}),
        ("spring", {"/items", "/api/items"}),
        ("gin", {"/ping-db", "/v1/ping-db", "/stock", "/v1/stock"}),
        ("rails", {"/posts"}),
        ("laravel", {"/invoices"}),
        ("flask/app.py", {"/items"}),
        ("tests", set()),
    ],
)
def test_routes_are_read_from_the_code_of_a_folder(folder: str, expected: set[str], tmp_path: Path) -> None:
    for path, text in CODE.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    assert set(routes.below(read(open_tree(tmp_path)), folder)) == expected


NESTED = {
    "gin/main.go": ('api := r.Group("/api")\nv1 := api.Group("/v1")\nv1.GET("/stock", h)\n', "/api/v1/stock"),
    "dj/shop/urls.py": ('urlpatterns = [path("catalog/", include("shop.catalog"))]\n', None),
    "dj/shop/catalog.py": (
        'urlpatterns = [path("products/", v), re_path(r"^new/$", v), path("", v)]\n', "/catalog/products/",
    ),
    "drf/urls.py": (
        'router.register(r"books", Books)\nurlpatterns = [path("api/", include(router.urls))]\n', "/api/books/",
    ),
    "ex/app.js": ("app.use('/products', require('./routes/products'))\n", None),
    "ex/routes/products.js": ("const products = express.Router()\nproducts.get('/all', list)\n", "/products/all"),
    "ex/routes/users.js": ("router.route('/users').get(all).post(one)\n", "/users"),
    "nest/cats.controller.ts": ("@Controller('cats')\nclass Cats {\n  @Get()\n  all() {}\n}\n", "/cats"),
    "nest/main.ts": ("app.setGlobalPrefix('api')\n", None),
    "fa/main.py": ('app.include_router(items.router, prefix="/items")\n', None),
    "fa/routers/items.py": ('@router.get("/")\nasync def every(): ...\n', "/items/"),
    "sp/Items.java": ('@RequestMapping("/items")\nclass A {\n  @GetMapping\n  List<Item> all() {}\n}\n', "/items"),
    "ra/routes.rb": ("resources :posts\n", "/posts"),
}  # fmt: skip


def test_prefixes_of_routers_in_routers_and_of_other_files_are_tried(tmp_path: Path) -> None:
    for path, (text, _) in NESTED.items():
        (tmp_path / path).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / path).write_text(text)
    found = read(open_tree(tmp_path))
    for path, (_, expected) in NESTED.items():
        if expected is not None:
            assert expected in routes.below(found, path), path
    assert {"/catalog/", "/catalog/new/"} <= set(routes.below(found, "dj"))
    assert "/api/cats" in routes.below(found, "nest")
    assert not any("products" in path for path in routes.below(found, "gin"))
    sure = [r.path for r in found if r.file == "dj/shop/catalog.py" and not r.guesses]
    assert routes.below(found, "dj/shop/catalog.py")[: len(sure)] == tuple(
        sorted(sure, key=lambda p: (p.count("/"), len(p), p))
    )


@pytest.mark.timeout(20)
def test_many_routes_and_prefixes_end(tmp_path: Path) -> None:
    for number in range(300):
        lines = [f'@app.get("/r{n}")\ndef r{n}(): ...\n' for n in range(40)] + [f'prefix="/p{n}"\n' for n in range(60)]
        (tmp_path / f"m{number}.py").write_text("".join(lines))
    assert len(read(open_tree(tmp_path))) <= 2000


def test_an_openapi_document_gives_what_can_be_asked() -> None:
    parameters = [{"name": "id", "in": "path", "required": True, "example": 7}]
    query = {"name": "q", "in": "query", "required": True}
    document = {
        "basePath": "/v2",
        "paths": {
            "/items": {"get": {}, "post": {}},
            "/items/{id}": {"parameters": parameters, "get": {}},
            "/secret/{key}": {"get": {"parameters": [{"name": "key", "in": "path", "required": True}]}},
            "/search": {"get": {"parameters": [query | {"schema": {"default": "a"}}]}},
            "/me": {"get": {"parameters": [{"name": "X-Token", "in": "header", "required": True}]}},
            "/odd": {"get": {"parameters": [query | {"example": "a\r\nX: y"}]}},
            "broken": {"get": {}},
            "/none": None,
        },
    }  # fmt: skip
    assert list(of_document(document)) == ["/v2/items", "/v2/items/7", "/v2/search?q=a"]
    assert list(of_document([])) == []


def test_links_of_a_page_and_of_a_sitemap() -> None:
    page = (
        b"<a href='/shop'>x</a><form action=\"/find\"><a href='https://other.example/'><loc>https://a.example/b</loc>"
    )
    assert list(linked(page)) == ["/shop", "/find", "/b"]


class _Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages = {"/": b'<a href="/items">', "/items": b"[]", "/broken": b"", "/readyz": b"ok"}
        self.send_response(500 if self.path == "/broken" else 200 if self.path in pages else 404)
        self.end_headers()
        self.wfile.write(pages.get(self.path, b""))

    def log_message(self, *_: object) -> None:
        """Nothing."""


TELLING = [*PATHS["dependency"], *PATHS["readiness"]]


class _Anything(_Shop):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[1]" if self.path == "/api" else b"<app/>")


@pytest.fixture
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), request.param)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("port", "expected"),
    # Whoever answers everything alike is asked for what may depend on something: calibration tells whether it does.
    [(_Shop, ["/items", "/", "/readyz"]), (_Anything, ["/api", *TELLING[:7]])],
    indirect=["port"],
)
def test_candidates_are_what_the_server_answers_well(port: int, expected: list[str]) -> None:
    found = candidates(Probe("shop", "http", port, "/healthz"), "127.0.0.1", ("/broken", "/api", "/missing"))
    assert [p.path for p in found] == expected
    assert all(p.question and p.ready for p in found)


def test_a_harmful_address_is_never_asked() -> None:
    for path in ("/logout", "/users/delete", "/api/reset-password", "/admin/shutdown", "/events", "/a.css"):
        assert routes.HARMFUL.search(path), path
    for path in ("/items", "/api/v1/users", "/products", "/orders", "/status"):
        assert not routes.HARMFUL.search(path), path


def samples(*latencies: float, bad: int = -1) -> list[Sample]:
    return [sample(n * 0.5, latency, "ok" if n != bad else "http500") for n, latency in enumerate(latencies)]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (samples(0.01, 0.01, 0.01, 0.01, 0.01), False),
        (samples(0.01, 0.01, 1.4, 0.01, 0.01), True),
        (samples(0.01, 0.01, 0.01, 0.01, 0.01, bad=3), True),
        (samples(0.9, 0.9, 0.95, 0.9, 0.9), False),
        (samples(0.01, 0.01), False),
    ],
)
def test_a_question_depends_on_what_it_waits_for(seen: list[Sample], expected: bool) -> None:
    assert noticed(seen, 1.0, 2.5) is expected


def test_the_fewest_questions_that_reach_everything_are_chosen() -> None:
    health = Probe("api", "http", 80, "/health")
    items, users, page = (Probe("api", "http", 80, path, ready=True, question=True) for path in ("/items", "/u", "/"))
    reach = {"db": frozenset({items, users}), "cache": frozenset({users, page}), "queue": frozenset({health})}
    assert chosen([items, users, page], reach, [health]) == (items, users)
    assert chosen([items, users, page], reach, [health, items]) == (users,)
    assert Reach(reach, {}).asks("api", "db")
    assert not Reach(reach, {}).asks("worker", "db")


def test_a_liveness_probe_that_reaches_a_dependency_is_not_enough() -> None:
    """Its time-out is a second, so only a question with more patience shows whether requests hang."""
    alive = Probe("wordpress", "http", 80, "/")
    page = Probe("wordpress", "http", 80, "/", ready=True, question=True)
    assert chosen([page], {"db": frozenset({alive, page})}, [alive]) == (page,)


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ({"interval": "5s", "retries": 3}, {"interval": "1s", "retries": 15}),
        ({"interval": "1m30s"}, {"interval": "1s", "retries": 270}),
        ({}, {"interval": "1s", "retries": 90}),
        ({"interval": "500ms", "retries": 3}, None),
    ],
)
def test_a_quicker_healthcheck_gives_up_no_sooner(check: dict[str, object], expected: object) -> None:
    assert of_file(check) == expected
    assert quickened(2.5, 4) == {"interval": "1s", "retries": 10}


def test_one_request_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert questions.ask("127.0.0.1", 1, "/") == questions.Reply(0)
    assert questions.ask("127.0.0.1", 1, "/a b\r\nX: y") == questions.Reply(0)


class _Container:
    def __init__(self, said: bytes | None) -> None:
        self.said = said

    def logs(self, **_: object) -> bytes:
        if self.said is None:
            raise OSError("the engine is away")
        return self.said


class _Project:
    said: bytes | None = b""

    def containers(self, _service: str) -> list[_Container]:
        return [_Container(self.said)]


def printed(lines: int, seconds: float, text: str = "did a job") -> bytes:
    """A log of the last seconds, with the engine's stamps; the lines are evenly spread."""
    now = dt.datetime.now(dt.UTC)
    moments = (now - dt.timedelta(seconds=seconds * (n + 0.5) / lines) for n in range(lines))
    return "".join(f"{moment:%Y-%m-%dT%H:%M:%S.%f}123Z {text}\n" for moment in moments).encode()


@pytest.mark.parametrize(
    ("later", "verdict"),
    [
        (lambda: b"", "silent"),
        (lambda: None, "fine"),
        (lambda: printed(10, 5.0), "fine"),
        (lambda: printed(1, 5.0), "slow"),
        (lambda: printed(50, 3.0, "ERROR: no broker"), "loud"),
    ],
    ids=["nothing", "not to be read", "as before", "much less", "errors"],
)
def test_what_a_log_tells_after_a_fault(later: Callable[[], bytes | None], verdict: str) -> None:
    project: Any = _Project()
    voices = Voices(project, ["worker"])
    project.said = printed(60, 6.0)
    voices._listened(6.0)
    voices.regular = frozenset({"worker"})
    rates = voices.rates()
    project.said = later()
    found, _ = voices.troubles(20.0, rates)
    assert [verdict] == ["silent" if t.silent else "slow" if t.slow else "loud" for t in found] or (
        verdict == "fine" and not found
    )


def test_lines_of_a_start_make_nobody_regular() -> None:
    project: Any = _Project()
    voices = Voices(project, ["worker"])
    project.said = printed(60, 0.5)
    voices._listened(6.0)
    assert not voices.usual["worker"].regular
    project.said = printed(9, 6.0)
    voices._listened(6.0)
    assert voices.usual["worker"].regular


def test_a_service_that_was_silent_right_before_a_fault_is_not_missed_afterwards() -> None:
    project: Any = _Project()
    voices = Voices(project, ["worker"])
    project.said = printed(60, 6.0)
    voices._listened(6.0)
    voices.regular = frozenset({"worker"})
    project.said = b""
    assert voices.troubles(20.0, voices.rates()) == ((), True)


@pytest.mark.parametrize(
    ("kind", "target", "alone"),
    [
        (Expectation.OUTAGE, "db", {"web"}),
        (Expectation.OUTAGE, "cache", {"web"}),
        (Expectation.DEGRADE, "db", {"web"}),
        (Expectation.DEGRADE, "cache", set()),  # no question to it waits for that one
        (Expectation.INSTANT, "db", set()),
    ],
)
def test_the_liveness_of_few_workers_is_asked_alone_while_questions_may_wait(
    kind: Expectation, target: str, alone: set[str]
) -> None:
    orders = Probe("web", "http", 80, "/orders", ready=True, question=True)
    reach = Reach({"db": frozenset({orders}), "cache": frozenset()}, {}, frozenset({"web"}))
    assert asked_alone(kind, target, reach) == alone
