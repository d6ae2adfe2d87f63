"""Docker's own Compose as a judge: what it makes of files, and our model of them in the same words."""

from __future__ import annotations

import json
import os
import posixpath
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compose_words import PROJECT, SECTIONS, ours, theirs

from seatrial.inspectors.base import Context
from seatrial.inspectors.compose.inspector import REFUSED, ComposeInspector
from seatrial.inspectors.compose.project import ComposeProject
from seatrial.inspectors.compose.rules import valid
from seatrial.settings import Settings
from seatrial.system.source import Tree

PLUGIN = os.environ.get("SEATRIAL_ORACLE_COMPOSE", "docker compose").split()
"""The Compose that is asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Compose says: the whole model, or why it refuses the files."""

    model: dict[str, Any] | None
    complaint: str = ""


def ask(folder: Path, files: Iterable[str]) -> Answer:
    """Compose's answer about some files of a folder, with every profile; environment files stay as they are."""
    done = _run(folder, files, "config", "--format", "json", "--no-env-resolution")
    if done.returncode:
        return Answer(None, done.stderr.strip())
    return Answer(json.loads(done.stdout.replace("$$", "$")))


def unreadable(folder: Path, files: Iterable[str]) -> str:
    """What Compose has against the environment files of the services; empty if nothing."""
    done = _run(folder, files, "config", "--quiet")
    return done.stderr.strip() if done.returncode and "failed to read" in done.stderr else ""


def _run(folder: Path, files: Iterable[str], *command: str) -> subprocess.CompletedProcess[str]:
    """Compose where a user would start it: in the folder of the first file, with a clean environment."""
    names = list(files)
    home = posixpath.dirname(names[0])
    words = [*PLUGIN, "--project-name", PROJECT, "--profile", "*"]
    words += [word for file in names for word in ("-f", posixpath.relpath(file, home or "."))]
    clean = {"PATH": os.environ["PATH"], "HOME": "/home/oracle"}
    return subprocess.run(
        [*words, *command], cwd=folder / home, env=clean, capture_output=True, text=True, check=False, timeout=60
    )


CORPUS = Path(__file__).parents[1] / "corpus" / "oracle"
"""Small trees with Compose's captured answers."""


def laid_out(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a tree."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def version() -> str:
    """The version of the Compose that is asked."""
    told = subprocess.run([*PLUGIN, "version", "--short"], capture_output=True, text=True, check=False, timeout=60)
    return told.stdout.strip()


def differences(
    project: ComposeProject, model: Mapping[str, Any], folder: str, variables: Mapping[str, str]
) -> list[str]:
    """Where our model is not Compose's, key by key. Compose leaves out the resources that no service uses."""
    mine, judged = ours(project, folder, variables), theirs(model)
    found = [f"services: {sorted(mine['services'])}, and not {sorted(judged['services'])}"]
    found = found if set(mine["services"]) != set(judged["services"]) else []
    for section in SECTIONS:
        for name, resource in judged[section].items():
            if name not in mine[section]:
                found.append(f"{section}.{name} is missing")
                continue
            first, second = mine[section][name] or {}, resource or {}
            found += [
                f"{section}.{name}.{key}: {first.get(key)}, and not {second.get(key)}"
                for key in sorted({*first, *second})
                if first.get(key) != second.get(key)
            ]
    return found


def refusals(tree: Tree, cache: Path) -> list[str]:
    """What we report of a tree that Compose refuses."""
    answers = ComposeInspector().inspect(Context(tree, Settings(), cache))
    return [f.message for a in answers for f in a.findings if a.check == valid.RULE.id or f.rule in REFUSED]
