"""A program that fails, hangs or prints something else than its report is an error with a reason, and no clean file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.domain import Status
from seatrial.domain.errors import InspectorError
from seatrial.inspectors.base import Context
from seatrial.inspectors.compose import plugin
from seatrial.inspectors.compose.inspector import ComposeInspector
from seatrial.inspectors.compose.project import ComposeProject, survey
from seatrial.inspectors.compose.rules import valid
from seatrial.inspectors.dockerfile import hadolint
from seatrial.inspectors.dockerfile.inspector import Dockerfiles
from seatrial.inspectors.python import inspector as python_code
from seatrial.inspectors.workflows import actionlint, zizmor
from seatrial.settings import Settings
from seatrial.system import process
from seatrial.system.source import open_tree

HADOLINT = {"code": "DL3006", "file": "Dockerfile", "level": "error", "line": 1, "column": 1, "message": "m"}
ACTIONLINT = {"message": "m", "filepath": "a.yml", "line": 1, "column": 1, "kind": "k"}

ODD_NUMBERS = [
    json.dumps([{**entry, key: value}]).replace('"INF"', "1e999")
    for entry in (HADOLINT, ACTIONLINT)
    for key in ("line", "column")
    for value in ("INF", None, "x")
]


@pytest.mark.parametrize("parse", [hadolint.parse, actionlint.parse, zizmor.parse, python_code.parse])
@pytest.mark.parametrize(
    "printed",
    [
        "", "null", "1", "{}", "[1]", "[null]", "[[]]", "[" * 100_000, "\xff", "NaN", '{"metrics": []}',
        *ODD_NUMBERS,
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else value.__module__,
)  # fmt: skip
def test_what_is_no_report(parse: Callable[[bytes], object], printed: str) -> None:
    with pytest.raises(InspectorError, match="printed no report"):
        parse(printed.encode("latin-1"))


def answering(monkeypatch: pytest.MonkeyPatch, code: int, stdout: bytes, stderr: bytes) -> None:
    monkeypatch.setattr(process, "run", lambda argv, **_: process.Completed("tool", code, stdout, stderr))


TRACE = b"hadolint: ./Dockerfile: withBinaryFile: permission denied\nHasCallStack backtrace:\n  called at x\n"


@pytest.mark.parametrize("printed", [b"", b"[]", json.dumps([HADOLINT]).encode()])
@pytest.mark.parametrize("code", [1, 2, 137, -9])
def test_hadolint_that_fails_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, printed: bytes
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12\n")
    tree = open_tree(tmp_path)
    answering(monkeypatch, code, printed, TRACE)
    answers = {a.check: a for a in Dockerfiles().inspect(Context(tree, Settings(), tmp_path))}
    assert answers[hadolint.CHECK].status is Status.ERROR
    assert "withBinaryFile: permission denied" in str(answers[hadolint.CHECK])
    assert answers["dockerfile/hardening"].status is not Status.ERROR


@pytest.mark.parametrize("text", ["ignored: [\n", "failure-threshold: nonsense\n", "- a\n"])
def test_a_configuration_that_hadolint_cannot_read_is_not_called_respected(tmp_path: Path, text: str) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\n")
    (tmp_path / ".hadolint.yaml").write_text(text)
    answers = {a.check: a for a in Dockerfiles().inspect(Context(open_tree(tmp_path), Settings(), tmp_path))}
    notes = answers[hadolint.CHECK].notes
    assert ".hadolint.yaml: hadolint cannot read it; it is not used" in notes
    assert not any("respected" in note for note in notes)
    assert {f.rule for f in answers[hadolint.CHECK].findings} == {"hadolint/DL3006"}


def test_docker_compose_that_takes_too_long_is_noted_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  a:\n    image: acme/a:1.2\n")
    tree = open_tree(tmp_path)

    def late(argv: tuple[str, ...], **_: object) -> process.Completed:
        if "version" in argv:
            return process.Completed("docker", 0, b"2.40.0\n", b"")
        raise process.ProcessError("docker did not finish within 20 s")

    monkeypatch.setattr(process, "run", late)
    monkeypatch.setattr(process, "find", lambda _: "/usr/bin/docker")
    answers = [a for a in ComposeInspector().inspect(Context(tree, Settings(), tmp_path)) if a.check == valid.RULE.id]
    assert answers[0].notes == (
        "compose.yaml: docker compose 2.40.0 was not compared: docker did not finish within 20 s",
    )
    assert plugin.ask(tree, _project(tmp_path)).opinion is plugin.Opinion.FAILED


def _project(root: Path) -> ComposeProject:
    return survey(open_tree(root)).projects[0]
