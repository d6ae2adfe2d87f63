"""The image as the Actions runner runs it: every event, a hostile workspace, a cancelled job, an odd machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from events import BASE, EVENTS, HEAD, PULL
from runner import DOCKER, ROOT, USER, Machine, Result, Running, Step, commands, post, run, start
from server import Account, Hub

from seatrial.ci.github.outputs import OUTPUTS

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

EXAMPLES = ROOT / "examples"
SIZE_LIMIT = 400 * 10**6  # bytes, unpacked, without the two linters' programs; every job pulls it
LINTERS = ("/opt/seatrial/bin/hadolint", "/opt/seatrial/bin/zizmor")
QUIET = {"quiet": "true"}
Files = dict[str, str]


def check_out(machine: Machine, example: str = "storefront", files: Files | None = None) -> None:
    """A repository as actions/checkout leaves it: all in the last of two commits, owned by the runner's user."""
    unwanted = shutil.ignore_patterns(".ruff_cache", "__pycache__", "seatrial-report")
    if example:
        shutil.copytree(EXAMPLES / example, machine.workspace, dirs_exist_ok=True, ignore=unwanted)
    for name, text in (files or {}).items():
        path = machine.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    commit = ["-c", "user.name=mona", "-c", "user.email=mona@acme.example", "commit", "--quiet"]
    before, everything = [*commit, "--allow-empty", "-m", "before"], [*commit, "-m", "all"]
    for words in (["init", "--quiet"], before, ["add", "--all"], everything):
        subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", str(machine.workspace), *words], check=True, capture_output=True
        )
    machine.lay_out()


def started(machine: Machine, event: str, **more: Any) -> Step:
    """A step that the event starts, based on the first commit: without a base a pull request has no policy."""
    words = ["git", "-c", "safe.directory=*", "-C", str(machine.workspace), "rev-parse", "HEAD~1"]
    base = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    kind = EVENTS[event]
    return replace(kind, payload=json.loads(json.dumps(kind.payload).replace(BASE, base))).step(**more)


def reports(machine: Machine) -> Path:
    return machine.workspace / "seatrial-report"


def verdict(machine: Machine) -> str:
    told: str = json.loads((reports(machine) / "report.json").read_text("utf-8"))["gate"]["verdict"]
    return told


def foreign(machine: Machine) -> list[str]:
    """Everything in the work folder that does not belong to the workspace's owner."""
    owner = machine.workspace.stat()
    return [
        str(path.relative_to(machine.work))
        for path in machine.work.rglob("*")
        if (path.lstat().st_uid, path.lstat().st_gid) != (owner.st_uid, owner.st_gid)
    ]


def clean(machine: Machine) -> None:
    """What the next checkout does, as the runner's user."""
    user, group = USER if os.geteuid() == 0 else (None, None)
    subprocess.run(
        ["git", "-C", str(machine.workspace), "clean", "-ffdx"],
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(machine.home)},
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


def until(condition: Callable[[], bool], within: float = 60) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_runs_and_the_exit_code_is_the_gate(machine: Machine, event: str) -> None:
    check_out(machine)
    step = started(machine, event)
    result = run(machine, step)
    assert result.exit_code == 0, result.log
    assert verdict(machine) == "PASSED"
    assert result.environment == {}
    assert "Traceback" not in result.log
    everything = [path.read_bytes() for path in reports(machine).iterdir()]
    assert [text for text in (result.log.encode(), *everything) if step.token.encode() in text] == []


READ_ONLY = ("fork", "deleted fork", "Dependabot")
"""Events for which GitHub gives a job a token that only reads."""


