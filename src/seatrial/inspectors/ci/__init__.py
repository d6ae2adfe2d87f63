"""
Continuous integration of every system: what runs, and on what events.

One module reads the files of one system (`PipelineReader` in model.py). To add a system: a module, a member of
`CiSystem`, and a place in `READERS`.
"""

from __future__ import annotations

from typing import cast

from seatrial.inspectors.reading import read as read_text
from seatrial.inspectors.whole import LIMIT, Whole
from seatrial.text.yaml_tree import YamlError

from . import azure, bitbucket, buildkite, circleci, drone, github, gitlab, jenkins, parsing, travis, woodpecker
from .model import CiFile, CiSystem, PipelineJob, PipelineReader, Pipelines, Trigger

__all__ = ["READERS", "CiSystem", "PipelineJob", "Pipelines", "Trigger", "is_pipeline", "read"]

READERS: tuple[PipelineReader, ...] = tuple(
    cast("PipelineReader", module)
    for module in (azure, bitbucket, buildkite, circleci, drone, github, gitlab, jenkins, travis, woodpecker)
)


def read(whole: Whole) -> Pipelines:
    """Every job of every system of a repository. A file that cannot be read is named with the reason."""
    jobs: list[PipelineJob] = []
    files: list[str] = []
    unread = {path: why for path, why in whole.tree.unread.items() if is_pipeline(path)}
    for path in whole.paths:
        reader = next((one for one in READERS if one.PATHS.search(path)), None)
        if reader is None:
            continue
        one = read_text(whole.tree, path, LIMIT)
        reason = one.reason or ("" if (one.text or "").strip() else "empty")
        try:
            documents = parsing.documents(path, one.text or "") if reader.YAML and not reason else ()
        except YamlError as error:
            reason = f"not valid YAML at line {error.line}"
        if reason:
            unread[path] = reason
            continue
        files.append(path)
        jobs += reader.jobs(CiFile(whole, path, one.text or "", documents))
    return Pipelines(tuple(jobs), tuple(files), unread)


def is_pipeline(path: str) -> bool:
    """Whether a path is that of a system's file, or of a directory that may hold some."""
    return any(reader.PATHS.search(path) for reader in READERS)
