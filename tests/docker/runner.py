"""
The Actions runner's way of running a container action, step by step.

Names of options, mounts and variables, their order and the translation of paths are those of actions/runner at commit
258d6c857 (v2.336): DockerCommandManager.cs, ContainerActionHandler.cs, ContainerInfo.cs, FileCommandManager.cs.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
DOCKER = shutil.which("docker") or "docker"
SOCKET = Path("/var/run/docker.sock")
REPOSITORY = "o/r"
USER = (1001, 121)
"""The user and group `runner` of GitHub's hosted machines; ours where the tests do not run as root."""

FILES = {
    "GITHUB_OUTPUT": "set_output",
    "GITHUB_STATE": "save_state",
    "GITHUB_STEP_SUMMARY": "step_summary",
    "GITHUB_ENV": "set_env",
    "GITHUB_PATH": "add_path",
}
INSIDE = "/github"
SUMMARY_LIMIT = 1024 * 1024  # bytes; a larger one is not uploaded


class FileCommandError(AssertionError):
    """The runner fails a step whose output or state file it cannot parse."""


@dataclass(frozen=True)
class Result:
    """What the runner knows of a step that has ended."""

    exit_code: int
    log: str
    """Both streams, as they came."""
    outputs: Mapping[str, str]
    state: Mapping[str, str]
    environment: Mapping[str, str]
    """What the step set for later steps."""
    summary: str


@dataclass(frozen=True)
class Machine:
    """A runner's work folder, `<work>`, with one repository checked out in it."""

    work: Path
    image: str
    api_url: str
    """Where GitHub's API answers, for the container."""
    socket: Path | None = SOCKET
    """What is mounted as Docker's socket; the runner mounts it whether it exists or not. None: a cluster without."""
    maps_temp: bool = True
    """Whether RUNNER_TEMP is mounted, as since v2.331."""
    writable: bool = True
    """Whether the workspace can be written."""
    user: str = ""
    """Another user than the image's; no runner gives one."""

    @property
    def workspace(self) -> Path:
        """Where the repository is checked out."""
        name = REPOSITORY.partition("/")[2]
        return self.work / name / name

    @property
    def temp(self) -> Path:
        """RUNNER_TEMP."""
        return self.work / "_temp"

    @property
    def home(self) -> Path:
        """What is HOME in the container."""
        return self.temp / "_github_home"

    def lay_out(self) -> None:
        """Make the folders, and give everything to the runner's user."""
        for folder in (self.workspace, self.home, self.temp / "_github_workflow", self.temp / "_runner_file_commands"):
            folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            for path in (self.work, *self.work.rglob("*")):
                os.chown(path, *USER, follow_symlinks=False)

    def mappings(self) -> list[tuple[Path, str]]:
        """Host path and path inside, in the order in which the runner tries them."""
        mapped = [
            (self.workspace, f"{INSIDE}/workspace"),
            (self.temp / "_runner_file_commands", f"{INSIDE}/file_commands"),
            (self.temp / "_github_workflow", f"{INSIDE}/workflow"),
            (self.home, f"{INSIDE}/home"),
        ]
        return [*mapped, (self.temp, f"{INSIDE}/runner_temp")] if self.maps_temp else mapped

    def translated(self, value: str) -> str:
        """A variable's value as the container sees it: only one that is a mapped path or begins with one changes."""
        for host, inside in self.mappings():
            if value == str(host) or value.startswith(f"{host}/"):
                return inside + value.removeprefix(str(host))
        return value


@dataclass(frozen=True, kw_only=True)
class Step:
    """One `uses:` step: what the workflow and the event say."""

    event: str = "push"
    payload: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    """GITHUB_* variables that depend on the event."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    """The workflow's, job's and step's `env:`."""
    token: str = field(default_factory=lambda: "ghs_" + secrets.token_hex(18))