@pytest.mark.parametrize("event", EVENTS)
def test_a_closed_gate_fails_the_step_and_is_told_wherever_the_event_allows(
    machine: Machine, hub: Hub, event: str
) -> None:
    check_out(machine, "storefront-leaky")
    hub.open_pull(PULL, HEAD)
    step = started(machine, event)
    hub.accounts[step.token] = Account("github-actions[bot]", "Bot", writes=event not in READ_ONLY)
    result = run(machine, step)
    assert result.exit_code == 1, result.log
    assert verdict(machine) == "CLOSED"
    assert result.summary.startswith("### ❌ Not ready: ")
    assert result.outputs.keys() == OUTPUTS.keys()
    assert result.outputs["verdict"] == "CLOSED"
    assert float(result.outputs["proven"]) <= float(result.outputs["score"]) < 50, "criticals are open"
    assert (machine.workspace / result.outputs["report_json"]).is_file()
    heard = [line for line in commands(result.log) if line.startswith("::error ")]
    assert heard[0].startswith("::error title=Seatrial%3A gate closed%3A ")
    assert len(heard) == 10
    comments = hub.bodies(PULL)
    if event in ("pull_request", "push"):  # the pushed commit is the newest of an open pull request
        assert [body.split("\n")[2].partition(":")[0] for body in comments] == ["### ❌ Not ready"]
        assert result.outputs["comment_url"] == hub.comments[PULL][0]["html_url"]
    else:
        assert (comments, result.outputs["comment_url"]) == ([], "")
    read_only = [line for line in commands(result.log) if "has a read-only token" in line]
    assert len(read_only) == (event in READ_ONLY)


def test_the_second_stage_comments_in_a_container_too(machine: Machine, hub: Hub) -> None:
    check_out(machine, "storefront-leaky")
    hub.open_pull(PULL, HEAD, repository="mallory/demo", branch="feature")
    first = started(machine, "fork", inputs={"comment": "off"})
    assert run(machine, first).exit_code == 1
    second = EVENTS["workflow_run"].step(inputs={"mode": "comment", "report": "seatrial-report/report.json"})
    hub.accounts[second.token] = Account("github-actions[bot]", "Bot")
    result = run(machine, second)
    assert result.exit_code == 0, result.log
    [body] = hub.bodies(PULL)
    assert body.split("\n")[2].startswith("### ❌ Reported as not ready: ")
    assert result.outputs["comment_url"] == hub.comments[PULL][0]["html_url"]
    assert post(machine, second, result.state).exit_code == 0


def test_every_program_that_the_survey_needs_is_in_the_image(machine: Machine) -> None:
    check_out(machine)
    assert run(machine, Step(inputs=QUIET)).exit_code == 0
    told = json.loads((reports(machine) / "report.json").read_text("utf-8"))
    assert {"bandit", "hadolint", "zizmor"} <= {tool["name"] for tool in told["tools"]}
    asked = {c["id"]: c["status"] for c in told["checks"]}
    assert {asked["dockerfile/hadolint"], asked["workflows/zizmor"]} == {"pass"}


def test_safety_is_asked_where_there_is_a_database(machine: Machine) -> None:
    """Its check alone: what else Safety can do is not in the image."""
    meta = {"schema_version": "2.0.0", "timestamp": time.time(), "base_domain": "https://data.safetycli.com"}
    flaw = {"specs": ["<3.1.6"], "advisory": "A flaw.", "ids": [{"type": "cve", "id": "CVE-2025-1"}]}
    files = {
        "requirements.txt": "jinja2==3.1.2\n",
        "db/insecure.json": json.dumps({"meta": meta, "vulnerable_packages": {"jinja2": ["<3.1.6"]}}),
        "db/insecure_full.json": json.dumps({"meta": meta, "vulnerable_packages": {"jinja2": [flaw]}}),
    }
    check_out(machine, "", files)
    result = run(
        machine, Step(inputs={"safety_db": "db", "osv_url": "off", "only": "dependencies", "fail_on": "never"})
    )
    report = json.loads((reports(machine) / "report.json").read_text("utf-8"))
    assert "safety/CVE-2025-1" in {f["rule"] for f in report["findings"]}, result.log


@pytest.mark.parametrize("mode", ["", "walk", "run --help"])
def test_a_wrong_mode_is_one_clear_line(machine: Machine, mode: str) -> None:
    check_out(machine)
    result = run(machine, Step(inputs={"mode": mode}))
    assert result.exit_code == 2
    assert f"No such command '{mode}'" in result.log


