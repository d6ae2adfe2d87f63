"""
Which metrics the code of a tree exports, by the idioms of each language's client library.

Source: the documentation of prometheus_client (Python), prom-client (Node.js), client_golang and Micrometer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

_KINDS = frozenset({"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"})
_SUFFIXES = ("_total", "_created", "_bucket", "_sum", "_count", "_info", "_max", "_seconds")
_COMMON = frozenset({
    "http", "https", "process", "python", "go", "nodejs", "node", "jvm", "container", "kube", "grpc", "rpc", "up",
    "request", "requests", "db", "sql", "redis", "cache", "django", "flask", "fastapi", "scrape", "prometheus",
    "system",
    "database", "queue", "job", "jobs", "server", "client", "api", "app", "worker", "celery", "nginx", "pg", "mysql",
})  # fmt: skip
"""First words of names that say nothing of whose metric it is."""
_OPENTELEMETRY = re.compile(r"\b[cC]reate_?(?:[cC]ounter|[hH]istogram|\w*[gG]auge|[uU]p_?[dD]own)")
_HINT = re.compile(rb"prometheus|prom-client|micrometer|opentelemetry")


@dataclass
class Exported:
    """What is exported."""

    names: set[str] = field(default_factory=set)
    """Without the suffixes that the libraries add."""
    complete: bool = True
    """Whether every name could be read; some are put together at run time."""

    def __contains__(self, metric: str) -> bool:
        """Whether a metric, as it is asked for, is one of them."""
        return bool(_stems(metric) & self.names)

    def ours(self, metric: str) -> bool:
        """Whether its name begins as only those of this tree do."""
        first, more, _ = metric.partition("_")
        return bool(more) and first not in _COMMON and any(name.startswith(f"{first}_") for name in self.names)

    def add(self, name: str) -> None:
        """One more."""
        self.names |= _stems(name)


def _stems(name: str) -> set[str]:
    """A name, and what may be left of it without what libraries append."""
    found = {name}
    for _ in range(2):  # Micrometer's timers: `_seconds_count`
        found |= {one.removesuffix(suffix) for one in found for suffix in _SUFFIXES}
    return found


def readable(path: str) -> bool:
    """Whether a file's name says that it is code."""
    return path.rpartition(".")[2].lower() in _READERS


def read(path: str, data: bytes, into: Exported) -> None:
    """Add what one file exports."""
    if not readable(path) or not _HINT.search(data):
        return
    reader = _READERS[path.rpartition(".")[2].lower()]
    text = data.decode("utf-8", "replace")
    for name in reader(text):
        if name:
            into.add(name)
        else:
            into.complete = False
    if "opentelemetry" in text and re.search(
        r"\b[cC]reate_?(?:[cC]ounter|[hH]istogram|\w*[gG]auge|[uU]p_?[dD]own)", text
    ):
        into.complete = False  # its names become others on the way to Prometheus


def _python(text: str) -> Iterator[str]:
    """Names; an empty one for each that is put together at run time."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield ""
        return
    known = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prometheus_client")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        kind = known.get(node.func.id, "") if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if isinstance(node.func, ast.Attribute) and not _of_prometheus(node.func.value):
            continue
        if kind in _KINDS or kind.endswith("MetricFamily"):
            given = {k.arg: k.value for k in node.keywords if k.arg}
            name = node.args[0] if node.args else given.get("name")
            parts = [p for p in (given.get("namespace"), given.get("subsystem"), name) if p is not None]
            texts = [p.value if isinstance(p, ast.Constant) and isinstance(p.value, str) else "" for p in parts]
            yield "_".join(texts) if texts and all(texts) else ""


def _of_prometheus(value: ast.expr) -> bool:
    """Whether an attribute is taken from something named like the client library: `prometheus_client`, `prom`."""
    while isinstance(value, ast.Attribute):
        if "prom" in value.attr:
            return True
        value = value.value
    return isinstance(value, ast.Name) and "prom" in value.id


_JAVASCRIPT = re.compile(
    r"new\s+(?:\w+\.)?(?:Counter|Gauge|Histogram|Summary)(?:<[^>]{0,100}>)?\(\s*\{(.{0,600}?)\}", re.DOTALL
)
_GO = re.compile(r"\b(?:Counter|Gauge|Histogram|Summary|Untyped)Opts\s*\{(.{0,800}?)\}", re.DOTALL)
_GO_OTHER = re.compile(r"\bprometheus\.(?:NewDesc|BuildFQName)\(")
_JAVA = re.compile(
    r"\b(?:Counter|Timer|Gauge|DistributionSummary)\.builder\(\s*(\"[\w.]+\")?"
    r"|\b[rR]egistry\.(?:counter|timer|gauge|summary)\(\s*(\"[\w.]+\")?"
)


def _javascript(text: str) -> Iterator[str]:
    for found in _JAVASCRIPT.finditer(text):
        name = re.search(r"\bname\s*:\s*['\"`]([\w:]+)['\"`]", found[1])
        yield name[1] if name else ""


def _go(text: str) -> Iterator[str]:
    for found in _GO.finditer(text):
        given = dict(re.findall(r"\b(Namespace|Subsystem|Name)\s*:\s*(\"[^\"]*\"|[^,\n]+)", found[1]))
        parts = [given[key] for key in ("Namespace", "Subsystem", "Name") if given.get(key, '""') != '""']
        literal = bool(parts) and all(part.startswith('"') for part in parts)
        yield "_".join(part.strip('"') for part in parts) if literal else ""
    if _GO_OTHER.search(text):
        yield ""


def _java(text: str) -> Iterator[str]:
    for found in _JAVA.finditer(text):
        yield (found[1] or found[2] or "").strip('"').replace(".", "_")


def _unread(text: str) -> Iterator[str]:
    """A language whose idioms are not read: what it exports is not known."""
    del text
    yield ""


_READERS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "py": _python,
    **dict.fromkeys(("js", "mjs", "cjs", "ts"), _javascript),
    "go": _go,
    **dict.fromkeys(("java", "kt"), _java),
    **dict.fromkeys(("rs", "rb", "cs", "php", "ex", "scala"), _unread),
}
