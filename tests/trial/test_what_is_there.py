"""What a trial finds out before it breaks anything: how services are asked, who needs whom, and what dies by itself."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from conftest import Try, left_behind
from stacks import APP, STORE, lay_out, small

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]
LATE = "import time; time.sleep({seconds}); import runpy; runpy.run_path('/weak.py', run_name='__main__')"


def late(seconds: int) -> str:
    """The small stack without healthchecks of the application, which listens after so many seconds."""
    document = yaml.safe_load(small())
    document["services"]["api"]["entrypoint"] = ["python3", "-c", LATE.format(seconds=seconds)]
    del document["services"]["api"]["healthcheck"]
    return yaml.safe_dump(document)


@pytest.mark.parametrize("seconds", [8, pytest.param(25, marks=pytest.mark.nightly)])
def test_an_application_that_listens_late_is_asked_what_it_answers(attempt: Try, tmp_path: Path, seconds: int) -> None:
    tried = attempt(lay_out(tmp_path / "late", late(seconds), [{"pause": {"service": "store", "duration": "2s"}}]))
    notes = tried.check("start")["notes"]
    assert "api is asked by GET :8080/" in notes, tried.out
    assert "api is asked by GET :8080/readyz" in notes
    assert ("listens", "api") not in tried.findings
    assert not [note for note in tried.check("outage")["notes"] if "not measured" in note]


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_the_same_seed_gives_the_same_plan_ten_times_however_late_it_listens(attempt: Try, tmp_path: Path) -> None:
    plans = set()
    for number in range(10):
        root = lay_out(tmp_path / str(number), late(3 * number))
        tried = attempt(root, "--trial-budget", "0", "--seed", "3")
        assert tried.report["seed"] == 3
        plans.add(tuple(n for c in tried.report["checks"] for n in c["notes"] if "budget" in n))
    assert len(plans) == 1, plans
    assert len(plans.pop()) == 8


CODE_ONLY = """
import http.server, socket
def ask():
    with socket.create_connection(("shelf", 6379), 1) as c:
        c.settimeout(1); c.sendall(b"PING\\r\\n"); return c.recv(64).startswith(b"+PONG")
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try: code = 200 if ask() else 503
        except OSError: code = 503
        self.send_response(code); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *a): pass
