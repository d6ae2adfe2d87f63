"""The rules, in the order of reports; each is a module (see base.Rule)."""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    capabilities,
    depends_on_condition,
    docker_socket,
    healthcheck,
    host_namespace,
    image_tag,
    log_rotation,
    memory_limit,
    plain_secret,
    port_collision,
    privileged,
    published_datastore,
    restart_policy,
    root_user,
    undefined_reference,
    valid,
)
from .base import Rule

RULES: tuple[Rule, ...] = (
    privileged,
    docker_socket,
    host_namespace,
    capabilities,
    published_datastore,
    plain_secret,
    undefined_reference,
    port_collision,
    root_user,
    image_tag,
    healthcheck,
    restart_policy,
    memory_limit,
    log_rotation,
    depends_on_condition,
)
"""The rules over a merged project. `valid` looks at the files before they are merged."""


def pages() -> Mapping[str, str]:
    """Markdown by rule id, from the modules' docstrings."""
    described = {valid.ID: (valid.__doc__, valid.SEVERITY)} | {r.ID: (r.__doc__, r.SEVERITY) for r in RULES}
    return {rule: _page(rule, doc or "", severity.label) for rule, (doc, severity) in described.items()}


def _page(rule: str, doc: str, severity: str) -> str:
    title, _, body = doc.strip().partition("\n")
    text, _, source = body.strip().rpartition("\n")
    return f"# {rule}: {title.removesuffix('.')}\n\n{text.strip()}\n\nSeverity: {severity}\n\n{source}\n"