def test_what_a_run_leaves_belongs_to_the_runner_and_the_next_checkout_can_clean(machine: Machine) -> None:
    check_out(machine)
    assert run(machine, Step(inputs=QUIET)).exit_code == 0
    assert foreign(machine) == []
    left = sorted(reports(machine).iterdir())
    assert {".gitignore", "report.json", "junit.xml", "seatrial.sarif", "report.html", "summary.md"} <= {
        path.name for path in left
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in left} == {0o644}
    assert list(machine.home.iterdir()) == []
    clean(machine)
    assert not reports(machine).exists()


def test_inputs_reach_the_run_and_a_path_of_the_host_is_translated(machine: Machine) -> None:
    check_out(machine)
    inputs = {"report_dir": str(machine.workspace / "out" / "deep"), "fail_below": "100", "min_category": "10"}
    result = run(machine, Step(inputs=inputs))
    assert result.exit_code == 0, result.log
    told = json.loads((machine.workspace / "out" / "deep" / "report.json").read_text("utf-8"))
    assert {c["name"] for c in told["gate"]["conditions"]} >= {"score"}
    assert foreign(machine) == []


def test_a_wrong_input_is_one_clear_line(machine: Machine) -> None:
    check_out(machine)
    result = run(machine, Step(inputs={"fail_below": "high"}))
    assert result.exit_code == 2
    assert [line for line in result.log.splitlines() if "INPUT_FAIL_BELOW" in line and "is not a number" in line]
    assert "Traceback" not in result.log


SHADOW = "import pathlib; pathlib.Path('/github/workspace/EXECUTED').write_text(__file__)\n"
SHADOWS = ("yaml", "click", "rich", "sitecustomize", "usercustomize", "seatrial/__init__", "bandit/__init__", "json")


def test_nothing_of_the_workspace_is_executed(machine: Machine) -> None:
    programs = {f"bin/{name}": "#!/bin/sh\n: >/github/workspace/EXECUTED\n" for name in ("git", "docker", "python3")}
    check_out(machine, files={f"{name}.py": SHADOW for name in SHADOWS} | programs)
    for name in programs:
        (machine.workspace / name).chmod(0o755)
    here = str(machine.workspace)
    env = {
        "PATH": f"{here}/bin:/github/workspace/../workspace/bin:bin:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": here,
        "PYTHONSTARTUP": f"{here}/yaml.py",
        "PYTHONUSERBASE": here,
        "PYTHONHOME": here,
        "PYTHONINSPECT": "1",
        "PYTHONWARNINGS": "error",
        "PYTHONPLATLIBDIR": here,
        "GIT_DIR": here,
        "GIT_EXTERNAL_DIFF": f"{here}/yaml.py",
    }
    result = run(machine, Step(env=env))
    assert result.exit_code in (0, 1), result.log
    assert verdict(machine) in ("PASSED", "CLOSED")
    swept = post(machine, Step(env=env))
    assert swept.exit_code == 0, swept.log
    assert not (machine.workspace / "EXECUTED").exists()


def test_names_of_files_are_no_commands_to_the_runner(machine: Machine) -> None:
    bad = "import subprocess\nsubprocess.call('ls ' + input(), shell=True)\n"
    names = (
        "::set-output name=score::100",
        "::add-mask::e",
        "##[error]owned",
        "a\n::error::owned",
        "  ::stop-commands::x",
    )
    check_out(machine, "", {f"{name}.py": bad for name in names})
    result = run(machine, Step(inputs={"annotations": "false", "verbose": "true"}))
    assert result.exit_code in (0, 1), result.log
    assert "##[error]owned" in result.log
    assert commands(result.log) == ["::group::Survey", "::endgroup::"]


