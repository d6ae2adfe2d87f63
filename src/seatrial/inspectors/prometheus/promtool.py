"""
Prometheus' own word on its files, where `promtool` is on PATH: `check rules` and `check config --syntax-only`.

What our own rules saw of a rule is not reported twice.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from seatrial.domain import Finding, Location, Severity
from seatrial.domain.errors import InspectorError
from seatrial.inspectors.rulebook import found
from seatrial.system import process
from seatrial.text.lines import split
from seatrial.text.redact import masked_line

_TIMEOUT = 60.0
_REJECTED = 1
_VERDICT = b"FAILED:"
"""
What it prints before its complaints about a file; an error of its own lacks it.

Source: https://github.com/prometheus/prometheus/blob/main/cmd/promtool/main.go
"""
_PREFIX = re.compile(r"^(?:\s*FAILED:|\s*parsing YAML file[^:]*:|\s*yaml: unmarshal errors:|\s*error:|[\s:]+)+")
_PLACE = re.compile(r"^(?:(?P<line>\d+):\d+: |line (?P<yaml>\d+): )")
_GROUP = re.compile(r"^group \"[^\"]*\", rule \d+, \"(?P<name>[^\"]*)\": ")


def there() -> bool:
    """Whether it can be asked."""
    return process.find("promtool") is not None


def check(path: str, text: str, kind: str, known: Collection[str], places: Mapping[str, Location]) -> Iterator[Finding]:
    """
    What it says of one file.

    Args:
        path: in the tree.
        text: of the file.
        kind: `rules` or `config`.
        known: names of rules and jobs that were complained of already.
        places: of rules, by name.

    Raises:
        ProcessError: it could not be run to its end.
        InspectorError: it failed in a way that says nothing of the file: it crashed, or does not know its options.
    """
    words = ["check", "rules", "--lint=none"] if kind == "rules" else ["check", "config", "--syntax-only"]
    with tempfile.TemporaryDirectory(prefix="seatrial-promtool-") as folder:
        file = Path(folder) / "file.yml"
        file.write_text(text, "utf-8")
        done = process.run(["promtool", *words, str(file)], cwd=Path(folder), timeout=_TIMEOUT)
    if not done.returncode:
        return
    if done.returncode != _REJECTED or _VERDICT not in done.stderr:
        raise InspectorError(f"promtool failed on {path}: {masked_line(done.complaint)}")
    said = done.stderr.decode("utf-8", "replace").replace(str(file), "")
    lines = [line for raw in split(said) if (line := bare(raw))]
    for line in lines or ["is rejected"]:
        if not any(f'"{name}"' in line for name in known):
            # In settings whatever it quotes may be a password or an address with one; rules hold none.
            yield finding(path, masked_line(line) if kind == "config" else line, places)


def bare(line: str) -> str:
    """A line without what only decorates it; empty if that was all."""
    return _PREFIX.sub("", line).strip()


def finding(path: str, line: str, places: Mapping[str, Location]) -> Finding:
    """What one line says, at the place that it names, or at its rule."""
    place = _PLACE.search(line)
    rest = line[place.end() :] if place else line
    group = _GROUP.search(rest)
    name = group["name"] if group else ""
    message = " ".join(rest[group.end() if group else 0 :].split())[:200]
    at = places.get(name, Location(path, 1, 1))
    if place:
        at = Location(path, max(1, int(place["line"] or place["yaml"])), 1)
    told = f"{name}: {message}" if name else message
    return found("prometheus/promtool", Severity.HIGH, at, told, subject=name, anchor=f"promtool {told}")
