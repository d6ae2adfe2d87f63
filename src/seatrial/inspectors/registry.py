"""The inspectors. The list is explicit; its order is that of the work, slowest first."""

from __future__ import annotations

from .base import Inspector
from .compose.inspector import ComposeInspector
from .dependencies.inspector import Dependencies
from .dockerfile.inspector import Dockerfiles
from .environment.inspector import EnvironmentInspector
from .kubernetes.inspector import KubernetesInspector
from .practices.inspector import Practices
from .prometheus.inspector import PrometheusInspector
from .python.inspector import PythonCode
from .secrets.inspector import Secrets
from .trial.inspector import LiveTrial
from .workflows.inspector import Workflows

INSPECTORS: tuple[Inspector, ...] = (
    PythonCode(),
    Secrets(),
    Dependencies(),
    Workflows(),
    Dockerfiles(),
    EnvironmentInspector(),
    KubernetesInspector(),
    PrometheusInspector(),
    Practices(),
    ComposeInspector(),
    LiveTrial(),
)