def test_keys_of_the_configuration_are_no_commands_to_the_runner(machine: Machine) -> None:
    check_out(machine, files={".seatrial.yml": "version: 1\n'##[error]owned': 1\n"})
    result = run(machine, Step())
    assert result.exit_code == 2
    assert "##[error]owned" in result.log
    [heard] = commands(result.log)
    assert heard.startswith("::error title=Seatrial,file=.seatrial.yml,line=2,col=1::.seatrial.yml:2:1: ")


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"socket": Path("none.sock")}, id="socket is missing"),
        pytest.param({"socket": None}, id="no socket"),
        pytest.param({"maps_temp": False}, id="RUNNER_TEMP not mounted"),
    ],
)
def test_an_odd_machine(machine: Machine, odd: dict[str, object], tmp_path: Path) -> None:
    check_out(machine)
    if isinstance(missing := odd.get("socket"), Path):
        odd = {"socket": tmp_path / missing}  # Docker makes a directory of it
    other = replace(machine, **odd)  # type: ignore[arg-type]
    result = run(other, Step())
    assert result.exit_code == 0, result.log
    assert post(other, Step()).exit_code == 0
    assert foreign(machine) == []
    assert list(machine.home.iterdir()) == []


def test_a_workspace_that_cannot_be_written_is_one_clear_line(machine: Machine) -> None:
    check_out(machine)
    result = run(replace(machine, writable=False), Step())
    assert result.exit_code == 2
    assert "seatrial: seatrial-report: cannot be written: Read-only file system" in result.log.splitlines()
    assert "Traceback" not in result.log


def test_any_user_can_run_it(machine: Machine) -> None:
    check_out(machine)
    owner = machine.workspace.stat()
    result = run(replace(machine, user=f"{owner.st_uid}:{owner.st_gid}"), Step())
    assert result.exit_code == 0, result.log
    assert foreign(machine) == []
    nobody = run(replace(machine, user="65534:65534"), Step(inputs={"report_dir": "elsewhere"}))
    assert nobody.exit_code == 2
    assert "seatrial: elsewhere: cannot be written: Permission denied" in nobody.log.splitlines()
    assert "Traceback" not in nobody.log