class S(http.server.ThreadingHTTPServer): daemon_threads = True; request_queue_size = 128
S(("", 8080), H).serve_forever()
"""


@pytest.mark.parametrize(
    "where", ["in a file that is mounted", pytest.param("in the image", marks=pytest.mark.nightly)]
)
def test_a_dependency_that_stands_in_code_alone_is_known(attempt: Try, tmp_path: Path, where: str) -> None:
    root = tmp_path / "code"
    web: dict[str, object] = {"ports": ["127.0.0.1:18080:8080"], "restart": "unless-stopped", "init": True}
    if where == "in the image":  # where nobody reads it: only the connections tell
        hidden = CODE_ONLY.replace('"shelf"', '"sh" + "elf"').encode().hex()
        web |= {"image": APP, "entrypoint": ["python3", "-c", f"exec(bytes.fromhex('{hidden}'))"]}
    else:
        web |= {"image": APP, "entrypoint": ["python3", "/app.py"], "volumes": ["./app.py:/app.py:ro"]}
    shelf = {"image": STORE, "entrypoint": ["valkey-server", "--protected-mode", "no", "--dir", "/data"],
             "volumes": ["data:/data"], "restart": "unless-stopped",
             "healthcheck": {"test": ["CMD", "valkey-cli", "ping"], "interval": "2s"}}  # fmt: skip
    document = {"services": {"web": web, "shelf": shelf}, "volumes": {"data": None}}
    lay_out(root, yaml.safe_dump(document), [{"pause": {"service": "shelf", "duration": "4s"}}])
    (root / "app.py").write_text(CODE_ONLY, "utf-8")
    tried = attempt(root)
    assert "blast-radius" not in {rule for rule, _ in tried.findings}, tried.out
    [outage] = tried.check("outage")["experiments"]
    assert outage["result"] in ("passed", "degraded"), outage["complaints"]
    assert not [note for note in tried.check("outage")["notes"] if "not measured" in note]


def test_an_anonymous_volume_goes_with_the_service_that_is_made_anew(attempt: Try, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "anonymous", small(volume=False, anonymous=True), [{"recreate": "store"}])
    tried = attempt(root)
    assert "data-loss" not in {rule for rule, _ in tried.findings}, tried.out
    [recreate] = tried.check("recovery")["experiments"]
    assert " 0 of " in f" {recreate['evidence']}", recreate
    assert "its anonymous volumes went with it" in recreate["evidence"]
    assert "no longer at" in recreate["evidence"]


def test_who_dies_by_itself_is_no_victim_of_a_fault(attempt: Try, tmp_path: Path) -> None:
    document = yaml.safe_load(small())
    mortal = {"image": APP, "entrypoint": ["sh", "-c", "sleep 14; exit 3"], "restart": "unless-stopped", "init": True}
    document["services"]["mortal"] = mortal
    faults = [{"crash": "store"}, {"pause": {"service": "store", "duration": "4s"}}, {"restart": "api"}]
    tried = attempt(lay_out(tmp_path / "mortal", yaml.safe_dump(document), faults))
    assert {service for _, service in tried.findings} == {"mortal"}, tried.out
    assert {rule for rule, _ in tried.findings} <= {"steady", "container-user"}
    [steady] = [f["message"] for f in tried.report["findings"] if f["rule"] == "trial/steady"]
    assert re.search(r"mortal: died 1[45]\.\d s after its start, with exit code 3", steady), steady


def test_a_server_that_answers_everything_is_not_taken_at_its_word(attempt: Try, tmp_path: Path) -> None:
    document = yaml.safe_load(small())
    code = CODE_ONLY.replace('"shelf"', '"store"').replace(
        "code = 200 if ask()", "code = 200 if self.path != '/ready' or ask()"
    )
    document["services"]["api"] |= {"entrypoint": ["python3", "-c", code]}
    document["services"]["api"]["healthcheck"] = {
        "test": [
            "CMD",
            "python3",
            "-c",
            "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/live', timeout=2)",
        ]
    }
    root = lay_out(tmp_path / "all", yaml.safe_dump(document), [{"pause": {"service": "store", "duration": "4s"}}])
    tried = attempt(root)
    asked = [note for note in tried.check("start")["notes"] if note.startswith("api is asked by")]
    assert asked == ["api is asked by GET :8080/live", "api is asked by GET :8080/ready"], tried.out
    assert ("endpoints", "api") not in tried.findings


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.nightly)])
def test_who_is_interrupted_leaves_reports(image: str, apps: None, tmp_path: Path, kind: int, times: int) -> None:
    root, reports = lay_out(tmp_path / "ok", small()), tmp_path / "reports"
    command = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", image, "--seed", "5"]
    command += ["--report-dir", str(reports), "--only", "trial"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    ignored = f"trap '' {signal.Signals(kind).name[3:]}; exec \"$@\""  # as a shell starts what runs in its background
    process = subprocess.Popen(
        ["sh", "-c", ignored, "sh", *command],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "looking at the running stack" in line:
            break
    for _ in range(times):
        os.killpg(process.pid, kind)
        time.sleep(0.3)
    process.communicate(timeout=120)
    assert process.returncode == 130
    report = json.loads((reports / "report.json").read_text("utf-8"))
    assert report["seed"] == 5
    assert report["interrupted"]
    assert left_behind() == []


def test_a_start_that_fails_says_who_waited_for_what(attempt: Try, tmp_path: Path) -> None:
    document = yaml.safe_load(small())
    document["services"]["store"]["healthcheck"] = {
        "test": ["CMD-SHELL", "echo no such table; exit 4"], "interval": "1s", "retries": 3,
    }  # fmt: skip
    tried = attempt(lay_out(tmp_path / "sick", yaml.safe_dump(document)))
    [finding] = [f for f in tried.report["findings"] if f["rule"] == "trial/start"]
    assert finding["subject"] == "store"
    message = finding["message"]
    assert "api waits for store to be healthy" in message
    assert "the healthcheck of store: `echo no such table; exit 4`" in message
    assert "its last run ended with exit code 4 and printed no such table" in message