@dataclass
class Running:
    """A step whose container has been started."""

    container: str
    client: subprocess.Popen[bytes]
    files: Mapping[str, Path]

    def signal(self, kind: signal.Signals) -> None:
        """To the docker client, as the runner does to cancel a step."""
        self.client.send_signal(kind)

    @property
    def alive(self) -> bool:
        """Whether the container runs."""
        words = [DOCKER, "inspect", "--format", "{{.State.Running}}", self.container]
        return subprocess.run(words, capture_output=True, check=False).stdout.strip() == b"true"

    def cancel(self) -> Result:
        """What the runner does to cancel a step: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL, all to the docker client."""
        for kind, patience in ((signal.SIGINT, 7.5), (signal.SIGTERM, 2.5)):
            self.signal(kind)
            try:
                return self.finish(patience)
            except subprocess.TimeoutExpired:
                continue
        self.client.kill()
        return self.finish()

    def finish(self, timeout: float = 120) -> Result:
        """Wait for the client's end, and read what the runner reads, whatever the exit code."""
        log, _ = self.client.communicate(timeout=timeout)
        summary = self.files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        if len(summary.encode()) > SUMMARY_LIMIT:
            raise FileCommandError("the summary is larger than the runner uploads")
        return Result(
            exit_code=self.client.returncode,
            log=log.decode("utf-8"),
            outputs=key_values(self.files["GITHUB_OUTPUT"]),
            state=key_values(self.files["GITHUB_STATE"]),
            environment=key_values(self.files["GITHUB_ENV"]),
            summary=summary,
        )


def run(machine: Machine, step: Step, timeout: float = 120) -> Result:
    """The step from beginning to end."""
    return start(machine, step).finish(timeout)


def post(machine: Machine, step: Step, state: Mapping[str, str] | None = None) -> Result:
    """The step's second container at the end of the job: other entry point, same arguments, with its state."""
    saved = {f"STATE_{name}": value for name, value in (state or {}).items()}
    return start(machine, step, saved, entrypoint=ACTION["runs"]["post-entrypoint"]).finish()


def start(machine: Machine, step: Step, state: Mapping[str, str] | None = None, *, entrypoint: str = "") -> Running:
    """Start the container as the runner does: names of variables as arguments, values in the client's environment."""
    files = _command_files(machine)
    _write(machine.temp / "_github_workflow" / "event.json", json.dumps(step.payload))
    values = {name: machine.translated(value) for name, value in _environment(machine, step, files).items()}
    values |= dict(state or {})
    name = f"{machine.image.translate(str.maketrans('', '', ':/.@-'))[:40]}_{secrets.token_hex(3)}"
    words = [DOCKER, "run", "--name", name, "--label", "a8d000", "--workdir", f"{INSIDE}/workspace", "--rm"]
    words += [word for variable in values for word in ("-e", variable)]
    words += ["-e", "GITHUB_ACTIONS=true", *(() if "CI" in values else ("-e", "CI=true"))]
    words += ["--entrypoint", entrypoint] if entrypoint else []
    words += ["--user", machine.user] if machine.user else []
    words += [*_mounts(machine), machine.image, *(_evaluated(word, values) for word in ACTION["runs"]["args"])]
    client = subprocess.Popen(
        words, env=os.environ | values, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return Running(name, client, files)


def _evaluated(word: str, values: Mapping[str, str]) -> str:
    """An argument as the runner evaluates it: `${{ inputs.NAME }}` is the input's value."""
    return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: values[f"INPUT_{found[1].upper()}"], word)


def _mounts(machine: Machine) -> list[str]:
    words = ["-v", f"{machine.socket}:/var/run/docker.sock"] if machine.socket else []
    for host, inside in reversed(machine.mappings()):
        read_only = ":ro" if host == machine.workspace and not machine.writable else ""
        words += ["-v", f"{host}:{inside}{read_only}"]
    return words


def _command_files(machine: Machine) -> dict[str, Path]:
    """Empty files with names of their own, for each step."""
    suffix = uuid.uuid4()
    folder = machine.temp / "_runner_file_commands"
    files = {variable: folder / f"{name}_{suffix}" for variable, name in FILES.items()}
    for path in files.values():
        _write(path, "")
    return files


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    if os.geteuid() == 0:
        os.chown(path, *USER)