def test_the_patterns_are_compiled_already(machine: Machine) -> None:
    """Compiling takes seconds; a user for whom the cache in the image is no good would pay them in every job."""
    script = (
        "from pathlib import Path; from seatrial.inspectors.secrets import database, engine\n"
        "def never(*_): raise SystemExit('compiled anew')\n"
        "kept, database._compile = database._compile, lambda e: kept(e) if len(e) == 1 else never()\n"
        "engine.load(Path('/opt/seatrial/cache/seatrial'))"
    )
    for user in ("0", "1001"):
        words = ["run", "--rm", "--user", user, "--entrypoint", "/opt/seatrial/bin/python", machine.image, "-I", "-c"]
        done = subprocess.run([DOCKER, *words, script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def plant_much(machine: Machine) -> None:
    """A workspace whose survey takes longer than any test waits for a signal to do its work."""
    body = "".join(f"def f{n}(a, b):\n    return [a[i] + b for i in range({n}) if a]\n\n" for n in range(120))
    check_out(machine, "", {f"package/module_{n}.py": body for n in range(1000)})


def busy(machine: Machine, step: Step) -> Running:
    """A run that is in the middle of its survey."""
    plant_much(machine)
    running = start(machine, step)
    assert until(lambda: (reports(machine) / ".gitignore").exists()), running.finish().log
    time.sleep(0.5)
    return running


def whole(machine: Machine) -> bool:
    """Whether every report there is can be read to its end; no report at all is fine, half a one is not."""
    names = {path.name for path in reports(machine).iterdir()}
    if "report.json" in names:
        json.loads((reports(machine) / "report.json").read_text("utf-8"))
    return names <= {".gitignore", "report.json", "junit.xml", "seatrial.sarif", "report.html", "summary.md"}


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_step_ends_with_reports_that_say_so(machine: Machine, kind: signal.Signals) -> None:
    running = busy(machine, Step())
    if kind is signal.SIGINT:
        result = running.cancel()
    else:
        running.signal(kind)
        result = running.finish()
    assert result.exit_code == 130, result.log
    assert not running.alive
    assert whole(machine)
    assert json.loads((reports(machine) / "report.json").read_text("utf-8"))["interrupted"] is True
    assert foreign(machine) == []


@pytest.mark.parametrize("after", [0, 0.1, 0.2, 0.4, 0.8])
def test_a_step_cancelled_early_ends_in_time_too(machine: Machine, after: float) -> None:
    plant_much(machine)
    running = start(machine, Step())
    assert until(lambda: running.alive)
    time.sleep(after)
    result = running.cancel()
    # Before our first line Python answers a signal as it likes; the client's own death by SIGKILL is less than zero.
    assert result.exit_code > 0, result.log
    assert "bug of Seatrial" not in result.log
    assert not running.alive


def test_a_killed_client_leaves_no_half_report(machine: Machine) -> None:
    running = busy(machine, Step())
    running.signal(signal.SIGKILL)
    running.client.communicate()
    assert running.alive
    swept = post(machine, Step())  # while the first container still works
    assert swept.exit_code == 0, swept.log
    assert until(lambda: not running.alive, within=600)  # nobody ends it, and it has much to do
    assert whole(machine)
    assert verdict(machine) in ("PASSED", "CLOSED")
    assert foreign(machine) == []


def test_a_killed_container_leaves_no_half_report(machine: Machine) -> None:
    running = busy(machine, Step())
    subprocess.run([DOCKER, "kill", running.container], check=True, capture_output=True)
    assert running.finish().exit_code == 137
    assert post(machine, Step()).exit_code == 0
    assert whole(machine)
    assert foreign(machine) == []
    clean(machine)


def test_the_sweep_removes_what_is_left_of_a_report(machine: Machine) -> None:
    check_out(machine)
    result: Result = run(machine, Step())
    (reports(machine) / ".seatrial-report.json.abcd1234.tmp").write_text('{"half":')
    swept = post(machine, Step(), result.state)
    assert "1 unfinished report removed" in swept.log
    assert swept.outputs == {}
    assert whole(machine)


def test_the_image_is_small_and_says_what_it_is(image: str) -> None:
    shown = subprocess.run([DOCKER, "image", "inspect", image], capture_output=True, check=True).stdout
    told = json.loads(shown)[0]
    sizes = [DOCKER, "run", "--rm", "--entrypoint", "stat", image, "--format", "%s", *LINTERS]
    linters = subprocess.run(sizes, capture_output=True, text=True, check=True).stdout.split()
    assert len(linters) == len(LINTERS)
    assert told["Size"] - sum(map(int, linters)) < SIZE_LIMIT
    assert told["Config"].get("User", "") == ""
    wanted = ("title", "description", "source", "licenses", "version", "revision")
    assert all(told["Config"]["Labels"][f"org.opencontainers.image.{name}"] for name in wanted)


def test_nothing_of_the_machine_that_built_it_is_in_the_image(image: str) -> None:
    history = subprocess.run([DOCKER, "history", "--no-trunc", image], capture_output=True, text=True, check=True)
    assert "/run/secrets" not in history.stdout
    found = subprocess.run(
        [DOCKER, "run", "--rm", "--entrypoint", "find", image, "/run/secrets", "/etc/pip.conf", "/build", "/tmp"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.split() == ["/tmp"]


BARE = {
    "app/HEAD": "ref: refs/heads/main\n",
    "app/objects/info/.keep": "",
    "app/objects/pack/.keep": "",
    "app/refs/heads/.keep": "",
    "app/info/exclude": "bad.py\n",
    "app/.gitattributes": "* filter=a=b\n",
    "app/config": "[core]\n\tbare = false\n\tworktree = .\n"
    '[filter "a=b"]\n\tclean = "touch /github/workspace/PWNED; cat"\n',
    "app/bad.py": "import subprocess\nsubprocess.call(input(), shell=True)\n",
}


def test_a_folder_that_looks_like_a_bare_repository_runs_nothing_and_hides_nothing(machine: Machine) -> None:
    check_out(machine, "", BARE)
    inputs = QUIET | {"path": "app", "osv_url": "off", "trial": "off", "only": "python"}
    done = run(machine, EVENTS["push"].step(inputs=inputs))
    assert not (machine.workspace / "PWNED").exists()
    assert done.exit_code == 1
    assert verdict(machine) == "CLOSED"
