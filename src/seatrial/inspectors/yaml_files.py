"""YAML files whose names say nothing: their content shows whether they are Kubernetes' or Prometheus'."""

from __future__ import annotations

import re

LIMIT = 1024 * 1024
"""Bytes of such a file that is read."""
TEMPLATE = "a Helm template, which is not rendered"
"""Why a file that only Helm can render is not judged."""
KUBERNETES = re.compile(r"^apiVersion:", re.MULTILINE)
"""What a text of Kubernetes has."""


def is_candidate(path: str) -> bool:
    """Whether a path may be that of a manifest or of one of Prometheus' files: YAML that has no other reader."""
    name = path.rpartition("/")[2]
    return path.endswith((".yml", ".yaml")) and not path.startswith(".github/") and "compose" not in name