def _environment(machine: Machine, step: Step, files: Mapping[str, Path]) -> dict[str, str]:
    """Every variable with its value on the host; later ones win."""
    declared = {name: str(entry.get("default", "")) for name, entry in ACTION["inputs"].items()}
    evaluated = {name: step.token if value == "${{ github.token }}" else value for name, value in declared.items()}
    inputs = evaluated | {"trial": "off"} | dict(step.inputs)  # the trial takes a minute, and has tests of its own
    return (
        dict(step.env)
        | {f"INPUT_{name.replace(' ', '_').upper()}": value for name, value in inputs.items()}
        | _context(machine, step)
        | {variable: str(path) for variable, path in files.items()}
        | {"HOME": str(machine.home)}
    )


def _context(machine: Machine, step: Step) -> dict[str, str]:
    """The github and runner contexts, as far as they become variables."""
    owner, _, name = REPOSITORY.partition("/")
    return {
        "GITHUB_ACTION": "__self",
        "GITHUB_ACTOR": "mona",
        "GITHUB_API_URL": machine.api_url,
        "GITHUB_BASE_REF": "",
        "GITHUB_EVENT_NAME": step.event,
        "GITHUB_EVENT_PATH": str(machine.temp / "_github_workflow" / "event.json"),
        "GITHUB_GRAPHQL_URL": f"{machine.api_url}/graphql",
        "GITHUB_HEAD_REF": "",
        "GITHUB_JOB": "readiness",
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REF_TYPE": "branch",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_REPOSITORY_OWNER": owner,
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "4711",
        "GITHUB_RUN_NUMBER": "12",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
        "GITHUB_TRIGGERING_ACTOR": "mona",
        "GITHUB_WORKFLOW": "CI",
        "GITHUB_WORKSPACE": str(machine.workspace),
        "RUNNER_ARCH": "X64",
        "RUNNER_ENVIRONMENT": "self-hosted",
        "RUNNER_NAME": "test",
        "RUNNER_OS": "Linux",
        "RUNNER_TEMP": str(machine.temp),
        "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache",
        "RUNNER_WORKSPACE": str(machine.work / name),
    } | dict(step.variables)


def key_values(path: Path) -> dict[str, str]:
    """
    A file of `name=value` lines and of blocks `name<<delimiter … delimiter`, whichever sign comes first.

    Raises:
        FileCommandError: the runner would fail the step.
    """
    found, lines = {}, iter(_lines(path.read_text("utf-8")))
    for line in lines:
        if not line:
            continue
        equals, block = line.find("="), line.find("<<")
        if equals >= 0 and (block < 0 or equals < block):
            name, value = line[:equals], line[equals + 1 :]
        elif block >= 0:
            name, value = line[:block], _until(line[block + 2 :], lines)
        else:
            raise FileCommandError(f"{path.name}: a line has neither = nor <<")
        if not name:
            raise FileCommandError(f"{path.name}: a line has no name")
        found[name] = value
    return found


def _lines(text: str) -> list[str]:
    """Lines as .NET reads them: a form feed or a line separator of Unicode ends none."""
    return re.split(r"\r\n|\r|\n", text)


def _until(delimiter: str, lines: Any) -> str:
    taken: list[str] = []
    for line in lines:
        if line == delimiter:
            return "\n".join(taken)
        taken.append(line)
    raise FileCommandError(f"the delimiter {delimiter!r} is missing")


def commands(log: str) -> Sequence[str]:
    """
    The lines of a log that the runner takes for commands: `::` first, or `##[` anywhere, unless it was told to stop.

    Any name counts as a command here; of those that the runner does not know it takes no notice.
    """
    heard, token = [], ""
    for line in map(str.strip, _lines(log)):
        if token:
            token = "" if line == f"::{token}::" else token
        elif line.startswith("::stop-commands::"):
            token = line.removeprefix("::stop-commands::")
        elif line.startswith("::") or "##[" in line:
            heard.append(line)
    return heard
